"""The audit trail of a workflow: what happened, in order, in pages that fit a query's answer."""

import json
from datetime import datetime
from typing import Any

from agent.models import rfc3339

_PAGE_BYTES = 512 * 1024  # a query's answer must stay well under 2 MiB
_KEPT = 2_000
_VALUE_LENGTH = 4_000


class Trail:
    """Append-only. After 2,000 events only a last one follows, which says that more were dropped:
    a flood of mail must not grow a workflow's memory without bound."""

    def __init__(self) -> None:
        self._events: list[dict[str, Any]] = []
        self._marks: dict[str, Any] = {}

    def mark(self, **fields: Any) -> None:
        """What is to stand in every event from now on that does not say otherwise."""
        self._marks |= fields

    def add(self, at: datetime, kind: str, **fields: Any) -> None:
        number = len(self._events) + 1
        if number > _KEPT + 1:
            return
        if number == _KEPT + 1:
            kind, fields = "truncated", {}
        shown = {name: _bounded(value) for name, value in fields.items() if value is not None}
        event = {"n": number, "at": rfc3339(at), "kind": str(kind), **self._marks, **shown}
        self._events.append(event)

    def page(self, after: int = 0) -> dict[str, Any]:
        """`{events, next}`: the events numbered above `after`, `next` to go on with or None."""
        events: list[dict[str, Any]] = []
        size = 0
        for event in self._events[max(after, 0) :]:
            size += len(json.dumps(event))
            if events and size > _PAGE_BYTES:
                return {"events": events, "next": events[-1]["n"]}
            events.append(event)
        return {"events": events, "next": None}


def _bounded(value: Any) -> Any:
    return value[:_VALUE_LENGTH] if isinstance(value, str) else value
