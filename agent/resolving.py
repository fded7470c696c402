"""An operator records what became of an action of which nobody knew whether it ran."""

import asyncio
from datetime import UTC, datetime
from typing import Any

from temporalio.client import Client
from temporalio.common import WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from agent.errors import ConfigurationError
from agent.jobs import Resolution
from agent.memo import request_of
from agent.models import rfc3339
from agent.operations import Found, events, find, operator_name
from agent.resolution import WORKFLOW, resolution_id

PATIENCE_SECONDS = 20.0  # for the mail to leave; it is tried on without us
_NOTE = 4_000  # characters, as of an approver's note


async def resolve(
    client: Client, found: Found, done: bool, note: str, action: str | None = None
) -> dict[str, Any]:
    """Record it, and have the approvers and the requester told. `action` is the request id of one
    that needed no approval, beside its run. Raises ConfigurationError if the outcome of no action,
    or of more than one, is unknown."""
    if not note.strip():
        raise ConfigurationError(["--note: say how you know; it is recorded once and told to all"])
    if len(note) > _NOTE:
        raise ConfigurationError([f"--note: {len(note):,} characters, at most {_NOTE:,}"])
    run = await find(client, found.workflow_id) if found.request_id else found
    trail = await events(run.handle)
    wanted = found.request_id or (action and action.strip().upper())
    request_id = await _the_unknown(client, trail, wanted, found.workflow_id)
    answer = {"request_id": request_id, "accepted": False, "reason": "", "told": []}
    approval = await _memo(client, f"approval-{request_id}")
    resolution = Resolution(
        request_id=request_id,
        workflow_id=run.workflow_id,
        summary=_summary(trail, request_id),
        done=done,
        note=note,
        operator=operator_name(),
        requested_by=_requester(trail),
        approval=request_of(approval),
    )
    try:
        handle = await client.start_workflow(
            WORKFLOW,
            resolution,
            id=resolution_id(request_id),
            task_queue=run.task_queue,
            id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
            memo={
                "request_id": request_id,
                "done": done,
                "note": note,
                "operator": resolution.operator,
                "at": rfc3339(datetime.now(UTC)),
            },
            result_type=dict[str, list[str]],
        )
    except WorkflowAlreadyStartedError:
        earlier = await resolution_of(client, request_id) or {}
        word = "done" if earlier.get("done") else "not-done"
        by = f"{earlier.get('operator')} at {earlier.get('at')}"
        return answer | {"reason": f"it was resolved before, as {word}, by {by}"}
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            told = await handle.result()
    except TimeoutError:
        return answer | {"accepted": True, "reason": "recorded; the mail about it has not left yet"}
    reason = f"not told: {', '.join(told['not'])}" if told["not"] else ""
    return answer | {"accepted": True, "reason": reason, "told": told["told"]}


async def resolution_of(client: Client, request_id: str) -> dict[str, Any] | None:
    """What was recorded: `{request_id, done, note, operator, at}`."""
    return await _memo(client, resolution_id(request_id)) or None


async def with_resolutions(client: Client, found: Found) -> list[dict[str, Any]]:
    """The audit trail of a workflow, and what operators have recorded after its end."""
    trail = await events(found.handle)
    unknown = [found.request_id] if found.request_id else _request_ids(trail)
    for request_id in unknown:
        if record := await resolution_of(client, request_id):
            trail.append({"n": len(trail) + 1, "at": "", "kind": "resolved", **record})
    return trail


async def _the_unknown(
    client: Client, trail: list[dict[str, Any]], wanted: str | None, run: str
) -> str:
    """The request id of the action that is meant: of several the one that is left to resolve."""
    unknown = _request_ids(trail)
    meant = [request_id for request_id in unknown if wanted in (None, request_id)]
    if not meant:
        raise ConfigurationError([f"{wanted or run}: no outcome of an action is unknown"])
    if len(meant) > 1:
        meant = [r for r in meant if not await resolution_of(client, r)] or meant
    if len(meant) > 1:
        raise ConfigurationError([f"name one with --action: {', '.join(meant)}"])
    return meant[0]


def _summary(trail: list[dict[str, Any]], request_id: str) -> str:
    begun = (e for e in trail if e["kind"] == "executing" and e["request_id"] == request_id)
    return str(next(begun)["summary"])


def _requester(trail: list[dict[str, Any]]) -> str | None:
    return next((e.get("requested_by") for e in trail if e["kind"] == "started"), None)


def _request_ids(trail: list[dict[str, Any]]) -> list[str]:
    return [event["request_id"] for event in trail if event["kind"] == "unknown"]


async def _memo(client: Client, workflow_id: str) -> dict[str, Any]:
    """Empty if there is no such workflow."""
    try:
        description = await client.get_workflow_handle(workflow_id).describe()
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            return {}
        raise
    return dict(await description.memo())
