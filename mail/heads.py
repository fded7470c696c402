"""Where a message's or part's header ends, its fields, and the parameters of the structured ones.

By hand, because `email` takes four times as long; where a parameter is not plain (RFC 2231 pieces,
broken quotes) it is asked. A test holds that both agree.
"""

import re
from dataclasses import dataclass
from email.message import Message as EmailMessage
from email.utils import collapse_rfc2231_value
from functools import cached_property
from itertools import islice

from mail.decoding import HEADER_CHARACTERS, header_text

HEADERS = 500
HEAD_BYTES = 256 * 1024

# The first line that is no header field nor the rest of one: blank, or where the body begins
# without a blank line.
_END = re.compile(rb"^(?![\x21-\x39\x3b-\x7e]+[ \t]*:|[ \t]|From )", re.MULTILINE)
# A blank before the colon is obsolete (RFC 5322 §4.5.8), and for `email` the end of all headers.
_FIELD = re.compile(r"^([!-9;-~]+)[ \t]*:(.*(?:\n[ \t].*)*)", re.MULTILINE)
_BLANK_LINE = re.compile(rb"\A\r?\n")
_TYPE = re.compile(r"[^;\s(]*")
_PARAMETER = re.compile(r"""\s*;\s*([\w!#$%&+.^`{|}~-]+)\s*=\s*(?:"([^"\\]*)"|([^\s;"\\]*))\s*""")


@dataclass(frozen=True)
class Head:
    fields: tuple[tuple[str, str], ...]
    """Names in lower case with unfolded values; encoded words are still encoded."""
    cut: bool = False
    """Whether there were more fields than are read."""

    @cached_property
    def _first(self) -> dict[str, str]:
        return dict(reversed(self.fields))

    def first(self, name: str) -> str:
        return self._first.get(name, "")

    @cached_property
    def content_type(self) -> str:
        """In lower case; text/plain where there is none or it is none (RFC 2045 §5.2)."""
        kind = _TYPE.match(self.first("content-type").lstrip())
        shown = kind[0].lower() if kind else ""
        return shown if shown.count("/") == 1 else "text/plain"

    @property
    def disposition(self) -> str:
        kind = _TYPE.match(self.first("content-disposition").lstrip())
        return kind[0].lower() if kind else ""

    def parameter(self, name: str, field: str = "content-type") -> str:
        """'' where there is none; the first of several."""
        value = self.first(field)
        if ";" not in value:
            return ""
        plain = self._type_parameters if field == "content-type" else _plain_parameters(value)
        return _by_email(value, name) if plain is None else plain.get(name, "")

    @cached_property
    def _type_parameters(self) -> dict[str, str] | None:
        return _plain_parameters(self.first("content-type"))

    @cached_property
    def file_name(self) -> str:
        return self.parameter("filename", "content-disposition") or self.parameter("name")


def split_head(raw: bytes) -> tuple[Head, bytes]:
    end = _END.search(raw, 0, HEAD_BYTES)
    # Without an end in sight there is no body: a rest of some header is nobody's words.
    head, body = (raw[: end.start()], raw[end.start() :]) if end else (raw[:HEAD_BYTES], b"")
    # Alone, a CR would end a line for `email`, but for no mail server.
    lines = head.replace(b"\r\n", b"\n").replace(b"\r", b" ").decode("ascii", "surrogateescape")
    found = list(islice(_FIELD.finditer(lines), HEADERS + 1))
    fields = tuple(
        (match[1].lower(), header_text(match[2].lstrip(" \t")).strip()) for match in found[:HEADERS]
    )
    return Head(fields, len(found) > HEADERS), _BLANK_LINE.sub(b"", body, count=1)


def head_of(raw: bytes) -> bytes:
    """The header of a message as it stands."""
    end = _END.search(raw)
    return raw[: end.start()] if end else raw


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
