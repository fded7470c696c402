"""The core of Temporal's SDK, which is no Python, has a log of its own: it goes into ours."""

import sys
import uuid

import pytest

from demo.children import child
from tests.integration.office import ROOT
from tests.planted import NOTE, planted_in
from tests.waiting import logged

pytestmark = pytest.mark.asyncio(loop_scope="module")

FAILING = """
import asyncio, sys
from temporalio import workflow
from temporalio.worker import UnsandboxedWorkflowRunner, Worker
from agent import logs
from agent.connect import connect
from tests.unit.agent_samples import settings

@workflow.defn
class Failing:
    @workflow.run
    async def run(self):
        raise ValueError(sys.argv[2])

async def main():
    logs.set_up(settings(log_level="DEBUG"))
    client = await connect(10)
    runner = UnsandboxedWorkflowRunner()
    async with Worker(client, task_queue=sys.argv[1], workflows=[Failing], workflow_runner=runner):
        await asyncio.Event().wait()

asyncio.run(main())
"""


async def test_a_workflow_that_breaks_is_told_without_what_broke_it(temporal, tmp_path):
    queue = f"core-{uuid.uuid4()}"
    program = tmp_path / "failing.py"
    program.write_text(FAILING)
    environ = {"TEMPORAL_ADDRESS": temporal.address, "PYTHONPATH": str(ROOT)}
    async with child([sys.executable, str(program), queue, NOTE], environ, tmp_path) as worker:
        handle = await temporal.client.start_workflow("Failing", id=queue, task_queue=queue)
        line = await logged(worker, "Failing workflow task")
        await logged(worker, "ValueError")
        await handle.terminate()
        log = worker.log_text()
    # A line of our log, in its form and through its formatter.
    assert "WARNING temporalio.core: " in line
    assert planted_in(log) == []
