"""Pure: what a check has found, and what that means for the whole."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class State(StrEnum):
    OK = "ok"
    WARNING = "warning"
    """It works, and somebody should know of this."""
    FAILED = "failed"
    NOTE = "note"
    """Neither good nor bad."""
    SKIPPED = "skipped"
    """Not checked."""


_NEITHER = (State.NOTE, State.SKIPPED)


@dataclass(frozen=True, slots=True)
class Finding:
    check: str
    state: State
    detail: str
    """One line: what was found."""
    advice: str = ""
    """One line: what to do."""
    seconds: float = 0.0
    configuration: bool = False
    """A fault that no worker would start with."""

    def as_json(self) -> dict[str, Any]:
        """`ok` is null where it is neither good nor bad, or was not checked."""
        return {
            "check": self.check,
            "ok": None if self.state in _NEITHER else self.state is not State.FAILED,
            "state": str(self.state),
            "detail": self.detail,
            "advice": self.advice,
            "seconds": round(self.seconds, 3),
        }


def ok(check: str, detail: str) -> Finding:
    return Finding(check, State.OK, detail)


def warning(check: str, detail: str, advice: str) -> Finding:
    return Finding(check, State.WARNING, detail, advice)


def failed(check: str, detail: str, advice: str, *, configuration: bool = False) -> Finding:
    return Finding(check, State.FAILED, detail, advice, configuration=configuration)


def note(check: str, detail: str, advice: str = "") -> Finding:
    return Finding(check, State.NOTE, detail, advice)


def skipped(check: str, reason: str) -> Finding:
    return Finding(check, State.SKIPPED, f"not checked: {reason}")
