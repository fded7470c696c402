"""Starting a request, once; whoever waits for it may leave and come back."""

import asyncio
import re
import shlex
import sys
import uuid
from dataclasses import dataclass
from typing import Any, BinaryIO

from temporalio.client import Client, WorkflowHandle
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from agent import display
from agent.command import DONE
from agent.connect import connect
from agent.durations import parse_duration
from agent.errors import ConfigurationError, Unavailable
from agent.following import Outcomes, follow
from agent.models import Require, WorkflowInput
from agent.settings import load_settings
from agent.workflow import MAX_REQUEST_BYTES
from mail.address import parse_address

STANDARD_INPUT = "-"  # Linux takes no argument over 128 KiB; a request may have twice that
_PREFIX = "human-in-the-loop-"
_RETYPED = 200  # characters of a request that people would rather type than look for
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
    workflow_id = f"{_PREFIX}{wanted.key or uuid.uuid4()}"
    settings = load_settings()
    client = await connect(quiet=True)
    try:
        handle = await _start_once(client, workflow_id, given, settings.temporal_task_queue)
        if not wait:
            return _print(workflow_id, None, [], json)
        print(f"{workflow_id}: {_shortened(given.user_request)}", file=sys.stderr)
        result, outcomes = await _wait(client, handle, given.user_request)
    except RPCError as error:
        raise Unavailable(f"Temporal answered {error.status.name}: {error.message}") from error
    return _print(workflow_id, result, outcomes, json)


def read_request(typed: str, standard_input: BinaryIO) -> str:
    """The request as it was typed, or, for `-`, all of standard input: octets that are no UTF-8
    stand in it as the shell's do. The last line's end belongs to the file."""
    if typed != STANDARD_INPUT:
        return typed
    raw = standard_input.read(MAX_REQUEST_BYTES + 2)
    return raw.decode(errors="surrogateescape").removesuffix("\n").removesuffix("\r")


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


async def _wait(
    client: Client, handle: WorkflowHandle[Any, str], request: str
) -> tuple[str, Outcomes]:
    """Whoever leaves before the end is told that the request goes on, and how to come back."""
    try:
        return await follow(client, handle)
    except asyncio.CancelledError:
        _say_how_to_come_back(handle.id, request)
        raise
    except RPCError as error:
        if error.status is not RPCStatusCode.NOT_FOUND:
            _say_how_to_come_back(handle.id, request)
        raise


def _say_how_to_come_back(workflow_id: str, request: str) -> None:
    key = workflow_id.removeprefix(_PREFIX)
    short = len(request) <= _RETYPED and request.isprintable()
    command = f"start_workflow.py {shlex.quote(request) if short else '-'} --id {key}"
    again = "" if short else ", with the same request on standard input"
    print(f"the request goes on; to wait for it again: {command}{again}", file=sys.stderr)


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


def _print(workflow_id: str, result: str | None, outcomes: Outcomes, json: bool) -> int:
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
