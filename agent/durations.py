"""Pure: `3d`, `2h`, `90s` or plain seconds."""

import re
from typing import Any

_UNITS = {"d": 86_400, "h": 3_600, "m": 60, "s": 1, "": 1}
_DURATION = re.compile(r"([0-9]+(?:\.[0-9]+)?) *([dhms]?)")


def parse_duration(value: Any) -> float:
    """Seconds. Raises ValueError, naming the forms."""
    match = _DURATION.fullmatch(str(value).strip().lower())
    if match is None:
        raise ValueError(f"{value!r} is no duration: use 3d, 2h, 30m, 90s or seconds")
    return float(match[1]) * _UNITS[match[2]]


def format_duration(seconds: float) -> str:
    """The two largest units: `2d 3h`, `5m 20s`, `0s`."""
    left = max(round(seconds), 0)
    parts = []
    for unit in "dhms":
        count, left = divmod(left, _UNITS[unit])
        if count:
            parts.append(f"{count}{unit}")
    return " ".join(parts[:2]) or "0s"
