"""A consent counts once: who has a copy of it cannot make it count when it was taken back."""

from datetime import timedelta

import pytest

from agent.ballot import Ballot, Ruling
from agent.models import Outcome, Stage
from tests.unit.agent_samples import APPROVER, ASKED, CLAIM, EXPIRES, OTHER, REQUEST_ID, decision

MINUTE = timedelta(minutes=1)
FIRST, DOUBT, LAST = ASKED + MINUTE, ASKED + 2 * MINUTE, ASKED + 3 * MINUTE


def ballot() -> Ballot:
    stages = (Stage(approvers=(APPROVER, OTHER), require="all"),)
    return Ballot(REQUEST_ID, CLAIM, stages, EXPIRES, asked_at=ASKED)


def cast(votes: Ballot, approved: bool, signed_at, came, person: str = APPROVER, copy: int = 0):
    given = {"message_id": "one@mail.test", "content_hash": f"{copy}", "received_at": came}
    return votes.cast(decision(approved, person, signed_at=signed_at, **given), came)[0]


@pytest.mark.parametrize(
    ("signed_at", "ruling"),
    [
        (FIRST, Ruling.TAKEN_BACK),
        (DOUBT, Ruling.TAKEN_BACK),
        (LAST, Ruling.COUNTED),
        (None, Ruling.COUNTED),
    ],
)
def test_a_copy_of_a_consent_that_was_taken_back_does_not_count(signed_at, ruling):
    """The copy has a blank more at the end of a line: still signed, and not known."""
    votes = ballot()
    assert cast(votes, True, FIRST, FIRST) is Ruling.COUNTED
    assert votes.doubt(APPROVER, (DOUBT, 2), DOUBT, DOUBT)
    assert cast(votes, True, signed_at, LAST, copy=1) is ruling
    assert (APPROVER in votes.votes) is (ruling is Ruling.COUNTED)


def test_a_doubt_of_long_ago_does_not_make_a_later_one_forgotten():
    votes = ballot()
    votes.doubt(APPROVER, (DOUBT, 2), DOUBT, DOUBT)
    votes.doubt(APPROVER, (DOUBT, 3), DOUBT, FIRST)
    votes.doubt(APPROVER, (DOUBT, 4), DOUBT)
    assert cast(votes, True, DOUBT, LAST) is Ruling.TAKEN_BACK


def test_a_doubt_is_its_writers_alone_and_stops_no_rejection():
    votes = ballot()
    votes.doubt(APPROVER, (DOUBT, 2), DOUBT, DOUBT)
    assert cast(votes, True, FIRST, LAST, OTHER) is Ruling.COUNTED
    assert cast(votes, False, FIRST, LAST, copy=1) is Ruling.COUNTED
    assert votes.outcome is Outcome.REJECTED


def test_a_copy_of_a_void_consent_is_none_whatever_nobody_has_signed_of_it():
    """Sent on by whoever has it: under another Message-ID, with other blanks."""
    votes = ballot()
    signed = ASKED + timedelta(seconds=30)
    first = decision(True, APPROVER, signed_at=signed)
    votes.doubt(APPROVER, (ASKED + timedelta(minutes=2), 9), ASKED)
    assert votes.cast(first, ASKED)[0] is Ruling.IN_DOUBT
    later = ASKED + timedelta(minutes=5)
    copy = decision(True, APPROVER, signed_at=signed, message_id="new", received_at=later)
    assert votes.cast(copy, later)[0] is Ruling.TAKEN_BACK
    anew = decision(True, APPROVER, signed_at=later, message_id="anew", received_at=later)
    assert votes.cast(anew, later)[0] is Ruling.COUNTED
