"""Content-Transfer-Encoding (RFC 2045 §6), as broken as it comes.

What cannot be decoded stands as it is: programs show it so, and then it decides nothing.
"""

import binascii
import re
import string
from collections.abc import Iterator
from functools import lru_cache

_NOT_ALNUM = re.compile(r"[^a-z0-9]+")
_COMMENT = re.compile(r"\([^()]*\)|;.*", re.DOTALL)
_NAMES = {
    "base64": "base64",
    "b": "base64",
    "quotedprintable": "quoted-printable",
    "q": "quoted-printable",
    "uuencode": "uuencode",
    "xuuencode": "uuencode",
    "xuue": "uuencode",
    "uue": "uuencode",
}
_NOT_BASE64 = bytes(set(range(256)) - set(string.ascii_letters.encode() + b"0123456789+/"))
_PADDING = re.compile(rb"=[=\s]*")
# Two words with a blank between: nothing that encodes by base64 writes that.
_PROSE = re.compile(rb"[A-Za-z]{2}[ ,.][ ]?[A-Za-z]{2}")
_UNPRINTED = bytes(set(range(0x20)) - set(b"\t\n\v\f\r"))
_SOFT_BREAK_CR = re.compile(rb"=\r(?!\n)")
# The break comes first, for that one byte a body is searched far faster; then what most lines are.
_BLANK_END = re.compile(rb"\n(?<![^ \t\r]\r\n)(?:(?<=[ \t]\n)|(?<=[ \t\r]\r\n))")
_BEGIN = re.compile(rb"^begin [0-7]{3,4} [^\r\n]+\r?\n", re.MULTILINE)
_UU_LINE = 60 + 2


def decode_transfer(body: bytes, encoding: str, limit: int) -> bytes:
    """At most `limit` bytes and one more, which tells that there are more; an unknown encoding
    stands as it is."""
    # All of it, because what decodes to nothing may be as long as one likes, and words behind it.
    name = encoding_name(encoding)
    if name == "base64":
        return _from_base64(body)[: limit + 1]
    if name == "quoted-printable":
        return binascii.a2b_qp(_mended(body))[: limit + 1]
    if name == "uuencode":
        return _from_uuencode(body)[: limit + 1]
    return body[: limit + 1]


def encoding_name(encoding: str) -> str:
    """`base64`, `quoted-printable` or `uuencode`; '' for what stands as it is."""
    return _name_of(encoding) if encoding else ""


@lru_cache(maxsize=64)
def _name_of(encoding: str) -> str:
    return _NAMES.get(_NOT_ALNUM.sub("", _COMMENT.sub("", encoding.lower())), "")


def _from_base64(body: bytes) -> bytes:
    # Several encoded pieces in a row are one text to mail programs.
    pieces = _PADDING.split(body)
    decoded = b"".join(_base64(piece.translate(None, _NOT_BASE64)) for piece in pieces)
    # Gateways put their lines into a text, and the label of another over it.
    return body if _is_prose(body) and decoded.translate(None, _UNPRINTED) != decoded else decoded


def _is_prose(body: bytes) -> bool:
    signs = b" " in body or b"," in body or b"." in body
    return signs and _PROSE.search(body) is not None


def _base64(digits: bytes) -> bytes:
    return binascii.a2b_base64(digits[: len(digits) // 4 * 4] + _padded(digits))


def _padded(digits: bytes) -> bytes:
    """The last, incomplete group of four: two digits hold one byte, three hold two."""
    rest = digits[len(digits) // 4 * 4 :]
    return rest + b"=" * (4 - len(rest)) if len(rest) > 1 else b""


def _mended(body: bytes) -> bytes:
    """Without blanks at the ends of lines, which hide soft breaks (RFC 2045 §6.7, rule 3)."""
    if _BLANK_END.search(body):
        body = b"\n".join(line.rstrip(b" \t\r") for line in body.split(b"\n"))
    # At a bare CR the decoder loses the rest of the line.
    return _SOFT_BREAK_CR.sub(b"=\r\n", body)


def _from_uuencode(body: bytes) -> bytes:
    begin = _BEGIN.search(body)
    return b"".join(_uu_lines(body[begin.end() :])) if begin else body


def _uu_lines(body: bytes) -> Iterator[bytes]:
    for line in body.split(b"\n"):
        line = line.rstrip(b"\r")
        if line == b"end":
            return
        try:
            yield binascii.a2b_uu(line[:_UU_LINE])
        except binascii.Error:
            yield line + b"\n"
