"""What a model or a requester cannot do to a run of the agent."""

import pytest
from temporalio.client import WorkflowFailureError
from temporalio.exceptions import ApplicationError

from tests.virtual.runs import LOOKUP, REFUND, approval, bad_request, started
from tests.virtual.world import A, B, call, calls, closing

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


async def test_a_talk_that_temporal_could_not_carry_any_further_is_an_end_that_is_told(world):
    world.turns = [calls(LOOKUP).model_copy(update={"items": ({"text": "x" * 500_000},)})]
    async with world.worker():
        result = await (await world.run(requested_by="r@x.test")).result()
    assert result.endswith("Action failed: the talk with the model has grown too long")
    assert len(world.proposals) == 3
    assert [job.result for job in world.told] == [result]


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
    ("settings", "said"),
    [
        (
            {"requester_domains": "y.test"},
            f"no request is taken from {A}: not in REQUESTER_DOMAINS",
        ),
        ({"approvers": A}, f"no approver is eligible: {A} made the request"),
        ({"approvals_required": "3"}, f"3 approvers must agree, but only 2 eligible: {A} made the"),
    ],
)
async def test_with_nobody_to_ask_or_to_ask_for_it_is_said_at_once(world, settings, said):
    world.settings |= settings
    world.turns = [calls(REFUND), closing()]
    async with world.worker():
        result = await (await world.run(requested_by=A)).result()
        with pytest.raises(WorkflowFailureError) as failure:
            await (await world.ask(policy=None, requested_by=A)).handle.result()
    assert result.startswith(f"Action failed: {said}")
    assert [(job.to, job.result) for job in world.told] == [(A, result)]
    assert bad_request(failure).startswith(said)
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


RISKY = call("lookup_order", '{"order_id":1042,"risky_action":true}')


@pytest.mark.parametrize("again", [LOOKUP, RISKY])
async def test_what_was_rejected_stays_so_though_the_model_calls_it_harmless(world, again):
    world.turns = [calls(RISKY), calls(again), closing()]
    async with world.worker():
        handle = await world.run()
        await (await approval(world)).operator(False)
        result = await handle.result()
    assert "Action failed: the same action was rejected" in result
    assert not world.executed


async def test_what_people_did_not_answer_does_not_run_because_the_model_calls_it_harmless(world):
    world.turns = [calls(RISKY), calls(LOOKUP), closing()]
    async with world.worker():
        handle = await world.run(approval_timeout_seconds=300)
        await approval(world)
        await world.passes(300)
        result = await handle.result()
    assert "Action failed: the same action was asked for in this run, and not approved" in result
    assert not world.executed


async def test_of_two_equal_calls_in_one_turn_one_is_asked(world):
    twin = call("refund_order", REFUND.arguments, "c2")
    world.turns = [calls(REFUND, twin), closing()]
    async with world.worker():
        handle = await world.run()
        assert await started(handle, assessed=2) == 1
        await (await approval(world)).operator(False)
        result = await handle.result()
    assert "Action failed: the same action is waiting for approval" in result
    assert len({job.request.request_id for job in world.asked}) == 1
    assert not world.executed


async def test_a_run_that_is_cancelled_before_its_first_step_says_so_and_nothing_else(world):
    handle = await world.run(requested_by="r@x.test")
    await handle.cancel()
    async with world.worker():
        with pytest.raises(WorkflowFailureError):
            await handle.result()
    assert [job.result for job in world.told] == ["Action cancelled: withdrawn"]


async def test_a_workflow_started_without_its_input_fails(world):
    client = world.env.client
    async with world.worker():
        for kind in ("HumanInTheLoopWorkflow", "ApprovalWorkflow"):
            handle = await client.start_workflow(kind, id=f"bare-{kind}", task_queue=world.queue)
            with pytest.raises(WorkflowFailureError) as failure:
                await handle.result()
            assert "no JSON object" in bad_request(failure)
