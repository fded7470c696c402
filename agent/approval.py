"""ApprovalWorkflow: one risky action waiting for consent. Stands alone: any workflow may start it.

Its input is read here, not by the data converter: a converter's error would be retried for ever,
unseen, where a caller in another language needs a failure that says what is wrong.
"""

import asyncio
from datetime import timedelta
from typing import Any

from temporalio import workflow
from temporalio.common import RawValue
from temporalio.exceptions import ActivityError, ApplicationError, TimeoutError

with workflow.unsafe.imports_passed_through():
    from agent import options
    from agent.asking import Asking
    from agent.ballot import Ballot, Ruling
    from agent.correspondence import Correspondence
    from agent.errors import BAD_REQUEST, BadArguments
    from agent.ignored import ignore
    from agent.incoming import Incoming
    from agent.jobs import Plan, PrepareInput, ResendInput, SweepInput
    from agent.models import (
        ApprovalDecision,
        ApprovalOutcome,
        ApprovalRequest,
        Outcome,
        Policy,
        ReplyNotice,
        rfc3339,
    )
    from agent.public import Public
    from agent.trail import Trail
    from agent.validation import NOTHING, read_input, read_signal, refuse

_PROVEN = "required"
_OUTCOMES = "approval_outcomes_total"
UNREAD = "The inbox could not be read at the deadline."
WITHDRAWN_FIRST = "withdrawn-first"  # the patch: runs before it may have told of the approval


