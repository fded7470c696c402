"""What proves who we are to a mail server, and how SASL says it. Pure.

A password is said by LOGIN or PLAIN (RFC 4616), an OAuth2 access token by XOAUTH2 (Google's and
Microsoft's) or OAUTHBEARER (RFC 7628). Who has shown a certificate says by EXTERNAL that it is to
count (RFC 4422, appendix A).
"""

import json
import re
from base64 import b64decode, b64encode
from collections.abc import Container
from dataclasses import dataclass, field
from typing import Any, TypeAlias

_STATUS = re.compile(r"[\w.-]{1,40}", re.ASCII)
_SCOPE = re.compile(r"[\x21-\x7e]+(?: [\x21-\x7e]+)*")
_SCOPE_LENGTH = 120
SHORTEST_SECRET = 8
"""Characters: to cut out every "test" or "none" would make what is said unreadable."""
_END = "\x01\x01"


@dataclass(frozen=True, slots=True)
class Password:
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Token:
    """An OAuth2 access token (RFC 6750 §2.1: ASCII without spaces)."""

    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Certificate:
    """The one that was shown when the connection was made: nothing is said but the name."""


Secret: TypeAlias = Password | Token
Credential: TypeAlias = Secret | Certificate


@dataclass(frozen=True, slots=True)
class Saying:
    """How a credential is said to one server: the mechanism, its only response, and what is sent to
    the challenge that a refusal begins with, so that the server comes to its end."""

    mechanism: str
    response: bytes = field(repr=False)
    farewell: bytes


def saying(
    offered: Container[str], username: str, credential: Token | Certificate
) -> Saying | None:
    """None if nothing that is `offered` (names in upper case) can say it."""
    if isinstance(credential, Token):
        return _bearer(offered, username, credential)
    if "EXTERNAL" in offered:
        # The name is said, too: a certificate that is somebody else's is to open nothing.
        return Saying("EXTERNAL", _base64(username), b"*")
    return None


def unsayable(credential: Token | Certificate) -> str:
    """What is wrong with a server that offers nothing to say it by."""
    if isinstance(credential, Token):
        return "takes no access token: it offers neither XOAUTH2 nor OAUTHBEARER"
    return (
        "takes no certificate in place of a password: it does not offer EXTERNAL, or not for this "
        "one"
    )


def _bearer(offered: Container[str], username: str, token: Token) -> Saying | None:
    """By XOAUTH2 where it is offered, for that is what the large hosts have tried most."""
    if "XOAUTH2" in offered:
        return Saying("XOAUTH2", sasl_xoauth2(username, token.text), b"")
    if "OAUTHBEARER" in offered:
        # RFC 7628 §3.2.3: a lone %x01.
        return Saying("OAUTHBEARER", sasl_oauthbearer(username, token.text), b64encode(b"\x01"))
    return None


def sasl_plain(username: str, password: str) -> bytes:
    return _base64(f"\0{username}\0{password}")


def sasl_xoauth2(username: str, token: str) -> bytes:
    return _base64(f"user={username}\x01auth=Bearer {token}{_END}")


def sasl_oauthbearer(username: str, token: str) -> bytes:
    """Its host and port are optional (RFC 7628 §3.1), and wrong behind a proxy."""
    # RFC 5801 §4: an authzid has no bare comma or equals sign.
    name = username.replace("=", "=3D").replace(",", "=2C")
    return _base64(f"n,a={name},\x01auth=Bearer {token}{_END}")


def forms_of(username: str, credential: Credential | None) -> tuple[str, ...]:
    """A credential in every form in which it is sent, and in which a server might repeat it; the
    longest first, for one may be a part of another."""
    match credential:
        case Password(text) if text:
            escaped = text.replace("\\", "\\\\").replace('"', '\\"')
            forms = {text, escaped, sasl_plain(username, text).decode(), _base64(text).decode()}
        case Token(text):
            said = (sasl_xoauth2(username, text), sasl_oauthbearer(username, text), _base64(text))
            forms = {text, *(form.decode() for form in said)}
        case _:
            forms = set()
    return tuple(sorted(forms, key=len, reverse=True))


def refusal(challenge: bytes) -> str:
    """What a server says of a token that it refuses (RFC 7628 §3.2.2): base64 of a JSON object
    with `status` and `scope`. Empty where it says nothing that is worth repeating."""
    told = _object(challenge)
    status, scope = str(told.get("status", "")), told.get("scope")
    words = [status] if _STATUS.fullmatch(status) else []
    if isinstance(scope, str) and _SCOPE.fullmatch(scope):
        words.append(f"it wants the scope {scope[:_SCOPE_LENGTH]}")
    return ", ".join(words)


def _object(challenge: bytes) -> dict[str, Any]:
    try:
        told = json.loads(b64decode(challenge.strip(), validate=True))
    except (ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}


def _base64(text: str) -> bytes:
    # What of an environment variable was no UTF-8 is sent as it was.
    return b64encode(text.encode("utf-8", "surrogateescape"))
