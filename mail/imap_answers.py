"""What IMAP responses say (RFC 9051 §7), in whatever order and form servers say it. Pure.

A response that cannot be read says nothing: servers may send what nobody asked for.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import TypeAlias

from mail.imap_stream import Response

Item: TypeAlias = "bytes | None | list[Item]"
"""An atom or string, NIL, or a list in parentheses."""

_TOKEN = re.compile(
    rb"""[ ]*(?:
        (?P<bracket>[()])
        | "(?P<quoted>(?:[^"\\]|\\.)*)"
        | (?P<atom>(?:\[[^\]]{0,9999}\]|[^ ()"])+)
        | (?P<end>\Z)
    )""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPED = re.compile(rb"\\(.)", re.DOTALL)
_CODE = re.compile(rb" *\[([^] ]+)(?: ([^]]*))?\]")
_DATE = re.compile(
    r" *(\d{1,2})-([a-z]{3})-(\d{4}) (\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d)", re.IGNORECASE
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_SIZE = re.compile(rb"\d{1,18}")
_UID_DIGITS = len(str(2**32))


@dataclass(frozen=True, slots=True)
class Listed:
    """A folder that mail fits in, with its attributes in lower case (RFC 6154: `\\junk`)."""

    name: str
    delimiter: str
    """'' if names are flat."""
    attributes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Fetched:
    body: bytes
    internal_date: datetime | None
    """UTC; None if the server does not tell, or not in the form that RFC 9051 has."""


def fetched(responses: Iterable[Response], section: str) -> dict[int, Fetched]:
    """By UID: this section (such as `BODY[]`) of the messages which the server tells it of.

    One message's items may be spread over several responses, and be about others.
    """
    messages: dict[int, dict[bytes, Item]] = {}
    for response in responses:
        named = _named(response)
        uid = _uid(named.get(b"UID"))
        for name, value in named.items() if uid else ():
            messages.setdefault(uid, {}).setdefault(name, value)
    found = {}
    for uid, named in messages.items():
        for name, value in named.items():
            if name.startswith(section.encode()) and not isinstance(value, list):
                # NIL is a message without content to the server: not one that is gone.
                found[uid] = Fetched(value or b"", internal_date(named.get(b"INTERNALDATE")))
                break
    return found


def sized(responses: Iterable[Response]) -> dict[int, int]:
    """RFC822.SIZE by UID, in octets."""
    found = {}
    for response in responses:
        named = _named(response)
        uid, size = _uid(named.get(b"UID")), named.get(b"RFC822.SIZE")
        if uid and isinstance(size, bytes) and _SIZE.fullmatch(size):
            found[uid] = int(size)
    return found


def searched(responses: Iterable[Response]) -> list[int]:
    """The UIDs of all SEARCH responses, in ascending order."""
    words = (word for response in responses for word in response.parts[0].split())
    return sorted({uid for word in words if (uid := _uid(word))})


def capabilities(response: Response) -> set[str]:
    words = response.parts[0].decode("ascii", "replace").upper().split()
    return set(words[2:])


def code(text: bytes) -> tuple[str, str]:
    """The code in brackets that a status text begins with, and its argument (RFC 9051 §7.1)."""
    match = _CODE.match(text)
    if match is None:
        return "", ""
    name, argument = match[1], match[2] or b""
    return name.decode("ascii", "replace").upper(), argument.decode("ascii", "replace")


def personal_prefix(responses: Iterable[Response]) -> str:
    """Of NAMESPACE responses: what the names of the user's own folders begin with (RFC 2342); its
    end is the delimiter. Empty if the server names none that we can use."""
    for response in responses:
        match _items(response):
            case [_, _, [[bytes(prefix), *_], *_], *_]:
                return _printable(prefix)
    return ""


def listed(responses: Iterable[Response]) -> Iterator[tuple[str, bool]]:
    """Of LIST responses: the delimiter ('' if names are flat), and whether mail fits in there."""
    for response in responses:
        match _items(response):
            case [_, _, list(flags), delimiter, bytes()]:
                names = {flag.upper() for flag in flags if isinstance(flag, bytes)}
                selectable = not names & {rb"\NOSELECT", rb"\NONEXISTENT"}
                yield _printable(delimiter), selectable


def folders_of(responses: Iterable[Response]) -> Iterator[Listed]:
    """Of LIST responses: the folders that can be selected and whose names can be sent back."""
    for response in responses:
        match _items(response):
            case [_, _, list(flags), delimiter, bytes(raw)]:
                attributes = frozenset(_printable(flag).lower() for flag in flags)
                name = _printable(raw)
                if name and not attributes & {r"\noselect", r"\nonexistent"}:
                    yield Listed(name, _printable(delimiter), attributes)


def internal_date(value: Item) -> datetime | None:
    """`24-Nov-2026 10:00:00 +0000` -> UTC; None if it is anything else."""
    match = _DATE.fullmatch(value.decode("ascii", "replace")) if isinstance(value, bytes) else None
    if match is None or match[2].lower() not in _MONTHS:
        return None
    day, year, hour, minute, second, hours, minutes = map(int, match.group(1, 3, 4, 5, 6, 8, 9))
    offset = timedelta(hours=hours, minutes=minutes) * (-1 if match[7] == "-" else 1)
    month = _MONTHS.index(match[2].lower()) + 1
    try:
        zone = timezone(offset)
        return datetime(year, month, day, hour, minute, second, tzinfo=zone).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _named(response: Response) -> dict[bytes, Item]:
    """`* 1 FETCH (A 1 B 2)` -> {A: 1, B: 2}, names in upper case."""
    match _items(response):
        case [_, _, _, list(pairs)]:
            found: dict[bytes, Item] = {}
            for name, value in zip(pairs[::2], pairs[1::2], strict=False):
                if isinstance(name, bytes):
                    found.setdefault(name.upper(), value)
            return found
    return {}


def _items(response: Response) -> list[Item]:
    """The response as nested lists; empty if it is malformed."""
    stack: list[list[Item]] = [[]]
    for number, part in enumerate(response.parts):
        if number % 2:
            stack[-1].append(part)
        elif not _read(part, stack):
            return []
    return stack[0] if len(stack) == 1 else []


def _read(text: bytes, stack: list[list[Item]]) -> bool:
    position = 0
    while match := _TOKEN.match(text, position):
        position = match.end()
        if match["end"] is not None:
            return True
        if match["bracket"] == b"(":
            inner: list[Item] = []
            stack[-1].append(inner)
            stack.append(inner)
        elif match["bracket"] == b")":
            stack.pop()
            if not stack:
                return False
        elif match["quoted"] is not None:
            stack[-1].append(_ESCAPED.sub(rb"\1", match["quoted"]))
        else:
            atom = match["atom"]
            stack[-1].append(None if atom.upper() == b"NIL" else atom)
    return False


def _printable(value: Item) -> str:
    """Names are ASCII (RFC 3501 §5.1.3); of others, which could not be sent, nothing."""
    text = value.decode("ascii", "replace") if isinstance(value, bytes) else ""
    return text if text.isascii() and text.isprintable() else ""


def _uid(value: Item) -> int:
    """0 if it is none."""
    digits = isinstance(value, bytes) and value.isdigit() and len(value) <= _UID_DIGITS
    return int(value) if digits and isinstance(value, bytes) else 0
