"""Whether a signature settles how the text that it covers is read. Pure.

Gmail signs neither Content-Type nor Content-Transfer-Encoding, Microsoft 365 not the latter. With
another type, encoding or boundary, other words stand at the start of a line: a quoted `=0A` becomes
a line break, a quoted `<br>` too. What is not signed has to be what the signed text shows.
"""

import re
from collections.abc import Collection

from mail.charsets import decode_charset
from mail.heads import Head
from mail.transfer import decode_transfer, encoding_name

# What means something else in a charset that is not ASCII and more: HZ, UTF-7, ISO-2022-KR. The
# shifts of the others are followed whatever the label says.
_PLAIN = b"~{+AGEA-\x0e|>"
_CUT_LINE = re.compile(rb"=[ \t]*\r?$", re.MULTILINE)
# A `=` that no encoder leaves, and line ends and control characters, which none encodes in a text.
_NO_QUOTED_PRINTABLE = re.compile(
    rb"=(?![0-9A-F]{2}|[ \t]*\r?$)|=(?:0[0-8A-F]|1|7F|C2=8|C2=9|E2=80=A[89])",
    re.MULTILINE | re.IGNORECASE,
)
_NO_BASE64 = re.compile(rb"[^A-Za-z0-9+/=\s]")
_START = 4 * 1024
# What programs write above the first boundary, and no person above a line of dashes: Thunderbird
# and Proton, Outlook and Notes, Horde, Courier, and those that sign with S/MIME or OpenPGP.
_PREAMBLE = re.compile(
    rb"""(?:This\ is\ a\ (?:multi-?part|cryptographically\ signed)\ message\ in\ MIME\ format\.?
    |This\ is\ an\ OpenPGP/MIME\ signed\ message\ \(RFC\ \d{4}\ and\ \d{4}\)
    |This\ is\ an\ S/MIME\ signed\ message
    |This\ message\ is\ in\ MIME\ format\.(?:\ {1,2}Since\ your\ mail\ reader\ does\ not\ understand
        \s+this\ format,\ some\ or\ all\ of\ this\ message\ may\ not\ be\ legible\.)?
    |This\ is\ a\ MIME-formatted\ message\.\ {1,2}If\ you\ see\ this\ text\ it\ means\ that\ your
        \s+E-mail\ software\ does\ not\ support\ MIME-formatted\ messages\.
    )[ \t]*\r?\n""",
    re.VERBOSE,
)


def reading_is_settled(covered: Collection[str], head: Head, body: bytes) -> bool:
    typed = "content-type" in covered
    if head.content_type.startswith("multipart/"):
        return typed or _begins_with_boundary(head, body)
    encoded = "content-transfer-encoding" in covered or _shows_encoding(head, body)
    return encoded and (typed or _shows_type(head, body))


def _begins_with_boundary(head: Head, body: bytes) -> bool:
    start = body[:_START].lstrip(b"\r\n")
    if preamble := _PREAMBLE.match(start):
        start = start[preamble.end() :].lstrip(b"\r\n")
    line, _, _ = start.partition(b"\n")
    boundary = head.parameters["boundary"].encode("utf-8", "replace")
    return bool(boundary) and line.rstrip() == b"--" + boundary


def _shows_encoding(head: Head, body: bytes) -> bool:
    name = encoding_name(head.first("content-transfer-encoding"))
    if name == "quoted-printable":
        return not _NO_QUOTED_PRINTABLE.search(body)
    if name == "base64":
        return not _NO_BASE64.search(body)
    # What was quoted-printable has lines that end so.
    return not name and not _CUT_LINE.search(body)


def _shows_type(head: Head, body: bytes) -> bool:
    text = decode_transfer(body, head.first("content-transfer-encoding"), _START)
    is_html = text.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")
    if head.content_type != ("text/html" if is_html else "text/plain"):
        return False
    return decode_charset(_PLAIN, head.parameters["charset"]) == _PLAIN.decode()
