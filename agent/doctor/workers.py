"""Whether workers run, as Temporal knows it: who asks for work, and who reads the inbox."""

from collections.abc import AsyncGenerator, Iterable
from datetime import UTC, datetime, timedelta

from temporalio.api.taskqueue.v1 import PollerInfo
from temporalio.client import Client
from temporalio.service import RPCError

from agent.doctor.finding import Finding, failed, ok, skipped, warning
from agent.doctor.temporal import pollers
from agent.durations import format_duration
from agent.operations import STALE_SWEEP
from agent.reader import Reader, find_reader
from agent.settings import Settings
from agent.settings_check import Role

# A worker asks again within a minute; Temporal remembers one that is gone for five.
FRESH = timedelta(seconds=75)
_START = "start worker.py"
_ROLES: dict[str, Role] = {"agent-worker": "agent", "inbox-worker": "inbox"}
CHECKS = ("agent-worker", "inbox-worker", "inbox-workflow")


async def check_workers(client: Client, settings: Settings) -> AsyncGenerator[Finding, None]:
    """Of every role, whichever is asked about: each depends on the other."""
    yield await worker_finding(client, "agent-worker", settings.temporal_task_queue)
    if settings.mail_from is None:
        for check in CHECKS[1:]:
            yield skipped(check, "MAIL_FROM names its queue")
        return
    inbox_worker = await worker_finding(client, "inbox-worker", settings.inbox_queue)
    yield inbox_worker
    try:
        reader = await find_reader(client, settings.inbox_queue)
    except RPCError as error:
        yield warning("inbox-workflow", f"Temporal answered {error.status.name}", "try again")
        return
    now = datetime.now(UTC)
    yield inbox_finding(reader, settings.inbox_queue, inbox_worker.state == "ok", now)


async def worker_finding(client: Client, check: str, queue: str) -> Finding:
    try:
        seen = await pollers(client, queue)
    except RPCError as error:
        return warning(check, f"{queue}: Temporal answered {error.status.name}", "try again")
    return serving_finding(check, queue, seen, datetime.now(UTC))


def serving_finding(check: str, queue: str, seen: Iterable[PollerInfo], now: datetime) -> Finding:
    asked = {p.identity: now - p.last_access_time.ToDatetime(UTC) for p in seen}
    fresh = sorted(name for name, ago in asked.items() if ago < FRESH)
    if fresh:
        return ok(check, f"{queue} is served by {', '.join(fresh)}")
    option = "--no-inbox" if _ROLES[check] == "agent" else "--inbox-only"
    return warning(check, f"nobody serves {queue}", f"{_START}, or {_START} {option}")


def inbox_finding(reader: Reader | None, inbox: str, served: bool, now: datetime) -> Finding:
    """`served`: whether a worker asks for its work."""
    if reader is None:
        return warning("inbox-workflow", f"{inbox} does not run", f"{_START}: it begins it")
    swept = reader.cursor.swept_at
    ago = f"last swept {format_duration((now - swept).total_seconds())} ago" if swept else ""
    if not reader.worker:
        detail = f"runs, and nobody reads the mailbox{f'; {ago}' if ago else ''}"
        return warning("inbox-workflow", detail, _START)
    if swept is None:
        detail = f"{reader.worker} has not swept the mailbox yet"
        return warning("inbox-workflow", detail, "wait a minute; then see that worker's log")
    if now - swept > STALE_SWEEP:
        advice = f"see the log of {reader.worker}: it cannot read the mailbox"
        if not served:
            advice = f"{_START}: its worker seems to be gone"
        return failed("inbox-workflow", f"runs, but the mailbox was {ago}", advice)
    return ok("inbox-workflow", f"{reader.worker} reads the mailbox, {ago}")
