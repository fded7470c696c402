"""Mail about an approval that is no vote: recorded, answered, heeded. Part of the workflow."""

from datetime import datetime

from agent.ballot import Ballot
from agent.correspondence import Correspondence
from agent.models import NoticeKind, ReplyNotice
from agent.trail import Trail

MAX_NOTICES = 100  # an approval's share of other mail: a flood must not fill its history
MAX_REFUSED = 30  # of these for mail of people without right: it must not use up the others' share
VOIDED = "It came after your consent, which it may take back: that does not count any more."


class Incoming:
    """Takes the inbox's notices of one approval."""

    def __init__(self, ballot: Ballot, trail: Trail, mail: Correspondence) -> None:
        self._ballot = ballot
        self._trail = trail
        self._mail = mail
        self._notices = 0
        self._refusals = 0

    def take(self, notice: ReplyNotice, now: datetime) -> None:
        if self._ballot.known(notice.message_id, notice.content_hash):
            return
        # Only a valid token of this action is heeded: everything else is put aside, never told.
        unclear = notice.kind is NoticeKind.UNCLEAR and notice.claim == self._ballot.claim
        # However much was written before: what may say "stop" is not one too many.
        voided = unclear and self._voids(notice, now)
        if voided:
            reason = f"{notice.reason}\n{VOIDED}"
            self._mail.explain(notice.approver, notice.received_at or now, reason, voided=True)
        if self._is_too_much(notice):
            return
        bounced = notice.kind is NoticeKind.BOUNCE
        approver = self._ballot.claimed(notice.claim) if bounced else notice.approver
        self._trail.add(
            now,
            "notice",
            notice=notice.kind,
            approver=approver or None,
            permanent=notice.permanent if bounced else None,
            reason=notice.reason,
            note=notice.note or None,
        )
        if unclear and not voided:
            self._mail.explain(notice.approver, notice.received_at or now, notice.reason)
        if bounced and notice.permanent and approver is not None:
            self._ballot.unreachable(approver, now)

    def _voids(self, notice: ReplyNotice, now: datetime) -> bool:
        voided = self._ballot.doubt(notice.approver, (notice.received_at or now, notice.uid), now)
        if voided:
            self._trail.add(now, "vote_voided", approver=notice.approver)
        return voided

    def _is_too_much(self, notice: ReplyNotice) -> bool:
        if notice.kind is NoticeKind.REFUSED:
            self._refusals += 1
            if self._refusals > MAX_REFUSED:
                return True
        self._notices += 1
        return self._notices > MAX_NOTICES
