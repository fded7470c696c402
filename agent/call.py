"""One tool call of the model, from its assessment to its fate. Part of the agent's workflow."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from temporalio import workflow
from temporalio.common import WorkflowIDReusePolicy
from temporalio.exceptions import ActivityError, FailureError

with workflow.unsafe.imports_passed_through():
    from agent import options, report
    from agent.canonical import request_id_from
    from agent.ignored import ignore
    from agent.jobs import (
        AnswerInput,
        AnswerKind,
        AssessInput,
        Assessment,
        ExecuteInput,
        ExecuteResult,
        ToolCall,
        Verdict,
    )
    from agent.models import (
        Action,
        ApprovalDecision,
        ApprovalOutcome,
        ApprovalRequest,
        Outcome,
        WorkflowInput,
        rfc3339,
    )
    from agent.trail import Trail

_SHOWN_REQUEST = 4_000  # characters of the person's request that an approver is shown


@dataclass(frozen=True, slots=True)
class Run:
    """What every call of one run shares."""

    request: WorkflowInput
    trail: Trail
    cancelled: Callable[[], bool]


class Call:
    """Assesses, asks if it must, executes at most once, and says what became of it."""

    def __init__(self, run: Run, call: ToolCall, others: Sequence["Call"]) -> None:
        self._run = run
        self._call = call
        self._others = others
        self._outcome: ApprovalOutcome | None = None
        self._child: workflow.ChildWorkflowHandle[Any, ApprovalOutcome] | None = None
        self.request_id = request_id_from(workflow.random().getrandbits(50))
        self.fingerprint = ""
        self._ended = False
        self.approval: ApprovalRequest | None = None
        """What the approvers are asked; None for a call that needs no consent."""

    @property
    def asked(self) -> bool:
        return self.approval is not None

    @property
    def waiting(self) -> bool:
        return self._child is not None and not self._child.done()

    def status(self) -> dict[str, Any]:
        request, outcome = self.approval, self._outcome
        assert request and request.policy and request.requested_at and request.expires_at
        votes = outcome.votes if outcome else ()
        return {
            "request_id": request.request_id,
            # Without an outcome: terminated, or refused by the approval itself.
            "status": outcome.outcome if outcome else "failed" if self._ended else "waiting",
            "summary": request.action.summary,
            "approvers": list(request.policy.approvers),
            "votes": [vote.model_dump(mode="json") for vote in votes],
            "requested_at": rfc3339(request.requested_at),
            "expires_at": rfc3339(request.expires_at),
        }

    async def make(self) -> report.Fate:
        run = self._run
        assessment = await workflow.execute_activity(
            "assess",
            AssessInput(
                request_id=self.request_id,
                call=self._call,
                requested_by=run.request.requested_by,
                approvers=run.request.approvers,
                require=run.request.require,
            ),
            result_type=Assessment,
            **options.ASSESS,
        )
        self.fingerprint = assessment.fingerprint
        action = assessment.action
        self._record("assessed", verdict=assessment.verdict, summary=action and action.summary)
        if run.cancelled():
            return report.withdrawn()
        if assessment.verdict is Verdict.REFUSE or action is None:
            return self._refuse(assessment.reason)
        if reason := self._forbidden(assessment):
            return self._refuse(reason)
        if assessment.verdict is Verdict.ALLOW:
            return await self._execute(action, assessment.idempotent, auto=True)
        try:
            return await self._ask(action, assessment)
        finally:
            self._ended = True

    async def forward(self, decision: ApprovalDecision) -> None:
        """Hand an operator's decision on; the approval may have closed in this very moment."""
        assert self._child is not None
        try:
            await self._child.signal("approval_decision", decision)
        except FailureError as error:
            ignore(self._run.trail, "stale", request_id=self.request_id, detail=str(error))

    def withdraw(self) -> None:
        if self._child is not None and not self._child.done():
            self._child.cancel()

    def _forbidden(self, assessment: Assessment) -> str:
        """Why this call is refused unasked; '' if it is not. What people have been asked once is
        theirs to decide in this run: also where the model now calls it harmless."""
        allowed = assessment.verdict is Verdict.ALLOW
        for other in self._others:
            if not other.asked or other.fingerprint != self.fingerprint:
                continue
            if not other._ended:
                return "the same action is waiting for approval in this run"
            outcome = other._outcome.outcome if other._outcome else None
            if outcome in (Outcome.REJECTED, Outcome.WITHDRAWN):
                return "the same action was rejected or withdrawn before in this run"
            if allowed and outcome is not Outcome.APPROVED:
                return "the same action was asked for in this run, and not approved"
        if not allowed and sum(o.asked for o in self._others) >= assessment.max_approvals:
            return (
                f"this run has asked for {assessment.max_approvals} approvals, no more are allowed"
            )
        return ""

    async def _ask(self, action: Action, assessment: Assessment) -> report.Fate:
        timeout = self._run.request.approval_timeout_seconds
        now = workflow.now()
        self.approval = request = ApprovalRequest(
            request_id=self.request_id,
            action=action,
            requested_at=now,
            expires_at=now + timedelta(seconds=timeout),
            requested_by=self._run.request.requested_by,
            policy=assessment.policy,
            request=self._run.request.user_request[:_SHOWN_REQUEST],
        )
        self._record("approval_started")
        try:
            outcome = await self._approval_of(request)
        except FailureError as error:
            cause = error.cause or error
            return self._refuse(getattr(cause, "message", "") or str(cause))
        self._outcome = outcome
        self._record("approval_ended", outcome=outcome.outcome)
        if outcome.outcome is not Outcome.APPROVED:
            return report.not_approved(outcome, timeout)
        if self._run.cancelled():
            return report.withdrawn()
        if outcome.digest != action.digest:
            return self._refuse("what was approved is not what was asked")
        return await self._execute(action, assessment.idempotent, auto=False)

    async def _approval_of(self, request: ApprovalRequest) -> ApprovalOutcome:
        self._child = await workflow.start_child_workflow(
            "ApprovalWorkflow",
            request,
            result_type=ApprovalOutcome,
            id=f"approval-{request.request_id}",
            # Never again under this id: an old signal or mail would fit the new run.
            id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
            # People were asked: they are told if this run is terminated.
            parent_close_policy=workflow.ParentClosePolicy.REQUEST_CANCEL,
            static_summary=request.action.summary,
        )
        if self._run.cancelled():
            self._child.cancel()
        return await self._child

    async def _execute(self, action: Action, idempotent: bool, *, auto: bool) -> report.Fate:
        self._record("executing", summary=action.summary)
        how = options.EXECUTE_IDEMPOTENT if idempotent else options.EXECUTE_ONCE
        job = ExecuteInput(
            request_id=self.request_id,
            action=action,
            digest=action.digest or "",
            policy=self.approval.policy if self.approval else None,
            votes=self._outcome.votes if self._outcome else (),
        )
        try:
            result = await workflow.execute_activity(
                "execute", job, result_type=ExecuteResult, **how
            )
        except ActivityError as error:
            # Neither a result nor the tool's own no: whether it was done, only people can find out.
            why = f"{action.summary}: {error.cause or error}"
            self._record("unknown", detail=why)
            await self._tell_unknown(why)
            return report.unknown(why)
        if not result.done:
            return self._refuse(result.text)
        self._record("executed", result=result.text)
        return report.completed(result.text, auto=auto)

    async def _tell_unknown(self, why: str) -> None:
        request = self.approval
        if request is None or request.policy is None:
            return
        jobs = [
            AnswerInput(
                request=request,
                stage=0,
                to=approver,
                kind=AnswerKind.UNKNOWN,
                key="1",
                reason=why,
                at=workflow.now(),
            )
            for approver in request.policy.approvers
        ]
        told = await asyncio.gather(
            *(workflow.execute_activity("answer", job, **options.ANSWER) for job in jobs),
            return_exceptions=True,
        )
        for job, error in zip(jobs, told, strict=True):
            kind = "answer_failed" if isinstance(error, BaseException) else "answer_sent"
            self._record(kind, what=job.kind, to=job.to)

    def _refuse(self, why: str) -> report.Fate:
        self._record("failed", detail=why)
        return report.failed(why)

    def _record(self, kind: str, **fields: Any) -> None:
        self._run.trail.add(workflow.now(), kind, request_id=self.request_id, **fields)
