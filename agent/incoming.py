"""Mail about an approval that is no vote: recorded, answered, heeded. Part of the workflow."""

from datetime import datetime
from typing import Any

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from agent.ballot import Ballot, Ruling
    from agent.correspondence import Correspondence
    from agent.models import NoticeKind, ReplyNotice, rfc3339
    from agent.quota import MAX_NOTICES, MAX_REFUSED
    from agent.trail import Trail

LOST = "lost"  # the patch: runs that began before it heed no bounce behind a hundred notices
WARN = "warn"  # the patch: runs that began before it warn nobody of mail in their name
APART = "apart"  # the patch: runs that began before it take a refused mail's words for known
AWAY = "away"  # the patch: runs that began before it count every automatic mail as any other
_AWAY_NOTE = 200


class Incoming:
    """Takes the inbox's notices of one approval."""

    def __init__(self, ballot: Ballot, trail: Trail, mail: Correspondence) -> None:
        self._ballot = ballot
        self._trail = trail
        self._mail = mail
        self._notices = 0
        self._refusals = 0
        self._automatic: set[tuple[str, bool]] = set()
        self._away: dict[str, dict[str, Any]] = {}
        self._bounces: dict[str, dict[str, Any]] = {}

    @property
    def away(self) -> list[dict[str, Any]]:
        """`{approver, at, note}` of whose address answered by itself, and who has not voted."""
        return [a for person, a in self._away.items() if person not in self._ballot.votes]

    @property
    def undeliverable(self) -> list[dict[str, Any]]:
        """`{approver, at, status}` of whom a delivery report says that mail does not reach them."""
        return [b for person, b in self._bounces.items() if not self._ballot.reachable(person)]

    def take(self, notice: ReplyNotice, now: datetime) -> None:
        if self._ballot.known(_name_of(notice), notice.content_hash):
            return
        if notice.kind is NoticeKind.AUTO and workflow.patched(AWAY):
            self._automatically(notice, now)
            return
        # Only a valid token of this action is heeded: everything else is put aside, never told.
        ours = notice.claim == self._ballot.claim
        if ours and notice.kind is NoticeKind.REFUSED and workflow.patched(WARN):
            self._mail.warn(notice.approver, notice.reason)
        unclear = notice.kind is NoticeKind.UNCLEAR and ours
        if unclear and self._ballot.has_consented(notice.approver, notice.signed_at):
            update = {"kind": NoticeKind.REFUSED, "reason": Ruling.DUPLICATE}
            notice = notice.model_copy(update=update)
            unclear = False
        if unclear and self._ballot.precedes(notice.signed_at):
            notice = notice.model_copy(
                update={"kind": NoticeKind.REFUSED, "reason": Ruling.OLDER_THAN_QUESTION}
            )
            self._mail.warn(notice.approver, notice.reason)
            unclear = False
        # However much was written before: what may say "stop" is not one too many.
        voided = unclear and self._voids(notice, now)
        if voided:
            self._mail.explain(notice, now, voided=True)
        bounced = notice.kind is NoticeKind.BOUNCE
        approver = self._ballot.claimed(notice.claim) if bounced else notice.approver
        # Nor is, once a person, that mail does not reach them.
        lost = bounced and notice.permanent and approver and self._ballot.reachable(approver)
        if self._is_too_much(notice) and not (lost and workflow.patched(LOST)):
            return
        self._record(notice, now, approver or None)
        if unclear and not voided:
            self._mail.explain(notice, now)
        if bounced and notice.permanent and approver is not None:
            self._bounces[approver] = {
                "approver": approver,
                "at": rfc3339(notice.received_at or now),
                "status": notice.status,
            }
            self._ballot.unreachable(approver, now)

    def _automatically(self, notice: ReplyNotice, now: datetime) -> None:
        """An event once a person, and once more for receipts and the like; it changes nothing."""
        person = notice.approver
        ours = notice.claim == self._ballot.claim or self._ballot.claimed(notice.claim) == person
        if not ours or not self._ballot.is_approver(person):
            return
        if (person, notice.absence) in self._automatic or self._is_too_much(notice):
            return
        self._automatic.add((person, notice.absence))
        self._record(notice, now, person)
        if notice.absence:
            at = rfc3339(notice.received_at or now)
            self._away[person] = {"approver": person, "at": at, "note": notice.note[:_AWAY_NOTE]}

    def _record(self, notice: ReplyNotice, now: datetime, approver: str | None) -> None:
        bounced = notice.kind is NoticeKind.BOUNCE
        self._trail.add(
            now,
            "notice",
            notice=notice.kind,
            approver=approver,
            received_at=rfc3339(notice.received_at) if notice.received_at else None,
            permanent=notice.permanent if bounced else None,
            status=notice.status or None,
            failed=notice.failed if bounced and notice.failed not in ("", approver) else None,
            reason=notice.reason,
            note=notice.note or None,
        )

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


def _name_of(notice: ReplyNotice) -> str:
    """What was refused must not swallow the same words when they come proven."""
    if notice.kind is NoticeKind.REFUSED and workflow.patched(APART):
        return f"refused {notice.message_id}"
    return notice.message_id
