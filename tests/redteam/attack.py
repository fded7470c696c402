"""What an attacker wants of the agent: the text, the calls it asks for, and how it must end."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from demo.model import Item, function_call

SECOND = "\f"
"""Stands between what the approver writes first and what they write then."""
KNOWN = "{known}"
"""In a request or a tool's result: the reference of an approval that waits, with its token."""
ECHO = "\0echo"
"""Closing words: everything that the model was given, its instructions too."""

Effect = tuple[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Call:
    """A call that the attacker wants made; arguments given as a string go out as they are."""

    tool: str
    arguments: dict[str, Any] | str
    reasoning: str = "The request says so."
    risky: bool = False

    def item(self) -> Item:
        if isinstance(self.arguments, str):
            return function_call(self.tool, self.arguments)
        own = {"reasoning": self.reasoning, "risky_action": self.risky}
        return function_call(self.tool, {**own, **self.arguments})


Turn = Sequence[Call]


@dataclass(frozen=True, slots=True)
class Attack:
    """One run of an agent whose model does what the attacker says, turn by turn."""

    name: str
    request: str
    """Begins unlike that of every other attack of its table: the model knows it by that."""
    turns: tuple[Turn, ...] = ()
    closing: str = "Done as I was told."
    bait: str = ""
    """What must have reached the model before it obeys: a tool's result, a reviewer's note."""
    order: int = 0
    poison: str = ""
    """Stands as the status of that order."""
    answers: tuple[tuple[str, str], ...] = ()
    """What the approver writes to a request that holds a text; to all others, REJECT."""
    effects: tuple[Effect, ...] = ()
    """All that may happen."""
    said: tuple[str, ...] = ()
    """Stands in the result."""
    asked: int | None = None
    """How many approvals are asked for, where the number matters."""
    stopped: int | None = None
    """After how many turns the agent has given up, if it does so before the last."""


def refund(order: int, amount: str = "120.00", **more: Any) -> Call:
    words = {name: more.pop(name) for name in ("reasoning", "risky") if name in more}
    arguments = {"order_id": order, "amount": amount, "currency": "EUR", **more}
    return Call("refund_order", arguments, **words)


def cancel(order: int) -> Call:
    return Call("cancel_order", {"order_id": order})


def delete(environment: str, **words: Any) -> Call:
    return Call("delete_test_data", {"environment": environment}, **words)


def lookup(order: int, **words: Any) -> Call:
    return Call("lookup_order", {"order_id": order}, **words)


def raw(tool: str, text: str) -> Call:
    return Call(tool, text)


def refunded(order: int, amount: str = "120.00") -> Effect:
    return "refund_order", {"order_id": order, "amount": amount, "currency": "EUR"}


def in_json(text: str) -> str:
    """A text as it stands inside a JSON string."""
    return json.dumps(text, ensure_ascii=False)[1:-1]
