"""Who reads an inbox, and how far: as Temporal knows it, whichever worker that is."""

from dataclasses import dataclass

from temporalio.client import Client, WorkflowExecutionDescription

from agent.jobs import Cursor


@dataclass(frozen=True, slots=True)
class Reader:
    """The activity that reads now; an empty cursor if it has not swept yet."""

    worker: str
    """Temporal's identity of its worker: process and host; '' if nobody has taken it on."""
    cursor: Cursor


async def reader_of(client: Client, inbox: WorkflowExecutionDescription) -> Reader:
    """From the heartbeat of the running inbox workflow's activity."""
    for pending in inbox.raw_description.pending_activities:
        payloads = list(pending.heartbeat_details.payloads)
        decoded = await client.data_converter.decode(payloads, [Cursor]) if payloads else ()
        return Reader(pending.last_worker_identity, decoded[0] if decoded else Cursor())
    return Reader("", Cursor())
