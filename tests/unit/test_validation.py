"""A workflow's input that is wrong fails the workflow at once, with every fault in one line."""

import json
from typing import Any

import pytest
from temporalio.api.common.v1 import Payload
from temporalio.common import RawValue
from temporalio.exceptions import ApplicationError

from agent.errors import BadArguments
from agent.models import ApprovalDecision, ApprovalRequest, WorkflowInput
from agent.validation import NOTHING, read_input, read_signal, refuse
from tests.unit.agent_samples import request


def payload(value: Any) -> RawValue:
    data = value if isinstance(value, bytes) else json.dumps(value).encode()
    return RawValue(Payload(metadata={"encoding": b"json/plain"}, data=data))


def test_what_fits_is_read():
    assert read_input(ApprovalRequest, payload(request().model_dump(mode="json"))) == request()


def test_an_optional_field_that_is_null_is_not_given():
    given = request().model_dump(mode="json")
    given["action"] |= {"reasoning": None, "risky_action": None}
    assert read_input(ApprovalRequest, payload(given)) == request()
    fields = {"approvers": None, "approval_timeout_seconds": None, "require": None}
    read = read_input(WorkflowInput, payload({"user_request": "please", **fields}))
    assert read == WorkflowInput(user_request="please")


@pytest.mark.parametrize(
    ("data", "named"),
    [
        (b"", "no JSON object"),
        (b'"text"', "no JSON object"),
        (b"\xff\xfe", "UTF-8"),
        (b'{"user_request": "\\ud800"}', "no canonical form"),
        (b'{"user_request": NaN}', "NaN"),
        (b'{"user_request": "a", "user_request": "b"}', "stands twice"),
        (b"[" * 100_000, "WorkflowInput"),
    ],
)
def test_what_no_two_programs_read_alike_is_refused(data, named):
    with pytest.raises(ApplicationError, match=named) as caught:
        read_input(WorkflowInput, payload(data))
    assert (caught.value.type, caught.value.non_retryable) == ("BadRequest", True)


def test_what_stands_beside_a_signals_fields_is_nobodys_business():
    beside = b'"ts_ns": 12345678901234567890, "x": NaN, "reviewer_notes": "a \\ud800"'
    read = read_signal(
        ApprovalDecision, payload(b'{"request_id": "AR-1", "approved": false, %b}' % beside)
    )
    assert (read.approved, read.reviewer_notes) == (False, "a ?")


def test_a_signal_with_two_answers_is_refused():
    twice = b'{"request_id": "AR-1", "approved": false, "approved": true}'
    with pytest.raises(BadArguments, match="stands twice"):
        read_signal(ApprovalDecision, payload(twice))


def test_no_input_at_all_is_refused():
    with pytest.raises(ApplicationError, match="no JSON object"):
        read_input(WorkflowInput, NOTHING)


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
            {"request_id": "AR-1", "action": {"action_type": "t"}},
            ["action.description", "action.arguments"],
        ),
        (
            ApprovalRequest,
            {
                "request_id": "AR-1",
                "action": {"action_type": "t", "description": "", "arguments": {}},
                "policy": {"stages": [{"approvers": ["a"], "require": 0}]},
            },
            ["policy.stages.0.require"],
        ),
    ],
)
def test_every_fault_is_named_and_no_retry_wanted(kind, raw, named):
    with pytest.raises(ApplicationError) as caught:
        read_input(kind, payload(raw))
    assert (caught.value.type, caught.value.non_retryable) == ("BadRequest", True)
    assert "\n" not in caught.value.message
    assert all(name in caught.value.message for name in named)


def test_a_refusal_is_a_bad_request():
    with pytest.raises(ApplicationError, match="is empty") as caught:
        refuse("the request is empty")
    assert (caught.value.type, caught.value.non_retryable) == ("BadRequest", True)
