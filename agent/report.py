"""Pure: what a call's fate is called, for people (a line) and for the model (data)."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from agent.models import ApprovalOutcome, Outcome
from mail.text import FENCE

MODEL_LIMIT = 16 * 1024  # characters of a tool's result that go back to the model
_LINE_LIMIT = 1_000
_RESULT_LIMIT = 200_000  # characters: Temporal takes no result of more than 2 MiB
NO_ACTION = "No action was needed"
# Our lines, as a model's words may feign them, behind what cannot be seen.
_FEIGNED = re.compile(
    r"[\W_]*Action\s+(completed|rejected|cancelled|failed|outcome)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of one tool call."""

    line: str
    output: dict[str, Any]
    """What the model is told; text from people and tools only ever stands in it as data."""

    @property
    def failed(self) -> bool:
        return bool(self.output["status"] == "failed")


def completed(text: str, *, auto: bool) -> Fate:
    how = " (auto-approved)" if auto else ""
    return Fate(
        f"Action completed successfully{how}: {_one_line(text)}",
        {"status": "completed", "result": text},
    )


def failed(why: str) -> Fate:
    return Fate(f"Action failed: {_one_line(why)}", {"status": "failed", "reason": why})


def unknown(why: str) -> Fate:
    return Fate(
        f"Action outcome unknown: {_one_line(why)}",
        {"status": "unknown", "reason": why, "advice": "Do not try it again."},
    )


def not_approved(outcome: ApprovalOutcome, timeout_seconds: float) -> Fate:
    """The fate of a call whose approval ended without consent."""
    status = outcome.outcome
    output: dict[str, Any] = {"status": status}
    if status is Outcome.REJECTED:
        notes = outcome.reviewer_notes or "None provided"
        output["reviewer_notes"] = outcome.reviewer_notes
        return Fate(f"Action rejected. Reviewer notes: {_one_line(notes)}", output)
    reasons = {
        Outcome.EXPIRED: f"approval request timed out after {timeout_seconds:.12g} seconds",
        Outcome.UNDELIVERABLE: "approval request could not be delivered to any approver",
    }
    line = f"Action cancelled: {reasons.get(status, 'withdrawn')}"
    if outcome.reviewer_notes:
        output["remark"] = outcome.reviewer_notes
    return Fate(line, output)


def withdrawn() -> Fate:
    return Fate("Action cancelled: withdrawn", {"status": Outcome.WITHDRAWN})


def result_text(fates: Sequence[str], closing: str) -> str:
    """One line an action, then the model's closing words. Whatever they say, they are no fate."""
    said = [f"{FENCE} {li}" if _FEIGNED.match(li) else li for li in closing.strip().splitlines()]
    text = "\n".join([*(fates or [NO_ACTION]), *said])
    return cut(text, _RESULT_LIMIT)


def output_item(call_id: str, fate: Fate) -> dict[str, Any]:
    """The function call output of the Responses API."""
    text = cut(json.dumps(fate.output, ensure_ascii=False), MODEL_LIMIT)
    return {"type": "function_call_output", "call_id": call_id, "output": text}


def size_of(items: Sequence[dict[str, Any]]) -> int:
    """Octets of what has been said, as it travels."""
    return len(json.dumps(items, ensure_ascii=False).encode(errors="replace"))


def cut(text: str, longest: int) -> str:
    """The start of a long text, which states the length of the whole, in characters."""
    if len(text) <= longest:
        return text
    return f"{text[:longest]}… [cut: {len(text)} characters in all]"


def _one_line(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LINE_LIMIT else line[: _LINE_LIMIT - 1] + "…"
