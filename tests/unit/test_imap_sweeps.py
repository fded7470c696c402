"""A sweep over a server that gives some messages and not others, and one that is polled."""

import asyncio
import re
from datetime import UTC, datetime
from typing import Any

import pytest

from agent import reading
from agent.activities.watch_inbox import InboxActivities, Watch
from agent.bookmark import Bookmark
from agent.jobs import Cursor
from mail.errors import MailRefused
from tests.imap_script import DATE, OK, Script, capabilities, fetched, session
from tests.unit.agent_samples import settings
from tests.unit.mailbox import Mailbox, stray, vote
from tests.waiting import until


class Inbox:
    """What lies in it is given unless it is `withheld`, and goes where it is moved to."""

    def __init__(self, *raws: bytes, withheld: bytes = b"{tag} NO [SERVERBUG] cannot\r\n") -> None:
        self.mail = dict(enumerate(raws, 1))
        self.refused: set[int] = set()
        self.moved: dict[str, list[int]] = {}
        self.headers = True
        self.date = DATE
        self._withheld = withheld
        self.script = Script(
            SEARCH=lambda _: b"* SEARCH " + b" ".join(b"%d" % u for u in self.mail) + b"\r\n" + OK,
            FETCH=self._fetch,
            MOVE=self._move,
        )

    def _fetch(self, line: str) -> bytes:
        if "HEADER" in line:
            assert not self.headers
            return b"{tag} NO [SERVERBUG] one of them is broken\r\n"
        uids = [int(uid) for uid in line.split()[2].split(",")]
        if "RFC822.SIZE" in line:
            return b"".join(b"* %d FETCH (UID %d RFC822.SIZE 9)\r\n" % (u, u) for u in uids) + OK
        # A refusal is of all that was asked for; what only says nothing says it of its own.
        if self.refused & set(uids) and (len(uids) == 1 or b"OK" not in self._withheld):
            return self._withheld
        given = [fetched(self.mail[u], u).removesuffix(OK) for u in uids if u not in self.refused]
        return b"".join(given).replace(DATE, self.date) + OK

    def _move(self, line: str) -> bytes:
        found = re.fullmatch(r'UID MOVE ([\d,]+) "(\w+)"', line)
        assert found is not None
        for uid in map(int, found[1].split(",")):
            del self.mail[uid]
            self.moved.setdefault(found[2], []).append(uid)
        return OK


@pytest.mark.parametrize("withheld", [b"{tag} NO [SERVERBUG] cannot\r\n", b"{tag} BAD\r\n"])
async def test_a_message_that_is_refused_holds_up_no_other_and_is_quarantined(
    withheld, monkeypatch
):
    inbox = Inbox(vote("APPROVE"), b"broken", stray(1), withheld=withheld)
    inbox.refused = {2}
    temporal, bookmark = Mailbox(), Bookmark()
    sweeper = temporal.sweeper()
    async with session(inbox.script) as imap:
        for _ in range(5):
            with pytest.raises(MailRefused, match="refused FETCH"):
                await sweeper.sweep(imap, bookmark)
        assert inbox.moved == {"Processed": [1], "Unmatched": [3]}
        assert len(temporal.done("signal")) == 1
        assert bookmark.cursor.swept_at is None
        assert not bookmark.is_suspect(2)
        monkeypatch.setattr(reading, "WITHHELD_SECONDS", 0)
        await sweeper.sweep(imap, bookmark)
    assert inbox.moved["Quarantine"] == [2]
    assert bookmark.cursor.swept_at is not None


async def test_a_server_that_is_busy_loses_nothing():
    inbox = Inbox(vote("APPROVE"))
    inbox.refused = {1}
    temporal = Mailbox()
    sweeper = temporal.sweeper()
    async with session(inbox.script) as imap:
        for _ in range(10):
            with pytest.raises(MailRefused):
                await sweeper.sweep(imap, Bookmark())
        inbox.refused = set()
        await sweeper.sweep(imap, Bookmark())
    assert inbox.moved == {"Processed": [1]}
    assert [decision.approved for decision in temporal.done("signal")] == [True]


async def test_a_message_that_vanishes_before_it_is_read_is_somebody_elses_work(monkeypatch):
    inbox = Inbox(vote("APPROVE"), stray(1), withheld=OK)
    inbox.refused = {1}
    sweeper = Mailbox().sweeper()
    async with session(inbox.script) as imap:
        await sweeper.sweep(imap, Bookmark())
        assert inbox.moved == {"Unmatched": [2]}
        del inbox.mail[1]
        monkeypatch.setattr(reading, "WITHHELD_SECONDS", 0)
        await sweeper.sweep(imap, Bookmark())
    assert inbox.moved == {"Unmatched": [2]}


