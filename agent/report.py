"""Pure: what a call's fate is called, for people (a line) and for the model (data)."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from agent.models import ApprovalOutcome, Outcome

MODEL_LIMIT = 16 * 1024  # characters of a tool's result that go back to the model
_LINE_LIMIT = 1_000
NO_ACTION = "No action was needed"


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
    """One line an action, then the model's closing words."""
    lines = list(fates) or [NO_ACTION]
    return "\n".join([*lines, closing.strip()] if closing.strip() else lines)


def output_item(call_id: str, fate: Fate) -> dict[str, Any]:
    """The function call output of the Responses API."""
    text = json.dumps(fate.output, ensure_ascii=False)
    if len(text) > MODEL_LIMIT:
        text = f"{text[:MODEL_LIMIT]}… [cut: {len(text)} characters in all]"
    return {"type": "function_call_output", "call_id": call_id, "output": text}


def _one_line(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LINE_LIMIT else line[: _LINE_LIMIT - 1] + "…"
