"""Pure: when a server that says "not now" wants to be asked again (RFC 9110, section 10.2.3)."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

LONGEST_SECONDS = 3_600.0
"""A wish beyond it is not believed: whoever waits for the answer is a person."""
_SECONDS = re.compile(r"[0-9]{1,12}(\.[0-9]+)?")


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """In how many seconds; None if it does not say, or not so that it can be read. `headers` know
    their names in any case, as those of HTTP clients do."""
    wish = headers.get("Retry-After", "").strip()
    if _SECONDS.fullmatch(wish):
        seconds = float(wish)
    elif (at := _date(wish)) is not None:
        # By the server's own clock, where it tells the time: ours may be another.
        seconds = (at - (_date(headers.get("Date", "")) or now)).total_seconds()
    else:
        return None
    return min(max(seconds, 0.0), LONGEST_SECONDS)


def _date(text: str) -> datetime | None:
    """Each of the three forms of section 5.6.7; all of them mean UTC."""
    try:
        found = parsedate_to_datetime(text)
        return found if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, TypeError, OverflowError):
        return None
