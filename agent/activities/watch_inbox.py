"""The poller: one activity that reads the inbox for hours, and the sweep an expiry asks for."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from datetime import timedelta

from temporalio import activity
from temporalio.api.common.v1 import Payloads
from temporalio.api.workflowservice.v1 import RecordActivityTaskHeartbeatRequest
from temporalio.client import Client
from temporalio.exceptions import ApplicationError, ApplicationErrorCategory
from temporalio.service import RPCError

from agent.bookmark import Bookmark
from agent.bounds import bounds_of, imap_of, resolver_of, trust_of
from agent.jobs import Cursor, SweepInput
from agent.late import LateAnswers
from agent.metrics import Metrics
from agent.reading import STEP_SLACK
from agent.settings import Settings
from agent.shared_sweep import SharedSweep
from agent.signals import Signals
from agent.sorting import Folder, Rules
from agent.sweep import Sweeper
from mail.dns import Resolver
from mail.errors import MailAuth, MailError
from mail.imap import ImapSession
from mail.prover import Prover
from mail.secret_command import COMMAND_SECONDS

log = logging.getLogger(__name__)

# A push can be lost, most of all beside an answer: waiting starts short after every message.
FIRST_IDLE_SECONDS = 1.0
IDLE_SECONDS = 300.0  # servers and NATs drop silent connections earlier than RFC 2177's 29 minutes
WATCH_SECONDS = 6 * 3_600.0  # then the workflow continues as new: deploys and history stay fresh
BEAT_SECONDS = 5.0
_KEPT_IDLE_SECONDS = 30.0  # mail that could not be answered is tried again so often
_IN_VAIN = 3  # a server that has something to say whenever we wait is not asked without a pause
VAIN_SECONDS = 1.0
_BACKOFF_LIMIT = 30.0
_AUTH_BACKOFF_LIMIT = 300.0  # a locked account must not be knocked at every second


class InboxActivities:
    """Serves the queue of one mailbox."""

    def __init__(
        self,
        client: Client,
        settings: Settings,
        metrics: Metrics | None = None,
        resolver: Resolver | None = None,
    ) -> None:
        """`resolver` in place of that of the settings."""
        self._settings = settings
        self._server = imap_of(settings)
        asking = 2 * COMMAND_SECONDS if self._server.source else 0
        self._opening_seconds = asking + STEP_SLACK
        rules = Rules(
            keyring=settings.keyring,
            aliases=dict(settings.approver_aliases),
            mailbox=settings.mailbox,
            auth=settings.mail_auth,
            plus_addresses=settings.mail_plus_address == "on",
            vocabulary=settings.mail_vocabulary,
        )
        leave = settings.imap_unmatched == "leave"
        self._client = client
        self._metrics = metrics or Metrics()
        prover = Prover(trust_of(settings), resolver or resolver_of(settings))
        self._late = LateAnswers(client, settings)
        signals = Signals(client, self._late, self._metrics, bounds_of(settings))
        self._sweeper = Sweeper(signals, rules, prover, leave, self._metrics)
        self._shared = SharedSweep(self._sweep_once)

    @activity.defn
    async def sweep(self, job: SweepInput) -> None:
        """Read everything that lies in the inbox now; an approval at its deadline waits for it."""
        try:
            await self._shared.join()
        except (MailError, RPCError) as error:
            log.warning("inbox not swept: %s", error)
            # Benign: of any other failure the SDK logs a traceback, at every try.
            raise ApplicationError(
                str(error), type=type(error).__name__, category=ApplicationErrorCategory.BENIGN
            ) from error

    @activity.defn
    async def watch_inbox(self, cursor: Cursor) -> Cursor:
        """Sweep, wait for a push, sweep again. Returns its cursor after some hours; on shutdown
        it fails at once, and another worker goes on from the last heartbeat."""
        details = activity.info().heartbeat_details
        if details:
            cursor = Cursor.model_validate(details[0])
        self._late.recall(cursor.told)
        watch = Watch(cursor, self._client)
        reading = asyncio.create_task(self._read_for_hours(watch))
        leaving = asyncio.create_task(activity.wait_for_worker_shutdown())
        try:
            async with watch.heartbeats():
                await asyncio.wait({reading, leaving}, return_when=asyncio.FIRST_COMPLETED)
            if reading.done():
                return reading.result()
            await _ended(reading)
            # Only now: what was being read when we left is not held against it.
            activity.heartbeat(watch.cursor)
            # To return would be sooner than the second that a server takes to try again. But then
            # the workflow has to run, and its task may lie for a minute before a poll finds it.
            raise ApplicationError(
                "this worker shuts down",
                type="HandOver",
                next_retry_delay=timedelta(milliseconds=1),
                category=ApplicationErrorCategory.BENIGN,
            )
        finally:
            leaving.cancel()
            await _ended(reading)

    async def _read_for_hours(self, watch: "Watch") -> Cursor:
        loop = asyncio.get_running_loop()
        end = loop.time() + WATCH_SECONDS
        await asyncio.to_thread(self._settings.mail_vocabulary.prepare)
        while loop.time() < end:
            try:
                watch.step(self._opening_seconds)
                async with await ImapSession.open(self._server) as session:
                    await session.create_folders(Folder)
                    log.info("reading the inbox of %s", self._settings.mailbox)
                    await self._follow(session, watch, end)
            except (MailError, RPCError) as error:
                limit = _AUTH_BACKOFF_LIMIT if isinstance(error, MailAuth) else _BACKOFF_LIMIT
                level = logging.ERROR if isinstance(error, MailAuth) else logging.WARNING
                pause = min(2.0**watch.failures, limit)
                watch.failures += 1
                self._metrics.broke_off(error)
                log.log(level, "inbox not read, next try in %.0f s: %s", pause, error)
                watch.step(pause + STEP_SLACK)
                await asyncio.sleep(pause)
        return watch.cursor

    async def _follow(self, session: ImapSession, watch: "Watch", end: float) -> None:
        loop = asyncio.get_running_loop()
        idle = FIRST_IDLE_SECONDS
        hurried = False
        in_vain = 0  # pushes in a row that came at once and told of nothing
        while loop.time() < end:
            before = watch.cursor.counts
            swept = await self._sweeper.sweep(session, watch)
            watch.failures = 0
            changed = watch.cursor.counts != before
            idle = FIRST_IDLE_SECONDS if changed else idle
            # Of what came meanwhile some servers tell nobody: one more look, but never a race
            # with one that keeps what was put away.
            hurried = changed and not hurried
            if swept.more or hurried:
                continue
            if session.can_idle:
                idle = min(idle, _KEPT_IDLE_SECONDS if swept.kept else IDLE_SECONDS)
                watch.step(idle + STEP_SLACK)
                if in_vain >= _IN_VAIN:
                    await asyncio.sleep(VAIN_SECONDS)
                began = loop.time()
                await session.idle(idle)
                soon = loop.time() - began < VAIN_SECONDS
                in_vain = in_vain + 1 if soon and not changed else 0
                idle *= 2
            else:
                watch.step(self._settings.imap_poll_seconds + STEP_SLACK)
                await asyncio.sleep(self._settings.imap_poll_seconds)

    async def _sweep_once(self) -> None:
        # A connection of its own: the one that watches is in the middle of IDLE, or elsewhere.
        async with await ImapSession.open(self._server) as session:
            await session.create_folders(Folder)
            bookmark = Bookmark()
            while (await self._sweeper.sweep(session, bookmark)).more:
                pass


async def _ended(reading: asyncio.Task[Cursor]) -> None:
    """Cancel, and wait until it has let go; how it ends makes no difference any more."""
    reading.cancel()
    with contextlib.suppress(asyncio.CancelledError, MailError, RPCError):
        await reading


class Watch(Bookmark):
    """The cursor, kept in heartbeats. A step that overruns its deadline stops them, so that
    another worker takes over from one that is stuck."""

    def __init__(self, cursor: Cursor, client: Client) -> None:
        super().__init__(cursor)
        self._client = client
        self._deadline = 0.0
        self.failures = 0
        """Sweeps in a row that did not come to their end."""

    def step(self, seconds: float) -> None:
        self._deadline = asyncio.get_running_loop().time() + seconds

    async def record(self) -> None:
        # The SDK holds heartbeats back for seconds. It gets this one, too, lest an older one of
        # its own come after.
        activity.heartbeat(self.cursor)
        details = await self._client.data_converter.encode([self.cursor])
        await self._client.workflow_service.record_activity_task_heartbeat(
            RecordActivityTaskHeartbeatRequest(
                namespace=self._client.namespace,
                task_token=activity.info().task_token,
                details=Payloads(payloads=details),
                identity=self._client.identity,
            )
        )

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
            await asyncio.sleep(BEAT_SECONDS)
