"""Whom the inbox has told after an approval's end: known after a restart, and told only so much."""

import json
from datetime import timedelta

from agent.hourly import MOST, Hourly
from agent.jobs import Cursor
from agent.ledger import KEPT, Ledger, entry_of
from tests.unit.agent_samples import APPROVER, ASKED, OTHER, REQUEST_ID

HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)


def entries(count: int, person: str = APPROVER) -> list[str]:
    """This person, and as many approvals."""
    return [entry_of(f"AR-{number:010}", person) for number in range(count)]


def filled(count: int, person: str = APPROVER) -> Ledger:
    ledger = Ledger()
    for entry in entries(count, person):
        ledger.add(entry, ASKED)
    return ledger


def test_what_one_reader_has_written_down_the_next_one_knows():
    written = filled(3)
    heir = Ledger()
    heir.add(entry_of(REQUEST_ID, OTHER), ASKED + HOUR)
    heir.recall(written.rows)
    assert all(heir.holds(entry) for entry in entries(3))
    assert heir.holds(entry_of(REQUEST_ID, OTHER))
    assert not heir.holds(entry_of(REQUEST_ID, APPROVER))
    assert heir.rows[:3] == written.rows


def test_it_names_nobody_and_fits_into_a_heartbeat():
    ledger = filled(3 * KEPT)
    assert len(ledger.rows) == KEPT
    assert ledger.rows[-1].startswith(entries(3 * KEPT)[-1])
    cursor = json.dumps(Cursor(told=ledger.rows).model_dump(mode="json"))
    assert len(cursor) < 32 * 1024
    assert "@" not in cursor and "demo" not in cursor and "AR-" not in cursor


def test_it_remembers_only_so_much_but_the_latest():
    ledger = filled(10_001)
    first, second = entries(2)
    assert not ledger.holds(first) and ledger.holds(second)


def test_after_so_many_letters_in_an_hour_a_person_has_had_enough():
    ledger, entry = filled(MOST - 1), entry_of(REQUEST_ID, APPROVER)
    assert not ledger.has_had_enough(entry, ASKED)
    assert ledger.has_had_enough(entry, ASKED, under_way=[entry_of("AR-0000009999", APPROVER)])
    assert not ledger.has_had_enough(entry, ASKED, under_way=[entry_of("AR-0000009999", OTHER)])
    ledger = filled(MOST)
    assert ledger.has_had_enough(entry, ASKED + HOUR - SECOND)
    assert not ledger.has_had_enough(entry_of(REQUEST_ID, OTHER), ASKED)
    assert not ledger.has_had_enough(entry, ASKED + HOUR)


def test_that_a_person_has_had_enough_outlives_a_restart():
    heir = Ledger()
    heir.recall(filled(MOST).rows)
    assert heir.has_had_enough(entry_of(REQUEST_ID, APPROVER), ASKED + SECOND)


def test_letters_of_the_last_hour_are_counted_for_each_address():
    hourly = Hourly()
    for minutes in range(0, 90, 10):
        hourly.add(APPROVER, ASKED + timedelta(minutes=minutes))
    assert hourly.count(APPROVER, ASKED + timedelta(minutes=80)) == 6
    assert hourly.count(OTHER, ASKED) == 0
