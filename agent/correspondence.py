"""The mail an approval sends after it was asked: help, receipts, news. Part of the workflow.

Every message is an activity of its own beside the wait; the approval ends when none is left.
"""

import asyncio
from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from temporalio import workflow
from temporalio.exceptions import ActivityError, CancelledError

with workflow.unsafe.imports_passed_through():
    from agent import options
    from agent.ballot import Ballot, Ruling
    from agent.hourly import MOST, Hourly
    from agent.jobs import AnswerInput, AnswerKind
    from agent.models import ApprovalRequest, Channel, ReplyNotice, Vote
    from agent.told import LateMail, told_already
    from agent.trail import Trail

_CAPS = {
    AnswerKind.HELP: 3,  # whoever needs more help than this should be spoken to
    AnswerKind.RECEIPT: 5,  # a client that repeats itself must not be answered for ever
    AnswerKind.LATE: 1,  # the outcome does not change, once told is enough
    AnswerKind.NEWS: 1,
    AnswerKind.WARNING: 2,  # whoever writes in somebody's name must not fill their mailbox so
}
_VOIDED_CAP = 5  # as many consents as are receipted
HOURLY = "hourly"  # the patch: runs that began before it answer without a limit an hour
OWED = "owed"  # the patch: runs that began before it tell no decider whose receipt was held back


class Correspondence:
    """Sends answers about one approval and knows when all are out."""

    def __init__(self, request: ApprovalRequest, ballot: Ballot, trail: Trail) -> None:
        self._request = request
        self._ballot = ballot
        self._trail = trail
        self._sending: dict[asyncio.Task[None], AnswerInput] = {}
        self._sent: Counter[tuple[str, AnswerKind, str]] = Counter()
        self._hourly = Hourly()
        self._unread = False
        self._owed: set[str] = set()
        """Whose last receipt was one too many."""
        self._kept: list[LateMail] = []
        """Too late to count, and read before there was an outcome to tell."""

    @property
    def idle(self) -> bool:
        return not self._sending

    def acknowledge(self, ruling: Ruling, vote: Vote) -> None:
        """A receipt for a vote that counts, word of the outcome for one that came too late."""
        if vote.channel is not Channel.MAIL:
            return
        if ruling in (Ruling.COUNTED, Ruling.REPEATED):
            sent = self._answer(vote.approver, AnswerKind.RECEIPT, vote=vote)
            (self._owed.discard if sent else self._owed.add)(vote.approver)
        elif ruling in (Ruling.ALREADY_DECIDED, Ruling.WITHDRAWN, Ruling.LATE):
            self._answer_late(LateMail(vote.approver, vote.received_at, vote))

    def explain(self, notice: ReplyNotice, now: datetime, *, voided: bool = False) -> None:
        """Help for mail that is no decision, while there is one to take. That a consent is void is
        told however much help was sent before."""
        received_at = notice.received_at or now
        if self._ballot.outcome is None and received_at <= self._ballot.expires_at:
            self._answer(
                notice.approver,
                AnswerKind.HELP,
                reason=notice.reason,
                read=notice.note,
                in_reply_to=notice.message_id,
                voided=voided,
            )
        else:
            late = LateMail(notice.approver, received_at, reason=notice.reason, read=notice.note)
            self._answer_late(late)

    def warn(self, approver: str, reason: str) -> None:
        """Somebody may have tried in an approver's name: told to that approver alone, at the
        address they are asked at, without a word of the mail."""
        if self._ballot.is_approver(approver):
            self._answer(approver, AnswerKind.WARNING, reason=reason)

    def tell_the_others(self, asked: Iterable[str], *, unread: bool) -> None:
        """News of the outcome for everybody asked but the one whose vote just made it: that
        person's receipt says it. Whose mail came too late hears both in one letter."""
        self._unread = unread
        late = {mail.approver for mail in self._kept if self._answer_late(mail)}
        for approver in asked:
            if approver not in late and not self._is_told_by_receipt(approver):
                self._answer(approver, AnswerKind.NEWS)

    def take_back(self, now: datetime) -> None:
        """What was begun in this very moment does not go out, and is not counted as sent."""
        for task, job in self._sending.items():
            if job.at == now:
                task.cancel()
                self._sent[job.to, job.kind, _series(job.voided)] -= 1
                self._hourly.take_back(job.to, job.at)

    def _is_told_by_receipt(self, approver: str) -> bool:
        if approver != self._ballot.decider:
            return False
        return not (approver in self._owed and workflow.patched(OWED))

    def _answer_late(self, mail: LateMail) -> bool:
        """Whether a letter goes out now: without an outcome there is nothing to say yet."""
        ballot = self._ballot
        if ballot.outcome is None or ballot.decided_at is None:
            self._kept.append(mail)
            return False
        if told_already(mail, ballot.outcome, ballot.decided_at, ballot.votes.values()):
            return False
        self._answer(
            mail.approver,
            AnswerKind.LATE,
            vote=mail.vote,
            reason=mail.reason,
            read=mail.read,
            missed_deadline=mail.received_at > ballot.expires_at,
        )
        return True

    def _answer(
        self,
        to: str,
        kind: AnswerKind,
        *,
        vote: Vote | None = None,
        reason: str = "",
        read: str = "",
        in_reply_to: str = "",
        missed_deadline: bool = False,
        voided: bool = False,
    ) -> bool:
        """Whether it goes out: not if it is one too many."""
        series = _series(voided)
        number = self._sent[to, kind, series] + 1
        cap = _VOIDED_CAP if voided else _CAPS[kind]
        if number > cap or (self._has_had_enough(to) and workflow.patched(HOURLY)):
            self._trail.add(workflow.now(), "answer_capped", what=kind, to=to)
            return False
        self._sent[to, kind, series] = number
        self._hourly.add(to, workflow.now())
        job = AnswerInput(
            request=self._request,
            stage=self._ballot.stage,
            to=to,
            kind=kind,
            key=f"{series}{number}",
            outcome=self._ballot.outcome,
            vote=vote,
            votes=tuple(self._ballot.votes.values()),
            reason=reason,
            read=read,
            in_reply_to=in_reply_to,
            voided=voided,
            last=kind is AnswerKind.HELP and number == cap and not voided,
            missed_deadline=missed_deadline,
            unread=self._unread,
            at=workflow.now(),
        )
        task = asyncio.create_task(self._send(job))
        self._sending[task] = job
        task.add_done_callback(lambda done: self._sending.pop(done))
        return True

    def _has_had_enough(self, to: str) -> bool:
        # The last one is kept for the outcome: that has to be told, whatever came before it.
        most = MOST if self._ballot.outcome is not None else MOST - 1
        return self._hourly.count(to, workflow.now()) >= most

    async def _send(self, job: AnswerInput) -> None:
        try:
            await workflow.execute_activity("answer", job, **options.ANSWER)
        except ActivityError as error:
            if isinstance(error.cause, CancelledError):
                self._trail.add(workflow.now(), "answer_cancelled", what=job.kind, to=job.to)
                return
            # Telling is all that failed: the outcome stands, and the trail says who was not told.
            self._trail.add(
                workflow.now(), "answer_failed", what=job.kind, to=job.to, detail=str(error.cause)
            )
        else:
            self._trail.add(workflow.now(), "answer_sent", what=job.kind, to=job.to)


def _series(voided: bool) -> str:
    return "v" if voided else ""
