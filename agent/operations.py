"""What an operator asks of Temporal about approvals; no printing here."""

import asyncio
import contextlib
import getpass
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from temporalio.client import (
    Client,
    WorkflowExecutionStatus,
    WorkflowHandle,
)
from temporalio.service import RPCError, RPCStatusCode

from agent.ballot import Ruling
from agent.canonical import REQUEST_ID
from agent.errors import ConfigurationError, Unavailable
from agent.models import ApprovalDecision, Outcome, rfc3339
from agent.reader import reader_of

_ENDED = "the approval has ended"
_WHY_NOT: dict[str, str] = {
    Ruling.WITHDRAWN: "it was withdrawn before",
    Ruling.LATE: "its deadline has passed",
}
_DENIED = {
    True: "operators may not approve here (OPERATOR_DECISIONS): its approvers decide, by mail",
    False: "operators decide nothing here (OPERATOR_DECISIONS=deny): `withdraw` is left to you",
}

QUERY_TIMEOUT = timedelta(seconds=10)
STALE_SWEEP = timedelta(minutes=10)  # twice the time between two sweeps of a silent mailbox
_RUNNING = WorkflowExecutionStatus.RUNNING


@dataclass(frozen=True, slots=True)
class Found:
    """A workflow named by an operator."""

    handle: WorkflowHandle[Any, Any]
    status: WorkflowExecutionStatus | None
    request_id: str | None
    """None for an agent's workflow."""
    workflow_id: str = ""
    """The agent's workflow; an approval that another workflow asks for names that one."""
    task_queue: str = ""

    @property
    def open(self) -> bool:
        return self.status is _RUNNING


async def find(client: Client, name: str) -> Found:
    """By request id, in any case, or by workflow id. Raises ConfigurationError if unknown."""
    code = name.strip().upper()
    request_id = code.removeprefix("APPROVAL-")
    is_request = REQUEST_ID.fullmatch(request_id) is not None
    wanted = "ApprovalWorkflow" if is_request else "HumanInTheLoopWorkflow"
    workflow_id = f"approval-{request_id}" if is_request else name.strip()
    handle = client.get_workflow_handle(workflow_id)
    try:
        description = await handle.describe()
    except RPCError as error:
        if error.status in (RPCStatusCode.NOT_FOUND, RPCStatusCode.INVALID_ARGUMENT):
            raise ConfigurationError([f"there is no approval or workflow {name!r}"]) from error
        raise
    if description.workflow_type != wanted:
        # Whatever else it is, it has no decisions to take, and is not ours to cancel.
        raise ConfigurationError([f"{workflow_id} is a {description.workflow_type}, no {wanted}"])
    memo = await description.memo()
    agent_id = memo.get("workflow_id", workflow_id)
    return Found(
        handle,
        description.status,
        request_id if is_request else None,
        agent_id,
        description.task_queue,
    )


async def approvals(client: Client, *, closed: bool = False) -> AsyncIterator[dict[str, Any]]:
    """From visibility and memo: one call for many rows, and no worker needed."""
    query = "WorkflowType='ApprovalWorkflow'"
    if not closed:
        query += " AND ExecutionStatus='Running'"
    async for execution in client.list_workflows(query):
        memo = await execution.memo()
        named = execution.typed_search_attributes
        status = next((p.value for p in named if p.key.name == "ApprovalStatus"), None)
        if execution.status is not _RUNNING and status in (None, "waiting"):
            status = execution.status.name.lower() if execution.status else "unknown"
        yield {
            "request_id": memo.get("request_id", execution.id.removeprefix("approval-")),
            "workflow_id": memo.get("workflow_id", execution.id),
            "summary": memo.get("summary", ""),
            "approvers": memo.get("approvers", []),
            "away": memo.get("away", []),
            "requested_at": memo.get("requested_at", rfc3339(execution.start_time)),
            "expires_at": memo.get("expires_at"),
            "status": status or "waiting",
        }


