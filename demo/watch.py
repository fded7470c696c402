"""Follows the audit trails of one run: the agent's, and that of every approval it starts."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from temporalio.client import Client, WorkflowQueryFailedError
from temporalio.service import RPCError, RPCStatusCode

Event = dict[str, Any]
POLL_SECONDS = 0.25
QUERY_TIMEOUT = timedelta(seconds=5)
# A workflow that does not answer, for want of a worker, must not hold back the others for ever.
PATIENCE = timedelta(seconds=5)


@dataclass(slots=True)
class Trail:
    """What is known of one workflow's audit trail."""

    workflow_id: str
    label: str
    events: list[Event] = field(default_factory=list)


class Watch:
    """Asks for what is new and hands every event on once; then says up to when all are known."""

    def __init__(
        self,
        client: Client,
        workflow_id: str,
        on_event: Callable[[str, Event], None],
        on_known: Callable[[datetime], None],
    ) -> None:
        self._client = client
        self._on_event = on_event
        self._on_known = on_known
        self._polling = asyncio.Lock()
        self.trails = [Trail(workflow_id, "agent")]

    async def follow(self) -> None:
        """Go on for ever."""
        while True:
            await self.poll()
            await asyncio.sleep(POLL_SECONDS)

    async def poll(self) -> None:
        """Ask every workflow once."""
        # Two at a time would both hand on the same event.
        async with self._polling:
            begun = datetime.now(UTC)
            complete = await self._poll_all()
            self._on_known(begun if complete else begun - PATIENCE)

    async def _poll_all(self) -> bool:
        """Whether all answered. The list grows while it is walked."""
        complete = True
        for trail in self.trails:
            events, answered = await self._new_events(trail)
            complete = complete and answered
            for event in events:
                trail.events.append(event)
                self._on_event(trail.label, event)
                if event.get("kind") == "approval_started":
                    request_id = str(event.get("request_id"))
                    self.trails.append(Trail(f"approval-{request_id}", request_id))
        return complete

    async def undecided(self) -> bool:
        """Whether an approval still waits, as far as its audit trail tells."""
        await self.poll()
        decided = {"vote", "outcome"}
        return any(
            not decided & {str(event.get("kind")) for event in trail.events}
            for trail in self.trails[1:]
        )

    def story(self) -> list[tuple[str, Event]]:
        """Every event with its workflow's label, in order of time."""
        events = [(trail.label, event) for trail in self.trails for event in trail.events]
        return sorted(events, key=lambda pair: str(pair[1].get("at", "")))

    async def _new_events(self, trail: Trail) -> tuple[list[Event], bool]:
        """What came after the last event, and whether that is all there is."""
        handle = self._client.get_workflow_handle(trail.workflow_id)
        after = int(trail.events[-1]["n"]) if trail.events else 0
        found: list[Event] = []
        page: int | None = after
        answered = True
        while page is not None:
            try:
                answer = await handle.query("audit_trail", page, rpc_timeout=QUERY_TIMEOUT)
            except (RPCError, WorkflowQueryFailedError) as error:
                # Not started yet, or the worker is busy or gone: the next round asks again.
                status = error.status if isinstance(error, RPCError) else None
                answered = status is RPCStatusCode.NOT_FOUND
                break
            found += answer["events"]
            page = answer["next"]
        return [event for event in found if int(event["n"]) > after], answered
