"""What a model or a requester cannot do to a run of the agent."""

import pytest
from temporalio.client import WorkflowFailureError
from temporalio.exceptions import ApplicationError

from tests.virtual.runs import LOOKUP, REFUND, approval
from tests.virtual.world import A, B, bad_request, call, calls, closing

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest.mark.parametrize(
    "bad", [call("no_such_tool", "{}"), call("refund_order", '{"a":'), call("refund_order", "{}")]
)
async def test_a_model_that_keeps_calling_wrongly_is_stopped(world, bad):
    world.turns = [calls(bad)]
    async with world.worker():
        result = await (await world.run()).result()
    assert result.count("Action failed") == 3
    assert "Gave up" in result
    assert len(world.proposals) == 3


async def test_a_model_that_never_comes_to_an_end_is_stopped(world):
    world.turns = [calls(LOOKUP)]
    async with world.worker():
        result = await (await world.run()).result()
    assert result.splitlines()[-1].startswith("Action failed: the model did not come to an end")
    assert len(world.proposals) == 20


async def test_a_refusal_of_the_models_server_is_an_outcome(world):
    world.turns = [ApplicationError("401 wrong key", type="ModelRefused", non_retryable=True)]
    async with world.worker():
        result = await (await world.run()).result()
    assert result.startswith("Action failed: the model could not be asked")
    assert "401 wrong key" in result


async def test_nothing_to_do_is_said(world):
    world.turns = [closing("Nothing to do here.")]
    async with world.worker():
        result = await (await world.run()).result()
    assert result == "No action was needed\nNothing to do here."


async def test_approvers_and_quorum_of_the_request_reach_the_mail(world):
    world.turns = [calls(REFUND), closing()]
    async with world.worker():
        handle = await world.run(approvers=[A, B], require="all")
        asked = await approval(world)
        await asked.vote(A, True)
        await asked.vote(B, True)
        assert "completed" in await handle.result()
    assert sorted(job.approver for job in world.asked) == [A, B]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"approvers": ["m@evil.test"]}, "not an allowed approver"),
        ({"approvers": ["team: a@x.test;"]}, "address"),
        ({"approvers": ["agent@x.test"]}, "agent's own"),
        ({"approvers": [A], "requested_by": A}, "made the request"),
        ({"approvers": [A], "require": 2}, "2 approvers"),
    ],
)
async def test_judges_cannot_be_chosen_freely(world, fields, said):
    world.turns = [calls(REFUND), closing()]
    async with world.worker():
        result = await (await world.run(**fields)).result()
    assert result.startswith("Action failed")
    assert said in result
    assert not world.asked


@pytest.mark.parametrize(
    "fields",
    [
        {"user_request": "  "},
        {"user_request": "x" * 300_000},
        {"approval_timeout_seconds": 0},
        {"approval_timeout_seconds": -5},
        {"approval_timeout_seconds": "soon"},
        {"require": 0},
    ],
)
async def test_a_bad_request_fails_at_once(world, fields):
    request = fields.pop("user_request", "please")
    async with world.worker():
        handle = await world.run(request, **fields)
        with pytest.raises(WorkflowFailureError) as failure:
            await handle.result()
    assert bad_request(failure)
    assert not world.proposals
