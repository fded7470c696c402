"""Hostile bytes to headers and text parts, within bounds that hold whatever the bytes are.

The tree is walked here, because `email` recurses once a level and takes seconds for ten thousand
parts (it reads all of them before it can be asked).
"""

import re
from dataclasses import dataclass, field
from typing import NamedTuple

from mail.armour import ENCRYPTED, opened
from mail.charset_labels import codec_of
from mail.charsets import UNREAD, decode_charset
from mail.cms import content_of
from mail.flowed import joined
from mail.heads import Head, head_of, split_head
from mail.inline_files import without_files
from mail.transfer import decode_transfer

BYTES = 1024 * 1024
DEPTH = 20
PARTS = 100
TEXT = 64 * 1024
# Outlook spends ten times a text's length on its styles; the text taken from HTML is cut at TEXT.
HTML = 256 * 1024

# Beside text: what tells a delivery report, and the headers of ours that it returns.
_REPORTS = frozenset(
    ("message/delivery-status", "message/global-delivery-status", "message/feedback-report")
    + ("message/rfc822", "text/rfc822-headers", "message/global", "message/global-headers")
    + ("message/disposition-notification", "text/calendar", "application/ics")
)
_SMIME = ("application/pkcs7-mime", "application/x-pkcs7-mime")
# PGP/MIME (RFC 3156), and what Exchange makes of it.
_SEALED = ("multipart/encrypted", "application/pgp-encrypted")
_LIKE_A_DELIMITER = re.compile(rb"^--([\w'()+,./:=?-]{1,70})[ \t]*\r?\n", re.MULTILINE)
# What may follow a boundary on its line.
_REST = re.compile(rb"(--)?[ \t]*\r?$\n?", re.MULTILINE)
_LONE_CR = re.compile(rb"\r(?!\n)")
_META = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?([\w.:-]{1,60})", re.IGNORECASE)
_META_BYTES = 2048


class Part(NamedTuple):
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
    sealed: str = ""
    """Why there is text that cannot be read: it is encrypted."""


class Message(NamedTuple):
    head: Head
    report_type: str
    parts: tuple[Part, ...]
    cut: bool
    """Whether there was more of it than what is read: bytes, header fields, parts, or depth."""

    @property
    def headers(self) -> tuple[tuple[str, str], ...]:
        """Names in lower case with unfolded values; encoded words are still encoded."""
        return self.head.fields

    @property
    def content_type(self) -> str:
        return self.head.content_type

    def get_all(self, name: str) -> list[str]:
        return self.head.values(name)

    def text(self, name: str) -> str:
        """The first header of that name, decoded; '' if there is none."""
        return self.head.text(name)


@dataclass(slots=True)
class _Walk:
    """How much of the tree was seen."""

    parts: int = 0
    cut: bool = False
    alternatives: int = 0
    leaves: list[Part] = field(default_factory=list)
    room: dict[str, int] = field(default_factory=dict)
    """Bytes that are still read, by kind: a hundred texts are not a hundred times the limit."""


def parse(raw: bytes) -> Message:
    head, body = split_head(raw[:BYTES])
    walk = _Walk()
    _visit(walk, head, body, depth=0, alternative=0)
    return Message(
        head=head,
        report_type=head.parameters["report-type"],
        parts=tuple(walk.leaves),
        cut=walk.cut or head.cut or len(raw) >= BYTES,
    )


def _visit(walk: _Walk, head: Head, body: bytes, depth: int, alternative: int) -> None:
    kind = head.content_type
    if kind in _SMIME and not walk.leaves and not _is_signature(head):
        _visit_smime(walk, head, body, depth)
    elif kind in _SEALED:
        walk.leaves.append(Part(kind, sealed=ENCRYPTED))
    elif kind.startswith("multipart/"):
        if kind == "multipart/alternative" and not alternative:
            walk.alternatives += 1
            alternative = walk.alternatives
        _visit_parts(walk, head, body, depth, alternative)
    else:
        walk.leaves.append(_leaf(walk, head, body, alternative, top=depth == 0))


def _visit_smime(walk: _Walk, head: Head, body: bytes, depth: int) -> None:
    encoding = head.first("content-transfer-encoding")
    content = content_of(decode_transfer(body, encoding, BYTES))
    if content.mime is None:
        walk.leaves.append(Part(head.content_type, sealed=content.why))
    elif depth >= DEPTH:
        walk.cut = True
    else:
        _visit(walk, *split_head(content.mime), depth=depth + 1, alternative=0)


def _is_signature(head: Head) -> bool:
    return head.parameters["smime-type"] == "certs-only" or head.file_name.endswith(".p7s")


