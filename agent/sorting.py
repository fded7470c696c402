"""Pure: what to do with a message that was read: a signal to send, and the folder it belongs in."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from agent.models import ApprovalDecision, NoticeKind, ReplyNotice, rfc3339
from mail.identity import Keyring, approver_claim, vote_seal
from mail.proof import Evidence, Fault, Unproven
from mail.reply import Decision, Refusal, Reply
from mail.trust import Auth, Trusted, Untrusted, authenticate, authenticate_bounce, proven
from mail.vocabulary import DEFAULT, Vocabulary

_STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")  # RFC 3463 §2
_ADDRESS = 254
# Receipts, reports and answers to invitations say nothing of an absence; a rule that cannot tell
# them apart names both.
_NO_ABSENCE = re.compile(r"^(?!.*absence).*(?:receipt|report|invitation)", re.IGNORECASE)


class Folder(StrEnum):
    """Where a message is put when Temporal has taken what it says."""

    PROCESSED = "Processed"
    UNMATCHED = "Unmatched"
    QUARANTINE = "Quarantine"


@dataclass(frozen=True, slots=True)
class Rules:
    """What the sorting of one mailbox goes by."""

    keyring: Keyring
    aliases: dict[str, str]
    mailbox: str
    auth: Auth = Auth.REQUIRED
    plus_addresses: bool = True
    vocabulary: Vocabulary = DEFAULT


@dataclass(frozen=True, slots=True)
class Sorted:
    """One message's fate. Without a signal it belongs to no approval."""

    uid: int
    folder: Folder
    reason: str
    decision: ApprovalDecision | None = None
    notice: ReplyNotice | None = None
    refusal: str = ""
    """Why mail about an approval does not count, if so: one of `mail.trust.Distrust`."""

    @property
    def request_id(self) -> str:
        signal = self.decision or self.notice
        return signal.request_id if signal else ""

    @property
    def result(self) -> str:
        """What it was, in one word: a decision, a kind of notice, `unmatched` or `quarantine`."""
        if self.decision is not None:
            return "approve" if self.decision.approved else "reject"
        return str(self.notice.kind if self.notice is not None else self.folder).lower()

    @property
    def consents(self) -> bool:
        return self.decision is not None and self.decision.approved

    @property
    def answerable(self) -> bool:
        """Whether its sender is an approver with a valid token: nobody else is ever answered."""
        if self.decision is not None:
            return True
        return self.notice is not None and self.notice.kind is NoticeKind.UNCLEAR

    @property
    def order(self) -> tuple[bool, bool, datetime, int]:
        """Rejections first, then what is no decision, then consent in the order of arrival: of
        what is found together, what may stop an action is heard first."""
        signal = self.decision or self.notice
        rejects = self.decision is not None and not self.decision.approved
        at = signal.received_at if signal else None
        arrived = at or datetime.max.replace(tzinfo=UTC)
        return not rejects, self.decision is not None, arrived, self.uid


def wants_proof(reply: Reply | Refusal, rules: Rules) -> bool:
    """Whether anything hangs on who sent it: nobody else's signature is worth a look-up."""
    if isinstance(reply, Refusal) or rules.auth is Auth.OFF:
        return False
    if reply.decision in (Decision.AUTO, Decision.BOUNCE):
        return False
    return isinstance(_two_gates(reply, rules), Trusted)


def stops(reply: Reply | Refusal, rules: Rules) -> str:
    """The request id of the approval that this may stop, if its sender is proven; '' if none."""
    if isinstance(reply, Refusal) or reply.decision is Decision.APPROVE:
        return ""
    trusted = _two_gates(reply, rules)
    return trusted.request_id if isinstance(trusted, Trusted) else ""


def not_proven_now(evidence: Evidence | None) -> bool:
    """Whether it is worth another try: the DNS gave no answer."""
    return isinstance(evidence, Unproven) and evidence.fault is Fault.UNAVAILABLE


