"""The poller's heartbeat says that the mailbox is being read: it stops when that is not so."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from temporalio.exceptions import ApplicationError, ApplicationErrorCategory
from temporalio.testing import ActivityEnvironment

from agent.activities import watch_inbox
from agent.activities.watch_inbox import InboxActivities, Watch
from agent.jobs import Cursor, SweepInput
from agent.sweep import Swept
from mail.errors import MailUnavailable
from mail.imap import ImapSession
from mail.vocabulary import DEFAULT
from tests.unit.agent_samples import settings


async def beats(seconds: float, step: float) -> int:
    """How often a watch beats in a time whose one step may take `step`."""
    counted = 0

    def heartbeat(*details: Any) -> None:
        nonlocal counted
        counted += 1

    async def watching() -> None:
        client: Any = None
        watch = Watch(Cursor(), client)
        watch.step(step)
        async with watch.heartbeats():
            await asyncio.sleep(seconds)

    environment = ActivityEnvironment()
    environment.on_heartbeat = heartbeat
    await environment.run(watching)
    return counted


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(watch_inbox, "BEAT_SECONDS", 0.01)
    monkeypatch.setattr(watch_inbox, "VAIN_SECONDS", 0.01)


class Session:
    """Idles for no time at all, and remembers for how long it should have."""

    can_idle = True

    def __init__(self) -> None:
        self.idled: list[float] = []

    async def idle(self, seconds: float) -> None:
        self.idled.append(seconds)
        if len(self.idled) == 12:
            raise MailUnavailable("enough")


class Sweeps:
    def __init__(self, *, kept: bool) -> None:
        self.swept = Swept(more=False, kept=kept)

    async def sweep(self, session: Any, bookmark: Any) -> Swept:
        return self.swept


@pytest.mark.parametrize(("kept", "longest"), [(False, 300), (True, 30)])
async def test_it_waits_ever_longer_where_nothing_comes(kept, longest):
    nothing: Any = None
    session: Any = Session()
    inbox = InboxActivities(nothing, settings(imap_host="127.0.0.1", imap_password="x"))
    inbox._sweeper = Sweeps(kept=kept)  # type: ignore[assignment]
    watch = Watch(Cursor(), nothing)
    watch.failures = 3
    with pytest.raises(MailUnavailable):
        await inbox._follow(session, watch, asyncio.get_running_loop().time() + 60)
    assert session.idled[:4] == [1, 2, 4, 8]
    assert max(session.idled) == longest
    assert watch.failures == 0


@pytest.mark.parametrize(
    ("busy", "course"),
    [(1, "sweep sweep idle sweep idle sweep"), (99, "sweep sweep idle sweep sweep idle")],
    ids=["once", "for ever"],
)
async def test_after_mail_it_looks_once_more_before_it_waits(busy, course):
    nothing: Any = None
    done: list[str] = []

    class Busy(Sweeps):
        async def sweep(self, session: Any, bookmark: Any) -> Swept:
            done.append("sweep")
            if done.count("sweep") <= busy:
                bookmark.count(["Processed"])
            return self.swept

    class Noted(Session):
        async def idle(self, seconds: float) -> None:
            done.append("idle")
            await super().idle(seconds)

    session: Any = Noted()
    inbox = InboxActivities(nothing, settings(imap_host="127.0.0.1", imap_password="x"))
    inbox._sweeper = Busy(kept=False)  # type: ignore[assignment]
    with pytest.raises(MailUnavailable):
        await inbox._follow(
            session, Watch(Cursor(), nothing), asyncio.get_running_loop().time() + 60
        )
    assert " ".join(done[:6]) == course


async def test_a_server_that_wakes_for_nothing_is_not_asked_without_a_pause(monkeypatch):
    monkeypatch.setattr(watch_inbox, "VAIN_SECONDS", 0.1)
    nothing: Any = None
    session: Any = Session()
    inbox = InboxActivities(nothing, settings(imap_host="127.0.0.1", imap_password="x"))
    inbox._sweeper = Sweeps(kept=False)  # type: ignore[assignment]
    loop = asyncio.get_running_loop()
    begun = loop.time()
    with pytest.raises(MailUnavailable):
        await inbox._follow(session, Watch(Cursor(), nothing), begun + 60)
    # Of its twelve waits the first three may end as soon as they like.
    assert loop.time() - begun >= 9 * 0.1


async def test_the_first_reply_finds_the_words_made(monkeypatch):
    nothing: Any = None
    words = replace(DEFAULT)

    async def refuse(server: Any) -> Any:
        assert "doubt_words" in vars(words)
        raise asyncio.CancelledError

    monkeypatch.setattr(ImapSession, "open", refuse)
    given = settings(imap_host="127.0.0.1", imap_password="x", mail_vocabulary=words)
    with pytest.raises(asyncio.CancelledError):
        await InboxActivities(nothing, given)._read_for_hours(Watch(Cursor(), nothing))


async def test_it_beats_while_its_step_is_in_time():
    assert await beats(0.5, step=60) > 5


async def test_it_falls_silent_when_its_step_is_stuck():
    assert await beats(0.5, step=0.1) < 15
    assert await beats(0.5, step=-1) == 0


async def test_a_sweep_that_fails_is_one_line_in_the_log_and_no_traceback(caplog):
    nothing: Any = None
    # Nothing listens on port 1.
    inbox = InboxActivities(
        nothing,
        settings(imap_host="127.0.0.1", imap_port=1, imap_security="none", imap_password="x"),
    )
    with pytest.raises(ApplicationError, match="cannot be reached") as failed:
        await ActivityEnvironment().run(inbox.sweep, SweepInput(mailbox="agent@demo.test"))
    assert failed.value.category is ApplicationErrorCategory.BENIGN
    (line,) = [r for r in caplog.records if r.name == "agent.activities.watch_inbox"]
    assert line.getMessage().startswith("inbox not swept: the IMAP server cannot be reached")
    assert line.exc_info is None
