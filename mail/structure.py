"""Hostile bytes to headers and text parts, within bounds that hold whatever the bytes are.

Headers are read by `email` (compat32); the tree is walked here, because `email` recurses once a
level and takes seconds for ten thousand parts (it reads all of them before it can be asked).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message as Header
from email.parser import BytesHeaderParser
from email.policy import compat32

from mail.decoding import (
    HEADER_CHARACTERS,
    decode_charset,
    decode_transfer,
    decode_words,
    header_text,
)

BYTES = 1024 * 1024
DEPTH = 20
PARTS = 100
HEADERS = 500
HEAD_BYTES = 256 * 1024
TEXT = 64 * 1024
# Outlook spends ten times a text's length on its styles; the text taken from HTML is cut at TEXT.
HTML = 256 * 1024

# The first line that is no header field nor the rest of one: blank, or where the body begins
# without a blank line.
_HEAD_END = re.compile(rb"^(?![\x21-\x39\x3b-\x7e]+[ \t]*:|[ \t]|From )", re.MULTILINE)
# RFC 5322 §4.5.8: obsolete, and for `email` the end of all headers.
_BLANK_COLON = re.compile(rb"^([\x21-\x39\x3b-\x7e]+)[ \t]+:", re.MULTILINE)
_BLANK_LINE = re.compile(rb"\A\r?\n")
_PARSER = BytesHeaderParser(policy=compat32)
_STRUCTURED = ("Content-Type", "Content-Disposition")
# Beside text: what tells a delivery report, and the headers of ours that it returns.
_REPORTS = (
    ("message/delivery-status", "message/global-delivery-status", "message/feedback-report")
    + ("message/rfc822", "text/rfc822-headers", "message/global", "message/global-headers")
    + ("message/disposition-notification", "text/calendar", "application/ics")
)


@dataclass(frozen=True, slots=True)
class Part:
    """A leaf of the tree: its kind, and its text where it has one."""

    content_type: str
    text: str = ""
    attached: bool = False
    """An attachment: by its disposition, or because it has a file name."""
    alternative: int = 0
    """Which multipart/alternative it lies in (the outermost, counted from 1); 0 for none."""
    method: str = ""
    """The `method` of a calendar part (RFC 6047)."""
    cut: bool = False
    """Whether it was longer than what is read."""


@dataclass(frozen=True, slots=True)
class Message:
    headers: tuple[tuple[str, str], ...]
    """Names in lower case with unfolded values; encoded words are still encoded."""
    content_type: str
    report_type: str
    parts: tuple[Part, ...]
    cut: bool = False
    """Whether there was more of it than what is read: bytes, header fields, parts, or depth."""

    def get_all(self, name: str) -> list[str]:
        return [value for key, value in self.headers if key == name]

    def text(self, name: str) -> str:
        """The first header of that name, decoded; '' if there is none."""
        return decode_words(next(iter(self.get_all(name)), ""))


@dataclass(slots=True)
class _Walk:
    """How much of the tree was seen."""

    parts: int = 0
    cut: bool = False
    alternatives: int = 0
    leaves: list[Part] = field(default_factory=list)


def parse(raw: bytes) -> Message:
    header, body = _split_head(raw[:BYTES])
    walk = _Walk()
    _visit(walk, header, body, depth=0, alternative=0)
    return Message(
        headers=tuple(_headers(header)),
        content_type=header.get_content_type(),
        report_type=_parameter(header, "report-type"),
        parts=tuple(walk.leaves),
        cut=walk.cut or len(raw) >= BYTES or len(header) > HEADERS,
    )


def _split_head(raw: bytes) -> tuple["Header[str, str]", bytes]:
    end = _HEAD_END.search(raw, 0, HEAD_BYTES)
    # Without an end in sight there is no body: a rest of some header is nobody's words.
    head, body = (raw[: end.start()], raw[end.start() :]) if end else (raw[:HEAD_BYTES], b"")
    # Alone, a CR would end a line for `email`, but for no mail server.
    head = head.replace(b"\r\n", b"\n").replace(b"\r", b" ")
    header = _PARSER.parsebytes(_BLANK_COLON.sub(rb"\1:", head))
    for name in _STRUCTURED:
        if len(value := str(header.get(name, ""))) > HEADER_CHARACTERS:
            # The parser of parameters takes quadratic time.
            header.replace_header(name, value[:HEADER_CHARACTERS])
    return header, _BLANK_LINE.sub(b"", body, count=1)


def _headers(header: "Header[str, str]") -> Iterator[tuple[str, str]]:
    for name, value in list(header.raw_items())[:HEADERS]:
        yield name.lower(), header_text(str(value)).strip()


def _visit(
    walk: _Walk, header: "Header[str, str]", body: bytes, depth: int, alternative: int
) -> None:
    content_type = header.get_content_type()
    if not content_type.startswith("multipart/"):
        walk.leaves.append(_leaf(header, content_type, body, alternative))
        return
    if content_type == "multipart/alternative" and not alternative:
        walk.alternatives += 1
        alternative = walk.alternatives
    boundary = header.get_boundary()
    # In a digest a part is a message of somebody else's unless it says otherwise (RFC 2046 §5.1.5).
    if not boundary or depth >= DEPTH or content_type == "multipart/digest":
        walk.cut = walk.cut or depth >= DEPTH
        return
    for chunk in _chunks(body, boundary.encode("utf-8", "surrogateescape")):
        walk.parts += 1
        if walk.parts > PARTS:
            walk.cut = True
            return
        _visit(walk, *_split_head(chunk), depth=depth + 1, alternative=alternative)


def _chunks(body: bytes, boundary: bytes) -> Iterator[bytes]:
    delimiter = re.compile(rb"^--" + re.escape(boundary) + rb"(--)?[ \t]*\r?$\n?", re.MULTILINE)
    start = None
    for match in delimiter.finditer(body):
        if start is not None:
            yield _without_break(body[start : match.start()])
        if match[1]:
            return
        start = match.end()
    if start is not None:
        yield body[start:]


def _without_break(chunk: bytes) -> bytes:
    # The line break before a delimiter belongs to the delimiter (RFC 2046 §5.1.1).
    return chunk.removesuffix(b"\n").removesuffix(b"\r")


def _leaf(header: "Header[str, str]", content_type: str, body: bytes, alternative: int) -> Part:
    attached = _attached(header)
    method = _parameter(header, "method")
    # amavis, Notes and others give the parts of their reports file names.
    if content_type not in _REPORTS and (attached or not content_type.startswith("text/")):
        return Part(content_type, attached=attached, alternative=alternative, method=method)
    if content_type in ("message/rfc822", "message/global"):
        end = _HEAD_END.search(body)
        body = body[: end.start()] if end else body
    limit = HTML if content_type == "text/html" else TEXT
    encoding = str(header.get("Content-Transfer-Encoding", "")).strip().lower()
    raw = decode_transfer(body, encoding, limit)
    text = decode_charset(raw[:limit], header.get_content_charset() or "")
    return Part(
        content_type,
        text.replace("\r\n", "\n"),
        attached=attached,
        alternative=alternative,
        method=method,
        cut=len(raw) > limit,
    )


def _attached(header: "Header[str, str]") -> bool:
    disposition = header.get_content_disposition() or ""
    # Apple Mail calls attached text files inline; only their name gives them away.
    return disposition == "attachment" or bool(header.get_filename())


def _parameter(header: "Header[str, str]", name: str) -> str:
    value = header.get_param(name)
    return value.strip().lower() if isinstance(value, str) else ""
