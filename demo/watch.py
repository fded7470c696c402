"""Follows the audit trails of one run: the agent's, and that of every approval it starts."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from temporalio.client import Client, WorkflowQueryFailedError
from temporalio.service import RPCError

Event = dict[str, Any]
POLL_SECONDS = 0.25
QUERY_TIMEOUT = timedelta(seconds=5)


@dataclass(slots=True)
class Trail:
    """What is known of one workflow's audit trail."""

    workflow_id: str
    label: str
    events: list[Event] = field(default_factory=list)


class Watch:
    """Asks for what is new and hands every event on once, in order."""

    def __init__(
        self, client: Client, workflow_id: str, on_event: Callable[[str, Event], None]
    ) -> None:
        self._client = client
        self._on_event = on_event
        self.trails = [Trail(workflow_id, "agent")]

    async def follow(self) -> None:
        """Go on for ever."""
        while True:
            await self.poll()
            await asyncio.sleep(POLL_SECONDS)

    async def poll(self) -> None:
        """Ask every workflow once; the list grows while it is walked."""
        for trail in self.trails:
            for event in await self._new_events(trail):
                trail.events.append(event)
                self._on_event(trail.label, event)
                if event.get("kind") == "approval_started":
                    request_id = str(event.get("request_id"))
                    self.trails.append(Trail(f"approval-{request_id}", request_id))

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

    async def _new_events(self, trail: Trail) -> list[Event]:
        handle = self._client.get_workflow_handle(trail.workflow_id)
        after = int(trail.events[-1]["n"]) if trail.events else 0
        found: list[Event] = []
        page: int | None = after
        while page is not None:
            try:
                answer = await handle.query("audit_trail", page, rpc_timeout=QUERY_TIMEOUT)
            except (RPCError, WorkflowQueryFailedError):
                # Not started yet, or the worker is busy or gone: the next round asks again.
                break
            found += answer["events"]
            page = answer["next"]
        return [event for event in found if int(event["n"]) > after]
