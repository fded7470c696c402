"""An IMAP server's bytes, split into its responses (RFC 9051 §7). Pure.

However they are cut into packets, and whatever a server announces, what is kept is bounded.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

RESPONSE_LIMIT = 16 * 1024 * 1024
"""Octets of one response that are kept: an inbox of a million messages in one SEARCH line."""
LITERAL_LIMIT = 128 * 1024 * 1024
"""Octets of a literal that are worth skipping, where a server sends more than was asked for."""

_LITERAL = re.compile(rb"~?\{(\d{1,15})\+?\}\Z")
_LONGEST_LITERAL = len("~{123456789012345+}")
_KIND = re.compile(rb"\* (?:\d+ )?([A-Za-z]+)")
# Their end is text for people (RFC 9051 §7.1): `{5}` in it announces nothing.
_STATUS = frozenset({b"OK", b"NO", b"BAD", b"BYE", b"PREAUTH"})
_PART_OVERHEAD = 128


class StreamError(Exception):
    """What the server sends is no IMAP, or without end."""


@dataclass(frozen=True, slots=True)
class Response:
    """One response: text, then by turns a literal and the text after it."""

    parts: tuple[bytes, ...]

    @property
    def kind(self) -> bytes:
        """`FETCH`, `SEARCH`, `OK`, … of an untagged one; empty for others."""
        match = _KIND.match(self.parts[0])
        return match[1].upper() if match else b""

    @property
    def size(self) -> int:
        return sum(map(len, self.parts)) + _PART_OVERHEAD * len(self.parts)


class ResponseReader:
    """Give it what arrives. Of every literal it keeps the first `keep` octets."""

    def __init__(self, keep: int) -> None:
        self._keep = keep
        self._buffer = bytearray()
        self._scanned = 0
        self._parts: list[bytes] = []
        self._kept = 0
        self._literal = bytearray()
        self._missing = 0

    def feed(self, data: bytes) -> Iterator[Response]:
        """Every response that is whole by now. Raises StreamError beyond the limits."""
        self._buffer += data
        while self._literal_done() and (line := self._line()) is not None:
            if not line and not self._parts:
                continue
            size = self._announced(line)
            if size is None:
                self._keep_part(line)
                response = Response(tuple(self._parts))
                self._parts, self._kept = [], 0
                yield response
            else:
                self._keep_part(line[: line.rindex(b"{")].removesuffix(b"~"))
                self._missing = size
                if not size:
                    self._keep_part(b"")

    def _line(self) -> bytes | None:
        end = self._buffer.find(b"\r\n", self._scanned)
        if end < 0:
            self._scanned = max(len(self._buffer) - 1, 0)
            self._check(len(self._buffer))
            return None
        line = bytes(self._buffer[:end])
        del self._buffer[: end + 2]
        self._scanned = 0
        return line

    def _literal_done(self) -> bool:
        if not self._missing:
            return True
        arrived = min(self._missing, len(self._buffer))
        wanted = min(arrived, self._keep - len(self._literal))
        self._literal += self._buffer[:wanted]
        del self._buffer[:arrived]
        self._missing -= arrived
        if self._missing:
            return False
        self._keep_part(bytes(self._literal))
        self._literal.clear()
        return True

    def _announced(self, line: bytes) -> int | None:
        """The size of the literal that follows this line; None if there is none."""
        match = _LITERAL.search(line[-_LONGEST_LITERAL:]) if line.endswith(b"}") else None
        if match is None:
            return None
        kind = Response((*self._parts[:1], line)).kind
        if not kind or kind in _STATUS:
            return None
        size = int(match[1])
        if size > LITERAL_LIMIT:
            raise StreamError(f"it announced a literal of {size} octets")
        return size

    def _keep_part(self, part: bytes) -> None:
        self._kept += len(part) + _PART_OVERHEAD
        self._check(0)
        self._parts.append(part)

    def _check(self, more: int) -> None:
        if self._kept + more > RESPONSE_LIMIT:
            raise StreamError("its response has no end")
