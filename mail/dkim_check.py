"""Whether a DKIM signature (RFC 6376) or a chain of ARC seals (RFC 8617) is good, given the keys.

dkimpy does the cryptography. What it takes and we do not: rsa-sha1 (RFC 8301), l=, keys that say
they are being tested (t=y), and bodies for which its patterns take quadratic time.
"""

import logging
import re
from collections.abc import Mapping

from dkim import ARC, DKIM, CV_Pass

from mail.dkim_fields import Signature, tags_of

ALGORITHM = "rsa-sha256"
"""ed25519-sha256 is never sent alone: hardly anybody can verify it."""
_KEY_BITS = 1024  # RFC 8301 §3.2
_LONGEST_KEY = 4 * 1024
_BLANKS = re.compile(rb"[\t ]+")
_MANY_BLANKS = 100
_END_OF_HEAD = re.compile(rb"\r?\n\r?\n")

# What dkimpy would log is said in our own reasons, and in its words a message would stand.
_SILENT = logging.getLogger("mail.dkim_check.silent")
_SILENT.disabled = True

Keys = Mapping[str, str]
"""Key records by their names; a name that is published nowhere is absent."""


def is_good(raw: bytes, signature: Signature, keys: Keys) -> bool:
    """Whether the whole message, as far as it is covered, is what its signer has sent."""
    record = keys.get(signature.key_name, "")
    if signature.partial or signature.algorithm != ALGORITHM or not _is_usable(record):
        return False
    message = _with_single_blanks(raw) if signature.relaxed else raw
    try:
        checked = DKIM(message, logger=_SILENT, minkey=_KEY_BITS)
        return bool(checked.verify(idx=signature.place, dnsfunc=_source(keys)))
    # Whatever a hostile message finds in it, it has not shown who sent this.
    except Exception:
        return False


def chain_is_good(raw: bytes, keys: Keys) -> bool:
    """Whether every seal holds, and the last signature of the chain fits the message."""
    if max(map(len, _BLANKS.findall(raw)), default=0) > _MANY_BLANKS:
        return False
    try:
        result, _, _ = ARC(raw, logger=_SILENT, minkey=_KEY_BITS).verify(dnsfunc=_source(keys))
    # As above.
    except Exception:
        return False
    return bool(result == CV_Pass)


def _source(keys: Keys):  # type: ignore[no-untyped-def]
    def look_up(name: bytes, timeout: int = 0) -> bytes | None:
        record = keys.get(name.decode("ascii", "replace").lower().removesuffix("."), "")
        return record.encode() if _is_usable(record) else None

    return look_up


def _is_usable(record: str) -> bool:
    if not record.isascii() or not 0 < len(record) <= _LONGEST_KEY:
        return False
    tags = tags_of(record)
    return tags is not None and "y" not in tags.get("t", "").replace(" ", "").split(":")


def _with_single_blanks(raw: bytes) -> bytes:
    """The same message to the relaxed form of a body (RFC 6376 §3.4.4), which reduces each run of
    blanks to one: dkimpy looks at every run from each of its blanks on to find a line's end."""
    found = _END_OF_HEAD.search(raw)
    if not found:
        return raw
    return raw[: found.end()] + _BLANKS.sub(b" ", raw[found.end() :])
