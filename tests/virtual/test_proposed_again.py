"""A call that the model changes after people were asked is another approval: votes stay behind."""

import pytest

from agent.canonical import action_digest
from mail.identity import digest_claim
from tests.virtual.asked import REFUND as ARGUMENTS
from tests.virtual.runs import REFUND, approval
from tests.virtual.world import A, call, calls, closing

pytestmark = pytest.mark.asyncio(loop_scope="session")

LESS = {**ARGUMENTS, "amount": "60.00"}
CHANGED = call("refund_order", '{"order_id":1042,"amount":"60.00","currency":"EUR"}')


async def changed_after(world, approved_before: bool):
    """The run, the approval that was asked first, and the one for the changed call."""
    world.turns = [calls(REFUND), calls(CHANGED), closing()]
    run = await world.run(approvers=[A])
    first = await approval(world)
    await first.vote(A, approved_before)
    await first.handle.result()
    return run, first, await approval(world, 1)


@pytest.mark.parametrize("approved_before", [True, False])
async def test_a_changed_call_is_asked_anew_and_no_vote_carries_over(world, approved_before):
    async with world.worker():
        run, first, second = await changed_after(world, approved_before)
        assert first.request_id != second.request_id
        mails = [(job.request.request_id, job.request.action.arguments) for job in world.asked]
        assert mails == [(first.request_id, ARGUMENTS), (second.request_id, LESS)]
        executed = len(world.executed)

        old = {"request_id": first.request_id, "claim": first_claim(first)}
        await second.vote(A, True, **old, message_id="old")
        await second.operator(True, request_id=first.request_id)
        # Nor does the old token count under the new name.
        await second.vote(A, True, claim=old["claim"], message_id="renamed")
        signal = {"request_id": first.request_id, "approved": True, "decided_at": ""}
        await run.signal("approval_decision", signal)
        whys = [event["why"] for event in await second.events("decision_ignored")]
        assert whys == ["wrong-request", "wrong-request", "token-mismatch"]
        assert (await second.handle.query("status"))["status"] == "waiting"
        stale = (await run.query("audit_trail", 0))["events"]
        assert [e["why"] for e in stale if e["kind"] == "decision_ignored"] == ["stale"]
        assert len(world.executed) == executed

        digest = action_digest(second.request_id, "refund_order", LESS)
        await second.vote(A, True, claim=digest_claim(digest))
        await run.result()
    assert [job.action.arguments for job in world.executed[executed:]] == [LESS]
    assert world.executed[-1].digest == digest


def first_claim(asked) -> str:
    return digest_claim(action_digest(asked.request_id, "refund_order", ARGUMENTS))
