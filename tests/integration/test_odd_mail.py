"""Mail that is no vote, or no second one: what a mailbox on the internet gets every day."""

from datetime import UTC, datetime

import pytest

from demo.letter import write_reply
from tests.integration.office import APPROVER2, STRANGER
from tests.integration.run import APPROVER
from tests.servers import every_server

pytestmark = [
    every_server,
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.usefixtures("worker"),
]


def with_header(raw: bytes, name: str, value: str) -> bytes:
    return f"{name}: {value}\r\n".encode() + raw


async def approve_at_last(office, run, letter) -> None:
    """The inbox still reads on, and the approval still waits."""
    assert (await run.approval.query("status"))["status"] == "waiting"
    await office.reply(letter, "APPROVE")
    assert (await run.result()).startswith("Action completed successfully")
    assert len(run.effects()) == 1


async def test_a_reply_delivered_twice_is_one_vote_and_one_receipt(office):
    run, letter = await office.asked(approvers=[APPROVER, APPROVER2], require="all")
    raw = await office.reply(letter, "APPROVE")
    await run.event("vote")
    await office.send(APPROVER, letter.reply_to, raw)
    assert (await run.event("decision_ignored"))["why"] == "duplicate"
    await run.event("answer_sent", what="receipt")
    await office.reply(await run.request(APPROVER2), "REJECT", APPROVER2)
    assert await run.outcome() == "rejected"
    assert [event["approver"] for event in await run.events("vote")] == [APPROVER, APPROVER2]
    assert len(await run.letters(APPROVER, "Your decision was recorded")) == 1


async def test_the_same_word_written_twice_is_one_vote(office):
    run, letter = await office.asked(approvers=[APPROVER, APPROVER2], require=2)
    await office.reply(letter, "APPROVE")
    await run.event("vote")
    await office.reply(letter, "Approved!")
    assert (await run.event("decision_ignored"))["why"] == "repeated"
    await office.reply(letter, "REJECT, on second thoughts")
    assert await run.outcome() == "rejected"
    assert run.effects() == []


async def test_a_reply_after_the_outcome_is_told_so_once(office):
    run, letter = await office.asked()
    await office.reply(letter, "REJECT")
    assert await run.outcome() == "rejected"
    await office.reply(letter, "APPROVE\n\nall is fine")
    await run.letter(APPROVER, "Too late to count")
    await office.reply(letter, "APPROVE\n\nreally, all is well")
    await office.in_folder("Processed", b"really, all is well")
    assert len(await run.letters(APPROVER, "Too late to count")) == 1
    assert len(await run.events("vote")) == 1
    assert run.effects() == []


async def test_forwarded_mail_gives_nobody_else_a_vote(office):
    run, letter = await office.asked()
    await office.reply(letter, "APPROVE\n\nfrom a stranger", STRANGER)
    notice = await run.event("notice")
    assert (notice["notice"], notice["approver"]) == ("refused", STRANGER)
    await office.in_folder("Unmatched", b"from a stranger")
    assert await run.events("vote") == []
    await approve_at_last(office, run, letter)
    assert await office.mail.messages(STRANGER) == []


async def test_another_approver_cannot_use_a_token_that_is_not_theirs(office):
    run, letter = await office.asked(approvers=[APPROVER, APPROVER2], require="all")
    await office.reply(letter, "REJECT\n\nwith a borrowed token", APPROVER2)
    assert (await run.event("notice"))["notice"] == "refused"
    await office.in_folder("Unmatched", b"with a borrowed token")
    assert await run.events("vote") == []
    await run.handle.cancel()
    # It ends when all its answers are out: a receipt would have come before this.
    assert await run.outcome() == "withdrawn"
    await run.letter(APPROVER2, "The approval was withdrawn")
    assert await run.letters(APPROVER2, "recorded") == []


async def test_an_automatic_reply_is_no_vote_and_gets_no_answer(office):
    run, letter = await office.asked()
    raw = write_reply(letter, APPROVER, "APPROVE", datetime.now(UTC))
    automatic = with_header(raw, "Auto-Submitted", "auto-replied")
    await office.send(APPROVER, letter.reply_to, automatic)
    assert (await run.event("notice"))["notice"] == "auto"
    await approve_at_last(office, run, letter)
    assert len(await run.letters(APPROVER)) == 2  # the request and the receipt
    assert len(await run.events("answer_sent")) == 1


async def test_mail_of_no_approval_is_put_aside_unanswered(office):
    raw = b"From: stranger@demo.test\r\nTo: x\r\nSubject: hello\r\n\r\nAPPROVE the lottery\r\n"
    await office.send(STRANGER, office.agent, raw)
    await office.in_folder("Unmatched", b"APPROVE the lottery")
    await office.inbox_empty()
    assert await office.mail.messages(STRANGER) == []


async def test_mail_that_arrives_in_the_middle_of_a_sweep_is_read_at_once(office):
    run, letter = await office.asked()
    await office.reply(letter, "REJECT")
    assert await run.outcome() == "rejected"
    await office.inbox_empty()
    # The inbox answers late mail before it puts it away: there the next one comes in.
    office.mail.meanwhile[APPROVER] = b"Subject: in the middle\r\n\r\nhello\r\n"
    await office.reply(letter, "APPROVE")
    await office.in_folder("Unmatched", b"in the middle")


async def test_a_message_that_cannot_be_read_does_not_stop_the_inbox(office):
    run, letter = await office.asked()
    await office.mail.deliver(office.agent, b"\r\n\xff\xfe no header at all")
    await office.in_folder("Quarantine", b"no header at all")
    await approve_at_last(office, run, letter)
