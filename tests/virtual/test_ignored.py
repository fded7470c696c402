"""Decisions that do not count, as Prometheus is told of them."""

import pytest
import pytest_asyncio
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.runtime import MetricBuffer, Runtime, TelemetryConfig
from temporalio.testing import WorkflowEnvironment

from tests.virtual.runs import REFUND, approval
from tests.virtual.world import A, B, World, calls, closing

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest.fixture
def buffer() -> MetricBuffer:
    return MetricBuffer(10_000)


@pytest_asyncio.fixture(loop_scope="session")
async def measured(skipping, tmp_path, buffer) -> World:
    """A world whose worker has a runtime of its own, the only way to read what it counts."""
    runtime = Runtime(telemetry=TelemetryConfig(metrics=buffer))
    host = skipping.client.service_client.config.target_host
    client = await Client.connect(host, data_converter=pydantic_data_converter, runtime=runtime)
    return World(WorkflowEnvironment.from_client(client), tmp_path)


def counted(buffer: MetricBuffer) -> dict[str, int]:
    found: dict[str, int] = {}
    for update in buffer.retrieve_updates():
        if update.metric.name == "approval_decisions_ignored_total":
            reason = str(update.attributes["reason"])
            found[reason] = found.get(reason, 0) + int(update.value)
    return found


async def test_every_decision_that_does_not_count_is_counted_by_its_ruling(measured, buffer):
    measured.settings["operator_decisions"] = "veto-only"
    early = await measured.ask(A, B, require="all")
    await early.operator(True)
    async with measured.worker():
        await early.asked(2)
        await early.vote(A, True, message_id="same")
        await early.vote(A, True, message_id="same")
        await early.vote("mallory@x.test", True)
        await early.vote(B, True, claim="")
        await early.operator(True)
        await early.handle.signal("approval_decision", {"approved": "perhaps"})
        await early.operator(False, request_id="AR-0000000000")
        await early.operator(False)
        assert (await early.handle.result())["outcome"] == "rejected"
        whys = [event["why"] for event in await early.events("decision_ignored")]
    expected = {
        "early": 1,
        "duplicate": 1,
        "not-an-approver": 1,
        "token-mismatch": 1,
        "operator-denied": 1,
        "malformed": 1,
        "wrong-request": 1,
    }
    assert counted(buffer) == expected
    assert sorted(whys) == sorted(expected)


async def test_what_the_run_itself_does_not_hand_on_is_counted_too(measured, buffer):
    measured.turns = [calls(REFUND), closing()]
    async with measured.worker():
        run = await measured.run()
        asked = await approval(measured)
        other = {"request_id": "AR-0000000000", "approved": True, "decided_at": ""}
        await run.signal("approval_decision", other)
        await run.signal("approval_decision", {"approved": "perhaps"})
        await asked.operator(False)
        await run.result()
    assert counted(buffer) == {"wrong-request": 1, "malformed": 1}
