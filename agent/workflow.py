"""HumanInTheLoopWorkflow: an agent whose risky tool calls wait for people.

Type, queue, signal and fields are those of the Temporal AI cookbook's human-in-the-loop sample.
"""

import asyncio
from collections.abc import Sequence
from typing import Any

from temporalio import workflow
from temporalio.common import RawValue
from temporalio.exceptions import ActivityError

with workflow.unsafe.imports_passed_through():
    from agent import options, report
    from agent.call import Call, Run
    from agent.errors import BadArguments
    from agent.ignored import ignore
    from agent.jobs import Proposal, ProposeInput, TellInput, ToolCall
    from agent.models import ApprovalDecision, WorkflowInput
    from agent.trail import Trail
    from agent.validation import NOTHING, read_input, read_signal, refuse

MAX_TURNS = 20  # a model that has not come to an end by then will not
MAX_FAILURES = 3  # calls that could not be made, in a row: it is not going to get better
MAX_REQUEST_BYTES = 256 * 1024
MAX_TALK_BYTES = 1280 * 1024  # Temporal ends a run that hands on more than 2 MiB, and tells nobody


@workflow.defn(name="HumanInTheLoopWorkflow")
class HumanInTheLoopWorkflow:
    """Proposes, asks, acts and reports, until the model has nothing more to do."""

    def __init__(self) -> None:
        self._status = "proposing"
        self._cancelled = False
        self._trail = Trail()
        self._calls: list[Call] = []
        self._lines: list[str] = []
        self._forwarding: set[asyncio.Task[None]] = set()
        self._proposing: asyncio.Task[Proposal] | None = None

    @workflow.run
    async def run(self, raw: RawValue = NOTHING) -> str:
        """`WorkflowInput` in. Cancelling it withdraws what waits; an action that already runs is
        let finish, so that its outcome is known."""
        request = read_input(WorkflowInput, raw)
        _check(request)
        self._trail.add(workflow.now(), "started", requested_by=request.requested_by)
        work = asyncio.create_task(self._work(request))
        while True:
            try:
                result = await asyncio.shield(work)
                break
            except asyncio.CancelledError:
                if work.done():
                    raise
                self._cancel()
        await self._tell(request, result)
        await workflow.wait_condition(
            lambda: not self._forwarding and workflow.all_handlers_finished()
        )
        self._status = "cancelled" if self._cancelled else "completed"
        if self._cancelled:
            raise asyncio.CancelledError
        return result

    @workflow.signal
    def approval_decision(self, raw: RawValue = NOTHING) -> None:
        """👉 `ApprovalDecision`: an operator's, forwarded to the approval it names; any other is
        recorded."""
        try:
            decision = read_signal(ApprovalDecision, raw)
        except BadArguments as error:
            ignore(self._trail, "malformed", detail=str(error))
            return
        wanted = decision.request_id.strip().upper()
        call = next((c for c in self._calls if c.request_id == wanted and c.waiting), None)
        if call is None:
            known = any(c.request_id == wanted for c in self._calls)
            why = "stale" if known else "wrong-request"
            ignore(self._trail, why, request_id=decision.request_id)
            return
        task = asyncio.create_task(call.forward(decision))
        self._forwarding.add(task)
        task.add_done_callback(self._forwarding.discard)

    @workflow.query
    def status(self) -> dict[str, Any]:
        """Where the run stands. The votes of an approval that waits are the approval's to tell."""
        approvals = [call.status() for call in self._calls if call.asked]
        waiting = any(call.waiting for call in self._calls)
        running = self._status not in ("completed", "cancelled")
        return {
            "status": "waiting" if waiting and running else self._status,
            "approvals": approvals,
        }

    @workflow.query
    def audit_trail(self, after: int = 0) -> dict[str, Any]:
        """Every event numbered above `after`, in pages."""
        return self._trail.page(after)

    async def _work(self, request: WorkflowInput) -> str:
        items: list[dict[str, Any]] = []
        failures = 0
        for _ in range(MAX_TURNS):
            proposal = await self._propose(request, items)
            if proposal is None:
                self._lines = self._lines or [report.withdrawn().line]
                return self._result("")
            if proposal.failure:
                return self._fail(proposal.failure)
            if not proposal.calls:
                return self._result(proposal.text)
            fates = await self._make(request, proposal.calls)
            if self._cancelled:
                return self._result("")
            items.extend(proposal.items)
            items.extend(
                report.output_item(call.call_id, fate)
                for call, fate in zip(proposal.calls, fates, strict=True)
            )
            if report.size_of(items) > MAX_TALK_BYTES:
                return self._fail("the talk with the model has grown too long")
            failures = failures + 1 if all(fate.failed for fate in fates) else 0
            if failures == MAX_FAILURES:
                return self._result(f"Gave up after {failures} turns without a call that worked.")
        return self._fail(f"the model did not come to an end within {MAX_TURNS} turns")

    async def _propose(
        self, request: WorkflowInput, items: list[dict[str, Any]]
    ) -> Proposal | None:
        """None if the run is cancelled meanwhile."""
        if self._cancelled:
            return None
        self._status = "proposing"
        self._proposing = asyncio.create_task(self._ask_model(request, items))
        try:
            proposal = await self._proposing
        except asyncio.CancelledError:
            if not self._cancelled:
                raise
            return None
        self._trail.add(
            workflow.now(), "proposed", calls=[f"{call.name}" for call in proposal.calls]
        )
        return proposal

    async def _ask_model(self, request: WorkflowInput, items: list[dict[str, Any]]) -> Proposal:
        try:
            proposal: Proposal = await workflow.execute_activity(
                "propose",
                ProposeInput(user_request=request.user_request, items=tuple(items)),
                result_type=Proposal,
                **options.PROPOSE,
            )
            return proposal
        except ActivityError as error:
            if self._cancelled:
                raise asyncio.CancelledError from error
            return Proposal(failure=f"the model could not be asked: {error.cause}")

    async def _make(self, request: WorkflowInput, calls: Sequence[ToolCall]) -> list[report.Fate]:
        """The calls of one turn stand side by side: all are assessed and asked at the same time."""
        self._status = "executing"
        run = Run(request, self._trail, lambda: self._cancelled)
        begun = [Call(run, call, self._calls) for call in calls]
        self._calls.extend(begun)
        fates = await asyncio.gather(*(call.make() for call in begun))
        self._lines.extend(fate.line for fate in fates)
        return list(fates)

    async def _tell(self, request: WorkflowInput, result: str) -> None:
        """Mail the result to whoever asked, if they left an address."""
        self._trail.add(workflow.now(), "ended", result=result)
        if request.requested_by is None:
            return
        asked = [call.approval for call in self._calls if call.approval is not None]
        job = TellInput(
            workflow_id=workflow.info().workflow_id,
            to=request.requested_by,
            user_request=request.user_request[:4_000],
            result=result,
            last=asked[-1] if asked else None,
            at=workflow.now(),
        )
        try:
            await workflow.execute_activity("tell", job, **options.TELL)
            self._trail.add(workflow.now(), "told", to=request.requested_by)
        except ActivityError as error:
            # The result stands in the workflow; that its mail did not leave stands beside it.
            self._trail.add(workflow.now(), "not_told", detail=str(error.cause))

    def _cancel(self) -> None:
        self._cancelled = True
        if self._proposing is not None:
            self._proposing.cancel()
        for call in self._calls:
            call.withdraw()

    def _result(self, closing: str) -> str:
        return report.result_text(self._lines, closing)

    def _fail(self, why: str) -> str:
        self._lines.append(report.failed(why).line)
        return self._result("")


def _check(request: WorkflowInput) -> None:
    if not request.user_request.strip():
        refuse("the request is empty")
    if len(request.user_request.encode(errors="replace")) > MAX_REQUEST_BYTES:
        refuse(f"the request is over {MAX_REQUEST_BYTES // 1024} KiB")
    if not 0 < request.approval_timeout_seconds <= 10 * 365 * 86_400:
        refuse("approval_timeout_seconds must be above 0 and at most ten years")
