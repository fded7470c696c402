"""PGP inside a text: what was signed in clear without its armour, and what nobody can read.

A signature is not judged here, and what is signed counts no more than other own text. RFC 9580 §7
(cleartext signatures), §6.2 (armour).
"""

import re
from collections.abc import Sequence

ENCRYPTED = "it is encrypted, and was not read: answer without encryption"

_SIGNED = "-----BEGIN PGP SIGNED MESSAGE-----"
_SIGNATURE = "-----BEGIN PGP SIGNATURE-----"
_SIGNATURE_END = "-----END PGP SIGNATURE-----"
_MESSAGE = "-----BEGIN PGP MESSAGE-----"
_BLOCKS = {
    _MESSAGE: "-----END PGP MESSAGE-----",
    "-----BEGIN PGP PUBLIC KEY BLOCK-----": "-----END PGP PUBLIC KEY BLOCK-----",
}
_ARMOUR_HEADER = re.compile(r"(?:Hash|Charset|Comment|Version|MessageID|NotDashEscaped): ?.*")
_RADIX_64 = re.compile(r"[A-Za-z0-9+/=]*|(?:Comment|Version|Hash|MessageID|Charset): ?.*")
_HEADERS = 10


def opened(text: str) -> tuple[str, str]:
    """The text without armour, and why some of it could not be read; '' if all could."""
    if "-----BEGIN PGP " not in text:
        return text, ""
    lines = [line.rstrip() if line.startswith("-----") else line for line in text.split("\n")]
    # Where a block has no end, nothing is left out.
    last = {line: at for at, line in enumerate(lines) if line.startswith("-----END PGP ")}
    kept: list[str] = []
    why = ""
    at = 0
    signed = False
    while at < len(lines):
        line = lines[at]
        why = why or (ENCRYPTED if line == _MESSAGE else "")
        if line == _SIGNED and (length := _armour_headers(lines, at + 1)):
            at, signed = at + 1 + length, True
        elif line == _SIGNATURE and last.get(_SIGNATURE_END, -1) > at:
            at, signed = _below(lines, at, _SIGNATURE_END), False
        elif line in _BLOCKS and last.get(_BLOCKS[line], -1) > at:
            at = _below(lines, at, _BLOCKS[line])
        else:
            kept.append(line[2:] if signed and line.startswith("- ") else line)
            at += 1
    return "\n".join(kept), why


def _armour_headers(lines: Sequence[str], at: int) -> int:
    """How many lines to the end of the blank one below the headers; 0 if these are none."""
    for length, line in enumerate(lines[at : at + _HEADERS], start=1):
        if not line.strip():
            return length
        if not _ARMOUR_HEADER.fullmatch(line):
            return 0
    return 0


def _below(lines: Sequence[str], at: int, end: str) -> int:
    """The line below a block, or the first in it that no program wrote."""
    at += 1
    while at < len(lines) and lines[at] != end:
        if not _RADIX_64.fullmatch(lines[at].strip()):
            return at
        at += 1
    return at + 1
