"""Mail that ends its reader or its connection: known by that, and put aside alone."""

import asyncio
import contextlib

import pytest

from agent import reading
from agent.jobs import Cursor
from agent.sorting import Folder
from mail.errors import MailUnavailable
from tests.unit.mailbox import Mailbox, Recorded, vote


@pytest.mark.parametrize("deadly", [(1, 2), (1, 150), (20, 120, 200)])
async def test_several_messages_at_which_the_server_hangs_up_are_quarantined_and_no_other(deadly):
    mailbox, bookmark = Mailbox(), Recorded()
    mailbox.put(*(vote("APPROVE", f"AR-00000{number:05d}") for number in range(250)))
    fetch = mailbox.fetch

    async def breaking(uids):
        if set(deadly) & set(uids):
            raise MailUnavailable("the IMAP server closed the connection")
        return await fetch(uids)

    mailbox.fetch = breaking  # type: ignore[method-assign]
    sweeper = mailbox.sweeper()
    for _ in range(5 * len(deadly) + 1):
        with contextlib.suppress(MailUnavailable):
            await mailbox.swept(sweeper, bookmark)
    assert sorted(mailbox.folders[Folder.QUARANTINE]) == [*deadly]
    assert len(mailbox.folders[Folder.PROCESSED]) == 250 - len(deadly)
    assert bookmark.cursor.tries == {}


async def test_of_a_suspect_that_has_vanished_nothing_is_remembered():
    mailbox = Mailbox()
    bookmark = Recorded(Cursor(uidvalidity=7, tries={"5": 4}))
    await mailbox.swept(mailbox.sweeper(), bookmark)
    assert bookmark.cursor.tries == {}


@pytest.mark.parametrize("count", [1, 3, 250])
async def test_while_a_server_gives_nothing_nothing_is_quarantined(count):
    mailbox, bookmark = Mailbox(), Recorded()
    mailbox.put(*(vote("APPROVE", f"AR-00000{number:05d}") for number in range(count)))
    fetch = mailbox.fetch

    async def breaking(uids):
        raise MailUnavailable("the IMAP server closed the connection")

    mailbox.fetch = breaking  # type: ignore[method-assign]
    sweeper = mailbox.sweeper()
    for _ in range(20):
        with pytest.raises(MailUnavailable):
            await mailbox.swept(sweeper, bookmark)
    mailbox.fetch = fetch  # type: ignore[method-assign]
    await mailbox.swept(sweeper, bookmark)
    assert len(mailbox.folders[Folder.PROCESSED]) == count
    assert len(mailbox.done("signal")) == count
    assert Folder.QUARANTINE not in mailbox.folders


async def test_a_message_alone_at_which_the_server_hangs_up_is_quarantined_in_the_end(monkeypatch):
    mailbox, bookmark = Mailbox(breaks_at=1), Recorded()
    mailbox.put(vote("APPROVE", "AR-0000000001"))
    sweeper = mailbox.sweeper()
    for _ in range(10):
        with pytest.raises(MailUnavailable):
            await mailbox.swept(sweeper, bookmark)
    monkeypatch.setattr(reading, "WITHHELD_SECONDS", 0)
    await mailbox.swept(sweeper, bookmark)
    assert mailbox.folders == {Folder.QUARANTINE: [1]}


@pytest.mark.parametrize("tries", [{}, {"1": 2}], ids=["new", "suspect"])
async def test_who_leaves_in_the_middle_of_a_message_holds_nothing_against_it(tries):
    mailbox, bookmark = Mailbox(), Recorded(Cursor(uidvalidity=7, tries=tries))
    mailbox.put(vote("APPROVE", "AR-0000000001"))
    fetch = mailbox.fetch

    async def slow(uids):
        await asyncio.Event().wait()

    mailbox.fetch = slow  # type: ignore[method-assign]
    for _ in range(5):
        leaving = asyncio.create_task(mailbox.swept(mailbox.sweeper(), bookmark))
        await asyncio.sleep(0.01)
        leaving.cancel()
        with pytest.raises(asyncio.CancelledError):
            await leaving
        assert (bookmark.cursor.reading, bookmark.cursor.tries) == ((), tries)
    mailbox.fetch = fetch  # type: ignore[method-assign]
    await mailbox.swept(mailbox.sweeper(), bookmark)
    assert mailbox.folders == {Folder.PROCESSED: [1]}
