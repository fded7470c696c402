"""Starting a request once, waiting for it, and showing meanwhile what it waits for."""

import asyncio
import contextlib
import re
import sys
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

from rich.console import Console
from temporalio.client import Client, WorkflowFailureError, WorkflowHandle
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import (
    ApplicationError,
    CancelledError,
    WorkflowAlreadyStartedError,
)
from temporalio.service import RPCError

from agent import display, operations, report
from agent.command import DONE
from agent.connect import connect
from agent.durations import parse_duration
from agent.errors import BAD_REQUEST, ConfigurationError, Unavailable
from agent.models import ApprovalOutcome, Require, WorkflowInput
from agent.settings import load_settings
from agent.workflow import MAX_REQUEST_BYTES
from mail.address import parse_address

_POLL_SECONDS = 2.0
_KEY = re.compile(r"[A-Za-z0-9._:@-]{1,200}")


@dataclass(frozen=True, slots=True)
class Start:
    """A request as it was typed."""

    request: str
    approvers: tuple[str, ...] = ()
    require: str | None = None
    requester: str | None = None
    timeout: str = "3d"
    key: str | None = None


async def start(wanted: Start, *, wait: bool, json: bool) -> int:
    """Raises ConfigurationError for what was typed wrong: nothing is started then."""
    given = parse_start(wanted)
    workflow_id = f"human-in-the-loop-{wanted.key or uuid.uuid4()}"
    settings = load_settings()
    client = await connect()
    try:
        handle = await _start_once(client, workflow_id, given, settings.temporal_task_queue)
        if not wait:
            return _print(workflow_id, None, [], json)
        print(f"{workflow_id}: {_shortened(given.user_request)}", file=sys.stderr)
        async with _shown_progress(handle):
            result = await _result(handle)
        outcomes = [row async for row in _outcomes(client, handle)]
    except RPCError as error:
        raise Unavailable(f"Temporal answered {error.status.name}: {error.message}") from error
    return _print(workflow_id, result, outcomes, json)


def parse_start(wanted: Start) -> WorkflowInput:
    """Pure. Raises ConfigurationError with one line a fault."""
    faults: list[str] = []

    def checked(name: str, check: Any, value: Any) -> Any:
        try:
            return check(value)
        except ValueError as error:
            faults.append(f"{name}: {error}")
            return None

    approvers = [checked("--approver", parse_address, a) for a in wanted.approvers]
    requester = require = None
    if wanted.requester is not None:
        requester = checked("--requester", parse_address, wanted.requester)
    if wanted.require is not None:
        require = checked("--require", _require, wanted.require)
    timeout = checked("--timeout", _timeout, wanted.timeout)
    faults += _request_faults(wanted.request)
    if wanted.key is not None and not _KEY.fullmatch(wanted.key):
        faults.append("--id: use up to 200 letters, digits and . _ : @ -")
    if faults:
        raise ConfigurationError(faults)
    return WorkflowInput(
        user_request=wanted.request,
        approval_timeout_seconds=timeout,
        approvers=tuple(approvers),
        require=require,
        requested_by=requester,
    )


def _request_faults(request: str) -> list[str]:
    octets = request.encode(errors="replace")
    faults = (
        (
            not request.strip(),
            "the request is empty: say in plain words what the agent is to do",
        ),
        (
            len(octets) > MAX_REQUEST_BYTES,
            f"the request is over {MAX_REQUEST_BYTES // 1024} KiB",
        ),
        # The shell's octets that are no UTF-8 stand in it as lone surrogates.
        (octets.decode() != request, "the request is no text: it holds octets that are no UTF-8"),
    )
    return [fault for found, fault in faults if found]


async def _start_once(
    client: Client, workflow_id: str, given: WorkflowInput, queue: str
) -> WorkflowHandle[Any, str]:
    """The same id is the same request, whether it still runs or has ended."""
    try:
        handle: WorkflowHandle[Any, str] = await client.start_workflow(
            "HumanInTheLoopWorkflow",
            given,
            id=workflow_id,
            task_queue=queue,
            id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            static_summary=_shortened(given.user_request),
            result_type=str,
        )
    except WorkflowAlreadyStartedError:
        handle = client.get_workflow_handle(workflow_id, result_type=str)
    if await _request_of(client, handle) != given.user_request:
        raise ConfigurationError([f"--id: {workflow_id} was started with another request"])
    return handle


