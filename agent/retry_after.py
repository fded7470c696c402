"""Pure: when a server that says "not now" wants to be asked again (RFC 9110, section 10.2.3)."""

import re
from collections.abc import Mapping
from datetime import datetime

from mail.dates import parse_date

LONGEST_SECONDS = 3_600.0
"""A wish beyond it is not believed: whoever waits for the answer is a person."""
_SECONDS = re.compile(r"[0-9]{1,12}(\.[0-9]+)?")


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """In how many seconds; None if it does not say, or not so that it can be read. `headers` know
    their names in any case, as those of HTTP clients do."""
    wish = headers.get("Retry-After", "").strip()
    if _SECONDS.fullmatch(wish):
        seconds = float(wish)
    elif (at := parse_date(wish)) is not None:
        # By the server's own clock, where it tells the time: ours may be another.
        seconds = (at - (parse_date(headers.get("Date", "")) or now)).total_seconds()
    else:
        return None
    return min(max(seconds, 0.0), LONGEST_SECONDS)
