"""Runs that began under today's workflow code must go on under tomorrow's, with other settings."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from temporalio.client import WorkflowHistory
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker import Replayer
from temporalio.workflow import NondeterminismError

from agent.approval import ApprovalWorkflow
from agent.inbox import InboxWorkflow
from agent.models import Outcome
from agent.resolution import ResolutionWorkflow
from agent.workflow import HumanInTheLoopWorkflow
from tests.replay.cases import CASES

HISTORIES = Path(__file__).parent / "histories"
FILES = sorted(HISTORIES.glob("*.json"))
OTHER_SETTINGS = {
    "APPROVERS": "other@y.test",
    "APPROVALS_REQUIRED": "all",
    "APPROVAL_MIN_RISK": "low",
    "APPROVAL_SECRET": "t" * 40,
    "EXPIRY_GRACE": "0s",
    "MAIL_FROM": "another@y.test",
    "MAIL_PLUS_ADDRESS": "off",
    "MAIL_TIMEZONE": "Asia/Tokyo",
    "MAX_APPROVALS_PER_RUN": "1",
    "OPERATOR_DECISIONS": "deny",
    "TEMPORAL_TASK_QUEUE": "elsewhere",
}


@pytest.fixture(autouse=True)
def settings_changed_in_between(monkeypatch):
    for name, value in OTHER_SETTINGS.items():
        monkeypatch.setenv(name, value)


def load(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((HISTORIES / f"{name}.json").read_text())
    return loaded


async def replay(history: dict[str, Any]) -> None:
    replayer = Replayer(
        workflows=[ApprovalWorkflow, HumanInTheLoopWorkflow, InboxWorkflow, ResolutionWorkflow],
        data_converter=pydantic_data_converter,
    )
    workflow_id = attributes(history, "workflowExecutionStarted")[0]["workflowId"]
    await replayer.replay_workflow(WorkflowHistory.from_json(workflow_id, history))


def attributes(history: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    """What every event of one kind holds, live: a change of it changes the history."""
    name = f"{kind}EventAttributes"
    return [event[name] for event in history["events"] if name in event]


def result(name: str) -> Any:
    (completed,) = attributes(load(name), "workflowExecutionCompleted")
    return json.loads(base64.b64decode(completed["result"]["payloads"][0]["data"]))


@pytest.mark.parametrize("name", [path.stem for path in FILES])
async def test_a_run_goes_on_though_the_settings_have_changed(name):
    await replay(load(name))


def test_every_case_has_its_history_and_every_history_its_case():
    assert {path.stem for path in FILES} == set(CASES)


def test_every_outcome_of_an_approval_is_replayed():
    cases = [name for name in CASES if name.startswith("approval-") and "bad" not in name]
    assert {result(name)["outcome"] for name in cases} == set(Outcome)


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("agent-approved", "Action completed successfully: "),
        ("agent-auto-approved", "Action completed successfully (auto-approved): "),
        ("agent-rejected", "Action rejected. Reviewer notes: "),
        ("agent-expired", "Action cancelled: approval request timed out after "),
        ("agent-undeliverable", "Action cancelled: approval request could not be delivered"),
        ("agent-withdrawn", "Action cancelled: withdrawn"),
        ("agent-failed-action", "Action failed: there is no order"),
        ("agent-failed-calls", "Action failed: there is no tool"),
        ("agent-model-refused", "Action failed: the model could not be asked"),
        ("agent-unknown", "Action outcome unknown: "),
        ("agent-no-action", "No action was needed"),
    ],
)
def test_every_line_a_run_can_end_in_is_replayed(name, line):
    assert result(name).startswith(line)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("agent-bad-request", "workflowExecutionFailed"),
        ("agent-cancelled", "workflowExecutionCanceled"),
        ("approval-bad-request", "workflowExecutionFailed"),
        ("inbox-continued", "workflowExecutionContinuedAsNew"),
    ],
)
def test_runs_that_end_without_a_result_are_replayed(name, kind):
    assert attributes(load(name), kind)


@pytest.mark.parametrize(
    ("name", "kind", "part"),
    [
        ("approval-approved", "activityTaskScheduled", "activityType"),
        ("agent-approved", "activityTaskScheduled", "activityType"),
        ("agent-approved", "startChildWorkflowExecutionInitiated", "workflowType"),
        ("inbox-continued", "activityTaskScheduled", "activityType"),
    ],
)
async def test_a_workflow_that_would_act_otherwise_is_noticed(name, kind, part):
    history = load(name)
    attributes(history, kind)[-1][part]["name"] = "something_else"
    with pytest.raises(NondeterminismError):
        await replay(history)


async def test_an_outcome_that_would_be_another_is_noticed():
    """A vote turned into a rejection: what the run did after it no longer fits."""
    history = load("agent-approved")
    (ended,) = attributes(history, "childWorkflowExecutionCompleted")
    payload = ended["result"]["payloads"][0]
    outcome = json.loads(base64.b64decode(payload["data"])) | {"outcome": "rejected"}
    payload["data"] = base64.b64encode(json.dumps(outcome).encode()).decode()
    with pytest.raises(NondeterminismError):
        await replay(history)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_histories_tell_nothing_of_the_machine_they_were_made_on(path):
    history = json.loads(path.read_text())
    identities = set(_values(history, "identity"))
    assert identities <= {"recorder", "history-service", ""}
    text = json.dumps(history) + "".join(map(_decoded, _values(history, "data")))
    for trace in ("/home/", "/root/", "/tmp/", ".py", "Traceback", '"stackTrace"'):
        assert trace not in text


def _values(value: Any, name: str) -> list[str]:
    if isinstance(value, list):
        return [found for item in value for found in _values(item, name)]
    if not isinstance(value, dict):
        return []
    own = [value[name]] if isinstance(value.get(name), str) else []
    return own + [found for item in value.values() for found in _values(item, name)]


def _decoded(data: str) -> str:
    return base64.b64decode(data).decode(errors="replace")
