"""Who reads an inbox, and how far: as Temporal knows it, whichever worker that is."""

from dataclasses import dataclass

from temporalio.api.enums.v1 import PendingActivityState
from temporalio.client import Client, WorkflowExecutionDescription, WorkflowExecutionStatus
from temporalio.service import RPCError, RPCStatusCode

from agent.jobs import Cursor


@dataclass(frozen=True, slots=True)
class Reader:
    """The activity that reads now, or did last; an empty cursor if none has swept yet."""

    worker: str
    """Temporal's identity of its worker: process and host; '' while nobody has taken it on."""
    cursor: Cursor


async def find_reader(client: Client, inbox: str) -> Reader | None:
    """By the workflow id of an inbox; None if it does not run."""
    try:
        description = await client.get_workflow_handle(inbox).describe()
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            return None
        raise
    if description.status is not WorkflowExecutionStatus.RUNNING:
        return None
    return await reader_of(client, description)


async def reader_of(client: Client, inbox: WorkflowExecutionDescription) -> Reader:
    """From the heartbeat of the running inbox workflow's activity."""
    for pending in inbox.raw_description.pending_activities:
        payloads = list(pending.heartbeat_details.payloads)
        decoded = await client.data_converter.decode(payloads, [Cursor]) if payloads else ()
        started = pending.state == PendingActivityState.PENDING_ACTIVITY_STATE_STARTED
        worker = pending.last_worker_identity if started else ""
        return Reader(worker, decoded[0] if decoded else await _handed_over(client, inbox))
    return Reader("", await _handed_over(client, inbox))


async def _handed_over(client: Client, inbox: WorkflowExecutionDescription) -> Cursor:
    """What the reader before has left: the input of the workflow's run."""
    handle = client.get_workflow_handle(inbox.id, run_id=inbox.run_id)
    async for event in handle.fetch_history_events(page_size=1):
        payloads = list(event.workflow_execution_started_event_attributes.input.payloads)
        decoded = await client.data_converter.decode(payloads, [Cursor]) if payloads else ()
        return decoded[0] if decoded else Cursor()
    return Cursor()