def _visit_parts(walk: _Walk, head: Head, body: bytes, depth: int, alternative: int) -> None:
    # In a digest a part is a message of somebody else's unless it says otherwise (RFC 2046 §5.1.5).
    if depth >= DEPTH or head.content_type == "multipart/digest":
        walk.cut = walk.cut or depth >= DEPTH
        return
    chunks = _chunks(body, head.parameters["boundary"])
    if chunks is None:
        # Programs show what is no multipart as the text that it is.
        walk.leaves.append(_leaf(walk, Head(), body, alternative))
        return
    for chunk in chunks:
        walk.parts += 1
        if walk.parts > PARTS:
            walk.cut = True
            return
        _visit(walk, *split_head(chunk), depth=depth + 1, alternative=alternative)


def _chunks(body: bytes, declared: str) -> list[bytes] | None:
    """What stands between the declared boundary, or that of the first line that looks like a
    delimiter where the declared one stands nowhere; None if neither does."""
    boundary = declared.encode("utf-8", "surrogateescape")
    chunks = _between(body, boundary) if boundary else None
    if chunks is None and (guessed := _LIKE_A_DELIMITER.search(body)):
        return _between(body, guessed[1])
    return chunks


def _between(body: bytes, boundary: bytes) -> list[bytes] | None:
    """Up to the last delimiter (RFC 2046 §5.1.1), one more than PARTS at most; None if there is no
    delimiter."""
    # No pattern: to compile one for a boundary takes longer than all that is read of its message.
    line = b"--" + boundary
    chunks: list[bytes] = []
    start = -1
    at = body.find(line)
    while at >= 0:
        begins = at == 0 or body[at - 1 : at] == b"\n"
        if begins and (rest := _REST.match(body, at + len(line))):
            if start >= 0:
                # The line break before a delimiter belongs to the delimiter.
                chunks.append(body[start:at].removesuffix(b"\n").removesuffix(b"\r"))
            if rest[1] or len(chunks) > PARTS:
                return chunks
            start = end = rest.end()
        elif (end := body.find(b"\n", at)) < 0:
            break
        at = body.find(line, end)
    return [*chunks, body[start:]] if start >= 0 else None


def _leaf(walk: _Walk, head: Head, body: bytes, alternative: int, top: bool = False) -> Part:
    kind, method = head.content_type, head.parameters["method"]
    # Apple Mail calls attached text files inline; only their name gives them away. A message that
    # is nothing else is shown as its text.
    attached = head.disposition == "attachment" or (head.file_name != "" and not top)
    # amavis, Notes and others give the parts of their reports file names.
    if (attached or not kind.startswith("text/")) and kind not in _REPORTS:
        return Part(kind, "", attached, alternative, method)
    if kind in ("message/rfc822", "message/global"):
        body = head_of(body)
    limit = walk.room.get(kind, HTML if kind == "text/html" else TEXT)
    raw = decode_transfer(body, head.first("content-transfer-encoding"), limit)
    cut = len(raw) > limit
    label = head.parameters["charset"]
    if kind == "text/html" and not codec_of(label) and (meta := _META.search(raw, 0, _META_BYTES)):
        label = meta[1].decode("ascii")
    read = _without_cr(raw[:limit])
    text = decode_charset(read, label)
    if b"\r" in read or b"\0" in read:
        text = _with_one_line_end(text.replace("\0", UNREAD))
    why = ""
    if kind == "text/plain":
        text, why = opened(without_files(text))
        if head.parameters["format"] == "flowed":
            text = joined(text, head.parameters["delsp"] == "yes")
    walk.room[kind] = 0 if cut else limit - len(raw)
    walk.cut = walk.cut or cut
    return Part(kind, text, attached, alternative, method, cut, why)


def _without_cr(raw: bytes) -> bytes:
    """With LF for CRLF, where every CR belongs to one: far faster in bytes than in text. In the
    charsets where such a byte may be another character's, UTF-16 and UTF-32, some CR stands alone.
    """
    return raw if _LONE_CR.search(raw) else raw.replace(b"\r", b"")


def _with_one_line_end(text: str) -> str:
    """LF: for CRLF, for CR CR LF as broken relays make it, for CR where no line has an LF."""
    text = text.replace("\r\n", "\n")
    if "\r" not in text:
        return text
    text = "\n".join(line.rstrip("\r") for line in text.split("\n"))
    # Beside LF a CR is none to the program that quoted the text: it may stand in a quoted line.
    return text if "\n" in text else text.replace("\r", "\n")
