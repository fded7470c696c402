"""Where a message's or part's header ends, its fields, and the parameters of the structured ones.

By hand, because `email` takes four times as long; where a parameter is not plain (RFC 2231 pieces,
broken quotes) it is asked. A test holds that both agree.
"""

import re
from collections.abc import Container, Mapping, Sequence
from email.message import Message as EmailMessage
from email.utils import collapse_rfc2231_value
from functools import lru_cache

from mail.decoding import HEADER_CHARACTERS, decode_words, header_text

HEADERS = 500
HEAD_BYTES = 256 * 1024

# Lines that are a header field or the rest of one. The first other one is blank, or where the body
# begins without a blank line.
_LINES = re.compile(
    rb"((?:(?:[!-9;-~]++[ \t]*+:|[ \t]|From )[^\n]*+\n?)*+)(?:\r?\n)?+(.*)", re.DOTALL
)
# A blank before the colon is obsolete (RFC 5322 §4.5.8), and for `email` the end of all headers.
_FIELD = re.compile(r"^([!-9;-~]++)[ \t]*+:(.*+(?:\n[ \t].*+)*+)", re.MULTILINE)
_TYPE = re.compile(r"[^;\s(]*")
_PARAMETER = re.compile(r"""\s*;\s*([\w!#$%&+.^`{|}~-]+)\s*=\s*(?:"([^"\\]*)"|([^\s;"\\]*))\s*""")
# What Content-Type is asked for.
_NONE = dict.fromkeys(
    ("boundary", "charset", "delsp", "format", "method", "name", "report-type", "smime-type"), ""
)
_CASELESS = frozenset({"delsp", "format", "method", "report-type", "smime-type"})


class Head:
    """The fields of a header. Of most nobody asks: a value is unfolded and decoded when it is."""

    __slots__ = (
        "_fields",
        "_several",
        "_texts",
        "_values",
        "content_type",
        "cut",
        "names",
        "parameters",
    )

    def __init__(self, fields: Sequence[tuple[str, str]] = (), cut: bool = False) -> None:
        """`fields` as they stand, in their order: ASCII, other bytes as surrogates."""
        self.cut = cut
        """Whether there were more fields than are read."""
        self._fields = fields
        # Backwards, so that of several the first one stays.
        self.names = {name.lower(): value for name, value in reversed(fields)}
        """In lower case, each with the first value of that name as it stands."""
        self._several = len(self.names) < len(fields)
        self._values: dict[str, list[str]] = {}
        self._texts: dict[str, str] = {}
        self.content_type, self.parameters = _content_type(self.first("content-type"))
        """In lower case; text/plain where there is none or it is none (RFC 2045 §5.2). Of its
        parameters the first of several; '' where there is none; the caseless in lower case."""

    @property
    def fields(self) -> tuple[tuple[str, str], ...]:
        """Names in lower case with unfolded values; encoded words are still encoded."""
        return tuple((name.lower(), _value(value)) for name, value in self._fields)

    def written(self) -> list[tuple[bytes, bytes]]:
        """The fields as they stand in the message."""
        return [
            (name.encode(), value.encode("ascii", "surrogateescape"))
            for name, value in self._fields
        ]

    def cuts(self, names: Container[str]) -> str:
        """Which of these fields is longer than what is read of one; '' if none."""
        longer = (n.lower() for n, value in self._fields if len(value) > HEADER_CHARACTERS)
        return next((name for name in longer if name in names), "")

    def values(self, name: str) -> list[str]:
        if name in self._values:
            return self._values[name]
        if name not in self.names:
            return []
        if self._several:
            found = [_value(value) for each, value in self._fields if each.lower() == name]
        else:
            found = [_value(self.names[name])]
        self._values[name] = found
        return found

    def of_names(self, names: Sequence[str]) -> list[str]:
        """The values of several fields, in the order they stand in."""
        present = [name for name in names if name in self.names]
        if len(present) < 2:
            return self.values(present[0]) if present else []
        return [_value(value) for name, value in self._fields if name.lower() in present]

    def first(self, name: str) -> str:
        return _value(self.names[name]) if name in self.names else ""

    def text(self, name: str) -> str:
        """The first one's, with its encoded words decoded; '' if there is none."""
        if name not in self._texts:
            values = self.values(name)
            self._texts[name] = decode_words(values[0]) if values else ""
        return self._texts[name]

    @property
    def disposition(self) -> str:
        if "content-disposition" not in self.names:
            return ""
        return _kind(self.first("content-disposition"))

    @property
    def file_name(self) -> str:
        if "content-disposition" not in self.names:
            return self.parameters["name"]
        value = self.first("content-disposition")
        plain = _plain_parameters(value)
        named = _by_email(value, "filename") if plain is None else plain.get("filename", "")
        return named or self.parameters["name"]


def split_head(raw: bytes) -> tuple[Head, bytes]:
    found = _LINES.match(raw)
    lines, body = (found[1], found[2]) if found else (b"", b"")
    text = lines[:HEAD_BYTES].decode("ascii", "surrogateescape")
    fields = _FIELD.findall(text)
    # Without an end in sight there is no body: a rest of some header is nobody's words.
    endless = len(lines) > HEAD_BYTES
    cut = endless or len(fields) > HEADERS
    return Head(fields[:HEADERS], cut), b"" if endless else body


def head_of(raw: bytes) -> bytes:
    """The header of a message as it stands."""
    found = _LINES.match(raw)
    return found[1] if found else b""


def _value(raw: str) -> str:
    value = raw.strip(" \t\r")
    # Nearly all are on one line; what is printable has no other blanks, no NUL, no surrogates.
    if value.isprintable() and len(value) <= HEADER_CHARACTERS:
        return value
    if "\r" in value:
        # Alone, a CR would end a line for `email`, but for no mail server.
        value = value.replace("\r\n", "\n").replace("\r", " ")
    return header_text(value).strip()


def _kind(value: str) -> str:
    kind = _TYPE.match(value)
    return kind[0].lower() if kind else ""


# Few are all that a program writes, and nearly all mail has.
@lru_cache(maxsize=256)
def _content_type(value: str) -> tuple[str, Mapping[str, str]]:
    kind, plain = _kind(value), _plain_parameters(value)
    if plain is None:
        parameters: Mapping[str, str] = _Broken(value)
    else:
        parameters = _NONE | plain | {n: plain[n].lower() for n in _CASELESS & plain.keys()}
    return kind if kind.count("/") == 1 else "text/plain", parameters


class _Broken(dict[str, str]):
    """Parameters that `email` is asked for, each when it is asked for."""

    def __init__(self, value: str) -> None:
        self._value = value

    def __missing__(self, name: str) -> str:
        found = _by_email(self._value, name)
        self[name] = found.lower() if name in _CASELESS else found
        return self[name]


def _plain_parameters(value: str) -> dict[str, str] | None:
    """None if there is anything in them but names with plain values."""
    at = value.find(";")
    if at < 0:
        return {}
    found: dict[str, str] = {}
    while match := _PARAMETER.match(value, at):
        found.setdefault(match[1].lower(), match[2] if match[2] is not None else match[3])
        at = match.end()
    return found if not value[at:].strip("; \t") else None


def _by_email(value: str, name: str) -> str:
    message = EmailMessage()
    # Its parser of parameters takes quadratic time.
    message["Content-Type"] = value[:HEADER_CHARACTERS]
    found = message.get_param(name)
    if found is None:
        return ""
    try:
        return collapse_rfc2231_value(found).strip()
    except (LookupError, ValueError):
        # The charset of a parameter is none: what it was to name, it names nothing.
        return ""
