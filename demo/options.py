"""What the demo's user may choose, from the environment: `make demo REQUEST='…' REPLY='…'`."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass

DEFAULT_REQUEST = "Refund 120.00 EUR for order 1042"
DEFAULT_REPLY = "APPROVE"
DEFAULT_TIMEOUT_SECONDS = 300


class BadOptionError(Exception):
    """A value that the demo cannot work with; the text names it."""


@dataclass(frozen=True, slots=True)
class Options:
    """`reply` is None where a person types it."""

    request: str
    reply: str | None
    timeout_seconds: int

    @classmethod
    def read(cls, environ: Mapping[str, str], terminal: bool) -> "Options":
        timeout = environ.get("TIMEOUT") or str(DEFAULT_TIMEOUT_SECONDS)
        if not timeout.isascii() or not timeout.isdigit() or int(timeout) == 0:
            raise BadOptionError(f"TIMEOUT is {timeout!r}: whole seconds above 0 are needed")
        reply = environ.get("REPLY") or (None if terminal else DEFAULT_REPLY)
        return cls(environ.get("REQUEST") or DEFAULT_REQUEST, reply, int(timeout))


def at_a_terminal() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()
