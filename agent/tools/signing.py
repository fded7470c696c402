"""Pure: the symmetric signature of Standard Webhooks 1.0 (`v1`), by which a receiver knows us."""

import base64
import hashlib
import hmac
from collections.abc import Sequence

_PREFIX = "whsec_"
_SHORTEST, _LONGEST = 32, 64  # octets; the specification allows 24, `APPROVAL_SECRET` wants 32, too


def keys_of(secret: str) -> list[bytes]:
    """Of one secret or, while a new one is taken into use, several between commas.

    Raises ValueError, without the secret, unless each is 32 to 64 octets in base64, with or without
    `whsec_` before it.
    """
    return [_key(word.strip()) for word in secret.split(",")]


def headers_of(keys: Sequence[bytes], message: str, timestamp: int, body: bytes) -> dict[str, str]:
    """`timestamp` is that of this try, in seconds since 1970; `message` the same on every try."""
    signed = f"{message}.{timestamp}.".encode() + body
    signatures = [base64.b64encode(hmac.digest(k, signed, hashlib.sha256)).decode() for k in keys]
    return {
        "webhook-id": message,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(f"v1,{signature}" for signature in signatures),
    }


def _key(word: str) -> bytes:
    try:
        key = base64.b64decode(word.removeprefix(_PREFIX), validate=True)
    except ValueError:
        key = b""
    if not _SHORTEST <= len(key) <= _LONGEST:
        raise ValueError(f"a secret is {_SHORTEST} to {_LONGEST} bytes in base64, behind {_PREFIX}")
    return key
