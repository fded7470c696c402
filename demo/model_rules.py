"""What the real Responses API refuses, as far as a stateless client can run into it.

A scripted model that took everything would let mistakes through that the real one does not.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

ENCRYPTED_PREFIX = "scripted-model:"
INCLUDE_REASONING = "reasoning.encrypted_content"

_KNOWN: dict[str, tuple[type, ...]] = {
    "include": (list,),
    "input": (str, list),
    "instructions": (str,),
    "max_output_tokens": (int,),
    "max_tool_calls": (int,),
    "metadata": (dict,),
    "model": (str,),
    "parallel_tool_calls": (bool,),
    "prompt_cache_key": (str,),
    "reasoning": (dict,),
    "safety_identifier": (str,),
    "service_tier": (str,),
    "store": (bool,),
    "stream": (bool,),
    "temperature": (int, float),
    "text": (dict,),
    "tool_choice": (str, dict),
    "tools": (list,),
    "top_p": (int, float),
    "truncation": (str,),
    "user": (str,),
}
_INPUT_TYPES = {"message", "reasoning", "function_call", "function_call_output"}
_CALL_FIELDS = {"type", "id", "call_id", "name", "arguments", "status"}
_TOOL_NAME = re.compile(r"[a-zA-Z0-9_-]{1,64}")


@dataclass(frozen=True, slots=True)
class ApiError:
    """An answer in the shape of the API's errors."""

    status: int
    message: str
    code: str | None = None
    type: str = "invalid_request_error"
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def body(self) -> dict[str, Any]:
        detail = {"message": self.message, "type": self.type, "param": None, "code": self.code}
        return {"error": detail}


def refusal_of(request: dict[str, Any]) -> ApiError | None:
    """The error that the real API would answer this request with; None if it would take it."""
    for check in (_parameters, _tools, _items):
        for error in check(request):
            return error
    return None


def _parameters(request: dict[str, Any]) -> Iterator[ApiError]:
    for name in ("model", "input"):
        if not request.get(name):
            message = f"Missing required parameter: '{name}'."
            yield ApiError(400, message, "missing_required_parameter")
    for name, value in request.items():
        if name not in _KNOWN:
            yield ApiError(400, f"Unknown parameter: '{name}'.", "unknown_parameter")
        elif value is not None and not is_a(value, _KNOWN[name]):
            message = f"Invalid type for '{name}': got {type(value).__name__}."
            yield ApiError(400, message, "invalid_type")
    if request.get("stream"):
        yield ApiError(400, "The scripted model does not stream.", "unsupported_value")


def is_a(value: Any, types: tuple[type, ...]) -> bool:
    # In Python True is an int, in JSON it is not.
    return isinstance(value, types) and (not isinstance(value, bool) or bool in types)


def _tools(request: dict[str, Any]) -> Iterator[ApiError]:
    for tool in request.get("tools") or []:
        if not isinstance(tool, dict) or tool.get("type") != "function":
            yield ApiError(400, "The scripted model knows no tools but functions.", "invalid_value")
        elif not is_tool_name(tool.get("name")):
            yield ApiError(400, "Invalid 'tools[].name'.", "invalid_value")
        elif tool.get("strict", True):
            for fault in strict_faults(tool.get("parameters")):
                message = f"Invalid schema for function '{tool['name']}': {fault}."
                yield ApiError(400, message, "invalid_function_parameters")


def is_tool_name(name: Any) -> bool:
    return isinstance(name, str) and _TOOL_NAME.fullmatch(name) is not None


def strict_faults(schema: Any) -> Iterator[str]:
    """Strict schemas know neither open objects, nor optional fields, nor defaults."""
    for part in _schemas(schema):
        names = set(part.get("properties", {}))
        if part.get("type") == "object" and part.get("additionalProperties") is not False:
            yield "'additionalProperties' is required to be supplied and to be false"
        if names != set(part.get("required", [])):
            yield "'required' is required to be supplied and to hold every property"
        for word in ("default", "oneOf", "prefixItems"):
            if word in part:
                yield f"'{word}' is not permitted"
        if not part.keys() & {"type", "anyOf", "allOf", "$ref", "enum", "const"}:
            yield "schema must have a 'type' key"


def _schemas(schema: Any) -> Iterator[dict[str, Any]]:
    if isinstance(schema, list):
        for part in schema:
            yield from _schemas(part)
    if isinstance(schema, dict):
        yield schema
        for name in ("properties", "$defs"):
            for part in schema.get(name, {}).values():
                yield from _schemas(part)
        for name in ("items", "anyOf", "allOf", "oneOf"):
            yield from _schemas(schema.get(name))


def _items(request: dict[str, Any]) -> Iterator[ApiError]:
    items = request["input"] if isinstance(request.get("input"), list) else []
    called: set[str] = set()
    answered: set[str] = set()
    for index, item in enumerate(items):
        yield from _shape(index, item)
        kind, call_id = item.get("type", "message"), str(item.get("call_id"))
        if kind == "function_call":
            called.add(call_id)
        elif kind == "function_call_output":
            if call_id not in called:
                message = f"No tool call found for function call output with call_id {call_id}."
                yield ApiError(400, message)
            answered.add(call_id)
    for call_id in sorted(called - answered):
        yield ApiError(400, f"No tool output found for function call {call_id}.")
    if items and items[-1].get("type") == "reasoning":
        message = "Item of type 'reasoning' was provided without its required following item."
        yield ApiError(400, message)


def _shape(index: int, item: Any) -> Iterator[ApiError]:
    kind = item.get("type", "message") if isinstance(item, dict) else None
    if kind not in _INPUT_TYPES:
        yield ApiError(400, f"Invalid value: 'input[{index}].type'.", "invalid_value")
    elif item.get("id"):
        message = (
            f"Item with id '{item['id']}' not found. Items are not persisted when `store` is set "
            "to false. Try again with `store` set to true, or remove this item from your input."
        )
        yield ApiError(404, message)
    elif kind == "reasoning":
        if not str(item.get("encrypted_content", "")).startswith(ENCRYPTED_PREFIX):
            message = "The encrypted content could not be verified."
            yield ApiError(400, message, "invalid_encrypted_content")
    elif kind == "function_call" and not is_tool_name(item.get("name")):
        yield ApiError(400, f"Invalid 'input[{index}].name'.", "invalid_value")
    elif kind == "function_call" and item.keys() - _CALL_FIELDS:
        yield ApiError(400, f"Unknown parameter in 'input[{index}]'.", "unknown_parameter")
    elif kind == "function_call_output" and not isinstance(item.get("output"), (str, list)):
        yield ApiError(400, f"Invalid type for 'input[{index}].output'.", "invalid_type")
    elif kind == "message" and item.get("role") not in ("user", "assistant", "system", "developer"):
        yield ApiError(400, f"Invalid value: 'input[{index}].role'.", "invalid_value")
