"""Pure: who was told after its end how an approval ended, and when.

It outlives its process in the inbox reader's cursor, which travels in heartbeats and stands in
histories: so it holds hashes, and no more of them than fit there.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Iterable
from datetime import datetime

from agent.hourly import HOUR, MOST

KEPT = 500  # of 44 characters each: a heartbeat stays far below what Temporal takes
_REMEMBERED = 10_000  # while the process lives
_DIGITS = 16


def entry_of(request_id: str, approver: str) -> str:
    """One person and one approval: `<person>.<both>`."""
    return f"{_hash(approver)}.{_hash(approver, request_id)}"


class Ledger:
    """Entries in the order in which they were made; the oldest are forgotten."""

    def __init__(self) -> None:
        self._entries: OrderedDict[str, int] = OrderedDict()

    @property
    def rows(self) -> tuple[str, ...]:
        """`<person>.<both>.<seconds>`, the latest 500."""
        latest = [*self._entries.items()][-KEPT:]
        return tuple(f"{entry}.{at}" for entry, at in latest)

    def recall(self, rows: Iterable[str]) -> None:
        """Take over what another reader has written down."""
        written = (row.rpartition(".") for row in rows)
        known = {entry: int(at) for entry, _, at in written} | self._entries
        self._entries = OrderedDict(sorted(known.items(), key=lambda item: item[1]))

    def holds(self, entry: str) -> bool:
        return entry in self._entries

    def add(self, entry: str, now: datetime) -> None:
        self._entries[entry] = int(now.timestamp())
        while len(self._entries) > _REMEMBERED:
            self._entries.popitem(last=False)

    def has_had_enough(self, entry: str, now: datetime, under_way: Iterable[str] = ()) -> bool:
        """Whether this person was told so much within the hour, about whatever approvals, that
        nothing is added now. `under_way`: entries to be, perhaps."""
        person, _, _ = entry.partition(".")
        since = int((now - HOUR).timestamp())
        told = sum(at > since for known, at in self._entries.items() if known.startswith(person))
        return told + sum(other.startswith(person) for other in under_way) >= MOST


def _hash(*words: str) -> str:
    return hashlib.sha256("\0".join(words).encode()).hexdigest()[:_DIGITS]
