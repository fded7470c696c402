"""Reads what `start_workflow.py --json` printed: one word for how the whole run ended."""

import json
from typing import Any

FAILED = "failed"
_APPROVED = "approved"
_AUTO_APPROVED = "auto-approved"
NO_ACTION = "No action was needed"
_RESULT_FAILED = ("Action failed", "Action outcome unknown")


def read_result(output: str) -> dict[str, Any]:
    """The JSON object; ValueError if that is not what was printed."""
    result = json.loads(output)
    if not isinstance(result, dict) or "approvals" not in result:
        raise ValueError("start_workflow.py printed no result")
    return result


def overall_outcome(result: dict[str, Any]) -> str:
    """The first outcome that is not an approval; `failed` where an approved action failed."""
    outcomes = [str(approval["outcome"]) for approval in result["approvals"]]
    for outcome in outcomes:
        if outcome != _APPROVED:
            return outcome
    lines = str(result.get("result") or "").splitlines()
    if any(line.startswith(_RESULT_FAILED) for line in lines):
        return FAILED
    return _APPROVED if outcomes else _AUTO_APPROVED


def needed_no_action(result: dict[str, Any]) -> bool:
    """Whether nothing was run: the outcome has no word of its own for that."""
    return str(result.get("result") or "").startswith(NO_ACTION)
