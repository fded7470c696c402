"""Asks the approvers of one approval, stage after stage, beside the wait. Part of the workflow."""

import asyncio

from temporalio import workflow
from temporalio.exceptions import ActivityError, CancelledError

with workflow.unsafe.imports_passed_through():
    from agent import options
    from agent.ballot import Ballot
    from agent.jobs import NotifyInput, NotifyResult
    from agent.models import ApprovalRequest
    from agent.trail import Trail


class Asking:
    """One activity an approver: a slow or refusing server holds up nobody else."""

    def __init__(self, request: ApprovalRequest, ballot: Ballot, trail: Trail) -> None:
        self._request = request
        self._ballot = ballot
        self._trail = trail
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._refused: set[str] = set()
        self.delivered = 0

    @property
    def asked(self) -> list[str]:
        """Whom a request mail reached, or may have reached."""
        return [approver for approver in self._tasks if approver not in self._refused]

    @property
    def tasks(self) -> list[asyncio.Task[None]]:
        return [*self._tasks.values()]

    def start(self, stage: int) -> None:
        """Mail everybody of this stage who was not asked before and has not voted."""
        for approver in self._ballot.stages[stage].approvers:
            if approver not in self._tasks and approver not in self._ballot.votes:
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
            self.delivered += 1
            self._trail.add(workflow.now(), "mail_sent", approver=job.approver)
            return
        self._refused.add(job.approver)
        self._trail.add(workflow.now(), "mail_refused", approver=job.approver, detail=sent.detail)
        self._ballot.unreachable(job.approver, workflow.now())
