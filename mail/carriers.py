"""Where a request id and its token travel: our addresses, our Message-IDs, the reference line.

Built here and found here, so that the two cannot drift apart.
"""

import re
from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

from mail.identity import TOKEN_LENGTH

SUBJECT = "Approval needed: "
"""What the subject of a request begins with."""
REQUEST_ID = r"AR-[0-9A-HJKMNP-TV-Z]{10}"
"""AR- and ten digits of Crockford's base32 (no I, L, O, U); people may type it in any case."""

_TOKEN = rf"[a-z2-7]{{{TOKEN_LENGTH}}}"
# A reply address, one of our Message-IDs and the reference line hold the same two words; the
# look-arounds keep a longer word from being read as one of them. It begins with the dash, and in
# both cases, because long texts are searched for that one character twenty times as fast.
_PAIR = re.compile(
    r"-(?<=[Aa][Rr]-)(?<![\w.]...)([0-9A-HJKMNP-TV-Za-hjkmnp-tv-z]{10})[./]"
    rf"([A-Za-z2-7]{{{TOKEN_LENGTH}}})(?![A-Za-z0-9])"
)
_REFERENCE = re.compile(rf"Reference: {REQUEST_ID}/{_TOKEN}", re.IGNORECASE)
# Only what follows the sign is compared letter by letter.
_BOUNCE = re.compile(rf"\+(?i:b\.({REQUEST_ID})\.({_TOKEN})@)")
# What a program puts in where it breaks a line, also one that stands in JSON.
_TOKEN_OF = re.compile(rf"({REQUEST_ID}[./])(?:[\s>|]|\\[nrt])*[a-z2-7]{{16,}}", re.IGNORECASE)
_BETWEEN = re.compile(r"[\W_]+")
_CODES = re.compile(rf"{REQUEST_ID}(?:[./]\s?[a-z2-7]{{16,}})?", re.IGNORECASE)
_CODE = re.compile(rf"\[({REQUEST_ID})\]", re.IGNORECASE)
_ID = re.compile(REQUEST_ID, re.IGNORECASE | re.ASCII)


class Where(StrEnum):
    """Which of a message's parts a carrier was found in."""

    ADDRESS = "address"
    MESSAGE_ID = "message-id"
    BODY = "body"


class Carrier(NamedTuple):
    """A request id (upper case) with a token (lower case), not verified yet."""

    request_id: str
    token: str
    where: Where


def is_request_id(text: str) -> bool:
    return _ID.fullmatch(text) is not None


def reply_address(mailbox: str, request_id: str, token: str) -> str:
    return _plus(mailbox, f"{request_id.lower()}.{token}")


def bounce_address(mailbox: str, request_id: str, token: str) -> str:
    return _plus(mailbox, f"b.{request_id.lower()}.{token}")


def message_id(mailbox: str, request_id: str, token: str, suffix: str = "") -> str:
    """`<ar-….token[.suffix]@domain>`: the same on every retry, different for every message."""
    tail = f".{suffix}" if suffix else ""
    return f"<{request_id.lower()}.{token}{tail}@{mailbox.rpartition('@')[2]}>"


def thread_id(mailbox: str, request_id: str) -> str:
    """What all mail of one approval refers to. It holds no token: it goes to the requester, too."""
    return f"<{request_id.lower()}.thread@{mailbox.rpartition('@')[2]}>"


def reference_line(request_id: str, token: str) -> str:
    return f"Reference: {request_id}/{token}"


def holds_our_mail(text: str) -> bool:
    """Whether a reference line of ours stands in it, or the code of our subjects."""
    return bool(_REFERENCE.search(text) or _CODE.search(text))


def find_carriers(text: str, where: Where) -> list[Carrier]:
    """Every distinct pair of request id and token in a header's value or a body's text."""
    found: dict[Carrier, None] = {}
    for request_id, token in _PAIR.findall(text):
        found[Carrier(f"AR-{request_id.upper()}", token.lower(), where)] = None
    return list(found)


def find_bounce(address: str) -> Carrier | None:
    """The carrier of a bounce address (`agent+b.<request>.<token>@…`), if it is one."""
    match = _BOUNCE.search(address)
    return Carrier(match[1].upper(), match[2].lower(), Where.ADDRESS) if match else None


def without_tokens(text: str) -> str:
    """For logs and records: servers' answers repeat our addresses and Message-IDs."""
    return _TOKEN_OF.sub(r"\1<token>", text)


def without_these(tokens: Iterable[str], text: str) -> str:
    """Known tokens taken out, whatever stands between their letters."""
    bare = _BETWEEN.sub("", text).lower()
    for token in (token for token in tokens if token in bare):
        text = re.sub(r"[\W_]*".join(token), "<token>", text, flags=re.IGNORECASE)
    return text


def without_codes(text: str) -> str:
    """Without our request ids and tokens, broken over a line or not."""
    return _CODES.sub(" ", text)


def subject_code(subject: str) -> str | None:
    """The request id in brackets that our subjects end with, in upper case."""
    codes = _CODE.findall(subject)
    return str(codes[-1]).upper() if codes else None


def _plus(mailbox: str, detail: str) -> str:
    local, _, domain = mailbox.rpartition("@")
    return f"{local}+{detail}@{domain}"