async def inbox_warnings(client: Client) -> list[str]:
    """One line for every inbox that is not being read, or one if there is none at all."""
    warnings, seen = [], 0
    query = "WorkflowType='InboxWorkflow' AND ExecutionStatus='Running'"
    async for execution in client.list_workflows(query):
        seen += 1
        described = await client.get_workflow_handle(execution.id).describe()
        reader = await reader_of(client, described)
        swept = reader.cursor.swept_at
        if swept is None:
            warnings.append(f"{execution.id} has not been swept yet: is its worker running?")
        elif not reader.worker:
            warnings.append(f"nobody reads {execution.id} since {rfc3339(swept)}: start worker.py")
        elif datetime.now(UTC) - swept > STALE_SWEEP:
            warnings.append(f"{execution.id} was last swept at {rfc3339(swept)}: see its worker")
    return warnings if seen else ["no inbox is being read: start worker.py"]


async def query(handle: WorkflowHandle[Any, Any], name: str, *args: Any) -> Any:
    """Raises Unavailable if no worker answers: a query needs one, even of a closed workflow."""
    try:
        async with asyncio.timeout(QUERY_TIMEOUT.total_seconds()):
            return await handle.query(name, args=args, rpc_timeout=QUERY_TIMEOUT)
    except (TimeoutError, RPCError) as error:
        raise Unavailable("no worker answered: start worker.py, then ask again") from error


async def events(handle: WorkflowHandle[Any, Any]) -> list[dict[str, Any]]:
    """The whole audit trail of a workflow."""
    found: list[dict[str, Any]] = []
    after: int | None = 0
    while after is not None:
        page = await query(handle, "audit_trail", after)
        found += page["events"]
        after = page["next"]
    return found


async def decide(found: Found, approved: bool, note: str | None) -> dict[str, Any]:
    """Signal an operator's decision and say what became of it."""
    operator = operator_name()
    at = rfc3339(datetime.now(UTC))
    answer = {"request_id": found.request_id, "accepted": False, "reason": ""}
    if not found.open:
        return answer | {"reason": _ENDED}
    before = len(await events(found.handle))
    decision = ApprovalDecision(
        request_id=found.request_id or "",
        approved=approved,
        reviewer_notes=note,
        decided_at=at,
        operator=operator,
    )
    try:
        await found.handle.signal("approval_decision", decision)
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            return answer | {"reason": _ENDED}
        raise
    for event in (await events(found.handle))[before:]:
        if event.get("approver") == operator:
            if event["kind"] != "decision_ignored":
                return answer | {"accepted": True}
            return answer | {"reason": await _why_not(found, event["why"], approved)}
    return answer | {"reason": "the approval had not been asked yet: try again"}


async def _why_not(found: Found, ruling: str, approved: bool) -> str:
    """Why an operator's decision changed nothing, in words."""
    if ruling == Ruling.OPERATOR_DENIED:
        return _DENIED[approved]
    if ruling == Ruling.ALREADY_DECIDED:
        return f"it was {(await query(found.handle, 'status'))['status']} before"
    return _WHY_NOT.get(ruling, ruling)


async def withdraw(found: Found) -> dict[str, Any]:
    """Cancel an approval, or a run with all its open approvals. It needs no worker; where one
    answers, an approval that was decided before is told from one that is withdrawn."""
    answer = {"request_id": found.request_id, "accepted": False, "reason": ""}
    if not found.open:
        return answer | {"reason": "it has ended already"}
    await found.handle.cancel()
    if found.request_id is not None:
        with contextlib.suppress(Unavailable):
            status = (await query(found.handle, "status"))["status"]
            if status not in ("waiting", Outcome.WITHDRAWN):
                return answer | {"reason": f"it was {status} before"}
    return answer | {"accepted": True}


async def ended_with(handle: WorkflowHandle[Any, Any]) -> str | None:
    """The result that a cancelled run has in its trail; None if no worker answers."""
    try:
        found = await events(handle)
    except Unavailable:
        return None
    return next((event["result"] for event in reversed(found) if event["kind"] == "ended"), None)


async def only_open_approval(client: Client, found: Found) -> Found:
    """The one open approval of a run. Raises ConfigurationError if there is none, or names
    them if there are more."""
    if found.request_id is not None:
        return found
    status = await query(found.handle, "status")
    waiting = [a["request_id"] for a in status["approvals"] if a["status"] == "waiting"]
    if not waiting:
        raise ConfigurationError(["no approval is open in this run"])
    if len(waiting) > 1:
        raise ConfigurationError([f"name one approval; open in this run: {', '.join(waiting)}"])
    return await find(client, waiting[0])


def operator_name() -> str:
    """Who acts, for the audit trail: the user of this machine."""
    return f"{getpass.getuser()}@{socket.gethostname()}"
