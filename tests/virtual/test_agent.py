"""A run of the agent in virtual time: proposals, approvals, actions."""

import asyncio

import pytest

from agent.jobs import ExecuteResult
from tests.virtual.runs import CANCEL, LOOKUP, REFUND, approval, events, started, told
from tests.virtual.world import A, B, call, calls, closing

pytestmark = pytest.mark.asyncio(loop_scope="session")


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
        handle = await world.run(approval_timeout_seconds=300)
        await approval(world)
        await world.passes(300)
        result = await handle.result()
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
        assert await started(handle, assessed=2) == 1
        result = await handle.result()
    assert "Action failed: the same action was rejected" in result
    assert len({job.request.request_id for job in world.asked}) == 1


async def test_a_run_asks_for_a_bounded_number_of_approvals(world):
    world.settings["max_approvals_per_run"] = 2
    many = [call("cancel_order", f'{{"order_id":{n}}}', f"c{n}") for n in range(1001, 1006)]
    world.turns = [calls(*many), closing()]
    async with world.worker():
        handle = await world.run()
        assert await started(handle, assessed=5) == 2
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
