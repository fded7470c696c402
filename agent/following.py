"""Waiting for the end of a run: what it waits for is shown meanwhile, outages are sat out."""

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from typing import Any, TypeVar

from rich.console import Console
from temporalio.client import (
    Client,
    WorkflowExecutionStatus,
    WorkflowFailureError,
    WorkflowHandle,
)
from temporalio.exceptions import ApplicationError, CancelledError
from temporalio.service import RPCError, RPCStatusCode

from agent import display, operations, report
from agent.errors import BAD_REQUEST, ConfigurationError, Unavailable
from agent.models import ApprovalOutcome

NO_WORKER = "waiting for a worker: start worker.py"
_POLL_SECONDS = 2.0
_DESCRIBE_TIMEOUT = timedelta(seconds=5)
_LONGEST_PAUSE = 15.0
_NEW_OUTAGE_SECONDS = 60.0  # whoever asked in vain so long ago has been answered meanwhile
PATIENCE_SECONDS = 1_800.0  # a restart takes seconds, a move to another machine minutes
# Whatever else the server says may pass; these it will say again.
_FINAL = {
    RPCStatusCode.NOT_FOUND,
    RPCStatusCode.PERMISSION_DENIED,
    RPCStatusCode.UNAUTHENTICATED,
    RPCStatusCode.INVALID_ARGUMENT,
    RPCStatusCode.UNIMPLEMENTED,
}

T = TypeVar("T")
Outcomes = list[dict[str, str]]


async def follow(client: Client, handle: WorkflowHandle[Any, str]) -> tuple[str, Outcomes]:
    """The result and the outcome of every approval. Raises RPCError if Temporal stays away."""
    async with _shown_progress(handle):
        result = await patiently(lambda: _result(handle))
    return result, await patiently(lambda: _outcomes(client, handle))


async def patiently(
    ask: Callable[[], Awaitable[T]], patience_seconds: float = PATIENCE_SECONDS
) -> T:
    """Ask again, ever more slowly, while the server does not answer; one line an outage."""
    loop = asyncio.get_running_loop()
    began = asked_at = -_NEW_OUTAGE_SECONDS
    pause = 1.0
    while True:
        try:
            return await ask()
        except RPCError as error:
            now = loop.time()
            if error.status in _FINAL:
                raise
            if now - asked_at >= _NEW_OUTAGE_SECONDS:
                began, pause = now, 1.0
                line = f"Temporal does not answer ({error.status.name}): waiting until it does"
                print(line, file=sys.stderr, flush=True)
            if now - began > patience_seconds:
                raise
        await asyncio.sleep(pause)
        asked_at = loop.time()
        pause = min(pause * 2, _LONGEST_PAUSE)


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


async def _outcomes(client: Client, handle: WorkflowHandle[Any, str]) -> Outcomes:
    """From the history: a query would need a worker."""
    found = []
    async for event in handle.fetch_history_events():
        done = event.child_workflow_execution_completed_event_attributes
        if done.workflow_type.name == "ApprovalWorkflow":
            payloads = list(done.result.payloads)
            (outcome,) = await client.data_converter.decode(payloads, [ApprovalOutcome])
            found.append({"request_id": outcome.request_id, "outcome": str(outcome.outcome)})
    return found


@contextlib.asynccontextmanager
async def _shown_progress(handle: WorkflowHandle[Any, str]) -> AsyncIterator[None]:
    console = Console(stderr=True, highlight=False)
    with console.status("started") as status:
        task = asyncio.create_task(_show(handle, console, status.update))
        try:
            yield
        finally:
            task.cancel()
            await asyncio.wait([task])


async def _show(handle: WorkflowHandle[Any, str], console: Console, update: Any) -> None:
    said: set[str] = set()
    missed = 0

    def say_once(key: str, line: str) -> None:
        if key not in said:
            said.add(key)
            console.print(line, markup=False, soft_wrap=True)

    while True:
        try:
            row = await operations.query(handle, "status")
            missed = 0
        except Unavailable:
            row = {"status": "", "approvals": []}
            missed += await _runs(handle)
            if missed:
                update(NO_WORKER)
            # One that has only just been started may not have come to it yet.
            if missed > 1 and not console.is_terminal:
                say_once("", NO_WORKER)
        waiting = [a for a in row["approvals"] if a["status"] == "waiting"]
        for approval in waiting:
            say_once(approval["request_id"], _waiting_line(approval))
        if waiting:
            left = min(display.time_left(a["expires_at"]) for a in waiting)
            update(f"waiting for {len(waiting)} approval(s), {left} left")
        elif row["status"]:
            update(row["status"])
        await asyncio.sleep(_POLL_SECONDS)


async def _runs(handle: WorkflowHandle[Any, str]) -> bool:
    """Whether Temporal answers, and the run goes on: then it is the worker that is missing."""
    try:
        description = await handle.describe(rpc_timeout=_DESCRIBE_TIMEOUT)
    except RPCError:
        return False
    return description.status is WorkflowExecutionStatus.RUNNING


def _waiting_line(approval: dict[str, Any]) -> str:
    return (
        f"{approval['request_id']}: {approval['summary']}: waiting for "
        f"{', '.join(approval['approvers'])} since {display.local_time(approval['requested_at'])}"
        f", until {display.local_time(approval['expires_at'])}"
    )
