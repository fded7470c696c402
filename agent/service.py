"""A worker's life: check everything at start, serve its queues, leave cleanly."""

import asyncio
import contextlib
import logging
import signal
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from temporalio.client import Client, WorkflowExecutionStatus
from temporalio.common import WorkflowIDConflictPolicy
from temporalio.service import RPCError, RPCStatusCode
from temporalio.worker import Worker

from agent.activations import SerialExecutor
from agent.activities.assess import AssessActivities
from agent.activities.execute import ExecuteActivities
from agent.activities.notify import NotifyActivities
from agent.activities.propose import ProposeActivities, make_client
from agent.activities.watch_inbox import InboxActivities
from agent.approval import ApprovalWorkflow
from agent.bounds import imap_of, resolver_of, smtp_of
from agent.census import Census
from agent.connect import connect, register_search_attributes
from agent.inbox import InboxWorkflow
from agent.jobs import Cursor
from agent.metrics import Metrics, meter_of
from agent.pulse import Pulse
from agent.reader import find_reader
from agent.resolution import ResolutionWorkflow
from agent.settings import Settings
from agent.settings_check import Role, check_settings
from agent.tools.collecting import load_registry
from agent.tools.registry import Registry
from agent.workflow import HumanInTheLoopWorkflow
from mail import smtp
from mail.dns import DnsUnavailable
from mail.errors import MailUnavailable
from mail.imap import ImapSession
from mail.trust import Auth

log = logging.getLogger("worker")

GRACE = timedelta(seconds=30)  # what a running activity gets to finish after SIGTERM
TEMPORAL_PATIENCE_SECONDS = 60.0
INBOX_CHECK_SECONDS = 15.0
GAUGE_SECONDS = 15.0
_UNPROVEN = {
    Auth.OFF: "replies are believed without proof of their sender",
    Auth.IF_PRESENT: "replies that bear no signature are believed without proof of their sender",
}


async def serve(settings: Settings, role: Role) -> None:
    """Run until SIGTERM or SIGINT. Raises ConfigurationError, MailAuth or Unavailable at start."""
    check_settings(settings, role)
    pulse = Pulse(settings.health_file)
    try:
        await _serve(settings, role, pulse)
    finally:
        pulse.stop()


async def _serve(settings: Settings, role: Role, pulse: Pulse) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    stopping = asyncio.create_task(stop.wait())
    starting = asyncio.create_task(_start(settings, role, pulse))
    await asyncio.wait({starting, stopping}, return_when=asyncio.FIRST_COMPLETED)
    if not starting.done():
        starting.cancel()
        return
    workers, close = starting.result()
    async with contextlib.AsyncExitStack() as stack:
        stack.push_async_callback(close)
        for worker in workers:
            await stack.enter_async_context(worker)
        log.info("worker started: %s", ", ".join(worker.task_queue for worker in workers))
        if role != "agent":
            keeping = asyncio.create_task(_keep_inbox(workers[0].client, settings))
            stack.callback(keeping.cancel)
        if settings.metrics_address:
            gauging = asyncio.create_task(_keep_gauges(workers[0].client, settings, role))
            stack.callback(gauging.cancel)
        await stopping
        log.info("stopping: running activities get %d s", GRACE.total_seconds())
    log.info("worker stopped")


async def _start(
    settings: Settings, role: Role, pulse: Pulse
) -> tuple[list[Worker], Callable[[], Awaitable[None]]]:
    if settings.mail_auth is not Auth.REQUIRED:
        log.warning("MAIL_AUTH=%s: %s", settings.mail_auth, _UNPROVEN[settings.mail_auth])
    if role != "inbox" and not settings.approvers and not settings.approver_domains:
        log.warning("APPROVERS and APPROVER_DOMAINS are empty: nobody can be asked")
    # Before any server is waited for: what is wrong here no patience will mend.
    registry = load_registry(settings) if role != "inbox" else Registry([])
    for one in registry:
        log.info("tool %s: %s risk%s", one.name, one.risk, ", idempotent" * one.idempotent)
    client = await connect(TEMPORAL_PATIENCE_SECONDS, settings.metrics_address)
    pulse.start(client, settings.inbox_queue if role == "inbox" else settings.temporal_task_queue)
    await _until_reachable("SMTP", lambda: smtp.check(smtp_of(settings)))
    workers: list[Worker] = []
    close: Callable[[], Awaitable[None]] = _nothing
    if role != "inbox":
        worker, close = await _agent_worker(client, settings, registry)
        workers.append(worker)
    if role != "agent":
        await _until_reachable("IMAP", lambda: _check_imap(settings))
        await _warn_without_dns(settings)
        workers.append(await _inbox_worker(client, settings))
    return workers, close


