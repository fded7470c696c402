"""New mail is on record before it comes: it waits for nothing; what kills its reader is known."""

import pytest
from temporalio.service import RPCError

from agent.sorting import Folder
from mail.read import read
from tests.unit.mailbox import Died, Mailbox, Recorded, vote

IDS = [f"AR-00000{number:05d}" for number in range(50)]


async def test_mail_that_comes_while_the_inbox_is_watched_needs_no_record():
    mailbox, bookmark = Mailbox(), Recorded()
    sweeper = mailbox.sweeper()
    await mailbox.swept(sweeper, bookmark)
    bookmark.down = True
    mailbox.put(vote("APPROVE"))
    await mailbox.swept(sweeper, bookmark)
    assert mailbox.folders == {Folder.PROCESSED: [1]}


async def test_more_than_is_expected_is_not_read_without_a_record():
    mailbox, bookmark = Mailbox(), Recorded()
    sweeper = mailbox.sweeper()
    await mailbox.swept(sweeper, bookmark)
    bookmark.down = True
    mailbox.put(*(vote("APPROVE", name) for name in IDS))
    with pytest.raises(RPCError):
        await mailbox.swept(sweeper, bookmark)
    assert mailbox.done("signal") == []
    assert len(mailbox.inbox) == len(IDS)


async def test_expectation_goes_on_with_the_mail():
    mailbox, bookmark = Mailbox(), Recorded()
    sweeper = mailbox.sweeper()
    for name in IDS:
        await mailbox.swept(sweeper, bookmark)
        number = max(bookmark.kept.expected, 1)
        (uid,) = mailbox.put(vote("APPROVE", name)) if mailbox.inbox else _next(mailbox, name)
        assert number <= uid < number + 20
    await mailbox.swept(sweeper, bookmark)
    assert len(mailbox.folders[Folder.PROCESSED]) == len(IDS)


async def test_an_expected_message_that_kills_its_reader_is_quarantined_and_no_other(monkeypatch):
    mailbox, bookmark = Mailbox(), Recorded()
    await mailbox.swept(mailbox.sweeper(), bookmark)
    mailbox.put(vote("APPROVE"), b"Subject: poison\r\n\r\nx")
    deaths = 0

    def deadly(raw, **rest):
        nonlocal deaths
        if b"poison" in raw:
            deaths += 1
            raise Died
        return read(raw, **rest)

    monkeypatch.setattr("agent.reading.read", deadly)
    kept = bookmark.kept
    while mailbox.inbox:
        bookmark = Recorded(kept)
        try:
            await mailbox.swept(mailbox.sweeper(), bookmark)
        except Died:
            kept = bookmark.kept
    assert deaths == 2
    assert mailbox.folders == {Folder.QUARANTINE: [2], Folder.PROCESSED: [1]}


async def test_of_another_uidvalidity_nothing_is_expected():
    mailbox, bookmark = Mailbox(), Recorded()
    await mailbox.swept(mailbox.sweeper(), bookmark)
    mailbox.uidvalidity = 8
    mailbox.put(vote("APPROVE"))
    heir = Recorded(bookmark.kept)
    heir.down = True
    with pytest.raises(RPCError):
        await mailbox.swept(mailbox.sweeper(), heir)
    assert sorted(mailbox.inbox) == [1]


def _next(mailbox: Mailbox, name: str) -> list[int]:
    uid = max(mailbox.folders.get(Folder.PROCESSED, [0])) + 1
    mailbox.inbox[uid] = vote("APPROVE", name)
    return [uid]
