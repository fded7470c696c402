"""Pure: how many letters an address was sent within the last hour."""

from collections import defaultdict, deque
from datetime import datetime, timedelta

MOST = 10
"""Answers to one address, of all kinds together: people write less, programs without end."""
HOUR = timedelta(hours=1)


class Hourly:
    """Counts by the times that it is given; remembers no more than MOST of them an address."""

    def __init__(self) -> None:
        self._sent: dict[str, deque[datetime]] = defaultdict(lambda: deque(maxlen=MOST))

    def count(self, address: str, now: datetime) -> int:
        return sum(at > now - HOUR for at in self._sent[address])

    def add(self, address: str, now: datetime) -> None:
        self._sent[address].append(now)

    def take_back(self, address: str, at: datetime) -> None:
        """One that was counted then does not go out."""
        self._sent[address].remove(at)
