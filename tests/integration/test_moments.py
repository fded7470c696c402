"""Replies at awkward moments: before we know that we asked, all at once, while the action runs."""

import sqlite3
from contextlib import closing

import pytest

from tests.integration.office import APPROVER, APPROVER2, Office, Run, until

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.mark.parametrize("words", [("APPROVE", "REJECT"), ("REJECT", "APPROVE")])
async def test_found_together_a_rejection_wins_in_either_order(office, words):
    async with office.worker("--no-inbox"):
        run, letter = await office.asked()
        for word in words:
            await office.reply(letter, word)
        async with office.worker("--inbox-only"):
            assert await run.outcome() == "rejected"
            assert (await run.result()).startswith("Action rejected")
            await office.inbox_empty()
    assert run.effects() == []


async def test_a_reply_found_before_the_mail_was_recorded_as_sent_counts(office):
    async with office.worker():
        office.mail.doubting.add(APPROVER)
        run, letter = await office.asked()
        await office.reply(letter, "APPROVE")
        await run.event("vote")
        office.mail.doubting.clear()
        assert (await run.result()).startswith("Action completed successfully")
        assert await run.events("mail_sent") == []
    assert len(run.effects()) == 1


async def test_mail_that_was_sent_more_than_once_is_one_message_to_its_reader(office):
    office.mail.doubting.add(APPROVER)
    async with office.worker():
        run, letter = await office.asked(approvers=[APPROVER, APPROVER2])

        async def two() -> bool:
            return len(await run.letters(APPROVER, "Approval needed")) > 1

        await until(two, "a second copy")
        office.mail.doubting.clear()
        copies = await run.letters(APPROVER, "Approval needed")
        assert {(copy.message_id, copy.reply_to) for copy in copies} == {
            (letter.message_id, letter.reply_to)
        }
        await office.reply(copies[-1], "REJECT")
        assert await run.outcome() == "rejected"


async def test_a_reply_while_the_action_runs_changes_nothing_and_is_answered(office):
    async with office.worker():
        run, letter = await office.asked()
        with closing(sqlite3.connect(office.environ["SHOP_DATABASE"])) as shop:
            # The refund waits for this transaction: it has begun and not ended.
            shop.execute("begin immediate")
            await office.reply(letter, "APPROVE")
            assert await run.outcome() == "approved"
            await office.reply(letter, "REJECT, I was wrong")
            await run.letter(APPROVER, "Too late to count")
            await run.handle.signal("approval_decision", operator(run, approved=False))
            shop.rollback()
        assert (await run.result()).startswith("Action completed successfully")
        trail = (await run.handle.query("audit_trail", 0))["events"]
        kinds = [event["kind"] for event in trail]
        assert kinds.index("executing") < kinds.index("decision_ignored") < kinds.index("executed")
    assert len(run.effects()) == 1


async def test_a_vote_in_time_that_is_read_at_the_deadline_counts(office: Office):
    async with office.worker("--no-inbox"):
        run, letter = await office.asked(approval_timeout_seconds=3)
        await office.reply(letter, "APPROVE")

        async def at_its_deadline() -> bool:
            pending = (await run.approval.describe()).raw_description.pending_activities
            return any(activity.activity_type.name == "sweep" for activity in pending)

        await until(at_its_deadline, "the sweep at the deadline")
        async with office.worker("--inbox-only"):
            assert (await run.result()).startswith("Action completed successfully")


def operator(run: Run, *, approved: bool) -> dict[str, object]:
    return {"request_id": run.known, "approved": approved, "decided_at": "now"}