def sort_message(
    uid: int,
    reply: Reply | Refusal,
    received_at: datetime,
    rules: Rules,
    evidence: Evidence | None = None,
) -> Sorted:
    """`evidence` is needed of what `wants_proof`."""
    if isinstance(reply, Refusal):
        return Sorted(uid, Folder.QUARANTINE, reply.reason)
    if reply.decision is Decision.BOUNCE:
        return _bounce(uid, reply, received_at, rules)
    trusted = _two_gates(reply, rules)
    if reply.decision is Decision.AUTO:
        # It changes nothing, so nobody has to prove it.
        trusted = _answers_envelope(reply, rules) or trusted
    elif isinstance(trusted, Trusted):
        trusted = proven(trusted, evidence, rules.auth, rules.mailbox)
    if not isinstance(trusted, Trusted):
        return _refused(uid, trusted, reply, received_at, rules)
    if reply.decision in (Decision.APPROVE, Decision.REJECT):
        decision = ApprovalDecision(
            request_id=trusted.request_id,
            approved=reply.decision is Decision.APPROVE,
            reviewer_notes=reply.note or None,
            decided_at=rfc3339(received_at),
            approver=trusted.approver,
            received_at=received_at,
            uid=uid,
            message_id=reply.message_id,
            content_hash=reply.content_hash,
            claim=trusted.claim,
            authentication=trusted.proof,
            signed_at=trusted.signed_at,
            seal=_sealed(trusted, reply, received_at, rules.keyring),
        )
        return Sorted(uid, Folder.PROCESSED, reply.decision, decision=decision)
    kind = NoticeKind.AUTO if reply.decision is Decision.AUTO else NoticeKind.UNCLEAR
    notice = _notice(uid, kind, trusted, reply, received_at, reply.reason)
    return Sorted(uid, Folder.PROCESSED, kind, notice=notice)


def _sealed(trusted: Trusted, reply: Reply, received_at: datetime, keyring: Keyring) -> str:
    approved = reply.decision is Decision.APPROVE
    told = (trusted.request_id, trusted.approver, trusted.claim, approved, rfc3339(received_at))
    return vote_seal(keyring, *told)


def _two_gates(reply: Reply, rules: Rules) -> Trusted | Untrusted:
    return authenticate(reply, rules.keyring, rules.aliases, rules.mailbox)


def _refused(uid: int, why: Untrusted, reply: Reply, received_at: datetime, rules: Rules) -> Sorted:
    if why.request_id is None or reply.decision is Decision.AUTO:
        return Sorted(uid, Folder.UNMATCHED, why.reason)
    # Somebody who has part of an approval's mail tried: its audit trail is to show that. With a
    # token and an approver's address the approver is told, too.
    sender = reply.senders[0] if reply.senders else ""
    person = rules.aliases.get(sender, sender)
    about = why.in_name_of or Trusted(why.request_id, person, "")
    reason = f"{why.reason}: {why.detail}" if why.detail else why.reason
    notice = _notice(uid, NoticeKind.REFUSED, about, reply, received_at, reason)
    return Sorted(uid, Folder.UNMATCHED, reason, notice=notice, refusal=why.reason)


def _answers_envelope(reply: Reply, rules: Rules) -> Trusted | None:
    """An automatic reply to our envelope sender (RFC 3834 §4), whose token names its writer."""
    given = authenticate_bounce(reply, rules.keyring, rules.plus_addresses)
    if given is None or reply.bounce is None or len(reply.senders) != 1:
        return None
    sender = reply.senders[0]
    approver = rules.aliases.get(sender, sender)
    if approver_claim(approver) != given.claim:
        return None
    return Trusted(given.request_id, approver, given.claim)


def _bounce(uid: int, reply: Reply, received_at: datetime, rules: Rules) -> Sorted:
    trusted = authenticate_bounce(reply, rules.keyring, rules.plus_addresses)
    if trusted is None:
        return Sorted(uid, Folder.UNMATCHED, "bounce of nothing of ours")
    notice = _notice(uid, NoticeKind.BOUNCE, trusted, reply, received_at, reply.reason)
    return Sorted(uid, Folder.PROCESSED, NoticeKind.BOUNCE, notice=notice)


def _notice(
    uid: int, kind: NoticeKind, about: Trusted, reply: Reply, received_at: datetime, reason: str
) -> ReplyNotice:
    return ReplyNotice(
        request_id=about.request_id,
        kind=kind,
        approver=about.approver,
        reason=reason,
        note=reply.note,
        received_at=received_at,
        uid=uid,
        message_id=reply.message_id,
        content_hash=reply.content_hash,
        claim=about.claim,
        permanent=reply.permanent,
        status=reply.status if _STATUS.fullmatch(reply.status) else "",
        failed=next(iter(reply.unreached), "")[:_ADDRESS],
        signed_at=about.signed_at,
        absence=kind is NoticeKind.AUTO and _NO_ABSENCE.search(reason) is None,
    )
