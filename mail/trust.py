"""Pure: whether a message comes from the approver whom a token was given to.

Three gates (token, sender, proof of the sender); the third is not built yet, so `MAIL_AUTH=off`
has to be said. Display names, subjects and anything else a sender can choose count for nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from mail.address import without_detail
from mail.identity import Keyring, approver_claim, verify_bounce, verify_reply
from mail.reply import Reply


class Distrust(StrEnum):
    """Why a message does not count, whatever it says."""

    NO_TOKEN = "no-token"
    TOKEN_MISMATCH = "token-mismatch"
    CARRIERS_DISAGREE = "carriers-disagree"
    SEVERAL_FROM = "several-from"
    OWN_MAIL = "own-mail"


@dataclass(frozen=True, slots=True)
class Trusted:
    """A message of this approver about this approval; `claim` names the action consented to."""

    request_id: str
    approver: str
    claim: str


@dataclass(frozen=True, slots=True)
class Untrusted:
    reason: Distrust
    request_id: str | None
    """The one approval it names, if it names exactly one: for the record, it proves nothing."""


def authenticate(
    reply: Reply, keyring: Keyring, aliases: Mapping[str, str], mailbox: str
) -> Trusted | Untrusted:
    """Every carrier has to be valid for the one sender, and all have to name the same approval,
    as has the subject, if it names one.

    `aliases` maps an approver's other addresses to the one they are asked at.
    """
    named = {carrier.request_id for carrier in reply.carriers}
    request_id = named.pop() if len(named) == 1 else None
    if len(reply.senders) != 1 or not reply.senders[0]:
        return Untrusted(Distrust.SEVERAL_FROM, request_id)
    sender = reply.senders[0]
    approver = aliases.get(sender, sender)
    if without_detail(mailbox) in (without_detail(sender), without_detail(approver)):
        return Untrusted(Distrust.OWN_MAIL, request_id)
    if not reply.carriers:
        return Untrusted(Distrust.NO_TOKEN, request_id)
    if request_id is None or reply.request_id not in (None, request_id):
        return Untrusted(Distrust.CARRIERS_DISAGREE, request_id)
    claims = {verify_reply(keyring, request_id, approver, c.token) for c in reply.carriers}
    if claims == {None}:
        return Untrusted(Distrust.TOKEN_MISMATCH, request_id)
    claim = claims.pop()
    if claims or claim is None:
        return Untrusted(Distrust.CARRIERS_DISAGREE, request_id)
    return Trusted(request_id, approver, claim)


def authenticate_bounce(reply: Reply, keyring: Keyring, plus_addresses: bool) -> Trusted | None:
    """A report to our envelope sender's address, whose claim names the approver. Where there are no
    plus addresses: one that brings back our Message-ID, and names whom that was sent to."""
    if reply.bounce is not None:
        claim = verify_bounce(keyring, reply.bounce.request_id, reply.bounce.token)
        return None if claim is None else Trusted(reply.bounce.request_id, "", claim)
    if plus_addresses:
        return None
    for carrier in reply.carriers:
        for approver in reply.unreached:
            if verify_reply(keyring, carrier.request_id, approver, carrier.token):
                return Trusted(carrier.request_id, approver, approver_claim(approver))
    return None
