"""The shop's tools as a model is offered them, in the form of the Responses API."""

from typing import Any

_COMMON = {"reasoning": {"type": "string"}, "risky_action": {"type": "boolean"}}
_ORDER = {"type": "integer"}
TEXT = {"type": "string"}


def tool(name: str, **properties: dict[str, str]) -> dict[str, Any]:
    fields = {**properties, **_COMMON}
    schema = {
        "type": "object",
        "properties": fields,
        "required": list(fields),
        "additionalProperties": False,
    }
    return {"type": "function", "name": name, "parameters": schema, "strict": True}


TOOLS = [
    tool("lookup_order", order_id=_ORDER),
    tool("refund_order", order_id=_ORDER, amount=TEXT, currency=TEXT),
    tool("cancel_order", order_id=_ORDER),
    tool("delete_test_data", environment=TEXT),
]
