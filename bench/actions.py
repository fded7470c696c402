"""What one approval costs at Temporal, counted from its own history."""

import asyncio
from typing import Any

from temporalio.api.enums.v1 import EventType
from temporalio.client import WorkflowHandle

from bench.mailbox import Box
from bench.place import Place
from bench.replies import VOTER, replies, signalled, start_approvals
from bench.report import Row
from tests.servers.store import ImapProcess

MOST = 8
SAMPLE = 3
"""The AI cookbook's sample: notify, a timer and a signal, all within the agent's own run."""
_BILLED = {
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED,
    EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED,
    EventType.EVENT_TYPE_TIMER_STARTED,
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED,
    EventType.EVENT_TYPE_UPSERT_WORKFLOW_SEARCH_ATTRIBUTES,
}


async def billed(approval: WorkflowHandle[Any, Any]) -> int:
    """Its start, activities, timers, signals and upserts of search attributes."""
    return sum([event.event_type in _BILLED async for event in approval.fetch_history_events()])


async def actions(place: Place, server: ImapProcess) -> Row:
    """One approval by one person, asked and answered by mail."""
    before = place.sink.messages
    (asked,) = await start_approvals(place.client, place.queue, place.keyring, 1, [VOTER])
    await place.quiet(before + 1)  # a vote before it was asked would not count
    box = Box(server, "actions@bench.test")
    async with place.inbox_worker(box.reach):
        await asyncio.to_thread(box.fill, list(replies(place.keyring, [asked])))
        async with asyncio.timeout(60):
            await signalled(place.client, asked).result()
    count = await billed(signalled(place.client, asked))
    return Row(
        what="Temporal actions of one approval",
        server=server.name,
        ours=str(count),
        bare=f"{SAMPLE} (the sample)",
        ratio=count / SAMPLE,
        goal=f"<= {MOST}",
        met=count <= MOST,
    )
