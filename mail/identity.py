"""Tokens: which approval, which approver and which action a reply is about.

A token is `<key id: 2><claim: 8><mac: 18>` in lower-case base32 (RFC 4648; local parts are
case-folded on their way, RFC 5321 §4.1.2 notwithstanding). The MAC covers the claim, so a reply is
verified without a look-up; whoever counts the vote compares the claim with the action's digest.

A mark is `<key id: 2><mac: 18>`, over a Message-ID of ours: it tells that a mail is our own.
"""

import hashlib
import hmac
from base64 import b32encode
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

MARK_FIELD = "X-Approval-Agent"
"""The header field of all our mail that tells it from everybody else's."""
KEY_ID_LENGTH = 2
CLAIM_LENGTH = 8  # 40 bits
MAC_LENGTH = 18  # 90 bits
TOKEN_LENGTH = KEY_ID_LENGTH + CLAIM_LENGTH + MAC_LENGTH
MARK_LENGTH = KEY_ID_LENGTH + MAC_LENGTH
MINIMUM_SECRET_BYTES = 32


class Purpose(StrEnum):
    """What a token may be used for; a token of one purpose is worthless for another."""

    REPLY = "reply"
    BOUNCE = "bounce"
    MARK = "mark"
    PROBE = "probe"


@dataclass(frozen=True, slots=True)
class Key:
    """One secret and the id under which tokens name it."""

    id: str
    secret: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Keyring:
    """The first key signs, every key verifies: a new one is put in front, the old one dropped
    when nothing signed with it waits any more."""

    keys: tuple[Key, ...]

    @classmethod
    def from_secrets(cls, secrets: Sequence[str]) -> "Keyring":
        """Raises ValueError if there is no secret, or one is shorter than 32 bytes."""
        if not secrets:
            raise ValueError("no secret given")
        keys = []
        for secret in secrets:
            raw = secret.encode()
            if len(raw) < MINIMUM_SECRET_BYTES:
                raise ValueError(f"a secret has {len(raw)} bytes, at least 32 are needed")
            keys.append(
                Key(id=_base32(hashlib.sha256(b"key-id\0" + raw), KEY_ID_LENGTH), secret=raw)
            )
        return cls(tuple(keys))


def reply_token(keyring: Keyring, request_id: str, approver: str, digest: str) -> str:
    """The token that an approver's answer has to bring back; `digest` is the action's, in hex."""
    return _token(keyring.keys[0], Purpose.REPLY, request_id, approver, digest_claim(digest))


def bounce_token(keyring: Keyring, request_id: str, approver: str) -> str:
    """The token of the envelope sender: its claim names the approver, whom a bounce may not."""
    return _token(keyring.keys[0], Purpose.BOUNCE, request_id, "", approver_claim(approver))


def probe_token(keyring: Keyring, request_id: str, mailbox: str) -> str:
    """The token of a mail that we send to ourselves to see it arrive: of the form that an answer's
    has, and no answer counts with it."""
    return _token(keyring.keys[0], Purpose.PROBE, request_id, "", approver_claim(mailbox))


def verify_probe(keyring: Keyring, request_id: str, mailbox: str, token: str) -> bool:
    """Whether it was made for a mail of ours to this mailbox."""
    claim = _verify(keyring, Purpose.PROBE, request_id, "", token)
    return claim is not None and claim == approver_claim(mailbox)


def verify_reply(keyring: Keyring, request_id: str, approver: str, token: str) -> str | None:
    """Return the claim (of the digest) of a token made for this request and approver, else None."""
    return _verify(keyring, Purpose.REPLY, request_id, approver, token)


def verify_bounce(keyring: Keyring, request_id: str, token: str) -> str | None:
    """Return the claim (of the approver) of a bounce token made for this request, else None."""
    return _verify(keyring, Purpose.BOUNCE, request_id, "", token)


def vote_seal(
    keyring: Keyring, request_id: str, approver: str, claim: str, approved: bool, received_at: str
) -> str:
    """What whoever reads the mailbox vouches for: this approver's mail said this. It outlasts the
    way through Temporal, where others may write, too."""
    return _seal(keyring.keys[0], request_id, approver, claim, approved, received_at)


def verify_vote(
    keyring: Keyring,
    seal: str,
    request_id: str,
    approver: str,
    claim: str,
    approved: bool,
    received_at: str,
) -> bool:
    if not seal.isascii():
        return False
    told = (request_id, approver, claim, approved, received_at)
    return any([hmac.compare_digest(_seal(key, *told), seal) for key in keyring.keys])


def own_mark(keyring: Keyring, message_id: str) -> str:
    """What MARK_FIELD says in our message with this Message-ID."""
    return _mark(keyring.keys[0], message_id)


def is_own_mark(keyring: Keyring, message_id: str, mark: str) -> bool:
    """Whether it was made, with any of our keys, for the message that has this Message-ID. Programs
    that copy fields they do not know into a reply give it a Message-ID of its own: no vote is taken
    for our own mail."""
    if len(mark) != MARK_LENGTH or not mark.isascii():
        return False
    found = [hmac.compare_digest(_mark(key, message_id), mark) for key in keyring.keys]
    return any(found)


def digest_claim(digest: str) -> str:
    return _base32(hashlib.sha256(b"digest\0" + digest.lower().encode()), CLAIM_LENGTH)


def approver_claim(approver: str) -> str:
    return _base32(hashlib.sha256(b"approver\0" + approver.encode()), CLAIM_LENGTH)


def _verify(
    keyring: Keyring, purpose: Purpose, request_id: str, approver: str, token: str
) -> str | None:
    if len(token) != TOKEN_LENGTH or not token.isascii():
        return None
    claim = token[KEY_ID_LENGTH : KEY_ID_LENGTH + CLAIM_LENGTH]
    found = None
    for key in keyring.keys:
        expected = _token(key, purpose, request_id, approver, claim)
        if hmac.compare_digest(expected, token):
            found = claim
    return found


def _token(key: Key, purpose: Purpose, request_id: str, approver: str, claim: str) -> str:
    # NUL separates the fields: none of them can hold one.
    message = "\0".join(("hitl-token-v1", purpose, request_id.upper(), approver, claim))
    mac = hmac.new(key.secret, message.encode(), hashlib.sha256)
    return key.id + claim + _base32(mac, MAC_LENGTH)


def _seal(
    key: Key, request_id: str, approver: str, claim: str, approved: bool, received_at: str
) -> str:
    word = "approved" if approved else "rejected"
    message = "\0".join(("hitl-seal-v1", request_id.upper(), approver, claim, word, received_at))
    return hmac.new(key.secret, message.encode(), hashlib.sha256).hexdigest()


def _mark(key: Key, message_id: str) -> str:
    bare = message_id.strip().removeprefix("<").removesuffix(">")
    message = "\0".join(("hitl-token-v1", Purpose.MARK, bare))
    mac = hmac.new(key.secret, message.encode("utf-8", "surrogatepass"), hashlib.sha256)
    return key.id + _base32(mac, MAC_LENGTH)


def _base32(source: "hashlib._Hash | hmac.HMAC", length: int) -> str:
    return b32encode(source.digest()).decode().lower()[:length]
