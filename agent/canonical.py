"""The one form of an action's arguments: what is shown, digested and run (RFC 8785)."""

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any

import rfc8785

from agent.errors import BadArguments

PURPOSE = "hitl-action-v1"
_ARGUMENTS = "the arguments"
REQUEST_ID = re.compile(r"AR-[0-9A-HJKMNP-TV-Z]{10}")
REQUEST_ID_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def request_id_from(number: int) -> str:
    """`AR-` and ten digits of Crockford's base32 from the low 50 bits of `number`."""
    digits = [REQUEST_ID_ALPHABET[(number >> shift) & 31] for shift in range(45, -1, -5)]
    return "AR-" + "".join(digits)


def load_arguments(text: str) -> dict[str, Any]:
    """Parse a tool call's arguments. Raises BadArguments as `load_object` does."""
    return load_object(text, _ARGUMENTS)


def load_object(text: str, what: str) -> dict[str, Any]:
    """Raises BadArguments, naming `what`, for anything but one JSON object with distinct keys, and
    for numbers and strings that RFC 8785 cannot write."""
    value = _load(text, f"{what}: no JSON object")
    if not isinstance(value, dict):
        raise BadArguments(f"{what}: no JSON object")
    canonical_json(value, what)
    return value


def canonical_text(text: str, what: str) -> str:
    """JSON of any kind in its one form. Raises BadArguments as `load_object` does."""
    return canonical_json(_load(text, f"{what}: no JSON"), what)


def load_loosely(text: str, what: str) -> dict[str, Any]:
    """The same for what is only read: numbers of any size, lone surrogates as question marks."""
    try:
        value = json.loads(text, object_pairs_hook=_distinct)
        written = json.dumps(value, ensure_ascii=False).encode(errors="replace")
        value = json.loads(written)
    except (ValueError, RecursionError) as error:
        raise BadArguments(f"{what}: no JSON object: {error}") from error
    if not isinstance(value, dict):
        raise BadArguments(f"{what}: no JSON object")
    return value


def canonical_json(value: Any, what: str = _ARGUMENTS) -> str:
    """RFC 8785. Raises BadArguments for NaN, integers beyond ±2^53 and lone surrogates."""
    try:
        return rfc8785.dumps(value).decode()
    except (rfc8785.CanonicalizationError, UnicodeError, RecursionError) as error:
        raise BadArguments(f"{what}: no canonical form: {error}") from error


def action_digest(request_id: str, tool: str, arguments: Mapping[str, Any]) -> str:
    """Lower-case hex SHA-256 of what a person consents to: this action of this request."""
    return _sha256(
        {
            "arguments": dict(arguments),
            "purpose": PURPOSE,
            "request_id": request_id,
            "tool": tool,
        }
    )


def action_fingerprint(tool: str, arguments: Mapping[str, Any]) -> str:
    """The same for every request id: tells whether an action was proposed before."""
    return _sha256({"arguments": dict(arguments), "tool": tool})


def _sha256(value: dict[str, Any]) -> str:
    return hashlib.sha256(canonical_json(value).encode()).hexdigest()


def _load(text: str, fault: str) -> Any:
    try:
        return json.loads(text, object_pairs_hook=_distinct, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise BadArguments(f"{fault}: {error}") from error


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    # json.loads keeps the last of duplicate keys: an approver could be shown another one.
    value = dict(pairs)
    if len(value) != len(pairs):
        raise ValueError("a key stands twice")
    return value


def _refuse_constant(name: str) -> float:
    raise ValueError(f"{name} is no JSON number")
