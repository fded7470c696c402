"""What an S/MIME message holds (RFC 5652, RFC 8551): a walk to the content, and no further.

The signature is not judged. Of asn1crypto, cryptography and a walk by hand the walk was taken: it
reads what programs really send (BER, lengths left open, cut off), and only on the one path needed.
"""

from dataclasses import dataclass

from mail.armour import ENCRYPTED

_SIGNED = bytes.fromhex("2a864886f70d010702")
_DATA = bytes.fromhex("2a864886f70d010701")
_ENCRYPTED = frozenset(
    bytes.fromhex(oid)
    for oid in (
        "2a864886f70d010703",  # enveloped-data
        "2a864886f70d010704",  # signed and enveloped (PKCS #7)
        "2a864886f70d010706",  # encrypted-data
        "2a864886f70d0109100117",  # authenticated and enveloped (RFC 5083)
    )
)
_SEQUENCE, _OID, _OCTETS, _PIECES, _EXPLICIT = 0x30, 0x06, 0x04, 0x24, 0xA0
_OPEN = -1


@dataclass(frozen=True, slots=True)
class Content:
    mime: bytes | None
    """The MIME entity that was signed; None if there is none to read."""
    why: str = ""


UNREADABLE = "its S/MIME content cannot be read: answer without S/MIME"


def content_of(raw: bytes) -> Content:
    """The content of signed-data, or why there is none."""
    try:
        walk = _Walk(raw)
        walk.enter(_SEQUENCE)
        kind = walk.value(_OID)
        if kind in _ENCRYPTED:
            return Content(None, ENCRYPTED)
        if kind != _SIGNED:
            return Content(None, UNREADABLE)
        walk.enter(_EXPLICIT)
        walk.enter(_SEQUENCE)
        walk.skip()  # version
        walk.skip()  # digest algorithms
        walk.enter(_SEQUENCE)
        if walk.value(_OID) != _DATA:
            return Content(None, UNREADABLE)
        walk.enter(_EXPLICIT)
        return Content(walk.octets())
    except (IndexError, ValueError):
        return Content(None, UNREADABLE)


class _Walk:
    """A place in BER (X.690): what is entered is never left, so that ends need no stack.

    Every step reads at least two bytes: it ends where they do.
    """

    def __init__(self, raw: bytes) -> None:
        self._raw = raw
        self._at = 0

    def enter(self, tag: int) -> int:
        """Go to the first element inside; its length, or _OPEN."""
        found, length = self._head()
        if found != tag:
            raise ValueError("another element stands here")
        return length

    def value(self, tag: int) -> bytes:
        length = self.enter(tag)
        if length == _OPEN:
            raise ValueError("a primitive element of open length")
        return self._take(length)

    def skip(self) -> None:
        open_elements = 0
        while True:
            tag, length = self._head()
            if tag == 0 and length == 0:
                open_elements -= 1
            elif length == _OPEN:
                open_elements += 1
            else:
                self._take(length)
            if open_elements <= 0:
                return

    def octets(self) -> bytes:
        """An OCTET STRING, whole or in pieces; cut off, as far as it goes."""
        tag, length = self._head()
        if tag == _OCTETS and length != _OPEN:
            return self._take(length)
        if tag != _PIECES:
            raise ValueError("no octet string")
        end = len(self._raw) if length == _OPEN else self._at + length
        pieces: list[bytes] = []
        while self._at < min(end, len(self._raw)):
            tag, length = self._head()
            if tag == 0:
                break
            if tag != _OCTETS or length == _OPEN:
                raise ValueError("a piece that is none")
            pieces.append(self._take(length))
        return b"".join(pieces)

    def _head(self) -> tuple[int, int]:
        tag, first = self._raw[self._at], self._raw[self._at + 1]
        self._at += 2
        if first < 0x80:
            return tag, first
        size = first & 0x7F
        if size == 0:
            return tag, _OPEN
        if size > 4:
            raise ValueError("longer than any message")
        return tag, int.from_bytes(self._take(size), "big")

    def _take(self, length: int) -> bytes:
        taken = self._raw[self._at : self._at + length]
        self._at += length
        return taken
