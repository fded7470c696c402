"""A run of the agent: proposals, approvals, actions, in virtual time."""

import asyncio
import json

import pytest
from temporalio.client import WorkflowFailureError
from temporalio.exceptions import ApplicationError, CancelledError

from agent.jobs import AnswerKind, ExecuteResult
from tests.virtual.conftest import A, Asked, B, call, calls, closing

pytestmark = pytest.mark.asyncio(loop_scope="session")

REFUND = call(
    "refund_order",
    '{"order_id":1042,"amount":"120.00","currency":"EUR","reasoning":"asked","risky_action":false}',
)
CANCEL = call("cancel_order", '{"order_id":1042}', "c2")
LOOKUP = call("lookup_order", '{"order_id":1042,"risky_action":false}')
DELETE = call("delete_test_data", '{"environment":"production"}')


async def approval(world, number=0):
    """The approval that was asked as number so and so."""
    waiting = Asked(world, "", None)
    await waiting.until(lambda: len({j.request.request_id for j in world.asked}) > number)
    ids = list(dict.fromkeys(j.request.request_id for j in world.asked))
    return Asked(
        world, ids[number], world.env.client.get_workflow_handle(f"approval-{ids[number]}")
    )


async def events(handle, kind):
    page = await handle.query("audit_trail", 0)
    return [event for event in page["events"] if event["kind"] == kind]


def told(world):
    """What the model was told of the last calls."""
    return [
        json.loads(item["output"])
        for item in world.proposals[-1].items
        if item["type"] == "function_call_output"
    ]


async def test_what_was_approved_is_executed_once_to_the_letter(world):
    world.turns = [calls(REFUND), closing("All done.")]
    async with world.worker():
        handle = await world.run(requested_by="r@x.test")
        asked = await approval(world)
        await asked.operator(True)
        result = await handle.result()
    assert result == (
        "Action completed successfully: did Refund 120.00 EUR for order 1042\nAll done."
    )
    (job,) = world.executed
    assert job.action.arguments == {"order_id": 1042, "amount": "120.00", "currency": "EUR"}
    assert job.digest == world.asked[0].request.action.digest
    (mail,) = world.told
    assert (mail.to, mail.result) == ("r@x.test", result)


async def test_a_low_risk_call_runs_unasked(world):
    world.turns = [calls(LOOKUP), closing("")]
    async with world.worker():
        result = await (await world.run()).result()
    assert result == "Action completed successfully (auto-approved): did Look up order 1042"
    assert not world.asked


async def test_the_model_can_raise_a_risk_but_not_lower_it(world):
    raised = call("lookup_order", '{"order_id":1042,"risky_action":true}')
    world.turns = [calls(raised), closing()]
    async with world.worker():
        handle = await world.run()
        await (await approval(world)).operator(True)
        await handle.result()
        world.turns, world.proposals = [calls(REFUND), closing()], []
        handle = await world.run()
        await (await approval(world, 1)).operator(True)
        await handle.result()


async def test_a_rejection_is_not_executed_and_its_notes_reach_the_model_as_data(world):
    world.turns = [calls(REFUND), closing()]
    async with world.worker():
        handle = await world.run()
        await (await approval(world)).operator(False)
        result = await handle.result()
    assert result.startswith("Action rejected. Reviewer notes: by hand")
    assert told(world) == [{"status": "rejected", "reviewer_notes": "by hand"}]
    assert not world.executed


async def test_expiry_and_refusal_by_mail_have_their_own_words(world):
    world.turns = [calls(REFUND), closing()]
    async with world.worker():
        result = await (await world.run(approval_timeout_seconds=300)).result()
        assert "Action cancelled: approval request timed out after 300 seconds" in result
        world.refused = dict.fromkeys((A, B, "c@x.test"), "550")
        world.proposals = []
        result = await (await world.run()).result()
        assert "Action cancelled: approval request could not be delivered" in result
    assert not world.executed


async def test_a_withdrawn_approval_is_not_executed_nor_asked_again(world):
    world.turns = [calls(REFUND), calls(REFUND), closing()]
    async with world.worker():
        handle = await world.run()
        await (await approval(world)).handle.cancel()
        result = await handle.result()
    assert result.splitlines()[0] == "Action cancelled: withdrawn"
    assert "rejected or withdrawn before" in result.splitlines()[1]
    assert len({job.request.request_id for job in world.asked}) == 1
    assert not world.executed


async def test_a_rejected_action_is_refused_unasked_also_with_its_keys_in_another_order(world):
    again = call("refund_order", '{"currency":"EUR","amount":"120.00","order_id":1042}')
    world.turns = [calls(REFUND), calls(again), closing()]
    async with world.worker():
        handle = await world.run()
        await (await approval(world)).operator(False)
        result = await handle.result()
    assert "Action failed: the same action was rejected" in result
    assert len({job.request.request_id for job in world.asked}) == 1


