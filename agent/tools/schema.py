"""What a model is told of a tool: its JSON schema, strict or plain, as the Responses API takes it.

Besides the tool's own arguments every call is asked for the model's `reasoning` and `risky_action`.
"""

from collections.abc import Callable, Iterator
from typing import Any

Schema = dict[str, Any]

OWN_FIELDS: dict[str, Schema] = {
    "reasoning": {"type": "string", "description": "Why this call serves the request."},
    "risky_action": {
        "type": "boolean",
        "description": "Whether it could lose data, cost money or touch production.",
    },
}
_NAMED = ("properties", "$defs")  # below these the keys are names, not words of the schema
# Strict mode knows none of them; what needs one is described to the model without it.
_NEVER_STRICT = {"oneOf", "prefixItems", "patternProperties", "propertyNames"}
_SHAPES = {"type", "anyOf", "allOf", "$ref", "enum", "const"}
_LISTS = ("anyOf", "allOf", "oneOf", "prefixItems")
_FORMATS = {"date-time", "time", "date", "duration", "email", "hostname", "ipv4", "ipv6", "uuid"}


def function_tool(name: str, description: str, arguments: Schema, *, strict: bool) -> Schema:
    """The function tool of the Responses API, from the JSON schema of a tool's arguments.

    `strict` asks for a schema that the server holds the model to: every object closed, every
    argument required, no defaults. Arguments that have no such form (open objects, values of any
    type) go out plain, as all do where `strict` is False: defaults kept, the rest optional.
    """
    strict = strict and all(_may_be_strict(part) for part in _parts(arguments))
    parameters = _strict(arguments) if strict else _plain(arguments)
    properties = {**parameters.get("properties", {}), **OWN_FIELDS}
    required = [*properties] if strict else [*parameters.get("required", []), *OWN_FIELDS]
    return {
        "type": "function",
        "name": name,
        "description": description,
        "parameters": {**parameters, "properties": properties, "required": required},
        # Never left out: in the Responses API a tool without it is a strict one.
        "strict": strict,
    }


def _strict(schema: Schema) -> Schema:
    part = _each(schema, _strict, dropped=("title", "default"))
    if part.get("type") == "object":
        part["additionalProperties"] = False
        part["required"] = [*part.get("properties", {})]
    return part


def _plain(schema: Schema) -> Schema:
    """Without what servers that know a part of JSON Schema trip over and nobody needs."""
    part = _each(schema, _plain, dropped=("title",))
    if isinstance(part.get("additionalProperties"), bool):
        del part["additionalProperties"]
    return part


def _each(schema: Schema, change: Callable[[Schema], Schema], dropped: tuple[str, ...]) -> Schema:
    """A copy in which the schemas right below are changed, and these words left out."""
    return {
        key: {name: change(part) for name, part in value.items()}
        if key in _NAMED
        else change(value)
        if isinstance(value, dict) and key != "default"
        else [change(part) if isinstance(part, dict) else part for part in value]
        if key in _LISTS
        else value
        for key, value in schema.items()
        if key not in dropped
    }


def _parts(schema: Schema) -> Iterator[Schema]:
    """The schema and every one within it."""
    yield schema
    for key, value in schema.items():
        if key in _NAMED:
            for part in value.values():
                yield from _parts(part)
        elif isinstance(value, dict) and key != "default":
            yield from _parts(value)
        elif key in _LISTS:
            for part in value:
                yield from _parts(part)


def _may_be_strict(schema: Schema) -> bool:
    if not schema.keys() & _SHAPES or schema.keys() & _NEVER_STRICT:
        return False
    if schema.get("format", "date") not in _FORMATS:
        return False
    if schema.get("type") != "object":
        return True
    return schema.get("additionalProperties", False) is False and "properties" in schema
