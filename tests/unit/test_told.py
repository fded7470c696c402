"""Which mail that comes too late needs an answer, and whose receipt has said it all."""

from datetime import timedelta

import pytest

from agent.models import Channel, Outcome, Vote
from agent.told import LateMail, told_already
from tests.unit.agent_samples import APPROVER, ASKED, OTHER, vote

DECIDED = ASKED + timedelta(minutes=1)


def told(mail: LateMail, outcome: Outcome, *votes: Vote) -> bool:
    return told_already(mail, outcome, DECIDED, votes)


def late(approved: bool | None, seconds: float = 0, note: str = "new", who: str = APPROVER):
    """Mail that arrived so many seconds after the outcome."""
    at = DECIDED + timedelta(seconds=seconds)
    if approved is None:
        return LateMail(who, at, reason="a question")
    return LateMail(who, at, Vote(approver=who, approved=approved, note=note, received_at=at))


@pytest.mark.parametrize("approved", [True, False])
@pytest.mark.parametrize("outcome", list(Outcome))
def test_the_mail_that_counted_is_not_answered_when_it_is_read_again(approved, outcome):
    counted = vote(approved, note="fine")
    mail = LateMail(APPROVER, counted.received_at, counted)
    assert told(mail, outcome, vote(True, OTHER), counted)


def test_a_copy_that_is_delivered_later_is_not_answered():
    assert told(late(True, 60, "fine"), Outcome.EXPIRED, vote(True, note="fine"))
    assert not told(late(True, 60, "but why"), Outcome.EXPIRED, vote(True, note="fine"))
    assert not told(late(False, 60, "fine"), Outcome.APPROVED, vote(True, note="fine"))


@pytest.mark.parametrize("approved", [True, False, None])
def test_what_was_written_before_ones_own_rejection_needs_no_answer(approved):
    assert told(late(approved, -2), Outcome.REJECTED, vote(False))
    assert not told(late(approved, +2), Outcome.REJECTED, vote(False))


@pytest.mark.parametrize("approved", [True, None])
def test_mail_of_the_very_second_of_the_outcome_may_be_later_and_is_answered(approved):
    assert not told(late(approved, -0.5), Outcome.REJECTED, vote(False))


@pytest.mark.parametrize(("approved", "silent"), [(True, True), (False, False), (None, False)])
def test_a_stop_of_somebody_who_had_agreed_is_always_answered(approved, silent):
    assert told(late(approved, -2), Outcome.APPROVED, vote(True)) is silent


def test_whoever_did_not_make_the_outcome_is_answered():
    assert not told(late(True, -2), Outcome.REJECTED, vote(True), vote(False, OTHER))
    assert not told(late(True, -2), Outcome.REJECTED, vote(False, OTHER))
    assert not told(late(True, -2), Outcome.WITHDRAWN, vote(True))


def test_an_operators_decision_is_no_mail_of_an_approver():
    by_hand = Vote(
        approver=APPROVER, approved=False, received_at=ASKED, channel=Channel.OPERATOR, note="new"
    )
    assert not told(late(False, -2), Outcome.REJECTED, by_hand)