async def _request_of(client: Client, handle: WorkflowHandle[Any, str]) -> str:
    """The text that a run was started with, by whatever client."""
    async for event in handle.fetch_history_events(page_size=1):
        payloads = event.workflow_execution_started_event_attributes.input.payloads
        (given,) = await client.data_converter.decode(list(payloads), [WorkflowInput])
        return str(given.user_request)
    raise Unavailable("the workflow has no history")


async def _result(handle: WorkflowHandle[Any, str]) -> str:
    try:
        return await handle.result()
    except WorkflowFailureError as error:
        if isinstance(error.cause, CancelledError):
            # Some of it may have been done before: the run's own words say what.
            return await operations.ended_with(handle) or report.withdrawn().line
        cause = error.cause
        if isinstance(cause, ApplicationError) and cause.type == BAD_REQUEST:
            raise ConfigurationError([cause.message]) from error
        raise Unavailable(f"the workflow did not end well: {cause}") from error


async def _outcomes(
    client: Client, handle: WorkflowHandle[Any, str]
) -> AsyncIterator[dict[str, str]]:
    """From the history: a query would need a worker."""
    async for event in handle.fetch_history_events():
        done = event.child_workflow_execution_completed_event_attributes
        if done.workflow_type.name == "ApprovalWorkflow":
            decoded = await client.data_converter.decode(
                list(done.result.payloads), [ApprovalOutcome]
            )
            yield {"request_id": decoded[0].request_id, "outcome": decoded[0].outcome}


@contextlib.asynccontextmanager
async def _shown_progress(handle: WorkflowHandle[Any, str]) -> AsyncIterator[None]:
    console = Console(stderr=True, highlight=False)
    with console.status("started") as status:
        task = asyncio.create_task(_follow(handle, console, status.update))
        try:
            yield
        finally:
            task.cancel()
            await asyncio.wait([task])


async def _follow(handle: WorkflowHandle[Any, str], console: Console, update: Any) -> None:
    said: set[str] = set()
    while True:
        try:
            row = await operations.query(handle, "status")
        except Unavailable:
            update("waiting for a worker: start worker.py")
            row = {"status": "", "approvals": []}
        waiting = [a for a in row["approvals"] if a["status"] == "waiting"]
        for approval in waiting:
            if approval["request_id"] not in said:
                said.add(approval["request_id"])
                console.print(_waiting_line(approval), markup=False, soft_wrap=True)
        if waiting:
            left = min(display.time_left(a["expires_at"]) for a in waiting)
            update(f"waiting for {len(waiting)} approval(s), {left} left")
        elif row["status"]:
            update(row["status"])
        await asyncio.sleep(_POLL_SECONDS)


def _waiting_line(approval: dict[str, Any]) -> str:
    return (
        f"{approval['request_id']}: {approval['summary']}: waiting for "
        f"{', '.join(approval['approvers'])} since {display.local_time(approval['requested_at'])}"
        f", until {display.local_time(approval['expires_at'])}"
    )


def _print(workflow_id: str, result: str | None, outcomes: list[dict[str, str]], json: bool) -> int:
    if json:
        row = {"workflow_id": workflow_id, "result": result, "approvals": outcomes}
        display.print_json(row)
    else:
        print(result if result is not None else workflow_id)
    return DONE


def _require(text: str) -> Require:
    if text == "any":
        return "any"
    if text == "all":
        return "all"
    if text.isdecimal() and int(text) > 0:
        return int(text)
    raise ValueError(f"{text!r} is none of any, all, or a number above 0")


def _timeout(text: str) -> float:
    seconds = parse_duration(text)
    if not 0 < seconds <= 10 * 365 * 86_400:
        raise ValueError("must be above 0 and at most ten years")
    return seconds


def _shortened(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 100 else line[:99] + "…"
