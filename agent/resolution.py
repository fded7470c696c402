"""ResolutionWorkflow: what an operator found out about an action of unknown outcome, recorded and
told. It stands beside the run and the approval, which have ended by then."""

import asyncio
from typing import Any

from temporalio import workflow
from temporalio.exceptions import ActivityError

with workflow.unsafe.imports_passed_through():
    from agent import options
    from agent.jobs import AnswerInput, AnswerKind, Resolution, TellInput
    from agent.models import ApprovalRequest

WORKFLOW = "ResolutionWorkflow"


def resolution_id(request_id: str) -> str:
    """Its workflow id: one an action, never to be reused."""
    return f"resolution-{request_id}"


@workflow.defn(name=WORKFLOW)
class ResolutionWorkflow:
    """Its memo is the record; its work is to tell the approvers and whoever made the request."""

    @workflow.run
    async def run(self, found: Resolution) -> dict[str, list[str]]:
        """Return the addresses that were `told`, and those that could `not` be."""
        people = self._letters(found)
        sent = await asyncio.gather(*people.values(), return_exceptions=True)
        told: dict[str, list[str]] = {"told": [], "not": []}
        for person, error in zip(people, sent, strict=True):
            if isinstance(error, BaseException) and not isinstance(error, ActivityError):
                raise error
            # Telling is all that failed: the record stands, and the result says who was not told.
            told["not" if error else "told"].append(person)
        return told

    def _letters(self, found: Resolution) -> dict[str, Any]:
        approval, requester = found.approval, found.requested_by
        if approval is None:
            return {requester: _result(found, requester)} if requester else {}
        people = [*(approval.policy.approvers if approval.policy else ()), requester]
        return {person: _answer(found, approval, person) for person in people if person}


async def _answer(found: Resolution, approval: ApprovalRequest, to: str) -> None:
    job = AnswerInput(
        request=approval,
        stage=0,
        to=to,
        kind=AnswerKind.RESOLVED,
        key="1",
        reason=found.note,
        done=found.done,
        operator=found.operator,
        at=workflow.now(),
    )
    await workflow.execute_activity("answer", job, **options.ANSWER)


async def _result(found: Resolution, to: str) -> None:
    job = TellInput(
        workflow_id=f"{found.workflow_id} {found.request_id}",
        to=to,
        user_request=found.summary,
        result=found.words,
        at=workflow.now(),
    )
    await workflow.execute_activity("tell", job, **options.TELL)
