"""How far a server's clock is from ours: what it says of a time between two of ours. Pure.

Votes count by the mail server's clock, deadlines by Temporal's, and mail is dated by ours.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from agent.doctor.finding import Finding, failed, ok, warning

CLOSE = timedelta(seconds=5)
FAR = timedelta(seconds=60)
"""From here on a vote near its deadline is taken for late, or a late one for one in time."""
_ADVICE = "set both machines' clocks by NTP; a vote counts by the mail server's, a deadline by ours"


@dataclass(frozen=True, slots=True)
class Reading:
    """`said` is what the server's clock showed at some moment between the other two."""

    said: datetime
    not_before: datetime
    not_after: datetime
    grain: timedelta = timedelta()
    """What its clock leaves off: a second of INTERNALDATE."""

    @property
    def ahead(self) -> timedelta:
        """At least so far before ours; below zero it is behind."""
        if self.said > self.not_after:
            return self.said - self.not_after
        if self.said + self.grain < self.not_before:
            return self.said + self.grain - self.not_before
        return timedelta()


def finding_of(check: str, readings: dict[str, Reading]) -> Finding:
    """By whose clock it is: the one that is farthest off decides."""
    who, worst = max(readings.items(), key=lambda item: abs(item[1].ahead))
    off = abs(worst.ahead)
    if off <= CLOSE:
        servers = " and ".join(readings)
        return ok(check, f"{servers}: less than {CLOSE.seconds} s from our clock")
    way = "ahead of" if worst.ahead > timedelta() else "behind"
    detail = f"{who}: {_words(off)} {way} our clock"
    return (failed if off >= FAR else warning)(check, detail, _ADVICE)


def _words(off: timedelta) -> str:
    seconds = round(off.total_seconds())
    return f"{seconds} s" if seconds < 600 else f"{round(seconds / 60)} min"
