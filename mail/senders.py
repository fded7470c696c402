"""Every address in a message's From headers, in a form that two programs cannot read differently.

`email.utils` forgives too much before Python 3.11.10 (CVE-2023-27043); what is not exactly one
addr-spec, with or without a display name, stands as an empty string, which no approver equals.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from mail.address import parse_address

ADDRESSES = 50

_MARKS = re.compile(r'[\\"(),]')


def senders(from_headers: Sequence[str]) -> tuple[str, ...]:
    found = [address for value in from_headers for address in _addresses(value)]
    return tuple(found[:ADDRESSES])


# Of a message it is asked twice, and the same people answer again.
@lru_cache(maxsize=128)
def _addresses(value: str) -> tuple[str, ...]:
    return tuple(map(_address, _entries(value)))


def _entries(value: str) -> Iterator[str]:
    """Split at commas, without quoted strings and comments; a broken entry comes as '<'."""
    if not _MARKS.search(value):
        yield value
        return
    entry: list[str] = []
    quoted = escaped = False
    depth = 0
    for char in value:
        if escaped:
            escaped = False
        elif char == "\\" and (quoted or depth):
            escaped = True
        elif char == '"' and not depth:
            quoted = not quoted
            entry.append(" ")
        elif char in "()" and not quoted:
            depth = max(0, depth + (1 if char == "(" else -1))
            entry.append(" ")
        elif char == "," and not quoted and not depth:
            yield "".join(entry)
            entry = []
        elif not quoted and not depth:
            entry.append(char)
    yield "<" if quoted or depth else "".join(entry)


def _address(entry: str) -> str:
    text = entry.strip()
    if "<" in text:
        name, _, rest = text.partition("<")
        # A colon or semicolon makes a group, of which programs take one member or another.
        if not rest.endswith(">") or set(name) & set(":;"):
            return ""
        text = rest[:-1].strip()
    try:
        return parse_address(text)
    except ValueError:
        return ""
