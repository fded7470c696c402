"""A workflow's input that is wrong fails the workflow at once, with every fault in one line."""

import pytest
from temporalio.exceptions import ApplicationError

from agent.models import ApprovalRequest, WorkflowInput
from agent.validation import parse_input, refuse
from tests.unit.agent_samples import request


def test_what_fits_is_read():
    raw = request().model_dump(mode="json")
    assert parse_input(ApprovalRequest, raw) == request()


@pytest.mark.parametrize(
    ("kind", "raw", "named"),
    [
        (WorkflowInput, {}, ["user_request"]),
        (WorkflowInput, None, ["WorkflowInput"]),
        (WorkflowInput, "text", ["WorkflowInput"]),
        (
            WorkflowInput,
            {"user_request": 1, "approval_timeout_seconds": "soon"},
            ["user_request", "approval_timeout_seconds"],
        ),
        (ApprovalRequest, {"request_id": "AR-1"}, ["action"]),
        (
            ApprovalRequest,
            {
                "request_id": "AR-1",
                "action": {"action_type": "t"},
                "policy": {"stages": [{"approvers": ["a"], "require": 0}]},
            },
            ["policy.stages.0.require"],
        ),
    ],
)
def test_every_fault_is_named_and_no_retry_wanted(kind, raw, named):
    with pytest.raises(ApplicationError) as caught:
        parse_input(kind, raw)
    assert (caught.value.type, caught.value.non_retryable) == ("BadRequest", True)
    assert "\n" not in caught.value.message
    assert all(name in caught.value.message for name in named)


def test_a_refusal_is_a_bad_request():
    with pytest.raises(ApplicationError, match="is empty") as caught:
        refuse("the request is empty")
    assert (caught.value.type, caught.value.non_retryable) == ("BadRequest", True)
