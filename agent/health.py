"""Whether the worker on this machine is alive: by the age of the file that it touches.

What the worker touches it for stands in `agent.pulse`. A probe starts this twice a minute, so it
loads nothing but itself: `python -m agent.health FILE`. `python -m agent health` says the same.
"""

import sys
import time
from pathlib import Path

STALE_SECONDS = 120.0  # six beats: one answer that Temporal is late with is no death


def pulse_of(path: Path, now: float) -> tuple[bool, str]:
    """Whether it was touched lately, and that in words; `now` in seconds since the epoch."""
    try:
        age = now - path.stat().st_mtime
    except OSError:
        return False, f"no worker is alive here: there is no {path}"
    # A time to come is no proof either: the clock was set back, and the next touch mends it.
    if abs(age) > STALE_SECONDS:
        return False, f"the worker hangs, or Temporal does not answer it, for {abs(age):.0f} s now"
    return True, f"alive: Temporal answered this worker {max(age, 0.0):.0f} s ago"


def main(arguments: list[str]) -> int:
    if len(arguments) != 1:
        print("usage: python -m agent.health FILE", file=sys.stderr)
        return 1  # Docker reserves 2
    alive, words = pulse_of(Path(arguments[0]), time.time())
    print(words)
    return 0 if alive else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
