"""Authentication-Results (RFC 8601) as our own mail server writes them. Pure.

Anybody can write such a field into a mail. Only the top-most is looked at, and only if it bears the
name of our server, which has to remove those that claim it (RFC 8601 §5).
"""

import re
from dataclasses import dataclass, field

FIELD = "authentication-results"
EXCHANGE_ONLINE = "exchange-online"
"""In place of a name: Microsoft's form, which has none."""
_LONGEST = 8 * 1024
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[^\s";()=]+|[;=]|\(|\)')
# Unquoted, an envelope sender may hold the sign: prvs=0123456789=alice@example.com
_VALUE = re.compile(r'"(?:[^"\\]|\\.)*"|[^\s";()]+')
_METHOD = re.compile(r"[a-z][a-z0-9-]*(?:/\d+)?")


@dataclass(frozen=True, slots=True)
class Result:
    """One method's word: `dkim`, `pass`, and properties such as `header.d`, in lower case; of a
    value the case is kept."""

    method: str
    result: str
    properties: dict[str, str] = field(default_factory=dict)


def results_of(value: str, authserv_id: str | None) -> list[Result] | None:
    """None if it is not that server's (with None any is meant), or cannot be taken apart for
    certain."""
    if len(value) > _LONGEST:
        return None
    groups = _groups(value)
    if groups is None:
        return None
    if authserv_id != EXCHANGE_ONLINE:
        # A version may follow the name.
        head, *groups = groups
        named = head[0].strip('"').lower() if head else ""
        if "=" in head or len(head) > 2 or named != (authserv_id or named).lower():
            return None
    results = [_result(group) for group in groups if group and group != ["none"]]
    return None if None in results else [result for result in results if result is not None]


def server_of(value: str) -> str:
    """The name that the field's server gives itself, in lower case; EXCHANGE_ONLINE if it gives
    none; '' if it cannot be taken apart. Anybody may have written it."""
    groups = _groups(value) if len(value) <= _LONGEST else None
    if not groups or not groups[0]:
        return ""
    return EXCHANGE_ONLINE if "=" in groups[0] else groups[0][0].strip('"').lower()


def _groups(value: str) -> list[list[str]] | None:
    """The words between semicolons, without comments; None if quotes or comments do not close."""
    groups: list[list[str]] = [[]]
    depth = at = 0
    while at < len(value):
        if value[at].isspace():
            at += 1
            continue
        if depth:
            # In a comment only brackets and escapes mean something.
            depth += {"(": 1, ")": -1}.get(value[at], 0)
            at += 2 if value[at] == "\\" else 1
            continue
        pattern = _VALUE if groups[-1][-1:] == ["="] else _TOKEN
        match = pattern.match(value, at)
        if not match or match[0] == ")":
            return None
        at = match.end()
        if match[0] == "(":
            depth = 1
        elif match[0] == ";":
            groups.append([])
        else:
            groups[-1].append(match[0])
    return None if depth else groups


def _result(words: list[str]) -> Result | None:
    """`method = result property = value …`; None for anything else."""
    if len(words) % 3 or any(words[at] != "=" for at in range(1, len(words), 3)):
        return None
    pairs = [(words[at].lower(), words[at + 2].strip('"')) for at in range(0, len(words), 3)]
    if not _METHOD.fullmatch(pairs[0][0]):
        return None
    properties: dict[str, str] = {}
    for name, value in pairs[1:]:
        if name in properties:
            return None
        properties[name] = value
    return Result(pairs[0][0].partition("/")[0], pairs[0][1].lower(), properties)
