"""Pure: what a check has found, and what that means for the whole."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from agent.command import DONE, FAILED, USAGE


class State(StrEnum):
    OK = "ok"
    WARNING = "warning"
    """It works, and somebody should know of this."""
    FAILED = "failed"
    NOTE = "note"
    """Not checked, or neither good nor bad."""


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
        """`ok` is null where nothing was checked."""
        return {
            "check": self.check,
            "ok": None if self.state is State.NOTE else self.state is not State.FAILED,
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


def exit_code(findings: Iterable[Finding]) -> int:
    """0 nothing failed, 1 something did, 2 the configuration is at fault."""
    wrong = [finding for finding in findings if finding.state is State.FAILED]
    if any(finding.configuration for finding in wrong):
        return USAGE
    return FAILED if wrong else DONE
