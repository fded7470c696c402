"""Changes to a message that know what mail is made of: lines and fields."""

import random
from collections.abc import Callable

FIELDS = (
    b"Content-Type: text/plain; charset=utf-8; format=flowed",
    b"Content-Type: text/plain; charset=iso-2022-jp",
    b"Content-Type: text/plain; charset=gb2312",
    b"Content-Type: text/plain; charset=utf-7",
    b"Content-Type: text/html; charset=utf-8",
    b"Content-Type: multipart/alternative; boundary=b",
    b"Content-Type: application/pkcs7-mime; smime-type=signed-data",
    b"Content-Type: message/rfc822",
    b"Content-Transfer-Encoding: quoted-printable",
    b"Content-Transfer-Encoding: base64",
    b"Content-Transfer-Encoding: x-uuencode",
    b"Content-Disposition: inline; filename=a.txt",
    b"",
)
LINES = (
    b"APPROVE",
    b"REJECT",
    b"APPROVE only half",
    b"> APPROVE",
    b"--b",
    b"--b--",
    b"-- ",
    b"On Mon, Nov 23, 2026 at 8:00 AM Shop agent <agent@shop.test> wrote:",
    b"-----Original Message-----",
    b"-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n",
    b"-----BEGIN PGP SIGNATURE-----",
    b"-----END PGP SIGNATURE-----",
    b"-----BEGIN PGP MESSAGE-----",
    b"begin 644 a",
    b"<blockquote>",
    b"<div style='display:none'>",
    b"</div>",
    b"Sent from my iPhone",
    b"\xef\xbb\xbf",
    b"",
)
_Lines = list[bytes]


def changed(data: bytes, chosen: random.Random) -> bytes:
    lines = data.split(b"\n")
    for _ in range(chosen.randint(1, 4)):
        chosen.choice(_CHANGES)(lines, chosen)
    return b"\n".join(lines)


def _put_line(lines: _Lines, chosen: random.Random) -> None:
    lines.insert(chosen.randint(0, len(lines)), chosen.choice(LINES))


def _put_field(lines: _Lines, chosen: random.Random) -> None:
    lines.insert(chosen.randint(0, min(12, len(lines))), chosen.choice(FIELDS))


def _drop(lines: _Lines, chosen: random.Random) -> None:
    if len(lines) > 1:
        del lines[chosen.randrange(len(lines))]


def _repeat(lines: _Lines, chosen: random.Random) -> None:
    at = chosen.randrange(len(lines))
    lines[at:at] = [lines[at]] * chosen.choice((1, 10, 100))


def _swap(lines: _Lines, chosen: random.Random) -> None:
    one, other = chosen.randrange(len(lines)), chosen.randrange(len(lines))
    lines[one], lines[other] = lines[other], lines[one]


def _join(lines: _Lines, chosen: random.Random) -> None:
    at = chosen.randrange(len(lines))
    lines[at : at + 2] = [chosen.choice((b"", b" ", b"\r", b"\xa0")).join(lines[at : at + 2])]


def _quote(lines: _Lines, chosen: random.Random) -> None:
    at = chosen.randrange(len(lines))
    lines[at:] = [b"> " + line for line in lines[at:]]


_CHANGES: tuple[Callable[[_Lines, random.Random], None], ...] = (
    _put_line,
    _put_field,
    _drop,
    _repeat,
    _swap,
    _join,
    _quote,
)
