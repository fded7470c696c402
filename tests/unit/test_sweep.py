"""What a sweep reads, signals and puts away, in which order, and what it leaves."""

import asyncio

import pytest
from temporalio.service import RPCError

from agent.sorting import Folder
from mail.errors import MailRefused, MailUnavailable
from mail.read import read
from mail.vocabulary import DEFAULT, load
from tests.unit.mailbox import Died, Mailbox, Recorded, report, stray, vote

OTHER_ID = "AR-0000000001"


async def test_a_message_is_put_away_after_it_was_signalled():
    mailbox = Mailbox()
    mailbox.put(vote("APPROVE"))
    await mailbox.swept(mailbox.sweeper())
    assert [kind for kind, _ in mailbox.log] == ["fetch", "signal", "move"]
    assert mailbox.folders == {Folder.PROCESSED: [1]}


async def test_words_of_ones_own_decide(tmp_path):
    (tmp_path / "words.toml").write_text('approve = ["lgtm"]')
    for words, heard in ((load(tmp_path / "words.toml"), 1), (DEFAULT, 0)):
        mailbox = Mailbox()
        mailbox.put(vote("LGTM"))
        await mailbox.swept(mailbox.sweeper(vocabulary=words))
        decisions = [s for s in mailbox.done("signal") if getattr(s, "approved", None)]
        assert len(decisions) == heard


async def test_while_temporal_is_away_everything_stays_and_is_no_fault_of_the_mail():
    mailbox, bookmark = Mailbox(down=True), Recorded()
    mailbox.put(vote("APPROVE"), stray(1))
    sweeper = mailbox.sweeper()
    for _ in range(10):
        with pytest.raises(RPCError):
            await mailbox.swept(sweeper, bookmark)
    assert mailbox.done("move") == []
    mailbox.down = False
    await mailbox.swept(sweeper, Recorded(bookmark.kept))
    assert [decision.approved for decision in mailbox.done("signal")] == [True]
    assert mailbox.folders == {Folder.PROCESSED: [1], Folder.UNMATCHED: [2]}


async def test_what_could_not_be_recorded_was_not_begun():
    mailbox, bookmark = Mailbox(), Recorded()
    mailbox.put(vote("APPROVE"))
    sweeper = mailbox.sweeper()
    bookmark.down = True
    for _ in range(10):
        with pytest.raises(RPCError):
            await mailbox.swept(sweeper, bookmark)
    suspect = Recorded(bookmark.cursor.model_copy(update={"reading": (1,), "uidvalidity": 7}))
    suspect.down = True
    for _ in range(10):
        with pytest.raises(RPCError):
            await mailbox.swept(sweeper, suspect)
    suspect.down = False
    await mailbox.swept(sweeper, suspect)
    assert mailbox.folders == {Folder.PROCESSED: [1]}


async def test_a_folder_that_is_full_does_not_keep_others_from_being_heard():
    mailbox, bookmark = Mailbox(full=Folder.PROCESSED), Recorded()
    ids = [f"AR-00000{number:05d}" for number in range(250)]
    mailbox.put(*(vote("APPROVE", name) for name in ids))
    with pytest.raises(MailRefused):
        await mailbox.swept(mailbox.sweeper(), bookmark)
    assert {decision.request_id for decision in mailbox.done("signal")} == set(ids)
    assert len(mailbox.inbox) == 250
    assert bookmark.cursor.swept_at is None


async def test_an_error_of_an_answer_does_not_stop_the_inbox():
    mailbox = Mailbox(closed=True)

    async def broken(message):
        raise KeyError("digest")

    mailbox.answer = broken  # type: ignore[method-assign]
    mailbox.put(vote("APPROVE"), stray(1))
    await mailbox.swept(mailbox.sweeper())
    assert mailbox.inbox == {}


async def test_mail_whose_answer_cannot_be_sent_stays_until_it_can():
    mailbox, bookmark = Mailbox(closed=True, answers=False), Recorded()
    mailbox.put(vote("APPROVE"))
    sweeper = mailbox.sweeper()
    for _ in range(10):
        assert (await mailbox.swept(sweeper, bookmark)).kept
    assert mailbox.inbox
    mailbox.answers = True
    assert not (await mailbox.swept(sweeper, bookmark)).kept
    assert mailbox.folders == {Folder.PROCESSED: [1]}


