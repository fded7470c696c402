"""Whether DKIM signatures (RFC 6376) or a chain of ARC seals (RFC 8617) are good, given the keys.

dkimpy does the cryptography. What it takes and we do not: rsa-sha1 (RFC 8301), l=, keys that say
they are being tested (t=y), bodies for which its patterns take quadratic time, and a header in
which it finds other fields than we do: what is judged has to be what is read.
"""

import logging
import re
from base64 import b64encode
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256

from dkim import ARC, DKIM, CV_Pass, DKIMException
from dkim.canonicalization import Relaxed, Simple

from mail.dkim_fields import Signature, tags_of
from mail.heads import Head, head_of

ALGORITHM = "rsa-sha256"
"""ed25519-sha256 is never sent alone: hardly anybody can verify it."""
_KEY_BITS = 1024  # RFC 8301 §3.2
_LONGEST_KEY = 4 * 1024
_TRIED = 3  # of one domain mail has one or two; each takes time
_HEAD_LINES = 5_000  # dkimpy copies a field for each of its lines
_LINE_END = re.compile(rb"\r?\n")
_BLANKS = re.compile(rb"[\t ]+")

# What dkimpy would log is said in our own reasons, and in its words a message would stand.
_SILENT = logging.getLogger("mail.dkim_check.silent")
_SILENT.disabled = True

Keys = Mapping[str, str]
"""Key records by their names; a name that is published nowhere is absent."""


class Checker:
    """One message, taken apart once, however many signatures it bears."""

    def __init__(self, raw: bytes, head: Head, keys: Keys) -> None:
        self._head = head_of(raw)
        rest = raw[len(self._head) :]
        blank = _LINE_END.match(rest)
        # Where a body begins without a blank line, programs disagree about what is header.
        self._sound = (blank is not None or not rest) and self._head.count(b"\n") <= _HEAD_LINES
        self._fields = head.written()
        self._body = rest[blank.end() :] if blank else b""
        self._keys = keys
        self._bodies: dict[bool, bytes] = {}

    def good_of(self, signatures: Iterable[Signature]) -> list[Signature]:
        """Those by which the whole message, as far as they cover it, is what its signer sent."""
        fitting = [signature for signature in signatures if self._may_fit(signature)]
        return [signature for signature in fitting[:_TRIED] if self._is_good(signature)]

    def _may_fit(self, signature: Signature) -> bool:
        if signature.partial or signature.algorithm != ALGORITHM:
            return False
        if not _is_usable(self._keys.get(signature.key_name, "")):
            return False
        body = sha256(self._body_of(signature.relaxed)).digest()
        return signature.body_hash == b64encode(body).decode()

    def _is_good(self, signature: Signature) -> bool:
        try:
            checked = self._prepared(DKIM, signature.relaxed)
            return bool(checked.verify(idx=signature.place, dnsfunc=self._look_up))
        # Whatever a hostile message finds in it, it has not shown who sent this.
        except Exception:
            return False

    def chain_is_good(self, last: Signature) -> bool:
        """Whether every seal holds, and the last signature of the chain fits the message."""
        if last.partial or last.algorithm != ALGORITHM:
            return False
        try:
            result, _, _ = self._prepared(ARC, last.relaxed).verify(dnsfunc=self._look_up)
        # As above.
        except Exception:
            return False
        return bool(result == CV_Pass)

    def _prepared(self, kind: type[DKIM] | type[ARC], relaxed: bool) -> DKIM | ARC:
        if not self._sound:
            raise DKIMException("its header has no certain end")
        checked = kind(self._head + b"\r\n", logger=_SILENT, minkey=_KEY_BITS)
        if _unfolded(checked.headers) != _unfolded(self._fields):
            raise DKIMException("its header can be taken apart in two ways")
        checked.body = self._body_of(relaxed)
        return checked

    def _body_of(self, relaxed: bool) -> bytes:
        """In its canonical form (RFC 6376 §3.4), which dkimpy leaves as it is."""
        if relaxed not in self._bodies:
            body = _LINE_END.sub(b"\r\n", self._body)
            # It looks at a run of blanks from each of them on: of single ones that takes no time.
            form, body = (Relaxed, _BLANKS.sub(b" ", body)) if relaxed else (Simple, body)
            self._bodies[relaxed] = bytes(form.canonicalize_body(body))
        return self._bodies[relaxed]

    def _look_up(self, name: bytes, timeout: int = 0) -> bytes | None:
        record = self._keys.get(name.decode("ascii", "replace").lower().removesuffix("."), "")
        return record.encode() if _is_usable(record) else None


def _unfolded(fields: Sequence[Sequence[bytes]]) -> list[tuple[bytes, bytes]]:
    return [(name.lower(), _LINE_END.sub(b"", value).strip()) for name, value in fields]


def _is_usable(record: str) -> bool:
    if not record.isascii() or not 0 < len(record) <= _LONGEST_KEY:
        return False
    tags = tags_of(record)
    return tags is not None and "y" not in tags.get("t", "").replace(" ", "").split(":")
