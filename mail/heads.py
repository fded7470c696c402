"""Where a message's or part's header ends, its fields, and the parameters of the structured ones.

By hand, because `email` takes four times as long; where a parameter is not plain (RFC 2231 pieces,
broken quotes) it is asked. A test holds that both agree.
"""

import re
from collections.abc import KeysView, Sequence
from email.message import Message as EmailMessage
from email.utils import collapse_rfc2231_value
from functools import lru_cache

from mail.decoding import HEADER_CHARACTERS, decode_words, header_text

HEADERS = 500
HEAD_BYTES = 256 * 1024

# Lines that are a header field or the rest of one. The first other one is blank, or where the body
# begins without a blank line.
_LINES = re.compile(rb"(?:(?:[!-9;-~]++[ \t]*+:|[ \t]|From ).*+\n?)*+")
# A blank before the colon is obsolete (RFC 5322 §4.5.8), and for `email` the end of all headers.
_FIELD = re.compile(r"^([!-9;-~]++)[ \t]*+:(.*+(?:\n[ \t].*+)*+)", re.MULTILINE)
_TYPE = re.compile(r"[^;\s(]*")
_PARAMETER = re.compile(r"""\s*;\s*([\w!#$%&+.^`{|}~-]+)\s*=\s*(?:"([^"\\]*)"|([^\s;"\\]*))\s*""")


class Head:
    """The fields of a header. Of most nobody asks: a value is unfolded and decoded when it is."""

    __slots__ = ("_fields", "_parameters", "_raw", "_texts", "_values", "content_type", "cut")

    def __init__(self, fields: Sequence[tuple[str, str]] = (), cut: bool = False) -> None:
        """`fields` as they stand, in their order."""
        self.cut = cut
        """Whether there were more fields than are read."""
        self._fields = fields
        self._raw: dict[str, list[str]] = {}
        for name, value in fields:
            self._raw.setdefault(name.lower(), []).append(value)
        self._values: dict[str, list[str]] = {}
        self._texts: dict[str, str] = {}
        self.content_type, self._parameters = _content_type(self.first("content-type"))
        """In lower case; text/plain where there is none or it is none (RFC 2045 §5.2)."""

    @property
    def fields(self) -> tuple[tuple[str, str], ...]:
        """Names in lower case with unfolded values; encoded words are still encoded."""
        return tuple((name.lower(), _value(value)) for name, value in self._fields)

    @property
    def names(self) -> KeysView[str]:
        return self._raw.keys()

    def values(self, name: str) -> list[str]:
        found = self._values.get(name)
        if found is None:
            if name not in self._raw:
                return []
            found = self._values[name] = [_value(value) for value in self._raw[name]]
        return found

    def of_names(self, names: Sequence[str]) -> list[str]:
        """The values of several fields, in the order they stand in."""
        present = [name for name in names if name in self._raw]
        if len(present) < 2:
            return [value for name in present for value in self.values(name)]
        return [_value(value) for name, value in self._fields if name.lower() in present]

    def first(self, name: str) -> str:
        return self.values(name)[0] if name in self._raw else ""

    def text(self, name: str) -> str:
        """The first one's, with its encoded words decoded; '' if there is none."""
        if name not in self._raw:
            return ""
        text = self._texts.get(name)
        if text is None:
            text = self._texts[name] = decode_words(self.values(name)[0])
        return text

    @property
    def disposition(self) -> str:
        value = self.first("content-disposition")
        return _kind(value) if value else ""

    def parameter(self, name: str, field: str = "content-type") -> str:
        """'' where there is none; the first of several."""
        if field == "content-type":
            plain = self._parameters
        else:
            plain = _plain_parameters(self.first(field)) if field in self._raw else {}
        return _by_email(self.first(field), name) if plain is None else plain.get(name, "")

    @property
    def file_name(self) -> str:
        return self.parameter("filename", "content-disposition") or self.parameter("name")


def split_head(raw: bytes) -> tuple[Head, bytes]:
    found = _LINES.match(raw)
    end = found.end() if found else 0
    lines = raw[: min(end, HEAD_BYTES)].decode("ascii", "surrogateescape")
    fields = _FIELD.findall(lines)
    # Without an end in sight there is no body: a rest of some header is nobody's words.
    body = _without_blank_line(raw, end) if end <= HEAD_BYTES else b""
    return Head(fields[:HEADERS], len(fields) > HEADERS), body


def _without_blank_line(raw: bytes, at: int) -> bytes:
    if raw.startswith(b"\n", at):
        return raw[at + 1 :]
    return raw[at + 2 :] if raw.startswith(b"\r\n", at) else raw[at:]


def head_of(raw: bytes) -> bytes:
    """The header of a message as it stands."""
    lines = _LINES.match(raw)
    return lines[0] if lines else b""


def _value(raw: str) -> str:
    value = raw.strip(" \t\r")
    # Nearly all are on one line; what is printable has no other blanks, nor NUL.
    if value.isascii() and value.isprintable() and len(value) <= HEADER_CHARACTERS:
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
def _content_type(value: str) -> tuple[str, dict[str, str] | None]:
    kind = _kind(value)
    return kind if kind.count("/") == 1 else "text/plain", _plain_parameters(value)


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
