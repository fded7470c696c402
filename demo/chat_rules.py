"""What servers of the Chat Completions API refuse: OpenAI's, and more where others are stricter.

Ollama refuses arguments that are no JSON object; others any field of a message that they do not
know.
"""

import json
from collections.abc import Iterator
from typing import Any

from demo.model_rules import ApiError, is_a, is_tool_name, strict_faults

_KNOWN: dict[str, tuple[type, ...]] = {
    "max_completion_tokens": (int,),
    "max_tokens": (int,),
    "messages": (list,),
    "model": (str,),
    "parallel_tool_calls": (bool,),
    "stream": (bool,),
    "temperature": (int, float),
    "tool_choice": (str, dict),
    "tools": (list,),
    "top_p": (int, float),
}
_FIELDS = {
    "system": {"role", "content"},
    "user": {"role", "content"},
    "assistant": {"role", "content", "tool_calls", "reasoning_content"},
    "tool": {"role", "content", "tool_call_id"},
}


def refusal_of(request: dict[str, Any]) -> ApiError | None:
    """The error that such a server would answer this request with; None if it would take it."""
    for check in (_parameters, _tools, _messages):
        for message in check(request):
            return ApiError(400, message)
    return None


def _parameters(request: dict[str, Any]) -> Iterator[str]:
    for name in ("model", "messages"):
        if not request.get(name):
            yield f"Missing required parameter: '{name}'."
    for name, value in request.items():
        if name not in _KNOWN:
            yield f"Unrecognized request argument supplied: {name}"
        elif not is_a(value, _KNOWN[name]):
            yield f"Invalid type for '{name}': got {type(value).__name__}."
    if request.get("stream"):
        yield "The scripted model does not stream."


def _tools(request: dict[str, Any]) -> Iterator[str]:
    if request.get("tools") == []:
        yield "[] is too short - 'tools'"
    for tool in request.get("tools") or []:
        function = tool.get("function") if isinstance(tool, dict) else None
        if not isinstance(function, dict) or tool.get("type") != "function":
            yield "Missing required parameter: 'tools[].function'."
        elif unknown := function.keys() - {"name", "description", "parameters", "strict"}:
            yield f"Unknown parameter: 'tools[].function.{min(unknown)}'."
        elif not is_tool_name(function.get("name")):
            yield "Invalid 'tools[].function.name'."
        elif function.get("strict"):
            for fault in strict_faults(function.get("parameters")):
                yield f"Invalid schema for function '{function['name']}': {fault}."


def _messages(request: dict[str, Any]) -> Iterator[str]:
    waiting: set[str] = set()  # calls of the last assistant's message that have no result yet
    for index, message in enumerate(request["messages"]):
        where = f"messages[{index}]"
        yield from _shape(where, message)
        if message["role"] == "tool":
            if message["tool_call_id"] not in waiting:
                yield (
                    "messages with role 'tool' must be a response to a preceeding message with "
                    "'tool_calls'."
                )
            waiting.remove(message["tool_call_id"])
            continue
        yield from _unanswered(waiting)
        for call in message.get("tool_calls") or []:
            if call["id"] in waiting:
                yield f"Duplicate value for 'id' in {where}.tool_calls: {call['id']}"
            waiting.add(call["id"])
    yield from _unanswered(waiting)


def _unanswered(waiting: set[str]) -> Iterator[str]:
    if waiting:
        yield (
            "An assistant message with 'tool_calls' must be followed by tool messages responding "
            f"to each 'tool_call_id'. No response: {', '.join(sorted(waiting))}"
        )


def _shape(where: str, message: Any) -> Iterator[str]:
    role = message.get("role") if isinstance(message, dict) else None
    if role not in _FIELDS:
        yield f"Invalid value: '{where}.role'."
    elif unknown := message.keys() - _FIELDS[role]:
        yield f"property '{where}.{min(unknown)}' is unsupported"
    elif role == "assistant":
        yield from _assistant(where, message)
    elif not isinstance(message.get("content"), str):
        yield f"Invalid type for '{where}.content': expected a string."
    elif role == "tool" and not message.get("tool_call_id"):
        yield f"Missing required parameter: '{where}.tool_call_id'."


def _assistant(where: str, message: dict[str, Any]) -> Iterator[str]:
    content, calls = message.get("content"), message.get("tool_calls")
    if calls is None:
        if not isinstance(content, str) or not content:
            yield f"Invalid type for '{where}.content': expected a string, got null."
        return
    if not isinstance(calls, list) or not calls:
        yield f"Invalid '{where}.tool_calls': empty array."
        return
    for call in calls:
        function = call.get("function", {})
        if call.keys() - {"id", "type", "function", "extra_content"} or not call.get("id"):
            yield f"Invalid '{where}.tool_calls[].id', or a field that is unknown."
        elif call.get("type") != "function" or not is_tool_name(function.get("name")):
            yield f"Invalid '{where}.tool_calls[].function.name'."
        elif not _is_object(function.get("arguments")):
            yield f"invalid tool call arguments: '{where}' holds no JSON object"


def _is_object(text: Any) -> bool:
    try:
        return isinstance(text, str) and isinstance(json.loads(text), dict)
    except ValueError:
        return False