async def test_a_run_asks_for_a_bounded_number_of_approvals(world):
    world.settings["max_approvals_per_run"] = 2
    many = [call("cancel_order", f'{{"order_id":{n}}}', f"c{n}") for n in range(1001, 1006)]
    world.turns = [calls(*many), closing()]
    async with world.worker():
        handle = await world.run()
        for number in range(2):
            await (await approval(world, number)).operator(True)
        result = await handle.result()
    assert result.count("Action completed successfully") == 2
    assert result.count("no more are allowed") == 3


async def test_calls_made_together_are_asked_together_and_decided_apart(world):
    world.turns = [calls(REFUND, CANCEL), closing()]
    async with world.worker():
        handle = await world.run()
        second = await approval(world, 1)
        first = await approval(world, 0)
        status = await handle.query("status")
        assert [a["status"] for a in status["approvals"]] == ["waiting", "waiting"]
        for asked, approved in ((second, False), (first, True)):
            signal = {"request_id": asked.request_id, "approved": approved, "decided_at": ""}
            await handle.signal("approval_decision", signal)
        result = await handle.result()
    by_id = {a["request_id"]: a for a in status["approvals"]}
    summary = by_id[first.request_id]["summary"]
    assert f"Action completed successfully: did {summary}" in result
    assert result.count("Action rejected") == 1
    assert len(world.executed) == 1


async def test_decisions_that_are_wrong_or_stale_or_come_while_the_action_runs_change_nothing(
    world,
):
    running, finish = asyncio.Event(), asyncio.Event()

    async def slow(job):
        running.set()
        await finish.wait()
        return ExecuteResult(done=True, text="did it")

    world.on_execute = slow
    world.turns = [calls(REFUND), closing()]
    async with world.worker():
        handle = await world.run()
        asked = await approval(world)
        decision = {"request_id": "AR-0000000000", "approved": False, "decided_at": ""}
        await handle.signal("approval_decision", decision)
        await asked.operator(True)
        await running.wait()
        await handle.signal("approval_decision", decision | {"request_id": asked.request_id})
        finish.set()
        result = await handle.result()
        whys = [event["why"] for event in await events(handle, "decision_ignored")]
    assert whys == ["wrong-request", "stale"]
    assert "Action completed successfully: did it" in result
    assert len(world.executed) == 1


async def test_cancelling_a_run_withdraws_what_waits_and_executes_nothing(world):
    world.turns = [calls(REFUND), closing()]
    async with world.worker():
        handle = await world.run(requested_by="r@x.test")
        asked = await approval(world)
        await handle.cancel()
        with pytest.raises(WorkflowFailureError) as failure:
            await handle.result()
        assert isinstance(failure.value.cause, CancelledError)
        assert (await asked.handle.result())["outcome"] == "withdrawn"
    assert not world.executed
    assert world.told[0].result == "Action cancelled: withdrawn"


async def test_cancelling_a_run_lets_a_running_action_finish(world):
    running, finish = asyncio.Event(), asyncio.Event()

    async def slow(job):
        running.set()
        await finish.wait()
        return ExecuteResult(done=True, text="did it")

    world.on_execute = slow
    world.turns = [calls(REFUND), closing()]
    async with world.worker():
        handle = await world.run(requested_by="r@x.test")
        await (await approval(world)).operator(True)
        await running.wait()
        await handle.cancel()
        await asyncio.sleep(0.3)
        finish.set()
        with pytest.raises(WorkflowFailureError):
            await handle.result()
    assert world.told[0].result == "Action completed successfully: did it"
    assert len(world.executed) == 1


async def test_a_terminated_run_leaves_no_approval_open(world):
    world.turns = [calls(REFUND), closing()]
    async with world.worker():
        handle = await world.run()
        asked = await approval(world)
        await handle.terminate("gone")
        assert (await asked.handle.result())["outcome"] == "withdrawn"


async def test_an_unknown_outcome_is_told_and_not_tried_again(world):
    async def lost(job):
        raise RuntimeError("the worker was lost")

    world.on_execute = lost
    world.turns = [calls(DELETE), closing()]
    async with world.worker():
        handle = await world.run(requested_by="r@x.test")
        await (await approval(world)).operator(True)
        result = await handle.result()
    assert "Action outcome unknown" in result
    assert len(world.executed) == 1
    unknown = [job.to for job in world.answers if job.kind is AnswerKind.UNKNOWN]
    assert sorted(unknown) == [A, B, "c@x.test"]


async def test_an_idempotent_action_is_tried_again_under_the_same_id(world):
    async def once_lost(job):
        if len(world.executed) == 1:
            raise RuntimeError("lost")
        return ExecuteResult(done=True, text="did it")

    world.on_execute = once_lost
    world.turns = [calls(REFUND), closing()]
    async with world.worker():
        handle = await world.run()
        await (await approval(world)).operator(True)
        assert "Action completed successfully: did it" in await handle.result()
    assert len({job.request_id for job in world.executed}) == 1
    assert len(world.executed) == 2


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
        await asked.asked(2)
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
    assert failure.value.cause.type == "BadRequest"
    assert not world.proposals