@workflow.defn(name="ApprovalWorkflow")
class ApprovalWorkflow:
    """Asks the approvers by mail, counts their votes, ends with an outcome at its deadline."""

    def __init__(self) -> None:
        self._trail = Trail()
        self._request: ApprovalRequest | None = None
        self._ballot: Ballot | None = None
        self._mail: Correspondence | None = None
        self._withdrawn = False
        self._unread = False
        self._incoming: Incoming | None = None
        self._asking: Asking | None = None
        self._public = Public()

    @workflow.run
    async def run(self, raw: RawValue = NOTHING) -> ApprovalOutcome:
        """`ApprovalRequest` in. Cancelling it withdraws the approval, and it still completes."""
        self._request = request = read_input(ApprovalRequest, raw)
        if workflow.info().workflow_id != f"approval-{request.request_id}":
            refuse(f"the workflow id must be approval-{request.request_id}")
        approval = asyncio.create_task(self._approve(request))
        while True:
            try:
                return await asyncio.shield(approval)
            except asyncio.CancelledError:
                if approval.done():
                    raise
                self._withdraw()

    @workflow.signal
    def approval_decision(self, raw: RawValue = NOTHING) -> None:
        """👉 `ApprovalDecision`: a vote from the inbox, or, without its fields, an operator's."""
        try:
            decision = read_signal(ApprovalDecision, raw)
        except BadArguments as error:
            ignore(self._trail, "malformed", detail=str(error))
            return
        if self._ballot is None or self._mail is None:
            ignore(self._trail, Ruling.EARLY)
            return
        ruling, vote = self._ballot.cast(decision, workflow.now())
        about: dict[str, Any] = {
            "approver": vote.approver,
            "approved": vote.approved,
            "note": vote.note or None,
            "channel": vote.channel,
            "received_at": rfc3339(vote.received_at),
            "authentication": decision.authentication or None,
        }
        if ruling is Ruling.COUNTED:
            self._trail.add(workflow.now(), "vote", **about)
        else:
            ignore(self._trail, ruling, **about)
        if ruling.impersonates:
            self._mail.warn(vote.approver, ruling)
        else:
            self._mail.acknowledge(ruling, vote)
        self._public.away(self._incoming.away if self._incoming else [])

    @workflow.signal
    def reply_received(self, notice: ReplyNotice) -> None:
        """👉 `ReplyNotice`: mail about this approval that is no vote; at most 100 are kept."""
        if self._incoming is not None:
            self._incoming.take(notice, workflow.now())
            self._public.away(self._incoming.away if self._incoming else [])

    @workflow.signal
    def resend(self, wish: ResendInput) -> None:
        """👉 The request mail once more, for people who cannot find it. What comes of it stands in
        the trail."""
        if self._asking is not None:
            self._asking.resend(wish)

    @workflow.query
    def status(self) -> dict[str, Any]:
        """Where the approval stands."""
        request, ballot = self._request, self._ballot
        policy = (request and request.policy) or Policy()
        requested_at = request and request.requested_at
        return {
            "request_id": request.request_id if request else None,
            "status": ballot.outcome if ballot and ballot.outcome else "waiting",
            "summary": request.action.summary if request else "",
            "approvers": list(policy.approvers),
            "votes": [v.model_dump(mode="json") for v in ballot.votes.values()] if ballot else [],
            "away": self._incoming.away if self._incoming else [],
            "undeliverable": self._incoming.undeliverable if self._incoming else [],
            "requested_at": rfc3339(requested_at) if requested_at else None,
            "expires_at": rfc3339(ballot.expires_at) if ballot else None,
        }

    @workflow.query
    def audit_trail(self, after: int = 0) -> dict[str, Any]:
        """Every event numbered above `after`, in pages."""
        return self._trail.page(after)

    def _withdraw(self) -> None:
        self._withdrawn = True
        ballot, now = self._ballot, workflow.now()
        # Signals are handled before a cancellation that came in the same task, whichever was
        # first: where no worker was there, a vote may lie behind the withdrawal. Nothing of what
        # it led to has left yet.
        if ballot is None or self._mail is None or ballot.decided_at != now:
            return
        if ballot.outcome is Outcome.APPROVED and workflow.patched(WITHDRAWN_FIRST):
            ballot.withdraw(now)
            self._mail.take_back(now)

    async def _approve(self, asked: ApprovalRequest) -> ApprovalOutcome:
        plan = await self._prepare(asked)
        now = workflow.now()
        timeout = timedelta(seconds=asked.timeout_seconds or 0)
        expires_at = asked.expires_at or now + timeout
        request = plan.request.model_copy(
            update={"requested_at": asked.requested_at or now, "expires_at": expires_at}
        )
        stages = request.policy.stages if request.policy else ()
        ballot = Ballot(
            request.request_id,
            plan.claim,
            stages,
            expires_at,
            asked_at=request.requested_at,
            operators_count=plan.operator_decisions,
            operators_veto=plan.operator_vetoes,
            requester=request.requested_by,
        )
        self._request, self._ballot = request, ballot
        self._mail = Correspondence(request, ballot, self._trail)
        self._incoming = Incoming(ballot, self._trail, self._mail)
        self._asking = asking = Asking(request, ballot, self._trail)
        if plan.authentication != _PROVEN:
            # Whoever reads one line of the trail is to know what a vote was worth.
            self._trail.mark(authentication=plan.authentication)
        self._trail.add(
            now, "requested", authentication=plan.authentication, **self._public.shown(request)
        )
        self._public.ask(request, plan.search_attributes)
        if expires_at <= now:
            # No worker was there in time, or the caller's date has passed: nobody is bothered.
            ballot.close(Outcome.EXPIRED, now)
        await self._wait(plan, ballot, asking)
        return await self._conclude(request, plan, ballot, asking, self._mail)

    async def _prepare(self, asked: ApprovalRequest) -> Plan:
        try:
            plan: Plan = await workflow.execute_activity(
                "prepare",
                PrepareInput(request=asked, at=workflow.now()),
                result_type=Plan,
                **options.PREPARE,
            )
            return plan
        except ActivityError as error:
            if isinstance(error.cause, ApplicationError) and error.cause.type == BAD_REQUEST:
                refuse(error.cause.message)
            raise

    async def _wait(self, plan: Plan, ballot: Ballot, asking: Asking) -> None:
        """Ask one stage after the other until there is an outcome."""
        deadline = asyncio.create_task(self._deadline(plan, ballot, asking))
        stage = -1

        def moved() -> bool:
            # A background task that failed would otherwise be a wait without an end.
            failed = any(task.done() and task.exception() for task in asking.tasks)
            decided = ballot.outcome is not None or self._withdrawn
            return decided or ballot.stage != stage or deadline.done() or failed

        while ballot.outcome is None:
            stage = ballot.stage
            asking.start(stage)
            await workflow.wait_condition(moved)
            if self._withdrawn:
                ballot.close(Outcome.WITHDRAWN, workflow.now())
            for task in (deadline, *asking.tasks):
                if task.done():
                    task.result()
        for task in (deadline, *asking.tasks):
            task.cancel()

    async def _deadline(self, plan: Plan, ballot: Ballot, asking: Asking) -> None:
        """At the deadline have the inbox swept once more: a vote that lies there may be in time."""
        left = ballot.expires_at - workflow.now()
        await asyncio.sleep(max(left.total_seconds(), 0))
        if asking.delivered == 0:
            ballot.close(Outcome.UNDELIVERABLE, workflow.now())
            return
        if plan.expiry_grace_seconds > 0:
            await self._sweep(plan)
        ballot.close(Outcome.EXPIRED, workflow.now())

    async def _sweep(self, plan: Plan) -> None:
        try:
            await workflow.execute_activity(
                "sweep",
                SweepInput(mailbox=plan.mailbox),
                task_queue=plan.inbox_queue,
                schedule_to_close_timeout=timedelta(seconds=plan.expiry_grace_seconds),
                **options.SWEEP,
            )
            self._trail.add(workflow.now(), "sweep")
        except ActivityError as error:
            self._unread = True
            silent = isinstance(error.cause, TimeoutError)
            detail = "no inbox worker answered in time" if silent else str(error.cause)
            self._trail.add(workflow.now(), "sweep_failed", detail=detail)

    async def _conclude(
        self,
        request: ApprovalRequest,
        plan: Plan,
        ballot: Ballot,
        asking: Asking,
        mail: Correspondence,
    ) -> ApprovalOutcome:
        unread = ballot.outcome is Outcome.EXPIRED and self._unread
        outcome: Outcome | None = None

        def settled() -> bool:
            # Whoever votes while answers are being sent is answered, too: the server refuses to
            # close a workflow that has signals it has not handled.
            return mail.idle and workflow.all_handlers_finished() or ballot.outcome is not outcome

        while ballot.outcome is not outcome:
            outcome = ballot.outcome
            assert outcome is not None
            self._trail.add(workflow.now(), "outcome", outcome=outcome)
            outcomes = workflow.metric_meter().create_counter(
                _OUTCOMES, "Approvals that have ended."
            )
            outcomes.add(1, {"outcome": outcome})
            reached = [approver for approver in asking.asked if ballot.reachable(approver)]
            mail.tell_the_others(reached, unread=unread)
            self._public.end(outcome)
            await workflow.wait_condition(settled)
        assert ballot.outcome is not None and ballot.decided_at is not None
        return ApprovalOutcome(
            request_id=request.request_id,
            outcome=ballot.outcome,
            decided_at=ballot.decided_at,
            votes=tuple(ballot.votes.values()),
            reviewer_notes=UNREAD if unread else ballot.notes(),
            digest=request.action.digest or "",
        )
