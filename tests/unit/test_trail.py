"""The audit trail: in order, in pages, and bounded."""

import json

import pytest

from agent.trail import Trail
from tests.unit.agent_samples import ASKED

LIMIT = 2 * 1024 * 1024


def whole(trail: Trail) -> list[dict]:
    events: list[dict] = []
    after = 0
    while True:
        page = trail.page(after)
        assert len(json.dumps(page)) < LIMIT / 2
        events += page["events"]
        if page["next"] is None:
            return events
        assert page["next"] > after
        after = page["next"]


def test_events_are_numbered_and_dated_and_hold_what_was_given():
    trail = Trail()
    trail.add(ASKED, "vote", approver="a@x.test", note=None, approved=False)
    trail.add(ASKED, "outcome", outcome="rejected")
    assert trail.page() == {
        "events": [
            {
                "n": 1,
                "at": "2026-11-23T07:00:00Z",
                "kind": "vote",
                "approver": "a@x.test",
                "approved": False,
            },
            {"n": 2, "at": "2026-11-23T07:00:00Z", "kind": "outcome", "outcome": "rejected"},
        ],
        "next": None,
    }


@pytest.mark.parametrize(
    ("after", "numbers"), [(0, [1, 2, 3]), (2, [3]), (3, []), (99, []), (-5, [1, 2, 3])]
)
def test_a_page_begins_after_a_number(after, numbers):
    trail = Trail()
    for _ in range(3):
        trail.add(ASKED, "notice")
    assert [event["n"] for event in trail.page(after)["events"]] == numbers


@pytest.mark.parametrize("note", ["x" * 4_000, "ü" * 4_000, "🙂" * 4_000, '"\\' * 2_000])
def test_pages_fit_a_querys_answer_and_leave_nothing_out(note):
    trail = Trail()
    for _ in range(400):
        trail.add(ASKED, "vote", note=note, reason=note)
    events = whole(trail)
    assert [event["n"] for event in events] == list(range(1, 401))
    assert all(event["note"] == note for event in events)


def test_one_long_note_is_cut():
    trail = Trail()
    trail.add(ASKED, "vote", note="x" * 100_000)
    assert len(trail.page()["events"][0]["note"]) == 4_000


def test_a_flood_ends_in_one_event_that_says_so():
    trail = Trail()
    for _ in range(5_000):
        trail.add(ASKED, "notice", reason="spam")
    events = whole(trail)
    assert len(events) == 2_001
    assert events[-1] == {"n": 2_001, "at": "2026-11-23T07:00:00Z", "kind": "truncated"}
