"""Bytes of a message to text: transfer encodings, charsets, header values.

Nothing a sender writes here may raise or run anything but a text codec: what cannot be decoded is
decoded badly, and then decides nothing.
"""

import binascii
import codecs
import quopri
import re
from email.errors import HeaderParseError
from email.header import decode_header

HEADER_CHARACTERS = 8 * 1024

# Codecs that Python calls text encodings, but whose output no mail program would show: they spell
# letters by other letters, and some take quadratic time.
_NOT_FOR_MAIL = frozenset(
    {"idna", "mbcs", "oem", "punycode", "raw-unicode-escape", "undefined", "unicode-escape"}
    | {"utf-7"}
)
_FOLD = re.compile(r"\r?\n(?=[ \t])|[\r\n]")
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]")


def decode_transfer(body: bytes, encoding: str, limit: int) -> bytes:
    """At most `limit` bytes and what one more needs; an unknown encoding stands as it is."""
    if encoding == "base64":
        # Several encoded pieces in a row are one text to mail programs.
        pieces = re.split(rb"=[=\s]*", body[: 2 * limit])
        return b"".join(_base64(_NOT_BASE64.sub(b"", piece)) for piece in pieces)
    if encoding == "quoted-printable":
        return quopri.decodestring(body[: 3 * limit + 3])
    return body[: limit + 1]


def decode_charset(raw: bytes, charset: str) -> str:
    """Like a mail program that meets a wrong label: as UTF-8, else as Latin-1."""
    for name in (_text_codec(charset), "utf-8"):
        try:
            return raw.decode(name)
        except (UnicodeError, ValueError, LookupError):
            continue
    if charset and _text_codec(charset) not in ("utf-8", "ascii"):
        return raw.decode(_text_codec(charset), "replace")
    return raw.decode("utf-8", "replace") if _mostly_utf8(raw) else raw.decode("latin-1")


def header_text(value: str) -> str:
    """Undo folding; bytes that `email` kept as surrogates become text."""
    # Left out, a NUL would make a name of two halves, and an address of what is none.
    flat = _FOLD.sub("", value[:HEADER_CHARACTERS].replace("\0", "\ufffd"))
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


def _base64(digits: bytes) -> bytes:
    return binascii.a2b_base64(digits[: len(digits) // 4 * 4] + _padded(digits))


def _padded(digits: bytes) -> bytes:
    """The last, incomplete group of four: two digits hold one byte, three hold two."""
    rest = digits[len(digits) // 4 * 4 :]
    return rest + b"=" * (4 - len(rest)) if len(rest) > 1 else b""


def _text_codec(charset: str) -> str:
    try:
        codec = codecs.lookup(charset or "utf-8")
    except (LookupError, ValueError, UnicodeError):
        return "utf-8"
    text = getattr(codec, "_is_text_encoding", True)
    return codec.name if text and codec.name.replace("_", "-") not in _NOT_FOR_MAIL else "utf-8"


def _mostly_utf8(raw: bytes) -> bool:
    text = raw.decode("utf-8", "replace")
    return text.count("\ufffd") * 50 <= len(text)
