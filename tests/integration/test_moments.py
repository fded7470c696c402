"""Replies at awkward moments: before we know that we asked, all at once, while the action runs."""

import sqlite3
from contextlib import closing
from email.utils import parseaddr

import pytest

from tests.integration.office import APPROVER2, STRANGER, Office
from tests.integration.run import APPROVER, Run
from tests.servers import every_server
from tests.waiting import until

pytestmark = [every_server, pytest.mark.asyncio(loop_scope="module")]


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
    # The receipt says it all: the other mail was there before, so "too late" would be wrong.
    assert await run.letters(APPROVER, "Too late to count") == []
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
            return len(await run.requests(APPROVER)) > 1

        await until(two, "a second copy")
        office.mail.doubting.clear()
        copies = await run.requests(APPROVER)
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
    # Mail, reply and all: it must fit before the deadline, and a worker's start into the grace.
    async with office.worker("--no-inbox", EXPIRY_GRACE="60s"):
        run, letter = await office.asked(approval_timeout_seconds=20)
        await office.reply(letter, "APPROVE")

        async def at_its_deadline() -> bool:
            pending = (await run.approval.describe()).raw_description.pending_activities
            return any(activity.activity_type.name == "sweep" for activity in pending)

        await until(at_its_deadline, "the sweep at the deadline")
        async with office.worker("--inbox-only"):
            assert (await run.result()).startswith("Action completed successfully")


async def test_a_host_without_plus_addresses_gets_by_on_the_thread_alone(office):
    async with office.worker(MAIL_PLUS_ADDRESS="off"):
        run, letter = await office.asked()
        assert parseaddr(letter.reply_to)[1] == office.agent
        await office.reply(letter, "APPROVE")
        assert (await run.result()).startswith("Action completed successfully")


async def test_mail_of_others_is_left_alone_in_a_mailbox_that_is_shared(office):
    async with office.worker(IMAP_UNMATCHED="leave"):
        await office.send(STRANGER, office.agent, b"Subject: for somebody else\r\n\r\nAPPROVE\r\n")
        await office.in_folder("INBOX", b"for somebody else")
        run, letter = await office.asked()
        await office.reply(letter, "REJECT")
        assert await run.outcome() == "rejected"
        await office.in_folder("INBOX", b"for somebody else")
        assert await office.mail.messages(office.agent, "Unmatched") == []


def operator(run: Run, *, approved: bool) -> dict[str, object]:
    return {"request_id": run.known, "approved": approved, "decided_at": "now"}
