"""The poller: one activity that reads the inbox for hours, and the sweep an expiry asks for."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from datetime import timedelta

from temporalio import activity
from temporalio.client import Client
from temporalio.exceptions import ApplicationError, ApplicationErrorCategory
from temporalio.service import RPCError

from agent.bounds import imap_of
from agent.jobs import Cursor, SweepInput
from agent.late import LateAnswers
from agent.settings import Settings
from agent.shared_sweep import SharedSweep
from agent.sorting import Folder, Rules
from agent.sweep import Sweeper
from mail.errors import MailAuth, MailError
from mail.imap import STEP_SECONDS, ImapSession

log = logging.getLogger(__name__)

# A push can be lost, most of all beside an answer: waiting starts short after every message.
FIRST_IDLE_SECONDS = 1.0
IDLE_SECONDS = 300.0  # servers and NATs drop silent connections earlier than RFC 2177's 29 minutes
WATCH_SECONDS = 6 * 3_600.0  # then the workflow continues as new: deploys and history stay fresh
_BEAT_SECONDS = 5.0
_STEP_SLACK = 2 * STEP_SECONDS
_BACKOFF_LIMIT = 30.0
_AUTH_BACKOFF_LIMIT = 300.0  # a locked account must not be knocked at every second


class InboxActivities:
    """Serves the queue of one mailbox."""

    def __init__(self, client: Client, settings: Settings) -> None:
        self._settings = settings
        self._server = imap_of(settings)
        rules = Rules(
            keyring=settings.keyring,
            aliases=dict(settings.approver_aliases),
            mailbox=settings.mailbox,
            authentication=settings.mail_auth or "off",
        )
        leave = settings.imap_unmatched == "leave"
        self._sweeper = Sweeper(client, rules, LateAnswers(client, settings), leave)
        self._shared = SharedSweep(self._sweep_once)

    @activity.defn
    async def sweep(self, job: SweepInput) -> None:
        """Read everything that lies in the inbox now; an approval at its deadline waits for it."""
        await self._shared.join()

    @activity.defn
    async def watch_inbox(self, cursor: Cursor) -> Cursor:
        """Sweep, wait for a push, sweep again. Returns its cursor after some hours; on shutdown
        it fails at once, and another worker goes on from the last heartbeat."""
        details = activity.info().heartbeat_details
        if details:
            cursor = Cursor.model_validate(details[0])
        watch = _Watch(cursor)
        reading = asyncio.create_task(self._read_for_hours(watch))
        leaving = asyncio.create_task(activity.wait_for_worker_shutdown())
        try:
            async with watch.heartbeats():
                await asyncio.wait({reading, leaving}, return_when=asyncio.FIRST_COMPLETED)
            if reading.done():
                return reading.result()
            raise ApplicationError(
                "this worker shuts down",
                type="HandOver",
                next_retry_delay=timedelta(milliseconds=1),
                category=ApplicationErrorCategory.BENIGN,
            )
        finally:
            for task in (reading, leaving):
                task.cancel()
            with contextlib.suppress(asyncio.CancelledError, MailError, RPCError):
                await reading

    async def _read_for_hours(self, watch: "_Watch") -> Cursor:
        loop = asyncio.get_running_loop()
        end = loop.time() + WATCH_SECONDS
        pause = 1.0
        while loop.time() < end:
            try:
                watch.step(_STEP_SLACK)
                async with await ImapSession.open(self._server) as session:
                    await session.create_folders(Folder)
                    log.info("reading the inbox of %s", self._settings.mailbox)
                    pause = 1.0
                    await self._follow(session, watch, end)
            except (MailError, RPCError) as error:
                limit = _AUTH_BACKOFF_LIMIT if isinstance(error, MailAuth) else _BACKOFF_LIMIT
                level = logging.ERROR if isinstance(error, MailAuth) else logging.WARNING
                log.log(level, "inbox not read, next try in %.0f s: %s", pause, error)
                watch.step(pause + _STEP_SLACK)
                await asyncio.sleep(pause)
                pause = min(pause * 2, limit)
        return watch.cursor

    async def _follow(self, session: ImapSession, watch: "_Watch", end: float) -> None:
        loop = asyncio.get_running_loop()
        idle = FIRST_IDLE_SECONDS
        while loop.time() < end:
            before = watch.cursor.counts
            watch.cursor = await self._sweeper.sweep(session, watch.cursor, watch.progress)
            if session.can_idle:
                idle = FIRST_IDLE_SECONDS if watch.cursor.counts != before else idle
                watch.step(idle + _STEP_SLACK)
                await session.idle(idle)
                idle = min(idle * 2, IDLE_SECONDS)
            else:
                watch.step(self._settings.imap_poll_seconds + _STEP_SLACK)
                await asyncio.sleep(self._settings.imap_poll_seconds)

    async def _sweep_once(self) -> None:
        # A connection of its own: the one that watches is in the middle of IDLE, or elsewhere.
        async with await ImapSession.open(self._server) as session:
            await session.create_folders(Folder)
            await self._sweeper.sweep(session, Cursor(), lambda _: None)


class _Watch:
    """The cursor and the present step's deadline. A step that overruns it stops the heartbeat,
    so that another worker takes over from one that is stuck."""

    def __init__(self, cursor: Cursor) -> None:
        self.cursor = cursor
        self._deadline = 0.0

    def step(self, seconds: float) -> None:
        self._deadline = asyncio.get_running_loop().time() + seconds

    def progress(self, cursor: Cursor) -> None:
        self.cursor = cursor
        self.step(_STEP_SLACK)

    @contextlib.asynccontextmanager
    async def heartbeats(self) -> AsyncIterator[None]:
        task = asyncio.create_task(self._beat())
        try:
            yield
        finally:
            task.cancel()

    async def _beat(self) -> None:
        while True:
            if asyncio.get_running_loop().time() < self._deadline:
                activity.heartbeat(self.cursor)
            else:
                log.error("the inbox reader is stuck; its heartbeat stops")
            await asyncio.sleep(_BEAT_SECONDS)