async def _agent_worker(
    client: Client, settings: Settings, registry: Registry
) -> tuple[Worker, Callable[[], Awaitable[None]]]:
    searchable = await register_search_attributes(client)
    if not searchable:
        log.warning("the server takes no search attributes: approvals are listed without them")
    key = settings.openai_api_key
    model = make_client(key.get_secret_value() if key else "", settings.openai_base_url)
    assess = AssessActivities(settings, registry, searchable)
    strict = settings.openai_strict_schemas == "on"
    propose = ProposeActivities(model, settings.openai_model, registry, settings.openai_api, strict)
    notify = NotifyActivities(settings)
    execute = ExecuteActivities(registry, settings)
    worker = Worker(
        client,
        task_queue=settings.temporal_task_queue,
        workflows=[HumanInTheLoopWorkflow, ApprovalWorkflow, ResolutionWorkflow],
        activities=[
            assess.assess,
            assess.prepare,
            propose.propose,
            notify.notify,
            notify.answer,
            notify.tell,
            execute.execute,
        ],
        workflow_task_executor=SerialExecutor(),
        graceful_shutdown_timeout=GRACE,
    )
    return worker, model.close


async def _inbox_worker(client: Client, settings: Settings) -> Worker:
    inbox = InboxActivities(client, settings, Metrics(meter_of(client)))
    worker = Worker(
        client,
        task_queue=settings.inbox_queue,
        workflows=[InboxWorkflow],
        activities=[inbox.watch_inbox, inbox.sweep],
        workflow_task_executor=SerialExecutor(),
        graceful_shutdown_timeout=GRACE,
        # Heartbeats carry the cursor; at the default they would be held back for 16 s.
        max_heartbeat_throttle_interval=timedelta(seconds=5),
        default_heartbeat_throttle_interval=timedelta(seconds=5),
    )
    await _start_inbox(client, settings)
    return worker


async def _start_inbox(client: Client, settings: Settings) -> None:
    await client.start_workflow(
        "InboxWorkflow",
        Cursor(),
        id=settings.inbox_queue,
        task_queue=settings.inbox_queue,
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
    )


async def _keep_inbox(client: Client, settings: Settings) -> None:
    """An operator, or a reset of the server, may end the workflow that reads: it is begun again."""
    while True:
        await asyncio.sleep(INBOX_CHECK_SECONDS)
        try:
            description = await client.get_workflow_handle(settings.inbox_queue).describe()
            if description.status is not WorkflowExecutionStatus.RUNNING:
                log.error("%s has ended: nobody reads the inbox; starting it", settings.inbox_queue)
                await _start_inbox(client, settings)
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:
                await _start_inbox(client, settings)
            else:
                log.warning("Temporal does not say whether the inbox is read: %s", error.message)


async def _keep_gauges(client: Client, settings: Settings, role: Role) -> None:
    """Whatever the role: where the last worker that reads is gone, the others have to say so."""
    metrics = Metrics(meter_of(client))
    census = Census(client, settings.temporal_task_queue)
    swept = datetime.now(UTC)  # not before: then its age is that of this worker
    while True:
        try:
            reader = await find_reader(client, settings.inbox_queue)
            swept = (reader and reader.cursor.swept_at) or swept
            metrics.swept(swept)
            if role != "inbox":
                metrics.waiting(*await census.take())
        except RPCError as error:
            log.warning("Temporal does not say what waits and who reads: %s", error.message)
        await asyncio.sleep(GAUGE_SECONDS)


async def _check_imap(settings: Settings) -> None:
    async with await ImapSession.open(imap_of(settings)):
        pass


async def _warn_without_dns(settings: Settings) -> None:
    """Replies would wait unproven, and nobody would know before the first one came."""
    if settings.mail_auth is Auth.OFF or settings.mail_authserv_id:
        return
    try:
        await resolver_of(settings).txt(settings.mailbox.rpartition("@")[2])
    except DnsUnavailable as error:
        log.warning("DNS gives no answer: %s; replies wait until it does (DNS_SERVERS)", error)


async def _until_reachable(what: str, check: Callable[[], Awaitable[None]]) -> None:
    """One line a try, with back-off, for ever; refused credentials end the worker (MailAuth)."""
    pause = 1.0
    while True:
        try:
            return await check()
        except MailUnavailable as error:
            log.warning("%s: %s; next try in %.0f s", what, error, pause)
            await asyncio.sleep(pause)
            pause = min(pause * 2, 60.0)


async def _nothing() -> None:
    """There is nothing to close."""
