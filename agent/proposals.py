"""A model's answer becomes a Proposal: what both of its APIs have in common.

What is said is kept, in Temporal's history, as the items of the Responses API, whichever API was
spoken; a run may go on under the other one. Pure.
"""

import json
import re
from collections.abc import Iterable, Sequence
from typing import Any

from agent.jobs import Proposal, ToolCall

Item = dict[str, Any]

MAX_CALLS = 250  # in one turn; Temporal takes no more than 2,000 activities at a time
MAX_ANSWER = 1024 * 1024  # octets; Temporal takes no result of more than 2 MiB
_LONGEST_WORD = 60  # of a status or reason that a server gives
# How models write a call when their server has not read it as one.
_CALL_AS_TEXT = re.compile(
    r"\s*(<tool_call|<function=|<function_call|<\|tool_call|<\|python_tag\||\[TOOL_CALLS\])"
)
_NO_NAME = re.compile(r"[^a-zA-Z0-9_-]")
_LONGEST_NAME = 64


class NoAnswerError(Exception):
    """The server has answered, with no turn of a model; `body` is what it sent instead."""

    def __init__(self, body: object) -> None:
        super().__init__("the model's server answered no turn of a model")
        self.body = body


class Turn:
    """One turn of the model while it is read: items to keep, calls to make, words."""

    def __init__(self, before: Iterable[Item]) -> None:
        self._taken = {str(item.get("call_id")) for item in before}
        self._items: list[Item] = []
        self._calls: list[ToolCall] = []
        self._words: list[str] = []

    def keep(self, item: Item) -> None:
        self._items.append(item)

    def say(self, text: str) -> None:
        self._words.append(text)

    def call(self, item: Item, name: object, arguments: object, call_id: object) -> None:
        """Keep the call's item. Results find their call by its id, so an id that is missing, or was
        used before, is replaced; arguments that came as an object are written as the text of it."""
        call = ToolCall(
            call_id=fresh_id(call_id, self._taken),
            name=name if isinstance(name, str) else "",
            arguments=_text_of(arguments),
        )
        self._calls.append(call)
        self._items.append({**item, "type": "function_call", **call.model_dump()})

    def proposal(self) -> Proposal:
        text = "".join(self._words)
        if not self._calls and _CALL_AS_TEXT.match(text):
            return Proposal(
                failure="the model wrote its call as text, which its server did not read: start "
                "that with its tool calling on, or choose another model (OPENAI_MODEL)"
            )
        return _bounded(Proposal(items=tuple(self._items), calls=tuple(self._calls), text=text))


def fresh_id(given: object, taken: set[str]) -> str:
    """The id itself where it is one of its own, else a new one; it is taken then."""
    call_id = given if isinstance(given, str) and given else ""
    number = len(taken)
    while not call_id or call_id in taken:
        number += 1
        call_id = f"call{number:05}"  # nine letters and digits: all that Mistral's servers take
    taken.add(call_id)
    return call_id


def sendable(name: object, arguments: object) -> tuple[str, str]:
    """A call's name and arguments as every server takes them back, whatever a model wrote: servers
    refuse a whole talk for a name of other letters, or for arguments that are no JSON object."""
    cleaned = _NO_NAME.sub("_", str(name))[:_LONGEST_NAME] or "unnamed"
    text = str(arguments)
    return cleaned, text if _is_object(text) else json.dumps({"not_an_object": text})


def cut_off(reason: object) -> Proposal:
    return Proposal(failure=f"the model's output was cut off ({word(reason)})")


def refused(words: object) -> Proposal:
    return Proposal(failure=f"the model refused: {words}")


def word(value: object) -> str:
    """A reason that a server gives, if it is one."""
    return value[:_LONGEST_WORD] if isinstance(value, str) and value else "no reason given"


def parts_of(content: object, kind: str, field: str) -> Sequence[str]:
    """The texts of all parts of this kind; content may also be no list at all."""
    parts = content if isinstance(content, list) else []
    return [
        str(part.get(field) or "")
        for part in parts
        if isinstance(part, dict) and part.get("type") == kind
    ]


def _text_of(arguments: object) -> str:
    if isinstance(arguments, str):
        return arguments if arguments.strip() else "{}"
    return "{}" if arguments is None else json.dumps(arguments)


def _is_object(text: str) -> bool:
    try:
        return isinstance(json.loads(text, parse_constant=_no_number), dict)
    except (ValueError, RecursionError):
        return False


def _no_number(name: str) -> float:
    raise ValueError(f"{name} is no JSON number")


def _bounded(proposal: Proposal) -> Proposal:
    """What Temporal cannot carry would be asked for again and again, and never come to an end."""
    calls = len(proposal.calls)
    if calls > MAX_CALLS:
        return Proposal(
            failure=f"the model made {calls:,} calls at once, at most {MAX_CALLS} are allowed"
        )
    try:
        octets = len(proposal.model_dump_json().encode())
    except ValueError:  # half a surrogate pair, which JSON can spell
        return Proposal(failure="the model's answer holds characters that are no text")
    if octets > MAX_ANSWER:
        return Proposal(
            failure=f"the model's answer is too long: {octets:,} octets, at most {MAX_ANSWER:,}"
        )
    return proposal
