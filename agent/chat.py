"""The Chat Completions API, for servers that have no other: the items of a talk become messages,
and its answer becomes items again. Pure.

No more is sent than every server knows. Two things that some servers want back with their own
calls are kept in items and given back here alone: `extra_content` (Gemini's signatures) and
`reasoning_content` (DeepSeek's thoughts). Other reasoning is dropped.
"""

import json
from collections import defaultdict, deque
from collections.abc import Sequence
from typing import Any

from agent.jobs import Proposal
from agent.proposals import (
    Item,
    NoAnswerError,
    Turn,
    cut_off,
    fresh_id,
    parts_of,
    refused,
    sendable,
    word,
)

Message = dict[str, Any]

# What a server without a word for it leaves out, or calls so: then the output is whole.
_WHOLE = (None, "", "stop", "tool_calls", "function_call")
_CUT = ("length", "content_filter")
_UNKNOWN = json.dumps({"status": "unknown", "reason": "there is no result of this call"})


def request(
    model: str, instructions: str, items: Sequence[Item], tools: Sequence[Item]
) -> dict[str, Any]:
    system = {"role": "system", "content": instructions}
    return {
        "model": model,
        "messages": [system, *messages_of(items)],
        "tools": [_function(tool) for tool in tools],
    }


def messages_of(items: Sequence[Item]) -> list[Message]:
    """Whatever the order of the items: each call with its result right behind it, by an id that no
    other has. A call without a result gets one that says so; a result without a call is left out.
    """
    talk = _Talk(items)
    for item in items:
        if item.get("role") == "user":
            talk.end_turn()
            talk.messages.append({"role": "user", "content": _text(item.get("content"))})
        elif item.get("type") == "function_call_output":
            talk.end_turn()
        else:
            talk.said.append(item)
    talk.end_turn()
    return talk.messages


class _Talk:
    """Messages so far, and the items of the assistant's turn that is not ended yet."""

    def __init__(self, items: Sequence[Item]) -> None:
        self.messages: list[Message] = []
        self.said: list[Item] = []
        self._ids: set[str] = set()
        self._results: defaultdict[str, deque[str]] = defaultdict(deque)
        for item in items:
            if item.get("type") == "function_call_output":
                self._results[str(item.get("call_id"))].append(_text(item.get("output")))

    def end_turn(self) -> None:
        said, self.said = self.said, []
        text = "".join(_text(item.get("content")) for item in said if "content" in item)
        calls = [item for item in said if item.get("type") == "function_call"]
        if not text and not calls:
            return
        message: Message = {"role": "assistant", "content": text or None}
        self.messages.append(message)
        if calls:
            message.update(_thoughts(said))
            ids = [fresh_id(item.get("call_id"), self._ids) for item in calls]
            message["tool_calls"] = [
                _tool_call(i, item) for i, item in zip(ids, calls, strict=True)
            ]
            for call_id, item in zip(ids, calls, strict=True):
                results = self._results[str(item.get("call_id"))]
                content = results.popleft() if results else _UNKNOWN
                self.messages.append({"role": "tool", "tool_call_id": call_id, "content": content})


def proposal_of(answer: dict[str, Any], before: Sequence[Item]) -> Proposal:
    """How it ended first, then refusal, then calls: a truncated output holds no call to trust.

    `before` is what was said so far. Raises NoAnswerError where there is no message.
    """
    choices = answer.get("choices")
    choice = choices[0] if isinstance(choices, list) and choices else None
    message = choice.get("message") if isinstance(choice, dict) else None
    if not isinstance(choice, dict) or not isinstance(message, dict):
        raise NoAnswerError(answer)
    if choice.get("error"):
        raise NoAnswerError(choice)
    calls = _calls(message)
    if failure := _failure(choice.get("finish_reason"), message, bool(calls)):
        return failure
    turn = Turn(before)
    thoughts = message.get("reasoning_content")
    if isinstance(thoughts, str) and calls:
        turn.keep({"type": "reasoning", "summary": [], "reasoning_content": thoughts})
    if text := _text(message.get("content")):
        part = {"type": "output_text", "text": text, "annotations": []}
        turn.keep({"type": "message", "role": "assistant", "content": [part]})
        turn.say(text)
    for call in calls:
        function = call.get("function")
        function = function if isinstance(function, dict) else {}
        extra = {name: call[name] for name in ("extra_content",) if call.get(name)}
        turn.call(extra, function.get("name"), function.get("arguments"), call.get("id"))
    return turn.proposal()


def _failure(reason: object, message: Message, calls: bool) -> Proposal | None:
    if reason in _CUT:
        return cut_off(reason)
    if reason not in _WHOLE:
        return Proposal(failure=f"the model did not come to its end: {word(reason)}")
    for words in (message.get("refusal"), *parts_of(message.get("content"), "refusal", "refusal")):
        if words:
            return refused(words)
    if reason in ("tool_calls", "function_call") and not calls:
        return Proposal(
            failure="the model wanted to call a tool, and its server handed no call on: start that "
            "with its tool calling on, or choose another model (OPENAI_MODEL)"
        )
    return None


def _calls(message: Message) -> list[Item]:
    """Also that of the API before `tools`, which some servers still answer with."""
    calls = message.get("tool_calls")
    calls = calls if isinstance(calls, list) else []
    legacy = message.get("function_call")
    if not calls and isinstance(legacy, dict):
        calls = [{"function": legacy}]
    return [call for call in calls if isinstance(call, dict)]


def _tool_call(call_id: str, item: Item) -> Item:
    name, arguments = sendable(item.get("name"), item.get("arguments"))
    extra = {key: item[key] for key in ("extra_content",) if key in item}
    function = {"name": name, "arguments": arguments}
    return {"id": call_id, "type": "function", "function": function, **extra}


def _thoughts(said: Sequence[Item]) -> Message:
    thoughts = [item["reasoning_content"] for item in said if "reasoning_content" in item]
    return {"reasoning_content": "".join(map(str, thoughts))} if thoughts else {}


def _function(tool: Item) -> Item:
    """A function tool of the Responses API in this one's form; here only strict ones say so."""
    function = {name: tool[name] for name in ("name", "description", "parameters")}
    if tool["strict"]:
        function["strict"] = True
    return {"type": "function", "function": function}


def _text(content: object) -> str:
    if isinstance(content, str):
        return content
    return "".join(
        text for kind in ("output_text", "text") for text in parts_of(content, kind, "text")
    )
