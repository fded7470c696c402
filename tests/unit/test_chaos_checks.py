"""What `make chaos` calls a violation: each spoilt end is seen, the right one is not."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from agent.tools.shop import Shop
from demo.letter import Letter
from tests.chaos.checks import Approval, Check
from tests.chaos.people import Played, Sent
from tests.chaos.post import Letterboxes, Received
from tests.chaos.scripts import Kind, Manner, Script, Step

REQUEST_ID = "AR-7K2M9QXD4T"
ASKED = "2026-11-23T07:00:00Z"
EXPIRES = "2026-11-23T08:00:00Z"
UNCLEAR = Step(0, "what is this?", Manner.UNCLEAR)
SCRIPT = Script(
    "unclear, then approve", "Cancel order 1042", (UNCLEAR, Step(0)), "approved", (((0, True),),)
)


class End:
    """An approval that ended as it should: one letter of each kind, one vote, one effect."""

    def __init__(self, directory) -> None:
        self.script = SCRIPT
        self.outcome = "approved"
        self.letters = [Kind.REQUEST, Kind.HELP, Kind.RECEIPT]
        self.results = 1
        self.doubled = False
        self.effects = 1
        self.result = "Action completed successfully: Cancelled order 1042"
        vote = {"kind": "vote", "approver": "approver-7-0@demo.test", "approved": True}
        requested = {"kind": "requested", "at": ASKED, "expires_at": EXPIRES}
        self.events: list[dict[str, Any]] = [requested, vote]
        self._shop = directory / "shop.sqlite3"

    def violations(self) -> list[str]:
        played = Played(7, self.script, 3600, result=self.result)
        store: Any = SimpleNamespace()
        boxes = Letterboxes("agent@demo.test", played.people, store)
        approver = played.approvers[0]
        for number, step in enumerate(self.script.steps):
            played.sent.append(Sent(step, f"<{number}@x>", approver, datetime.now(UTC)))
            boxes.delivered[f"<{number}@x>"] += 1
        boxes.received[approver] = [_letter(kind, n) for n, kind in enumerate(self.letters)]
        if self.doubled:
            boxes.received[approver] *= 2
        boxes.received[played.requester] = [_letter(Kind.RESULT, n) for n in range(self.results)]
        Shop(self._shop).prepare()
        with closing(sqlite3.connect(self._shop)) as shop:
            rows = [(REQUEST_ID, "cancel_order", "{}", ASKED)] * self.effects
            shop.executemany("insert into effects values(?, ?, ?, ?)", rows)
            shop.commit()
        stage: Any = SimpleNamespace(boxes=boxes, shop=self._shop)
        check = Check(stage, played)
        approval = Approval(REQUEST_ID, self.outcome, self.events)
        check._check_approval(approval)
        check._check_result([approval])
        return [violation.text for violation in check.violations]


def _letter(kind: Kind, number: int) -> Received:
    subject = f"Re: Approval needed: Cancel order 1042 [{REQUEST_ID}]"
    letter = Letter("", "", "", subject, "", f"<{kind}-{number}@x>", "", "", "")
    return Received(kind, letter, datetime.now(UTC))


def test_a_right_end_is_no_violation(tmp_path):
    assert End(tmp_path).violations() == []


def test_a_letter_that_came_twice_under_its_message_id_is_none_either(tmp_path):
    end = End(tmp_path)
    end.doubled = True
    assert end.violations() == []


def change(**fields: Any):
    def spoil(end: End) -> None:
        for name, value in fields.items():
            setattr(end, name, value)

    return spoil


@pytest.mark.parametrize(
    ("spoil", "seen"),
    [
        (change(effects=0), "approved, and done 0 times"),
        (change(effects=2), "approved, and done 2 times"),
        (change(outcome="rejected"), "rejected, and done 1 times"),
        (change(outcome="expired"), "expired, not approved"),
        (change(letters=[Kind.REQUEST, Kind.HELP]), "receipts"),
        (change(letters=[Kind.REQUEST, Kind.HELP, Kind.RECEIPT, Kind.RECEIPT]), "receipts"),
        (change(letters=[Kind.REQUEST, Kind.RECEIPT]), "answers to what was unclear"),
        (change(letters=[Kind.REQUEST, Kind.HELP, Kind.HELP, Kind.RECEIPT]), "help"),
        (change(letters=[Kind.REQUEST, Kind.REQUEST, Kind.HELP, Kind.RECEIPT]), "request"),
        (change(letters=[Kind.REQUEST, Kind.HELP, Kind.RECEIPT, Kind.NEWS]), "news"),
        (change(results=0), "the requester got 0 results"),
        (change(results=2), "the requester got 2 results"),
        (change(result="Action outcome unknown: x"), "the result is"),
        (lambda end: end.events.append(end.events[-1]), "votes"),
        (lambda end: end.events.pop(), "votes"),
        (lambda end: end.events.append({"kind": "answer_failed"}), "answer_failed"),
    ],
)
def test_a_spoilt_end_is_a_violation(tmp_path, spoil, seen):
    end = End(tmp_path)
    spoil(end)
    assert any(seen in text for text in end.violations())


def test_nobody_is_told_of_what_was_over_before_it_was_asked(tmp_path):
    end = End(tmp_path)
    end.script = Script("silent", "Cancel order 1042", (), "expired")
    end.outcome, end.effects, end.letters = "expired", 0, []
    end.result = "Action cancelled: approval request timed out after 90 seconds"
    end.events = [{"kind": "requested", "at": EXPIRES, "expires_at": EXPIRES}]
    assert end.violations() == []
    end.events[0]["at"] = ASKED
    assert any("word of the outcome" in text for text in end.violations())
