"""The mail an approval sends after it was asked: help, receipts, news. Part of the workflow.

Every message is an activity of its own beside the wait; the approval ends when none is left.
"""

import asyncio
from collections import Counter
from collections.abc import Iterable

from temporalio import workflow
from temporalio.exceptions import ActivityError

with workflow.unsafe.imports_passed_through():
    from agent import options
    from agent.ballot import Ballot, Ruling
    from agent.jobs import AnswerInput, AnswerKind
    from agent.models import ApprovalRequest, Channel, Vote
    from agent.trail import Trail

_CAPS = {
    AnswerKind.HELP: 3,  # whoever needs more help than this should be spoken to
    AnswerKind.RECEIPT: 5,  # a client that repeats itself must not be answered for ever
    AnswerKind.LATE: 1,  # the outcome does not change, once told is enough
    AnswerKind.NEWS: 1,
}


class Correspondence:
    """Sends answers about one approval and knows when all are out."""

    def __init__(self, request: ApprovalRequest, ballot: Ballot, trail: Trail) -> None:
        self._request = request
        self._ballot = ballot
        self._trail = trail
        self._sending: set[asyncio.Task[None]] = set()
        self._sent: Counter[tuple[str, AnswerKind]] = Counter()

    @property
    def idle(self) -> bool:
        return not self._sending

    def acknowledge(self, ruling: Ruling, vote: Vote) -> None:
        """A receipt for a vote that counts, word of the outcome for one that came too late."""
        if vote.channel is not Channel.MAIL:
            return
        if ruling in (Ruling.COUNTED, Ruling.REPEATED):
            self.answer(vote.approver, AnswerKind.RECEIPT, vote=vote)
        elif ruling in (Ruling.ALREADY_DECIDED, Ruling.LATE):
            self.answer(vote.approver, AnswerKind.LATE, vote=vote)

    def tell_the_others(self, asked: Iterable[str], reason: str) -> None:
        """News of the outcome for everybody asked but the one whose vote just made it: that
        person's receipt says it."""
        for approver in asked:
            if approver != self._ballot.decider:
                self.answer(approver, AnswerKind.NEWS, reason=reason)

    def answer(
        self, to: str, kind: AnswerKind, *, vote: Vote | None = None, reason: str = ""
    ) -> None:
        self._sent[to, kind] += 1
        number = self._sent[to, kind]
        if number > _CAPS[kind]:
            self._trail.add(workflow.now(), "answer_capped", what=kind, to=to)
            return
        job = AnswerInput(
            request=self._request,
            stage=self._ballot.stage,
            to=to,
            kind=kind,
            key=str(number),
            outcome=self._ballot.outcome,
            vote=vote,
            votes=tuple(self._ballot.votes.values()),
            reason=reason,
            at=workflow.now(),
        )
        task = asyncio.create_task(self._send(job))
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)

    async def _send(self, job: AnswerInput) -> None:
        try:
            await workflow.execute_activity("answer", job, **options.ANSWER)
        except ActivityError as error:
            # Telling is all that failed: the outcome stands, and the trail says who was not told.
            self._trail.add(
                workflow.now(), "answer_failed", what=job.kind, to=job.to, detail=str(error.cause)
            )
        else:
            self._trail.add(workflow.now(), "answer_sent", what=job.kind, to=job.to)
