"""How a run of the agent ends when something goes wrong, or is called off."""

import asyncio

import pytest
from temporalio.api.enums.v1 import EventType
from temporalio.client import WorkflowFailureError
from temporalio.exceptions import CancelledError

from agent.jobs import AnswerKind, ExecuteResult
from tests.virtual.runs import DELETE, REFUND, approval
from tests.virtual.world import A, B, calls, closing
from tests.waiting import until

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_cancelling_a_run_withdraws_what_waits_and_executes_nothing(world):
    world.turns = [calls(REFUND), closing()]
    async with world.worker():
        handle = await world.run(requested_by="r@x.test")
        asked = await approval(world)
        await handle.cancel()
        with pytest.raises(WorkflowFailureError) as failure:
            await handle.result()
        assert isinstance(failure.value.cause, CancelledError)
        assert (await asked.handle.result())["outcome"] == "withdrawn"
    assert not world.executed
    assert world.told[0].result == "Action cancelled: withdrawn"


async def cancel_handled(handle):
    """Whether the workflow has seen that it is to end, and has gone on."""
    kinds = [event.event_type for event in (await handle.fetch_history()).events]
    after = kinds[kinds.index(EventType.EVENT_TYPE_WORKFLOW_EXECUTION_CANCEL_REQUESTED) :]
    return EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED in after


async def test_cancelling_a_run_lets_a_running_action_finish(world):
    running, finish = asyncio.Event(), asyncio.Event()

    async def slow(job):
        running.set()
        await finish.wait()
        return ExecuteResult(done=True, text="did it")

    world.on_execute = slow
    world.turns = [calls(REFUND), closing()]
    async with world.worker():
        handle = await world.run(requested_by="r@x.test")
        await (await approval(world)).operator(True)
        await running.wait()
        await handle.cancel()
        await until(lambda: cancel_handled(handle), "the cancellation handled")
        finish.set()
        with pytest.raises(WorkflowFailureError):
            await handle.result()
    assert world.told[0].result == "Action completed successfully: did it"
    assert len(world.executed) == 1


async def test_an_unknown_outcome_is_told_and_not_tried_again(world):
    async def lost(job):
        if len(world.executed) > 1:
            return ExecuteResult(done=True, text="did it twice")
        raise RuntimeError("the worker was lost")

    world.on_execute = lost
    world.turns = [calls(DELETE), closing()]
    async with world.worker():
        handle = await world.run(requested_by="r@x.test")
        await (await approval(world)).operator(True)
        result = await handle.result()
    assert "Action outcome unknown" in result
    assert len(world.executed) == 1
    unknown = [job.to for job in world.answers if job.kind is AnswerKind.UNKNOWN]
    assert sorted(unknown) == [A, B, "c@x.test"]


async def test_an_idempotent_action_is_tried_again_under_the_same_id(world):
    async def once_lost(job):
        if len(world.executed) == 1:
            raise RuntimeError("lost")
        return ExecuteResult(done=True, text="did it")

    world.on_execute = once_lost
    world.turns = [calls(REFUND), closing()]
    async with world.worker():
        handle = await world.run()
        await (await approval(world)).operator(True)
        assert "Action completed successfully: did it" in await handle.result()
    assert len({job.request_id for job in world.executed}) == 1
    assert len(world.executed) == 2
