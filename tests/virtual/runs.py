"""What the tests of an agent's run share: calls of a model, and finding what was asked."""

import json

import pytest
from temporalio.client import WorkflowFailureError
from temporalio.exceptions import ApplicationError

from tests.virtual.asked import Asked
from tests.virtual.world import call
from tests.waiting import until

REFUND = call(
    "refund_order",
    '{"order_id":1042,"amount":"120.00","currency":"EUR","reasoning":"asked","risky_action":false}',
)
CANCEL = call("cancel_order", '{"order_id":1042}', "c2")
LOOKUP = call("lookup_order", '{"order_id":1042,"risky_action":false}')
DELETE = call("delete_test_data", '{"environment":"production"}')


async def approval(world, number=0):
    """The approval that was asked as number so and so, when all its mail is on record."""

    async def numbered():
        requests = {job.request.request_id: job.request for job in world.asked}
        return list(requests.values())[number : number + 1]

    (request,) = await until(numbered, f"approval {number}")
    handle = world.env.client.get_workflow_handle(f"approval-{request.request_id}")
    asked = Asked(world, request.request_id, handle)
    await asked.asked(len(request.policy.approvers))
    return asked


async def events(handle, kind):
    page = await handle.query("audit_trail", 0)
    return [event for event in page["events"] if event["kind"] == kind]


async def started(handle, assessed):
    """How many approvals a run has asked for when so many of its calls are assessed."""

    async def all_of_them():
        return len(await events(handle, "assessed")) >= assessed

    await until(all_of_them, f"{assessed} assessed calls")
    return len(await events(handle, "approval_started"))


def told(world):
    """What the model was told of the last calls."""
    return [
        json.loads(item["output"])
        for item in world.proposals[-1].items
        if item["type"] == "function_call_output"
    ]


def bad_request(failure: pytest.ExceptionInfo[WorkflowFailureError]) -> str:
    """What a workflow said of its input, which it refused as a BadRequest."""
    cause = failure.value.cause
    assert isinstance(cause, ApplicationError)
    assert cause.type == "BadRequest"
    return cause.message
