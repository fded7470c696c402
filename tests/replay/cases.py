"""What a replay must cover. A case takes a world, drives one workflow and returns its handle.

`tests.replay.record` waits for its end and keeps its history.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from temporalio.client import (
    WorkflowContinuedAsNewError,
    WorkflowFailureError,
    WorkflowHandle,
)

from agent.jobs import Cursor, Resolution
from agent.resolution import WORKFLOW, resolution_id
from tests.replay.agent_cases import AGENT_CASES
from tests.replay.approval_cases import APPROVAL_CASES
from tests.virtual.world import A, World

Handle = WorkflowHandle[Any, Any]
_LONGEST_SECONDS = 60.0


async def inbox_continued(world):
    """One run whose activity has returned; the next one is ended from outside."""
    handle: Handle = await world.env.client.start_workflow(
        "InboxWorkflow", Cursor(), id="inbox-agent@x.test", task_queue="inbox-agent@x.test"
    )
    client, first = world.env.client, handle.first_execution_run_id
    await finish(handle)
    # The next runs would go on for ever, as the activity of this world returns at once.
    await client.get_workflow_handle(handle.id).terminate("recorded")
    return client.get_workflow_handle(handle.id, run_id=first)


async def resolution_told(world):
    """An approver and the requester hear what an operator has found."""
    asked = await world.ask(A)
    await asked.asked()
    await asked.operator(True)
    await asked.handle.result()
    request = world.asked[0].request
    found = Resolution(
        request_id=asked.request_id,
        workflow_id="human-in-the-loop-1",
        summary="Refund",
        done=True,
        note="I looked",
        requested_by="r@x.test",
        approval=request,
    )
    handle: Handle = await world.env.client.start_workflow(
        WORKFLOW, found, id=resolution_id(asked.request_id), task_queue=world.queue
    )
    return handle


async def finish(handle: Handle) -> None:
    """Wait for the end of this run, whatever it is."""
    with suppress(WorkflowFailureError, WorkflowContinuedAsNewError):
        await asyncio.wait_for(handle.result(follow_runs=False), _LONGEST_SECONDS)


Case = Callable[[World], Awaitable[Handle]]
CASES: dict[str, Case] = {
    case.__name__.replace("_", "-"): case
    for case in (*APPROVAL_CASES, *AGENT_CASES, inbox_continued, resolution_told)
}
