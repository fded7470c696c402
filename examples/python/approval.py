"""Has people agree by mail to what a program is about to do.

It starts ApprovalWorkflow, which a worker of the mail approval agent runs on a task queue of its
own, and knows nothing else of it: plain JSON goes out, plain JSON comes back.
"""

import asyncio
import hashlib
import json
from datetime import timedelta
from random import Random
from typing import Any

from temporalio import workflow
from temporalio.common import WorkflowIDReusePolicy

WORKFLOW_TYPE = "ApprovalWorkflow"
TASK_QUEUE = "human-in-the-loop-task-queue"

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_WORDS = {
    "expired": "nobody agreed in time",
    "undeliverable": "the mail reached too few approvers",
    "withdrawn": "the approval was withdrawn",
}


async def ask(
    action_type: str, description: str, arguments: dict[str, Any], within: timedelta, **more: Any
) -> dict[str, Any]:
    """Within a workflow: start the approval as a child and wait for its outcome.

    `more` is what else the request may hold, such as `requested_by` or `policy`. If this workflow
    is cancelled meanwhile, the approval is withdrawn and the approvers are told; if it ends in any
    other way, they are told as well.
    """
    request = {
        "request_id": new_request_id(workflow.random()),
        "action": {
            "action_type": action_type,
            "description": description,
            "arguments": arguments,
        },
        "timeout_seconds": within.total_seconds(),
        **more,
    }
    outcome: dict[str, Any] = await workflow.execute_child_workflow(
        WORKFLOW_TYPE,
        request,
        id=f"approval-{request['request_id']}",
        task_queue=TASK_QUEUE,
        # Never again under this id: an old reply would fit the new approval.
        id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
        parent_close_policy=workflow.ParentClosePolicy.REQUEST_CANCEL,
        result_type=dict[str, Any],
    )
    if workflow.cancellation_reason() is not None:
        # It went to the child, which has ended well: what follows here must not run all the same.
        raise asyncio.CancelledError
    return outcome


def new_request_id(random: Random) -> str:
    """In a workflow give it `workflow.random()`, so that a replay makes the same one."""
    return "AR-" + "".join(random.choices(_ALPHABET, k=10))


def why(outcome: dict[str, Any]) -> str:
    """What came of it, in words, with what people wrote beside their decision."""
    words = _WORDS.get(outcome["outcome"], outcome["outcome"])
    return f"{words}: {outcome['reviewer_notes']}" if outcome["reviewer_notes"] else words


def digest(request_id: str, action_type: str, arguments: dict[str, Any]) -> str:
    """Names one action of one request: the lower-case hex SHA-256 of its canonical JSON (RFC 8785).
    Compare it with the outcome's digest before you act."""
    action = {
        "arguments": arguments,
        "purpose": "hitl-action-v1",
        "request_id": request_id,
        "tool": action_type,
    }
    return hashlib.sha256(_canonical(action).encode()).hexdigest()


def _canonical(value: Any) -> str:
    """Raises TypeError for floats, which Python does not write as RFC 8785 has it: take strings, as
    for money, or the package `rfc8785`. Whole numbers have to lie within ±2^53, or the agent
    refuses the request."""
    if isinstance(value, dict):
        # In the order of UTF-16, which is not that of code points.
        names = sorted(value, key=lambda name: str(name).encode("utf-16-be"))
        members = (f"{_canonical(name)}:{_canonical(value[name])}" for name in names)
        return "{" + ",".join(members) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(map(_canonical, value)) + "]"
    if isinstance(value, float):
        raise TypeError(f"{value} is a float: write it as a string")
    return json.dumps(value, ensure_ascii=False)
