"""What people see of approvals in a terminal, and that others' words cannot drive it."""

import io
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from rich.console import Console, RenderableType

from agent import display
from agent.models import rfc3339
from tests.unit.agent_samples import APPROVER, REQUEST_ID

NASTY = "\x1b]0;owned\x07\x1b[2J[red]Refund[/red] \u202eRUE 5\rApproved"


def shown(table: RenderableType, width: int = 240) -> str:
    out = io.StringIO()
    Console(file=out, force_terminal=True, color_system=None, width=width).print(table)
    return out.getvalue()


def row(**changes) -> dict:
    now = datetime.now(UTC)
    return {
        "request_id": REQUEST_ID,
        "summary": "Refund 120.00 EUR for order 1042",
        "approvers": [APPROVER, "b@demo.test"],
        "requested_at": rfc3339(now),
        "expires_at": rfc3339(now + timedelta(hours=2, minutes=30, seconds=30)),
        "status": "waiting",
        **changes,
    }


def test_a_waiting_approval_is_listed_with_what_is_left():
    text = shown(display.approvals_table([row()]))
    for part in (REQUEST_ID, "Refund 120.00 EUR", f"{APPROVER}, b@demo.test", "2h 30m", "waiting"):
        assert part in text


def test_a_decided_one_has_no_time_left():
    assert "2h 30m" not in shown(display.approvals_table([row(status="approved")]))


def test_nothing_waiting_is_said():
    assert shown(display.approvals_table([])) == "no approval is waiting\n"


@pytest.mark.parametrize("width", [60, 80, 120])
def test_a_request_id_stands_in_one_piece_in_a_narrow_window(width):
    approvers = [f"a-person-with-a-long-name-{number}@sales.example.com" for number in range(5)]
    long = row(summary="Delete all test data from the production database", approvers=approvers)
    assert REQUEST_ID in shown(display.approvals_table([long]), width)


def test_an_approval_whose_first_step_has_not_run_is_starting():
    new = row(summary="", approvers=[], expires_at=None)
    assert "(starting)" in shown(display.approvals_table([new]))
    assert "(starting)" not in shown(display.approvals_table([row(summary="", status="failed")]))


def test_the_trail_is_folded_and_never_cut():
    note = "x" * 300 + " the end"
    events = [{"n": 1, "at": "2026-11-23T07:00:00Z", "kind": "decision_ignored", "note": note}]
    text = shown(display.events_table(events), 80)
    assert text.count("x") == 300 and "…" not in text
    assert "decision_ignored" in text and " end " in text


def test_an_approval_is_shown_with_its_votes():
    vote = {"approver": APPROVER, "approved": False, "channel": "mail", "note": "too much"}
    text = shown(display.approval_table({**row(status="rejected"), "votes": [vote]}))
    assert f"{APPROVER} rejected (mail): too much" in text


def test_whoever_is_away_is_listed_as_such():
    text = shown(display.approvals_table([row(away=["b@demo.test"])]))
    assert f"{APPROVER}, b@demo.test (away)" in text


def test_show_tells_who_answers_by_a_program_and_whom_no_mail_reaches():
    at = "2026-11-23T07:00:00Z"
    away = {"approver": "b@demo.test", "at": at, "note": "Back on Monday."}
    silent = {"approver": "c@demo.test", "at": at, "note": ""}
    lost = {"approver": APPROVER, "at": at, "status": "5.1.1"}
    unknown = {"approver": "d@demo.test", "at": at, "status": ""}
    given = row(away=[away, silent], undeliverable=[lost, unknown])
    lines = [" ".join(line.split()) for line in shown(display.approval_table(given)).splitlines()]
    since = display.local_time(at)
    for words in (
        f"│ away │ b@demo.test answers automatically since {since}: Back on Monday. │",
        f"│ away │ c@demo.test answers automatically since {since} │",
        f"│ undeliverable to │ {APPROVER}: 5.1.1 │",
        "│ undeliverable to │ d@demo.test │",
    ):
        assert words in lines


def test_a_run_is_shown_with_its_approvals():
    text = shown(display.approval_table({"workflow_id": "w", "approvals": [row()]}))
    assert f"{REQUEST_ID} waiting: Refund 120.00 EUR" in text


def test_what_there_is_nothing_to_say_of_has_no_line():
    empty: dict[str, Any] = {"request_id": None, "summary": "", "approvers": []}
    text = shown(display.approval_table({"workflow_id": "w", "status": "completed", **empty}))
    assert "completed" in text
    assert not any(word in text for word in ("None", "request id", "summary", "approvers"))


def test_events_are_shown_with_their_details():
    event = {"n": 1, "at": "2026-11-23T07:00:00Z", "kind": "requested", "approvers": ["a", "b"]}
    text = shown(display.events_table([event]))
    assert "requested" in text and "approvers=a, b" in text


@pytest.mark.parametrize(
    "table",
    [
        display.approvals_table([row(summary=NASTY)]),
        display.approval_table(
            {
                "summary": NASTY,
                "away": [{"approver": "a", "at": "2026-11-23T07:00:00Z", "note": NASTY}],
                "votes": [{"approver": "a", "approved": True, "channel": "mail", "note": NASTY}],
                "approvals": [row(summary=NASTY)],
            }
        ),
        display.events_table([{"n": 1, "at": None, "kind": "vote", "note": NASTY}]),
    ],
    ids=["list", "show", "audit"],
)
def test_other_peoples_words_are_neither_markup_nor_terminal_commands(table):
    text = shown(table)
    assert "\x1b]" not in text and "\x1b[2J" not in text and "\x07" not in text
    assert "\u202e" not in text and "\r" not in text
    assert "[red]Refund[/red]" in text


@pytest.mark.parametrize(
    ("moment", "text"), [(None, ""), ("", ""), ("2020-01-01T00:00:00Z", "over")]
)
def test_the_time_left_of_what_has_none(moment, text):
    assert display.time_left(moment) == text


def test_times_are_local(monkeypatch):
    moment = datetime(2026, 11, 23, 7, tzinfo=UTC)
    expected = moment.astimezone().strftime("%Y-%m-%d %H:%M:%S")
    assert display.local_time("2026-11-23T07:00:00Z") == expected


def test_json_is_for_programs_and_warnings_are_not_in_it(capsys):
    display.warn("the inbox has not been swept")
    display.print_json({"note": NASTY})
    captured = capsys.readouterr()
    assert json.loads(captured.out) == {"note": NASTY}
    assert captured.err == "warning: the inbox has not been swept\n"
