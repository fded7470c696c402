"""What the scripted model understands: a few sentences, and how they are joined.

`Call TOOL {"argument": …}` calls any tool, with these arguments; the others call the sample shop's.
`A and then B` is one call a turn, B after the result of A; `A and also B` is two calls in one turn.
"""

import json
import re
from dataclasses import dataclass
from typing import Any

_AMOUNT = r"(\d+(?:\.\d+)?)\s+([A-Za-z]{3})\b"
_ORDER = r"order\s+#?(\d+)"
_REFUND = re.compile(rf"\brefund\s+{_AMOUNT}\s+for\s+{_ORDER}", re.IGNORECASE)
_CANCEL = re.compile(rf"\bcancel\s+{_ORDER}", re.IGNORECASE)
_LOOK_UP = re.compile(rf"\blook\s?up\s+{_ORDER}", re.IGNORECASE)
_DELETE = re.compile(r"\bdelete\s+all\s+test\s+data\s+from\s+the\s+(\w+)", re.IGNORECASE)
_CALL = re.compile(r"\bcall\s+([A-Za-z0-9_-]{1,64})\s*(?=\{)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Call:
    """A tool call with the model's own view of it, and the words that asked for it."""

    words: str
    tool: str
    arguments: dict[str, Any]
    reasoning: str
    risky: bool


def plan(request: str) -> list[list[Call]]:
    """The calls of each turn; sentences that mean nothing to the model are left out."""
    turns = []
    for step in _parts(request, "then"):
        calls = [call for part in _parts(step, "also") if (call := _understand(part)) is not None]
        if calls:
            turns.append(calls)
    return turns


def _parts(text: str, joint: str) -> list[str]:
    """What is joined by `and then` or `and also`; words in a call's arguments join nothing."""
    masked = text
    for match in _CALL.finditer(text):
        _, end = _arguments(text, match.end())
        masked = masked[: match.end()] + "_" * (end - match.end()) + masked[end:]
    parts, start = [], 0
    for match in re.finditer(rf"\band {joint}\b", masked, re.IGNORECASE):
        parts.append(text[start : match.start()])
        start = match.end()
    return [*parts, text[start:]]


def _arguments(text: str, start: int) -> tuple[dict[str, Any] | None, int]:
    """The JSON object that begins there, and where it ends; None if it is not one."""
    try:
        return json.JSONDecoder().raw_decode(text, start)
    except ValueError:
        return None, start


def _understand(sentence: str) -> Call | None:
    if match := _CALL.search(sentence):
        arguments, end = _arguments(sentence, match.end())
        if arguments is None:
            return None
        why = "The request asks for this very call."
        return Call(sentence[match.start() : end], match[1], arguments, why, risky=False)
    if match := _REFUND.search(sentence):
        order = int(match[3])
        return Call(
            match[0],
            "refund_order",
            {"order_id": order, "amount": match[1], "currency": match[2].upper()},
            f"The request asks for {match[1]} {match[2].upper()} to go back for order {order}. "
            "Money that has been paid out is hard to get back.",
            risky=True,
        )
    if match := _CANCEL.search(sentence):
        order = int(match[1])
        why = f"The request asks for order {order} to be cancelled. The customer would notice."
        return Call(match[0], "cancel_order", {"order_id": order}, why, risky=True)
    if match := _LOOK_UP.search(sentence):
        order = int(match[1])
        why = f"The request asks for order {order}. Looking changes nothing."
        return Call(match[0], "lookup_order", {"order_id": order}, why, risky=False)
    if match := _DELETE.search(sentence):
        where = match[1].lower()
        why = f"The request asks for all test data in {where} to go. This cannot be undone."
        return Call(match[0], "delete_test_data", {"environment": where}, why, risky=True)
    return None
