"""Puts what several observers tell into the order in which it happened.

Mail is seen at once, but audit trails have to be asked for, so their events come late. What is told
waits until everything that may have happened before it is known. Pure: times are given.
"""

import heapq
from collections.abc import Callable
from datetime import datetime
from itertools import count

Show = Callable[[], None]


class Timeline:
    """Things to show, kept until they may be shown."""

    def __init__(self) -> None:
        self._waiting: list[tuple[datetime, int, Show]] = []
        self._numbers = count()

    def add(self, at: datetime, show: Show) -> None:
        # Of two things of the same moment the one told first comes first.
        heapq.heappush(self._waiting, (at, next(self._numbers), show))

    def release(self, until: datetime | None = None) -> None:
        """Show what happened up to this moment; everything if none is given."""
        while self._waiting and (until is None or self._waiting[0][0] <= until):
            heapq.heappop(self._waiting)[2]()
