"""What a run believes of the approvals that it has asked for, and under which id it asks."""

import asyncio
import contextlib

import pytest
from temporalio import workflow
from temporalio.api.enums.v1 import EventType, ParentClosePolicy, WorkflowIdReusePolicy
from temporalio.client import WorkflowFailureError

from agent.models import ApprovalOutcome, ApprovalRequest, Outcome
from tests.virtual.runs import REFUND, approval
from tests.virtual.world import calls, closing
from tests.waiting import until

pytestmark = pytest.mark.asyncio(loop_scope="session")


def approved(request: ApprovalRequest, digest: str | None) -> ApprovalOutcome:
    return ApprovalOutcome(
        request_id=request.request_id,
        outcome=Outcome.APPROVED,
        decided_at=workflow.now(),
        digest=digest or "",
    )


@workflow.defn(name="ApprovalWorkflow", sandboxed=False)
class OfAnotherAction:
    @workflow.run
    async def run(self, request: ApprovalRequest) -> ApprovalOutcome:
        return approved(request, "00" * 32)


@workflow.defn(name="ApprovalWorkflow", sandboxed=False)
class JustBeforeItsWithdrawal:
    """The vote that counts and the cancellation come in the same moment."""

    @workflow.run
    async def run(self, request: ApprovalRequest) -> ApprovalOutcome:
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.Event().wait()
        return approved(request, request.action.digest)


async def test_consent_to_another_action_executes_nothing(world):
    world.approval = OfAnotherAction
    world.turns = [calls(REFUND), closing()]
    async with world.worker():
        result = await (await world.run()).result()
    assert "Action failed: what was approved is not what was asked" in result
    assert not world.executed


async def test_consent_that_meets_a_cancelled_run_executes_nothing(world):
    world.approval = JustBeforeItsWithdrawal
    world.turns = [calls(REFUND), closing()]
    async with world.worker():
        handle = await world.run(requested_by="r@x.test")

        async def asked():
            return [a["request_id"] for a in (await handle.query("status"))["approvals"]]

        (request_id,) = await until(asked, "an approval")
        child = world.env.client.get_workflow_handle(f"approval-{request_id}")
        await until(child.describe, "its workflow")
        await handle.cancel()
        with pytest.raises(WorkflowFailureError):
            await handle.result()
    assert [mail.result for mail in world.told] == ["Action cancelled: withdrawn"]
    assert not world.executed


async def test_an_approval_has_an_id_of_its_own_for_ever_and_is_told_if_its_run_goes(world):
    world.turns = [calls(REFUND), closing()]
    async with world.worker():
        handle = await world.run()
        await (await approval(world)).operator(True)
        await handle.result()
        history = await handle.fetch_history()
    initiated = EventType.EVENT_TYPE_START_CHILD_WORKFLOW_EXECUTION_INITIATED
    (begun,) = [event for event in history.events if event.event_type == initiated]
    asked = begun.start_child_workflow_execution_initiated_event_attributes
    assert asked.workflow_id == f"approval-{world.asked[0].request.request_id}"
    never_again = WorkflowIdReusePolicy.WORKFLOW_ID_REUSE_POLICY_REJECT_DUPLICATE
    assert asked.workflow_id_reuse_policy == never_again
    assert asked.parent_close_policy == ParentClosePolicy.PARENT_CLOSE_POLICY_REQUEST_CANCEL
