"""What the demo takes from its user and tells them: options, stages, the outcome line."""

import json

import pytest

from demo.options import BadOptionError, Options
from demo.result import needed_no_action, overall_outcome, read_result
from demo.setting import demo_environment
from demo.view import sentence


def test_without_a_terminal_the_reply_is_approve():
    options = Options.read({}, terminal=False)
    assert options == Options("Refund 120.00 EUR for order 1042", "APPROVE", 300)


def test_on_a_terminal_the_reply_is_typed_unless_given():
    assert Options.read({}, terminal=True).reply is None
    assert Options.read({"REPLY": "REJECT no"}, terminal=True).reply == "REJECT no"


@pytest.mark.parametrize("timeout", ["0", "-1", "1.5", "soon", "٣"])
def test_a_timeout_that_is_none_is_named(timeout):
    with pytest.raises(BadOptionError, match="TIMEOUT"):
        Options.read({"TIMEOUT": timeout}, terminal=False)


@pytest.mark.parametrize(
    ("outcomes", "result", "expected"),
    [
        (["approved"], "Action completed successfully: …", "approved"),
        (["approved", "expired", "approved"], "…", "expired"),
        (["approved"], "Action failed: no such order", "failed"),
        ([], "Action completed successfully (auto-approved): …", "auto-approved"),
    ],
)
def test_one_word_for_the_whole_run(outcomes, result, expected):
    approvals = [{"request_id": "AR-1", "outcome": outcome} for outcome in outcomes]
    printed = json.dumps({"workflow_id": "w", "result": result, "approvals": approvals})
    assert overall_outcome(read_result(printed)) == expected


def test_a_run_that_needed_no_action_is_told_apart_from_one_that_ran_unasked():
    nothing = {"result": "No action was needed\nHello.", "approvals": []}
    assert needed_no_action(nothing)
    assert not needed_no_action({"result": "Action completed successfully (auto-approved): x"})
    assert not needed_no_action({"result": None})
    assert sentence({"kind": "ended", **nothing}) == "run ended: no action was needed"


@pytest.mark.parametrize("printed", ["", "not json", "[]", "{}"])
def test_what_is_no_result_is_an_error(printed):
    with pytest.raises(ValueError):
        read_result(printed)


def test_unknown_events_are_told_with_all_they_hold():
    event = {"n": 1, "at": "2026-11-23T07:00:00Z", "kind": "moon_phase", "phase": "full"}
    assert sentence(event) == "moon_phase: phase=full"


def test_known_events_become_sentences_even_when_a_field_is_missing():
    sent = {"kind": "mail_sent", "approver": "a@demo.test"}
    assert sentence(sent) == "request mailed to a@demo.test"
    assert sentence({"kind": "mail_sent", "to": "x"}) == "request mailed to: to=x"
    assert sentence({"kind": "ended", "result": "Action rejected."}) == "run ended"
    assert sentence({"kind": "proposed", "calls": ["a", "b"]}) == "the model proposed a, b"
    assert sentence({"kind": "proposed", "calls": []}) == "the model proposed nothing more"
    vote = {"kind": "vote", "approver": "a@x", "approved": False, "channel": "mail", "note": "no"}
    assert sentence(vote) == "a@x rejected by mail: no"


async def test_settings_of_a_real_deployment_do_not_reach_the_demo(tmp_path, mail_server):
    environ = {
        "SMTP_USERNAME": "me",
        "APPROVER_DOMAINS": "x.org",
        "TEMPORAL_API_KEY": "k",
        "HOME": "/",
    }
    own = demo_environment(mail_server, {"TEMPORAL_ADDRESS": "a"}, True, None, tmp_path, environ)
    assert not {"SMTP_USERNAME", "APPROVER_DOMAINS", "TEMPORAL_API_KEY"} & own.keys()
    assert (own["HOME"], own["TEMPORAL_ADDRESS"]) == ("/", "a")
    theirs = demo_environment(mail_server, {}, False, None, tmp_path, environ)
    assert theirs["TEMPORAL_API_KEY"] == "k"


async def test_how_the_model_is_spoken_to_reaches_the_demo(tmp_path, mail_server):
    environ = {"OPENAI_API": "chat", "OPENAI_STRICT_SCHEMAS": "off"}
    own = demo_environment(mail_server, {}, True, "http://127.0.0.1:1/v1", tmp_path, environ)
    assert environ.items() <= own.items()
    assert own["OPENAI_BASE_URL"] == "http://127.0.0.1:1/v1"
