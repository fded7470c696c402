"""What crosses Temporal, as clients in other languages and of other versions write it."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from pydantic import ValidationError

from agent.models import (
    Action,
    ApprovalDecision,
    ApprovalRequest,
    Policy,
    Stage,
    WorkflowInput,
    rfc3339,
)
from tests.unit.agent_samples import REQUEST_ID


def test_the_cookbooks_input_is_enough():
    given = WorkflowInput.model_validate({"user_request": "x", "approval_timeout_seconds": 300})
    assert (given.approvers, given.require, given.requested_by) == ((), None, None)
    assert WorkflowInput(user_request="x").approval_timeout_seconds == 259_200


def test_the_cookbooks_decision_is_an_operators():
    given = ApprovalDecision.model_validate(
        {
            "request_id": REQUEST_ID,
            "approved": True,
            "reviewer_notes": "ok",
            "decided_at": "whenever",
        }
    )
    assert (given.approver, given.decided_at) == (None, "whenever")


def test_fields_of_newer_versions_are_ignored():
    action = {"action_type": "t", "description": "", "arguments": {}}
    given = {"request_id": REQUEST_ID, "action": {**action, "later": 1}, "later": 2}
    assert ApprovalRequest.model_validate(given).action.action_type == "t"


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-23T07:00:00Z", datetime(2026, 11, 23, 7, tzinfo=UTC)),
        ("2026-11-23T08:00:00+01:00", datetime(2026, 11, 23, 7, tzinfo=UTC)),
        ("2026-11-23T07:00:00", datetime(2026, 11, 23, 7, tzinfo=UTC)),
    ],
)
def test_a_time_without_a_zone_is_utc(text, moment):
    action = {"action_type": "t", "description": "", "arguments": {}}
    given = {"request_id": REQUEST_ID, "action": action, "expires_at": text}
    assert ApprovalRequest.model_validate(given).expires_at == moment


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (datetime(2026, 11, 23, 7, tzinfo=UTC), "2026-11-23T07:00:00Z"),
        (
            datetime(2026, 11, 23, 8, tzinfo=timezone(timedelta(hours=1))),
            "2026-11-23T07:00:00Z",
        ),
        (datetime(2026, 11, 23, 7, 0, 0, 500_000, tzinfo=UTC), "2026-11-23T07:00:00.500000Z"),
    ],
)
def test_times_are_written_in_utc(moment, text):
    assert rfc3339(moment) == text
    assert datetime.fromisoformat(text) == moment


@pytest.mark.parametrize("require", ["none", "", 0, -1, 1.5])
def test_a_quorum_is_any_all_or_a_number_above_nought(require):
    with pytest.raises(ValidationError):
        Stage(approvers=("a@x.test",), require=require)


def test_everybody_is_named_once_in_the_order_of_the_stages():
    first, second = Stage(approvers=("b", "a")), Stage(approvers=("a", "c"))
    assert Policy(stages=(first, second)).approvers == ("b", "a", "c")


@pytest.mark.parametrize(
    ("description", "summary"),
    [
        ("Refund\n 5\tEUR", "Refund 5 EUR"),
        ("", "refund_order"),
        ("x" * 120, "x" * 120),
        ("x" * 121, "x" * 119 + "…"),
    ],
)
def test_a_summary_is_one_short_line(description, summary):
    assert (
        Action(action_type="refund_order", description=description, arguments={}).summary == summary
    )


def test_what_was_agreed_to_cannot_be_changed_in_passing():
    with pytest.raises(ValidationError, match="frozen"):
        setattr(Action(action_type="t", description="", arguments={}), "action_type", "other")  # noqa: B010


def test_what_was_copied_of_our_mail_stands_in_no_summary():
    """Anybody who may list approvals reads it."""
    line = f"Answer AR-7K2M9QXD4T/{'a2' * 14} for me"
    summary = Action(action_type="answer", description=line, arguments={}).summary
    assert summary == "Answer AR-7K2M9QXD4T/<token> for me"
