"""Pure: whether a message comes from the approver whom a token was given to.

Three gates: a token, a sender, proof of the sender. Display names, subjects and anything else that
a sender can choose count for nothing.

Addresses are compared as they stand, in lower case. Dots count, and `a+x@` is another address than
`a@`: whoever answers from another one than they are asked at has it listed as an alias.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from mail.address import without_detail
from mail.identity import Keyring, approver_claim, is_own_mark, verify_bounce, verify_reply
from mail.proof import Evidence, Fault, Proof, Unproven
from mail.reply import Reply
from mail.senders import senders


class Distrust(StrEnum):
    """Why a message does not count, whatever it says."""

    NO_TOKEN = "no-token"
    TOKEN_MISMATCH = "token-mismatch"
    CARRIERS_DISAGREE = "carriers-disagree"
    SEVERAL_FROM = "several-from"
    OWN_MAIL = "own-mail"
    UNAUTHENTICATED = Fault.UNAUTHENTICATED.value
    MISALIGNED = Fault.MISALIGNED.value
    UNAVAILABLE = Fault.UNAVAILABLE.value
    BINDING_NOT_SIGNED = "binding-not-signed"
    DATE_NOT_SIGNED = "date-not-signed"
    NOT_ADDRESSED = "not-addressed-to-us"


class Auth(StrEnum):
    """`MAIL_AUTH`: what has to be proven."""

    REQUIRED = "required"
    IF_PRESENT = "if-present"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Trusted:
    """A message of this approver about this approval; `claim` names the action consented to."""

    request_id: str
    approver: str
    claim: str
    proof: str = ""
    """How its sender was proven: for the audit trail."""
    signed_at: datetime | None = None
    """The date that its sender's signature covers."""


@dataclass(frozen=True, slots=True)
class Untrusted:
    reason: Distrust
    request_id: str | None
    """The one approval it names, if it names exactly one: for the record, it proves nothing."""
    detail: str = ""
    in_name_of: Trusted | None = None
    """The approver whose address and token it bears, and nothing proves that they sent it."""


def authenticate(
    reply: Reply, keyring: Keyring, aliases: Mapping[str, str], mailbox: str
) -> Trusted | Untrusted:
    """Every carrier has to be valid for the one sender, and all have to name the same approval,
    as has the subject, if it names one.

    `aliases` maps an approver's other addresses to the one they are asked at.
    """
    named = {carrier.request_id for carrier in reply.carriers}
    request_id = named.pop() if len(named) == 1 else None
    if _is_ours(reply, keyring):
        return Untrusted(Distrust.OWN_MAIL, request_id)
    if len(reply.senders) != 1 or not reply.senders[0]:
        return Untrusted(Distrust.SEVERAL_FROM, request_id)
    sender = reply.senders[0]
    approver = aliases.get(sender, sender)
    if without_detail(mailbox) in (without_detail(sender), without_detail(approver)):
        return Untrusted(Distrust.OWN_MAIL, request_id)
    if not reply.carriers:
        return Untrusted(Distrust.NO_TOKEN, reply.request_id)
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
    if _is_ours(reply, keyring):
        return None
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


def _is_ours(reply: Reply, keyring: Keyring) -> bool:
    """Whether we wrote it, whatever became of its other fields on the way."""
    return any(is_own_mark(keyring, reply.message_id, mark) for mark in reply.marks)


def proven(
    trusted: Trusted, evidence: Evidence | None, auth: Auth, mailbox: str
) -> Trusted | Untrusted:
    """The third gate, for who has passed the others. No evidence is as good as a bad one."""
    if auth is Auth.OFF:
        return replace(trusted, proof=Auth.OFF.value)
    if evidence is None:
        evidence = Unproven(Fault.UNAUTHENTICATED, "nobody has looked for a proof")
    if isinstance(evidence, Unproven):
        if auth is Auth.IF_PRESENT and evidence.absent:
            return replace(trusted, proof=f"none ({Auth.IF_PRESENT})")
        return _unproven(trusted, Distrust(evidence.fault), evidence.detail)
    faults = [_fault_of(proof, trusted, mailbox) for proof in evidence]
    for proof, fault in zip(evidence, faults, strict=True):
        if fault is None:
            return replace(trusted, proof=proof.how, signed_at=proof.covered.signed_at)
    fault = next(filter(None, faults), Distrust.UNAUTHENTICATED)
    return _unproven(trusted, fault, evidence[0].how if evidence else "")


def _unproven(trusted: Trusted, reason: Distrust, detail: str) -> Untrusted:
    return Untrusted(reason, trusted.request_id, detail, trusted)


def _fault_of(proof: Proof, trusted: Trusted, mailbox: str) -> Distrust | None:
    """A signed mail about something else, sent on with a field added to it, is no answer; nor is
    a signed answer to somebody else."""
    covered = proof.covered
    if trusted.request_id not in covered.names:
        return Distrust.BINDING_NOT_SIGNED
    if proof.signs and covered.signed_at is None:
        return Distrust.DATE_NOT_SIGNED
    if covered.recipients is not None and not _names(covered.recipients, mailbox):
        return Distrust.NOT_ADDRESSED
    return None


def _names(recipients: str, mailbox: str) -> bool:
    """Whether our mailbox is among the addresses, with a plus address or without. A display name
    that looks like it is anybody's to choose, also for whom they ask to answer."""
    return any(without_detail(a) == mailbox for a in senders(recipients.split("\n")) if a)
