"""A worker that stands still for seconds in the middle of a workflow goes on with it afterwards.

So does what a busy machine does, a container over its share of the CPU, and a long collection of
garbage: the SDK gives the activation up after two seconds, and has it replayed.
"""

import ast
import asyncio
import time
import uuid
from datetime import timedelta

import pytest
from temporalio import activity, workflow
from temporalio.worker import Worker

from agent.activations import SerialExecutor
from tests.unit.test_imports import TREES

STALL_SECONDS = 3.0  # the SDK allows two
_stalled: set[str] = set()


class _Collected:
    """Garbage whose collection takes long, and what the SDK throws into it goes nowhere."""

    def __del__(self) -> None:
        until = time.monotonic() + STALL_SECONDS
        while time.monotonic() < until:
            time.sleep(0.05)


def stall(how: str) -> None:
    """Once for each workflow: what is replayed is on time."""
    workflow_id = workflow.info().workflow_id
    if workflow_id in _stalled:
        return
    _stalled.add(workflow_id)
    if how == "machine":
        time.sleep(STALL_SECONDS)
    else:
        _Collected()


@activity.defn
async def act() -> str:
    return "acted"


@workflow.defn(sandboxed=False)
class Stalling:
    @workflow.run
    async def run(self, how: str) -> list[str]:
        acting = asyncio.create_task(self._act())
        await asyncio.sleep(0)
        stall(how)
        return [await acting, await self._act()]

    async def _act(self) -> str:
        return await workflow.execute_activity(act, start_to_close_timeout=timedelta(seconds=10))


@pytest.mark.asyncio(loop_scope="session")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("how", ["machine", "garbage"])
async def test_a_workflow_that_stalled_goes_on_and_its_worker_can_stop(how, temporal):
    queue = f"stalled-{uuid.uuid4()}"
    async with Worker(
        temporal.client,
        task_queue=queue,
        workflows=[Stalling],
        activities=[act],
        workflow_task_executor=SerialExecutor(),
    ):
        result = await temporal.client.execute_workflow(
            Stalling.run, how, id=queue, task_queue=queue
        )
    assert queue in _stalled
    assert result == ["acted", "acted"]


def test_every_worker_of_the_product_runs_its_workflows_so():
    calls = [
        {keyword.arg for keyword in node.keywords}
        for name, tree in TREES.items()
        if name.startswith("agent")
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Worker"
    ]
    with_workflows = [call for call in calls if "workflows" in call]
    assert len(with_workflows) == 2
    assert all("workflow_task_executor" in call for call in with_workflows)