async def test_a_message_that_kills_its_reader_is_quarantined_and_no_other(monkeypatch):
    mailbox = Mailbox()
    mailbox.put(vote("APPROVE"), b"Subject: poison\r\n\r\nx", vote("REJECT", OTHER_ID))
    deaths = 0

    def deadly(raw, **rest):
        nonlocal deaths
        if b"poison" in raw:
            deaths += 1
            raise Died
        return read(raw, **rest)

    monkeypatch.setattr("agent.reading.read", deadly)
    kept, lives = None, 0
    while mailbox.inbox:
        lives += 1
        bookmark = Recorded(kept)
        try:
            await mailbox.swept(mailbox.sweeper(), bookmark)
        except Died:
            kept = bookmark.kept
    assert (deaths, lives) == (3, 4)
    assert sorted(mailbox.folders[Folder.PROCESSED]) == [1, 3]
    assert mailbox.folders[Folder.QUARANTINE] == [2]
    assert len(mailbox.done("signal")) == 2


async def test_a_message_at_which_the_server_hangs_up_is_quarantined_and_no_other():
    mailbox, bookmark = Mailbox(breaks_at=2), Recorded()
    mailbox.put(vote("APPROVE"), vote("APPROVE", OTHER_ID), stray(1))
    sweeper = mailbox.sweeper()
    for _ in range(3):
        with pytest.raises(MailUnavailable):
            await mailbox.swept(sweeper, bookmark)
    await mailbox.swept(sweeper, bookmark)
    assert mailbox.folders == {
        Folder.QUARANTINE: [2],
        Folder.PROCESSED: [1],
        Folder.UNMATCHED: [3],
    }


async def test_what_names_an_approval_is_read_before_a_flood_that_does_not():
    mailbox, bookmark = Mailbox(), Recorded()
    mailbox.put(*map(stray, range(300)))
    (reply,) = mailbox.put(vote("APPROVE"))
    sweeper = mailbox.sweeper()
    assert (await mailbox.swept(sweeper, bookmark)).more
    assert mailbox.done("fetch")[0] == reply
    assert mailbox.folders[Folder.PROCESSED] == [reply]
    while (await mailbox.swept(sweeper, bookmark)).more:
        pass
    assert len(mailbox.folders[Folder.UNMATCHED]) == 300
    assert bookmark.cursor.counts == {"Processed": 1, "Unmatched": 300}


async def test_a_flood_of_reports_or_about_one_approval_holds_up_no_other():
    mailbox, bookmark = Mailbox(), Recorded()
    about = f"From: s@demo.test\r\nSubject: [{OTHER_ID}]\r\n\r\nBuy\r\n".encode()
    mailbox.put(*[about] * 300, *map(report, range(300)))
    (reply,) = mailbox.put(vote("APPROVE"))
    begun = []

    async def noted():
        begun.append(len(bookmark.cursor.reading))
        bookmark.kept = bookmark.cursor

    bookmark.record = noted  # type: ignore[method-assign]
    await mailbox.swept(mailbox.sweeper(), bookmark)
    assert mailbox.done("fetch")[0] == reply
    assert mailbox.log.index(("move", reply)) < mailbox.log.index(("fetch", 400))
    # Each approval's mail is together; reports are no more at a time than other mail.
    assert sorted(begun)[-2:] == [100, 300]
    assert len(mailbox.folders[Folder.UNMATCHED]) == 600


async def test_a_shared_mailboxs_mail_that_has_gone_is_forgotten():
    mailbox = Mailbox()
    sweeper = mailbox.sweeper(leave=True)
    mailbox.put(stray(1), stray(2))
    await mailbox.swept(sweeper)
    del mailbox.inbox[1]
    await mailbox.swept(sweeper)
    assert sweeper._left == {2}


async def test_a_rejection_is_heard_first_however_much_lies_between():
    mailbox = Mailbox()
    ids = [f"AR-00000{number:05d}" for number in range(250)]
    mailbox.put(vote("APPROVE"), *(vote("APPROVE", name) for name in ids), vote("REJECT"))
    await mailbox.swept(mailbox.sweeper())
    ours = [d.approved for d in mailbox.done("signal") if d.request_id not in ids]
    assert ours == [False, True]
    assert len(mailbox.done("signal")) == 252


