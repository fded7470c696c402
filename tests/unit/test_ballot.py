"""Which votes of an approval count, and when they amount to an outcome."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.ballot import Ballot, Ruling
from agent.models import ApprovalDecision, Channel, Outcome, Stage
from tests.unit.agent_samples import (
    APPROVER,
    ASKED,
    CLAIM,
    EXPIRES,
    OTHER,
    REQUEST_ID,
    decision,
)

ARRIVED = ASKED + timedelta(minutes=1)
NOW = ASKED + timedelta(minutes=2)
SECOND = timedelta(seconds=1)


def ballot(*stages: Stage, operators_count: bool = True, operators_veto: bool = False) -> Ballot:
    asked = stages or (Stage(approvers=(APPROVER, OTHER), require="all"),)
    return Ballot(REQUEST_ID, CLAIM, asked, EXPIRES, operators_count, operators_veto)


def test_the_vote_that_meets_the_policy_fixes_the_outcome():
    votes = ballot()
    assert votes.cast(decision(True), NOW)[0] is Ruling.COUNTED
    assert votes.outcome is None
    assert votes.cast(decision(True, OTHER), NOW + SECOND)[0] is Ruling.COUNTED
    assert votes.outcome is Outcome.APPROVED
    assert votes.decided_at == NOW + SECOND
    assert votes.decider == OTHER


def test_one_rejection_ends_it():
    votes = ballot(Stage(approvers=(APPROVER, OTHER)))
    votes.cast(decision(False), NOW)
    assert votes.outcome is Outcome.REJECTED
    assert votes.cast(decision(True, OTHER), NOW)[0] is Ruling.ALREADY_DECIDED
    assert votes.outcome is Outcome.REJECTED
    assert OTHER not in votes.votes


def test_a_later_reject_overrides_the_same_persons_approve():
    votes = ballot()
    votes.cast(decision(True, reviewer_notes="fine"), NOW)
    assert votes.cast(decision(False, reviewer_notes="no!"), NOW)[0] is Ruling.COUNTED
    assert votes.outcome is Outcome.REJECTED
    assert [(v.approved, v.note) for v in votes.votes.values()] == [(False, "no!")]
    assert votes.notes() == "no!"


def test_a_later_approve_never_overrides_a_reject():
    votes = ballot()
    votes.cast(decision(False), NOW)
    assert votes.cast(decision(True), NOW)[0] is Ruling.ALREADY_DECIDED
    assert votes.outcome is Outcome.REJECTED
    assert votes.votes[APPROVER].approved is False


def test_a_later_mail_that_is_no_decision_voids_a_consent_given_before():
    votes = ballot()
    votes.cast(decision(True), NOW)
    assert votes.doubt(APPROVER, (ARRIVED + SECOND, 9), NOW)
    assert votes.votes == {}
    votes.cast(decision(True, OTHER), NOW)
    assert votes.outcome is None
    again = decision(True, received_at=ARRIVED + 2 * SECOND, message_id="again")
    assert votes.cast(again, NOW)[0] is Ruling.COUNTED
    assert votes.outcome is Outcome.APPROVED


@pytest.mark.parametrize(
    ("seconds", "uid", "ruling"),
    [
        (-1, 8, Ruling.IN_DOUBT),
        (0, 6, Ruling.IN_DOUBT),
        (0, 7, Ruling.IN_DOUBT),
        (0, 8, Ruling.COUNTED),
        (1, 6, Ruling.COUNTED),
    ],
)
def test_a_consent_read_after_the_mail_that_may_take_it_back_counts_if_it_came_later(
    seconds, uid, ruling
):
    votes = ballot(Stage(approvers=(APPROVER,)))
    assert not votes.doubt(APPROVER, (ARRIVED, 7), NOW)
    cast = decision(True, received_at=ARRIVED + seconds * SECOND, uid=uid)
    assert votes.cast(cast, NOW)[0] is ruling


def test_a_doubt_voids_no_rejection_and_nobody_elses_vote():
    votes = ballot()
    votes.cast(decision(True, OTHER), NOW)
    assert not votes.doubt(APPROVER, (EXPIRES, 9), NOW)
    assert votes.cast(decision(False), NOW)[0] is Ruling.COUNTED
    assert votes.outcome is Outcome.REJECTED


def test_a_doubt_in_the_first_stage_leads_back_to_it():
    votes = ballot(Stage(approvers=(APPROVER,)), Stage(approvers=(OTHER,)))
    votes.cast(decision(True), NOW)
    assert votes.stage == 1
    votes.doubt(APPROVER, (EXPIRES, 9), NOW)
    assert votes.stage == 0
    votes.cast(decision(True, OTHER), NOW)
    assert votes.outcome is None


@pytest.mark.parametrize(
    ("offset", "ruling"),
    [
        (-SECOND, Ruling.COUNTED),
        (timedelta(0), Ruling.COUNTED),
        (timedelta(microseconds=1), Ruling.LATE),
        (timedelta(days=1), Ruling.LATE),
    ],
)
def test_votes_count_by_when_they_arrived_not_by_when_they_are_handled(offset, ruling):
    votes = ballot()
    arrived = decision(True, received_at=EXPIRES + offset)
    for handled in (ASKED, EXPIRES + timedelta(days=2)):
        assert ballot().cast(arrived, handled)[0] is ruling
    assert votes.outcome is None


def test_an_operator_is_late_by_the_time_of_handling():
    operator = decision(True, None, received_at=ASKED)
    assert ballot().cast(operator, EXPIRES + SECOND)[0] is Ruling.LATE
    assert ballot().cast(operator, EXPIRES)[0] is Ruling.COUNTED


@pytest.mark.parametrize(
    ("changes", "ruling"),
    [
        ({"request_id": "AR-0000000000"}, Ruling.WRONG_REQUEST),
        ({"claim": "aaaaaaaa"}, Ruling.TOKEN_MISMATCH),
        ({"claim": ""}, Ruling.TOKEN_MISMATCH),
        ({"approver": "eve@demo.test"}, Ruling.NOT_AN_APPROVER),
        ({"approver": ""}, Ruling.NOT_AN_APPROVER),
    ],
)
@pytest.mark.parametrize("approved", [True, False])
def test_a_vote_that_is_not_about_this_action_by_its_approver_changes_nothing(
    changes, ruling, approved
):
    votes = ballot(Stage(approvers=(APPROVER, OTHER)))
    given = decision(approved).model_copy(update=changes)
    assert votes.cast(given, NOW)[0] is ruling
    assert (votes.outcome, votes.votes) == (None, {})


def test_request_ids_are_taken_in_any_case():
    assert ballot().cast(decision(True, request_id=" ar-7k2m9qxd4t "), NOW)[0] is Ruling.COUNTED


def test_the_same_mail_again_is_a_duplicate_and_the_same_word_again_a_repetition():
    votes = ballot()
    votes.cast(decision(True), NOW)
    assert votes.cast(decision(True), NOW)[0] is Ruling.DUPLICATE
    again = decision(True, message_id="another")
    assert votes.cast(again, NOW)[0] is Ruling.REPEATED
    assert votes.outcome is None


def test_a_copy_without_message_id_is_known_by_its_content():
    votes = ballot()
    votes.cast(decision(True, message_id=""), NOW)
    assert votes.cast(decision(True, message_id=""), NOW)[0] is Ruling.DUPLICATE


def test_a_rejection_under_the_message_id_of_another_mail_still_rejects():
    votes = ballot()
    votes.cast(decision(True, message_id="same"), NOW)
    assert votes.cast(decision(False, message_id="same"), NOW)[0] is Ruling.COUNTED
    assert votes.outcome is Outcome.REJECTED


def test_a_refused_mail_cannot_use_up_the_message_id_of_a_vote():
    votes = ballot()
    assert votes.known("guessed", "hash of a forged mail") is False
    assert votes.cast(decision(False, message_id="guessed"), NOW)[0] is Ruling.COUNTED


def test_an_operators_word_decides_alone_and_stands_as_such():
    votes = ballot()
    ruling, vote = votes.cast(decision(True, None, operator="olga"), NOW)
    assert (ruling, votes.outcome) == (Ruling.COUNTED, Outcome.APPROVED)
    assert (vote.approver, vote.channel, vote.received_at) == ("olga", "operator", NOW)


def test_an_empty_approver_is_none():
    votes = ballot()
    bare = ApprovalDecision(request_id=REQUEST_ID, approved=False, approver="")
    votes.cast(bare, NOW)
    assert votes.outcome is Outcome.REJECTED
    assert [v.channel for v in votes.votes.values()] == [Channel.OPERATOR]


def test_an_operator_with_an_approvers_name_is_still_an_operator():
    votes = ballot()
    votes.cast(decision(True), NOW)
    votes.cast(decision(True, None, operator=APPROVER), NOW)
    assert votes.outcome is Outcome.APPROVED


def test_operators_can_be_denied():
    votes = ballot(operators_count=False)
    for approved in (True, False):
        assert votes.cast(decision(approved, None), NOW)[0] is Ruling.OPERATOR_DENIED
    assert votes.outcome is None
    assert votes.cast(decision(True), NOW)[0] is Ruling.COUNTED


def test_operators_can_be_left_their_veto():
    votes = ballot(operators_count=False, operators_veto=True)
    assert votes.cast(decision(True, None), NOW)[0] is Ruling.OPERATOR_DENIED
    assert votes.outcome is None
    assert votes.cast(decision(False, None), NOW)[0] is Ruling.COUNTED
    assert votes.outcome is Outcome.REJECTED


@pytest.mark.parametrize("approver", [APPROVER, None])
def test_what_comes_after_a_withdrawal_is_named_so(approver):
    votes = ballot()
    votes.close(Outcome.WITHDRAWN, NOW)
    assert votes.cast(decision(False, approver), NOW)[0] is Ruling.WITHDRAWN
    assert (votes.outcome, votes.votes) == (Outcome.WITHDRAWN, {})


def test_with_too_few_people_left_it_is_undeliverable():
    votes = ballot(Stage(approvers=(APPROVER, OTHER)))
    votes.unreachable(OTHER, NOW)
    assert votes.outcome is None
    votes.unreachable(APPROVER, NOW)
    assert votes.outcome == Outcome.UNDELIVERABLE
    assert votes.decider is None


def test_whoever_has_agreed_does_not_get_lost_by_a_bounce():
    votes = ballot(Stage(approvers=(APPROVER, OTHER), require="all"))
    votes.cast(decision(True), NOW)
    votes.unreachable(APPROVER, NOW)
    assert votes.outcome is None


def test_the_first_outcome_stays():
    votes = ballot()
    votes.close(Outcome.WITHDRAWN, NOW)
    votes.close(Outcome.EXPIRED, NOW + SECOND)
    assert (votes.outcome, votes.decided_at) == (Outcome.WITHDRAWN, NOW)


def test_the_next_stage_comes_when_the_one_before_has_agreed():
    votes = ballot(Stage(approvers=(APPROVER,)), Stage(approvers=(OTHER,)))
    votes.cast(decision(True), NOW)
    assert (votes.stage, votes.outcome) == (1, None)
    votes.cast(decision(True, OTHER), NOW)
    assert votes.outcome is Outcome.APPROVED


CASTS = st.lists(
    st.builds(
        decision,
        st.booleans(),
        st.sampled_from([APPROVER, OTHER, "eve@demo.test"]),
        claim=st.sampled_from([CLAIM, "aaaaaaaa"]),
        message_id=st.text("ab", max_size=2),
        content_hash=st.text("ab", max_size=1),
        received_at=st.sampled_from([ASKED, EXPIRES + SECOND]),
    ),
    max_size=8,
)


@given(CASTS)
def test_no_order_of_votes_approves_without_everybodys_valid_yes(cast):
    votes = ballot()
    for one in cast:
        votes.cast(one, NOW)
    valid = {
        person: [d.approved for d in cast if _valid(d) and d.approver == person]
        for person in (APPROVER, OTHER)
    }
    if votes.outcome is Outcome.APPROVED:
        assert all(any(said) for said in valid.values())
    if votes.outcome is Outcome.REJECTED:
        assert not all(all(said) for said in valid.values())


def _valid(one: ApprovalDecision) -> bool:
    assert one.received_at is not None
    return one.claim == CLAIM and one.received_at <= EXPIRES
