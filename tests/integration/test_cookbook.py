"""The AI cookbook's human-in-the-loop scripts drive this worker: what they send, and no more.

The scripts have models and a converter of their own, and read two ids off the worker's log.
"""

import re
import uuid
from datetime import UTC, datetime

import pytest
import pytest_asyncio
from pydantic import BaseModel
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter

from tests.integration.run import Run
from tests.waiting import PATIENCE_SECONDS, logged

pytestmark = pytest.mark.asyncio(loop_scope="module")

REQUEST = "Delete all test data from the production database"


class SampleInput(BaseModel):
    user_request: str
    approval_timeout_seconds: int = 300


class SampleDecision(BaseModel):
    request_id: str
    approved: bool
    reviewer_notes: str | None = None
    decided_at: str


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def client(temporal):
    return await Client.connect(temporal.address, data_converter=pydantic_data_converter)


async def start(office, client, seconds=300):
    handle = await client.start_workflow(
        "HumanInTheLoopWorkflow",
        args=[SampleInput(user_request=REQUEST, approval_timeout_seconds=seconds)],
        id=f"human-in-the-loop-{uuid.uuid4()}",
        task_queue=office.environ["TEMPORAL_TASK_QUEUE"],
        result_type=str,
    )
    return Run(office, handle)


async def read_off_the_log(run, worker):
    """The two ids that a person copies from the worker's output, in one line of it."""
    line = await logged(worker, f" of {run.handle.id}", PATIENCE_SECONDS)
    found = re.search(rf"waiting for approval (AR-[0-9A-Z]{{10}}) of {run.handle.id}", line)
    assert found is not None, line
    run.known = found[1]


async def send_approval(client, run, *, approved, notes=None):
    decision = SampleDecision(
        request_id=run.known,
        approved=approved,
        reviewer_notes=notes,
        decided_at=datetime.now(UTC).isoformat(),
    )
    await client.get_workflow_handle(run.handle.id).signal("approval_decision", decision)


async def test_approve(office, client, worker):
    run = await start(office, client)
    await read_off_the_log(run, worker)
    await send_approval(client, run, approved=True, notes="Looks good")
    assert (await run.result()).startswith("Action completed successfully: ")
    assert run.effects() == [("delete_test_data", {"environment": "production"})]
    (vote,) = await run.events("vote")
    assert (vote["channel"], vote["note"]) == ("operator", "Looks good")


async def test_reject(office, client, worker):
    run = await start(office, client)
    await read_off_the_log(run, worker)
    await send_approval(client, run, approved=False, notes="Not production")
    assert (await run.result()).startswith("Action rejected. Reviewer notes: Not production\n")
    assert run.effects() == []


async def test_time_out(office, client, worker):
    run = await start(office, client, seconds=2)
    await read_off_the_log(run, worker)
    refused = "Action cancelled: approval request timed out after 2 seconds\n"
    assert (await run.result()).startswith(refused)
    assert run.effects() == []


async def test_a_decision_about_another_request_changes_nothing(office, client, worker):
    run = await start(office, client)
    await read_off_the_log(run, worker)
    right, run.known = run.known, "AR-0000000000"
    await send_approval(client, run, approved=True)
    run.known = right
    await send_approval(client, run, approved=False)
    assert (await run.result()).startswith("Action rejected. Reviewer notes: None provided")
    trail = (await run.handle.query("audit_trail", 0))["events"]
    ignored = [event["why"] for event in trail if event["kind"] == "decision_ignored"]
    assert ignored == ["wrong-request"]


async def test_approvers_get_a_mail_as_well(office, client, worker):
    run = await start(office, client)
    await read_off_the_log(run, worker)
    await office.reply(await run.request(), "APPROVE")
    assert (await run.result()).startswith("Action completed successfully: ")
