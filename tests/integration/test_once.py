"""A mail that is read once more counts once and is answered once: also by another process, and also
when an operator has moved it back."""

import signal

import pytest

from agent.sorting import Folder
from mail.imap import ImapServer, ImapSession
from mail.imap_folders import INBOX
from tests.integration.office import APPROVER2
from tests.integration.run import APPROVER
from tests.waiting import logged, until

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(300)]
TOO_LATE = "Too late to count"
RECEIPT = "Your decision was recorded"


async def move_back(office, folder: Folder, text: bytes) -> None:
    """As somebody does by hand, in a mail program; it is put away again before this returns."""
    mail = office.mail
    server = ImapServer(mail.host, office.agent, mail.password, "none", mail.imap_port)
    before = len(await office.in_folder(folder, text))
    async with await ImapSession.open(server) as session:
        await session.select(folder)
        uids = await session.search()
        found = await session.fetch(uids)
        await session.move([uid for uid in uids if text in found[uid].raw], INBOX)

    async def put_away() -> bool:
        there = [raw for raw in await office.mail.messages(office.agent, folder) if text in raw]
        return len(there) == before

    await office.inbox_empty()
    await until(put_away, f"{text!r} put away again")


async def inbox(office, *options):
    return (await office.run("-m", "agent", "inbox", "--json", *options)).json


async def test_a_vote_moved_back_by_hand_counts_once_also_after_a_restart_and_after_the_end(office):
    async with office.worker():
        run, letter = await office.asked(approvers=[APPROVER, APPROVER2], require="all")
        await office.reply(letter, "APPROVE\n\nchecked with Rosa")
        await run.event("answer_sent", what="receipt")
        await move_back(office, Folder.PROCESSED, b"checked with Rosa")
        assert (await run.event("decision_ignored"))["why"] == "duplicate"
    async with office.worker():
        await move_back(office, Folder.PROCESSED, b"checked with Rosa")
        assert len(await run.events("decision_ignored")) == 2
        assert len(await run.events("vote")) == 1
        await office.reply(await run.request(APPROVER2), "REJECT", APPROVER2)
        assert await run.outcome() == "rejected"
        await move_back(office, Folder.PROCESSED, b"checked with Rosa")
    assert run.effects() == []
    assert len(await run.letters(APPROVER, RECEIPT)) == 1
    assert await run.letters(APPROVER, TOO_LATE) == []


async def test_who_was_told_that_they_are_late_is_not_told_again_by_the_next_process(office):
    async with office.worker() as first:
        run, letter = await office.asked()
        await office.reply(letter, "REJECT")
        assert await run.outcome() == "rejected"
        await office.reply(letter, "APPROVE\n\nall is fine")
        await office.in_folder("Processed", b"all is fine")
        first.process.kill()
        assert await first.process.wait() == -signal.SIGKILL
    async with office.worker(ready="worker started") as second:
        await logged(second, "reading the inbox")
        await office.reply(letter, "APPROVE\n\nreally, all is well")
        await office.in_folder("Processed", b"really, all is well")
        await move_back(office, Folder.PROCESSED, b"all is fine")
    async with office.worker():
        await move_back(office, Folder.PROCESSED, b"really, all is well")
    assert len(await run.letters(APPROVER, TOO_LATE)) == 1


async def test_a_vote_refused_for_want_of_proof_counts_when_the_settings_are_mended(office):
    async with office.worker(MAIL_AUTH="required"):
        run, letter = await office.asked()
        await office.reply(letter, "APPROVE\n\nchecked with Ben")
        assert (await run.event("notice"))["reason"].startswith("unauthenticated")
        await run.event("answer_sent", what="warning")
        await office.in_folder("Unmatched", b"checked with Ben")
        (put_aside,) = (await inbox(office))["folders"]["Unmatched"]["newest"]
    async with office.worker():
        await inbox(office, "--retry", str(put_aside["uid"]), "--folder", "unmatched")
        assert (await run.result()).startswith("Action completed successfully")
    assert len(run.effects()) == 1