async def test_a_shared_mailboxs_other_mail_is_neither_read_nor_moved():
    mailbox, bookmark = Mailbox(), Recorded()
    mailbox.put(stray(1), vote("APPROVE"), stray(2))
    sweeper = mailbox.sweeper(leave=True)
    await mailbox.swept(sweeper, bookmark)
    await mailbox.swept(sweeper, bookmark)
    assert mailbox.done("fetch") == [2]
    assert mailbox.folders == {Folder.PROCESSED: [2]}
    assert sorted(mailbox.inbox) == [1, 3]


async def test_after_a_change_of_uidvalidity_nothing_is_remembered():
    mailbox, bookmark = Mailbox(breaks_at=1), Recorded()
    mailbox.put(vote("APPROVE"), vote("APPROVE", OTHER_ID))
    sweeper = mailbox.sweeper()
    for _ in range(4):
        with pytest.raises(MailUnavailable):
            await mailbox.swept(sweeper, bookmark)
    mailbox.uidvalidity, mailbox.breaks_at = 8, None
    await mailbox.swept(sweeper, bookmark)
    assert {folder: sorted(uids) for folder, uids in mailbox.folders.items()} == {
        Folder.PROCESSED: [1, 2]
    }


async def test_a_message_that_has_vanished_is_somebody_elses_work():
    mailbox = Mailbox()
    mailbox.put(stray(1))
    sweeper = mailbox.sweeper()
    fetch = mailbox.fetch

    async def gone(uids):
        mailbox.inbox.clear()
        return await fetch(uids)

    mailbox.fetch = gone  # type: ignore[method-assign]
    await mailbox.swept(sweeper)
    assert mailbox.done("move") == []


async def test_short_messages_are_fetched_together_and_long_ones_alone():
    mailbox = Mailbox()
    long = vote("APPROVE", "AR-0000000099") + b"x" * 900_000
    mailbox.put(*(vote("APPROVE", f"AR-00000{number:05d}") for number in range(24)), long, long)
    asked = []
    fetch = mailbox.fetch

    async def noted(uids):
        asked.append(len(uids))
        return await fetch(uids)

    mailbox.fetch = noted  # type: ignore[method-assign]
    await mailbox.swept(mailbox.sweeper())
    assert asked == [20, 5, 1]
    assert len(mailbox.folders[Folder.PROCESSED]) == 26


async def test_the_next_messages_are_read_while_temporal_takes_the_last():
    mailbox = Mailbox()
    ids = [f"AR-00000{number:05d}" for number in range(250)]
    mailbox.put(*(vote("APPROVE", name) for name in ids))
    signal, fetched_meanwhile = mailbox.signal, asyncio.Event()
    fetch = mailbox.fetch

    async def slow(name, message):
        await asyncio.wait_for(fetched_meanwhile.wait(), 10)
        await signal(name, message)

    async def noted(uids):
        if 101 in uids:
            fetched_meanwhile.set()
        return await fetch(uids)

    mailbox.signal = slow  # type: ignore[method-assign]
    mailbox.fetch = noted  # type: ignore[method-assign]
    await mailbox.swept(mailbox.sweeper())
    assert len(mailbox.done("signal")) == 250
    moved = [mailbox.log.index(("move", uid)) for uid in (1, 101, 250)]
    signals = [n for n, (kind, _) in enumerate(mailbox.log) if kind == "signal"]
    assert moved[0] > signals[99] and moved[1] > signals[199] and moved[2] > signals[249]


async def test_a_broken_connection_leaves_no_signal_running():
    mailbox = Mailbox(breaks_at=150)
    mailbox.put(*(vote("APPROVE", f"AR-00000{number:05d}") for number in range(250)))

    async def never(name, message):
        await asyncio.Event().wait()

    mailbox.signal = never  # type: ignore[method-assign]
    with pytest.raises(MailUnavailable):
        await mailbox.swept(mailbox.sweeper())
    assert len(asyncio.all_tasks()) == 1
    assert len(mailbox.inbox) == 250
