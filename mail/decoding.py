"""Header values to text: folding, raw bytes, encoded words (RFC 2047)."""

import binascii
import re
from email.errors import HeaderParseError
from email.header import decode_header

from mail.charsets import decode_charset

HEADER_CHARACTERS = 8 * 1024

_FOLD = re.compile(r"\r?\n(?=[ \t])|[\r\n]")


def header_text(value: str) -> str:
    """Undo folding; bytes that `email` kept as surrogates become text."""
    # Left out, a NUL would make a name of two halves, and an address of what is none.
    flat = value[:HEADER_CHARACTERS].replace("\0", "\ufffd")
    if "\n" in flat or "\r" in flat:
        flat = _FOLD.sub("", flat)
    if flat.isascii():
        return flat
    return decode_charset(flat.encode("utf-8", "surrogateescape"), "utf-8")


def decode_words(value: str) -> str:
    """Undo RFC 2047; what is no valid encoded word stands as it is."""
    if "=?" not in value:
        return value
    try:
        pieces = decode_header(value)
    except (HeaderParseError, ValueError, binascii.Error):
        return value
    return "".join(
        piece if isinstance(piece, str) else decode_charset(piece, charset or "utf-8")
        for piece, charset in pieces
    )
