"""What a command printed that is asked for a password or an access token. Pure.

As mbsync, msmtp and mutt read them: the first line counts. Besides, a token may come as the JSON
object that token endpoints answer with, so that a plain `curl` of one is such a command.
"""

import json
import math
import re
from base64 import urlsafe_b64decode
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from mail.credentials import Password, Secret, Token

LIFETIME_SECONDS = 300.0
"""Of a token that does not tell how long it lasts: most last an hour, but their helpers give out
one that has been in use for a while."""
MARGIN_SECONDS = 60.0
"""So long before its end a token is not used any more: our clock and theirs may differ."""

_TOKEN = re.compile(r"[\x21-\x7e]+")
# RFC 6749 §5.2: the answers that are the same however often one asks.
_FOR_GOOD = frozenset(
    {
        "invalid_request",
        "invalid_client",
        "invalid_grant",
        "unauthorized_client",
        "unsupported_grant_type",
        "invalid_scope",
    }
)
_ERROR = re.compile(r"[\w.-]{1,60}", re.ASCII)
# Cut out of what a command complains of: nobody can know all the secrets that it knows.
_LIKE_A_SECRET = re.compile(r"\beyJ[\w=.-]+|(?=[\w~+=-]*[0-9])[\w~+=-]{24,}", re.ASCII)
_COMPLAINT_LENGTH = 200


@dataclass(frozen=True, slots=True)
class Printed:
    credential: Secret
    seconds: float
    """How long it may be used from now on; endless for a password, which nothing but a refusal
    ends."""


@dataclass(frozen=True, slots=True)
class Unusable:
    reason: str
    for_good: bool = False
    """Whether asking again is of no use before somebody has mended something."""


def password_of(output: str) -> Printed | Unusable:
    line = first_line(output)
    return Printed(Password(line), math.inf) if line else Unusable("it printed nothing")


def token_of(output: str, now: float) -> Printed | Unusable:
    """`now` in seconds since 1970, for tokens that are JWTs (RFC 7519 §4.1.4)."""
    if output.lstrip().startswith("{"):
        return _of_json(output, now)
    line = first_line(output).strip()
    if not line:
        return Unusable("it printed nothing")
    if not _TOKEN.fullmatch(line):
        return Unusable("what it printed is no access token")
    return Printed(Token(line), _usable(_jwt_seconds(line, now)))


def first_line(output: str) -> str:
    return output.partition("\n")[0].removesuffix("\r")


def complaint(stderr: str, secrets: Iterable[str] = ()) -> str:
    """The last line of what it has complained of, fit for a log."""
    lines = [line for line in stderr.splitlines() if line.strip()]
    text = lines[-1] if lines else ""
    for secret in secrets:
        text = text.replace(secret, "<secret>")
    text = "".join(c if c.isprintable() else " " for c in text)
    return _LIKE_A_SECRET.sub("<…>", " ".join(text.split()))[:_COMPLAINT_LENGTH]


def _of_json(output: str, now: float) -> Printed | Unusable:
    """RFC 6749 §5.1 and §5.2."""
    told = _object(output)
    token, error = told.get("access_token"), told.get("error")
    if isinstance(token, str) and _TOKEN.fullmatch(token):
        given = _seconds(told.get("expires_in"))
        return Printed(Token(token), _usable(_jwt_seconds(token, now) if given is None else given))
    if isinstance(error, str) and _ERROR.fullmatch(error):
        return Unusable(f"it was answered {error}", error in _FOR_GOOD)
    return Unusable("it printed JSON without an access_token")


def _usable(lifetime: float | None) -> float:
    """Of one that ends within minutes half is kept, rather than nothing."""
    if lifetime is None:
        return LIFETIME_SECONDS
    return max(lifetime - MARGIN_SECONDS, lifetime / 2, 0.0)


def _jwt_seconds(token: str, now: float) -> float | None:
    parts = token.split(".")
    if len(parts) != 3:
        return None
    try:
        claims = _object(urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)).decode())
    except ValueError:
        return None
    end = _seconds(claims.get("exp"))
    return None if end is None else end - now


def _seconds(value: Any) -> float | None:
    """A JSON number, or the same as a string, as some endpoints have it."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        seconds = float(value)
    except (ValueError, OverflowError):
        return None
    return seconds if math.isfinite(seconds) else None


def _object(text: str) -> dict[str, Any]:
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}
