"""Asks the approvers of one approval, stage after stage, beside the wait. Part of the workflow."""

import asyncio
from collections import Counter

from temporalio import workflow
from temporalio.exceptions import ActivityError, CancelledError

with workflow.unsafe.imports_passed_through():
    from agent import options
    from agent.ballot import Ballot
    from agent.jobs import NotifyInput, NotifyResult, ResendInput
    from agent.models import ApprovalRequest
    from agent.trail import Trail

_RESENDS = 10  # a person and approval: whoever still has no mail then has another trouble


class Asking:
    """One activity an approver: a slow or refusing server holds up nobody else."""

    def __init__(self, request: ApprovalRequest, ballot: Ballot, trail: Trail) -> None:
        self._request = request
        self._ballot = ballot
        self._trail = trail
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._delivered: set[str] = set()
        self._resent: Counter[str] = Counter()

    @property
    def delivered(self) -> int:
        """How many people's mail some server has taken."""
        return len(self._delivered)

    @property
    def asked(self) -> list[str]:
        """Whom a request mail was, or is being, sent to; the ballot knows whom none reaches."""
        return [*self._tasks]

    @property
    def tasks(self) -> list[asyncio.Task[None]]:
        return [*self._tasks.values()]

    def start(self, stage: int) -> None:
        """Mail everybody of this stage who was not asked before and has not voted."""
        for approver in self._ballot.stages[stage].approvers:
            if approver not in self._tasks and approver not in self._ballot.votes:
                self._send(approver)

    def resend(self, wish: ResendInput) -> None:
        """The same mail once more, under the same Message-ID and with the same token, to whoever
        is waited for; one that is still being tried is not doubled."""
        people, why = self._to_remind(wish.to)
        self._trail.add(
            workflow.now(),
            "resend_refused" if why else "resend",
            operator=wish.operator,
            approvers=people or None,
            detail=why or None,
        )
        for person in people:
            if self._tasks[person].done():
                self._resent[person] += 1
                self._send(person)

    def _to_remind(self, to: str | None) -> tuple[list[str], str]:
        """People, or nobody and the reason."""
        if self._ballot.outcome is not None:
            return [], f"the approval is {self._ballot.outcome}"
        stage = self._ballot.stages[self._ballot.stage]
        waited_for = [
            p for p in stage.approvers if p in self._tasks and p not in self._ballot.votes
        ]
        people = [person for person in waited_for if to in (None, person)]
        if not people:
            names = ", ".join(waited_for) or "nobody"
            return [], f"{to} is not waited for, but {names}" if to else "nobody is waited for"
        allowed = [person for person in people if self._resent[person] < _RESENDS]
        return allowed, "" if allowed else f"the mail was sent again {_RESENDS} times already"

    def _send(self, approver: str) -> None:
        stages = self._ballot.stages
        stage = next(number for number, stage in enumerate(stages) if approver in stage.approvers)
        job = NotifyInput(request=self._request, approver=approver, stage=stage)
        self._tasks[approver] = asyncio.create_task(self._ask(job))

    async def _ask(self, job: NotifyInput) -> None:
        left = max(self._ballot.expires_at - workflow.now(), options.SHORTEST_TRY)
        try:
            sent = await workflow.execute_activity(
                "notify",
                job,
                result_type=NotifyResult,
                schedule_to_close_timeout=left,
                **options.NOTIFY,
            )
        except ActivityError as error:
            if isinstance(error.cause, CancelledError):
                # The outcome came first: no server has refused anything.
                self._trail.add(workflow.now(), "mail_cancelled", approver=job.approver)
                return
            sent = NotifyResult(accepted=False, detail=f"not sent: {error.cause}")
        if sent.accepted:
            self._delivered.add(job.approver)
            self._ballot.reached(job.approver)
            self._trail.add(workflow.now(), "mail_sent", approver=job.approver)
            return
        self._trail.add(workflow.now(), "mail_refused", approver=job.approver, detail=sent.detail)
        if job.approver not in self._delivered:
            self._ballot.unreachable(job.approver, workflow.now())
