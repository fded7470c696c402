"""Mail that ends its reader or its connection: known by that, and put aside alone."""

import contextlib

import pytest

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
    for _ in range(3 * len(deadly) + 1):
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
