"""What an operator found out about an action of unknown outcome is told, in virtual time."""

import pytest

from agent.jobs import AnswerKind, Resolution
from agent.models import Action, ApprovalRequest, Policy, Stage
from agent.resolution import WORKFLOW, resolution_id
from tests.virtual.world import A, B

pytestmark = pytest.mark.asyncio(loop_scope="session")

REQUESTER = "r@x.test"


def found(request_id: str, **fields) -> Resolution:
    return Resolution(
        request_id=request_id,
        workflow_id="human-in-the-loop-1",
        summary="Delete all test data",
        done=True,
        note="I looked",
        operator="rosa@desk",
        requested_by=REQUESTER,
        **fields,
    )


def approval(request_id: str) -> ApprovalRequest:
    action = Action(action_type="", description="Delete all test data", arguments={}, digest="d")
    policy = Policy(stages=(Stage(approvers=(A, B)),))
    return ApprovalRequest(request_id=request_id, action=action, policy=policy)


async def resolved(world, resolution):
    async with world.worker():
        return await world.env.client.execute_workflow(
            WORKFLOW, resolution, id=resolution_id(resolution.request_id), task_queue=world.queue
        )


async def test_approvers_and_requester_are_told_once(world):
    asked = approval("AR-00000RES01")
    told = await resolved(world, found("AR-00000RES01", approval=asked))
    assert told == {"told": [A, B, REQUESTER], "not": []}
    assert sorted(job.to for job in world.answers) == [A, B, REQUESTER]
    assert {(job.kind, job.done, job.reason, job.operator) for job in world.answers} == {
        (AnswerKind.RESOLVED, True, "I looked", "rosa@desk")
    }


async def test_whoever_cannot_be_told_is_named(world):
    world.answers_fail = True
    asked = approval("AR-00000RES02")
    told = await resolved(world, found("AR-00000RES02", approval=asked))
    assert told == {"told": [], "not": [A, B, REQUESTER]}


async def test_of_a_call_that_needed_no_consent_its_requester_is_told(world):
    told = await resolved(world, found("AR-00000RES03"))
    assert told == {"told": [REQUESTER], "not": []}
    (job,) = world.told
    assert job.to == REQUESTER
    assert "carried out, as rosa@desk has found out: I looked" in job.result
