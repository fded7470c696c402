"""Outgoing messages as bytes: header fields that cannot be broken out of, two alternative bodies.

Written by hand because `email` re-encodes long References and In-Reply-To (cpython gh-100991) and
draws a random boundary: here the same mail is the same bytes on every retry.
"""

import hashlib
import re
from binascii import b2a_qp
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.utils import format_datetime

LINE_OCTETS = 998  # RFC 5322 §2.1.1
_FIELD = re.compile(r"[\x21-\x7e][\x20-\x7e]*(?:\r\n [\x20-\x7e]+)*")
# RFC 5322 §3.2.3: what a display name may hold without quotes.
_ATOMS = re.compile(r"[\w!#$%&'*+/=?^`{|}~-]+(?: [\w!#$%&'*+/=?^`{|}~-]+)*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message ready for SMTP."""

    envelope_sender: str
    """'' is the null sender: nobody is told if such a message bounces."""
    recipient: str
    message_id: str
    raw: bytes
    author: str = ""
    """Whose name stands in where a server refuses the null sender; '' is nobody's."""


def serialise(fields: Sequence[tuple[str, str]], text: str, html: str) -> bytes:
    """Raises ValueError for a field that is not plain printable ASCII, already encoded."""
    # "=_" cannot occur in quoted-printable text (RFC 2045 §6.7), so no body holds the boundary.
    boundary = "=_" + hashlib.sha256(f"{text}\0{html}".encode()).hexdigest()[:32]
    head = [
        *fields,
        ("MIME-Version", "1.0"),
        ("Content-Type", f'multipart/alternative; boundary="{boundary}"'),
    ]
    parts = (("text/plain", text), ("text/html", html))
    return b"".join(
        [
            *(_field(name, value) for name, value in head),
            b"\r\n",
            *(f"--{boundary}\r\n".encode() + _part(kind, body) for kind, body in parts),
            f"--{boundary}--\r\n".encode(),
        ]
    )


def encoded_text(name: str, text: str) -> str:
    """An unstructured value such as a subject, as RFC 2047 words where it is not plain ASCII."""
    if text.isascii():
        return text
    return Header(text, "utf-8", header_name=name, maxlinelen=76).encode(linesep="\r\n")


def encoded_mailbox(display_name: str, address: str) -> str:
    if not display_name:
        return address
    if not display_name.isascii():
        return f"{encoded_text('From', display_name)} <{address}>"
    if _ATOMS.fullmatch(display_name):
        return f"{display_name} <{address}>"
    escaped = display_name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}" <{address}>'


def encoded_date(date: datetime) -> str:
    if date.tzinfo is None:
        raise ValueError("a message's date needs a time zone")
    return format_datetime(date)


def _part(kind: str, body: str) -> bytes:
    encoded = b2a_qp(body.replace("\n", "\r\n").encode(), istext=True)
    return (
        _field("Content-Type", f"{kind}; charset=utf-8")
        + _field("Content-Transfer-Encoding", "quoted-printable")
        + b"\r\n"
        + encoded
        + b"\r\n"
    )


def _field(name: str, value: str) -> bytes:
    line = f"{name}: {value}\r\n"
    if not _FIELD.fullmatch(value) or max(map(len, line.split("\r\n"))) > LINE_OCTETS:
        raise ValueError(f"{name} cannot hold this value")
    return line.encode("ascii")
