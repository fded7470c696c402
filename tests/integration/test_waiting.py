"""Whoever waits for a request sits out a restart of Temporal, and may leave and come back."""

import asyncio
import json
import signal
import sys
import uuid
from contextlib import AsyncExitStack, asynccontextmanager
from types import SimpleNamespace

import pytest
from temporalio.client import WorkflowExecutionStatus

from agent.tools.shop import Shop
from agent.workflow import MAX_REQUEST_BYTES
from demo.children import child
from tests.integration.office import ROOT
from tests.virtual.world import QUEUE, World, closing
from tests.waiting import PATIENCE_SECONDS, logged

pytestmark = pytest.mark.asyncio(loop_scope="module")
START = str(ROOT / "start_workflow.py")
NO_WORKER = "waiting for a worker: start worker.py"


@pytest.fixture
def interruptible():
    """Tests that a shell runs in the background inherit that Ctrl-C is ignored, and so would the
    processes that they start."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@asynccontextmanager
async def starter(address: str, directory, *arguments: str, **environ: str):
    """`start_workflow.py` as a process whose errors are logged and whose output can be read."""
    command = [sys.executable, START, *arguments]
    given = {"TEMPORAL_ADDRESS": address, "TEMPORAL_TASK_QUEUE": QUEUE, **environ}
    async with child(command, given, directory, read_output=True) as process:
        yield process


@pytest.mark.timeout(240)
async def test_a_restart_of_temporal_is_sat_out(temporal_process, tmp_path):
    server = temporal_process
    Shop(tmp_path / "shop.sqlite3").prepare()
    async with AsyncExitStack() as stack:
        async with server.running():
            command = starter(server.address, tmp_path, "Do nothing", "--json")
            waiting = await stack.enter_async_context(command)
            await logged(waiting, NO_WORKER)
        await logged(waiting, "Temporal does not answer")
        async with server.running() as temporal:
            world = World(SimpleNamespace(client=temporal.client), tmp_path, queue=QUEUE)
            world.turns = [closing("There is nothing to do.")]
            async with world.worker(), asyncio.timeout(PATIENCE_SECONDS):
                output, _ = await waiting.process.communicate()
    assert waiting.process.returncode == 0
    assert json.loads(output)["result"].endswith("There is nothing to do.")
    lines = waiting.log_text().splitlines()
    assert sum("Temporal does not answer" in line for line in lines) == 1
    assert lines.count(NO_WORKER) == 1


async def test_whoever_stops_waiting_is_told_how_to_come_back(temporal, tmp_path, interruptible):
    key = f"key-{uuid.uuid4()}"
    command = ["Cancel order 1042, it's late", "--id", key]
    async with starter(temporal.address, tmp_path, *command) as waiting:
        await logged(waiting, "Cancel order 1042")
        waiting.process.send_signal(signal.SIGINT)
        async with asyncio.timeout(PATIENCE_SECONDS):
            assert await waiting.process.wait() == 130
        said = waiting.log_text().splitlines()[-1]
    assert said.startswith("the request goes on; ")
    assert said.endswith(f"""start_workflow.py 'Cancel order 1042, it'"'"'s late' --id {key}""")
    handle = temporal.client.get_workflow_handle(f"human-in-the-loop-{key}")
    assert (await handle.describe()).status is WorkflowExecutionStatus.RUNNING
    await handle.terminate()


@pytest.mark.usefixtures("worker")
async def test_a_request_can_come_from_standard_input(office):
    key = f"key-{uuid.uuid4()}"
    options = ("--id", key, "--no-wait", "--json")
    first = (await office.run_with(b"Look up order 1001\n", START, "-", *options)).json
    assert (await office.run(START, "Look up order 1001", *options)).json == first
    whole = await office.run_with(b"x" * MAX_REQUEST_BYTES + b"\n", START, "-", "--json")
    assert whole.json["result"].startswith("No action was needed")
    assert NO_WORKER not in whole.err
    for raw, fault in (
        (b"x" * (MAX_REQUEST_BYTES + 1), "over 256 KiB"),
        (b"", "the request is empty"),
        (b"caf\xe9", "no UTF-8"),
    ):
        refused = await office.run_with(raw, START, "-")
        assert (refused.code, fault in refused.err) == (2, True)
