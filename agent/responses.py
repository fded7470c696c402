"""The Responses API: what is asked of it, and what of its answer is kept. Pure.

Calls are stateless: nothing is stored at the provider, so server ids are stripped.
"""

from collections.abc import Sequence
from typing import Any

from agent.jobs import Proposal
from agent.proposals import Item, NoAnswerError, Turn, cut_off, parts_of, refused, sendable, word

_KEPT = ("message", "function_call", "reasoning")
_FOREIGN = "reasoning_content"  # in a reasoning item: of Chat Completions


def request(
    model: str, instructions: str, items: Sequence[Item], tools: Sequence[Item]
) -> dict[str, Any]:
    return {
        "model": model,
        "instructions": instructions,
        "input": [_sent(item) for item in items if _FOREIGN not in item],
        "tools": list(tools),
        "store": False,
        "include": ["reasoning.encrypted_content"],
    }


def proposal_of(answer: dict[str, Any], before: Sequence[Item]) -> Proposal:
    """Status first, then refusal, then calls: a truncated output holds no call to trust.

    `before` is what was said so far. Raises NoAnswerError where there is no output at all.
    """
    output, status = answer.get("output"), answer.get("status")
    if not isinstance(output, list) and status not in ("incomplete", "failed"):
        raise NoAnswerError(answer)
    if status == "incomplete":
        details = answer.get("incomplete_details")
        return cut_off(details.get("reason") if isinstance(details, dict) else None)
    if status not in (None, "completed"):
        error = answer.get("error")
        message = error.get("message") if isinstance(error, dict) else None
        return Proposal(failure=f"the model failed: {message or word(status)}")
    turn = Turn(before)
    for item in output or ():
        if isinstance(item, dict) and item.get("type") in _KEPT:
            for words in parts_of(item.get("content"), "refusal", "refusal"):
                return refused(words)
            _read(turn, item)
    return turn.proposal()


def _read(turn: Turn, item: Item) -> None:
    kept = _without_nulls({key: item[key] for key in item if key not in ("id", "status")})
    if item["type"] == "function_call":
        turn.call(kept, item.get("name"), item.get("arguments"), item.get("call_id"))
        return
    turn.keep(kept)
    if item["type"] == "message":
        for text in parts_of(item.get("content"), "output_text", "text"):
            turn.say(text)


def _sent(item: Item) -> Item:
    if item.get("type") != "function_call":
        return item
    name, arguments = sendable(item.get("name"), item.get("arguments"))
    rest = {key: value for key, value in item.items() if key != "extra_content"}
    return {**rest, "name": name, "arguments": arguments}


def _without_nulls(value: Any) -> Any:
    """Servers spell out what they leave open, and not all of it is taken back."""
    if isinstance(value, dict):
        return {key: _without_nulls(part) for key, part in value.items() if part is not None}
    return [_without_nulls(part) for part in value] if isinstance(value, list) else value