async def test_a_message_that_is_listed_for_long_and_never_given_is_quarantined(monkeypatch):
    inbox = Inbox(vote("APPROVE"), withheld=b"* 1 FETCH (FLAGS ())\r\n{tag} OK\r\n")
    inbox.refused = {1}
    sweeper = Mailbox().sweeper()
    async with session(inbox.script) as imap:
        await sweeper.sweep(imap, Bookmark())
        assert inbox.moved == {}
        monkeypatch.setattr(reading, "WITHHELD_SECONDS", 0)
        await sweeper.sweep(imap, Bookmark())
    assert inbox.moved == {"Quarantine": [1]}


async def test_mail_that_is_never_given_is_neither_in_the_way_nor_asked_for_without_a_pause():
    mailbox = Mailbox()
    mailbox.put(*map(stray, range(260)))
    fetch, sweeper, sweeps = mailbox.fetch, mailbox.sweeper(), 1

    async def partly(uids):
        return await fetch([uid for uid in uids if uid > 150])

    mailbox.fetch = partly  # type: ignore[method-assign]
    while (await mailbox.swept(sweeper)).more:
        sweeps += 1
        assert sweeps < 5
    await mailbox.swept(sweeper)
    assert mailbox.folders["Unmatched"] == [*range(151, 261)]


async def test_a_message_without_content_is_quarantined():
    inbox = Inbox(vote("APPROVE"), withheld=b"* 1 FETCH (UID 1 BODY[] NIL)\r\n{tag} OK\r\n")
    inbox.refused = {1}
    async with session(inbox.script) as imap:
        await Mailbox().sweeper().sweep(imap, Bookmark())
    assert list(inbox.moved.values()) == [[1]]


async def test_where_headers_are_refused_every_message_is_read():
    inbox = Inbox(vote("APPROVE"), *map(stray, range(30)))
    inbox.headers = False
    temporal = Mailbox()
    async with session(inbox.script) as imap:
        await temporal.sweeper().sweep(imap, Bookmark())
    assert len(temporal.done("signal")) == 1
    assert inbox.mail == {}


@pytest.mark.parametrize("date", [b'INTERNALDATE "24.11.2026 10:00"', b"INTERNALDATE NIL", b""])
async def test_a_vote_of_unknown_arrival_arrives_when_it_is_read(date):
    inbox = Inbox(vote("APPROVE"))
    inbox.date = date
    temporal, before = Mailbox(), datetime.now(UTC)
    async with session(inbox.script) as imap:
        await temporal.sweeper().sweep(imap, Bookmark())
    (decision,) = temporal.done("signal")
    assert before <= decision.received_at <= datetime.now(UTC)


async def test_without_uidvalidity_nothing_is_remembered_of_another_session():
    temporal = Mailbox(uidvalidity=0)
    temporal.put(stray(1))
    sweeper = temporal.sweeper(leave=True)
    await temporal.swept(sweeper)
    temporal.inbox = {1: vote("APPROVE")}
    await temporal.swept(sweeper)
    assert len(temporal.done("signal")) == 1


class Unrecorded(Watch):
    async def record(self) -> None:
        """No Temporal keeps it."""


@pytest.mark.parametrize(
    "answers",
    [{"CAPABILITY": capabilities("MOVE")}, {"IDLE": b"{tag} NO not today\r\n"}],
)
async def test_a_server_without_idle_is_polled(answers):
    inbox = Inbox()
    inbox.script.answers.update(answers)
    nothing: Any = None
    poller = InboxActivities(
        nothing, settings(imap_host="127.0.0.1", imap_password="x", imap_poll_seconds=1)
    )
    temporal = Mailbox()
    poller._sweeper = temporal.sweeper()

    async def polled() -> bool:
        return inbox.script.heard.count("SEARCH") >= 2

    async def moved() -> bool:
        return bool(inbox.moved)

    async with session(inbox.script) as imap:
        end = asyncio.get_running_loop().time() + 60
        watch = Unrecorded(Cursor(), nothing)
        following = asyncio.ensure_future(poller._follow(imap, watch, end))
        await until(polled, "a second look")
        inbox.mail[1] = vote("APPROVE")
        await until(moved, "the message put away")
        following.cancel()
        await asyncio.wait({following})
    assert inbox.script.heard.count("IDLE") <= 1
    assert inbox.script.heard.count("SEARCH") < 8
    assert len(temporal.done("signal")) == 1
