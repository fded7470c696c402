"""What crosses Temporal, as the values that mail is composed from."""

from zoneinfo import ZoneInfo

import pytest

from agent.errors import BadArguments
from agent.jobs import AnswerInput, AnswerKind
from agent.letters import answer_of, approval_of, check_showable, stage_of
from agent.models import Action, ApprovalRequest, Outcome, Policy, Stage
from mail.text import ARGUMENT
from tests.unit.agent_samples import (
    APPROVER,
    ASKED,
    DIGEST,
    EXPIRES,
    OTHER,
    REQUEST_ID,
    REQUESTER,
    action,
    request,
    vote,
)


def job(kind: AnswerKind, **changes) -> AnswerInput:
    given = {"request": request(), "stage": 0, "to": APPROVER, "key": "1", "at": ASKED}
    return AnswerInput(kind=kind, **{**given, **changes})


def test_a_letter_shows_the_action_as_it_will_run():
    shown = approval_of(request(action=action(reasoning="broken", risky_action=True)), 0)
    assert (shown.request_id, shown.digest) == (REQUEST_ID, DIGEST)
    assert dict(shown.arguments) == {
        "order_id": "1042",
        "amount": '"120.00"',
        "currency": '"EUR"',
    }
    assert (shown.summary, shown.reasoning) == ("Refund 120.00 EUR for order 1042", "broken")
    assert (shown.requested_by, shown.request) == (REQUESTER, "Please refund order 1042.")
    assert (shown.requested_at, shown.expires_at) == (ASKED, EXPIRES)


def test_every_argument_is_shown_in_its_canonical_form():
    arguments = {"list": [1.0, True], "nested": {"b": 1, "a": None}, "text": "ü\n"}
    shown = approval_of(request(action=action(arguments=arguments)), 0)
    assert dict(shown.arguments) == {
        "list": "[1,true]",
        "nested": '{"a":null,"b":1}',
        "text": '"ü\\n"',
    }


@pytest.mark.parametrize(
    "arguments",
    [
        {"sql": "x" * (ARGUMENT - 1)},
        {"n" * 101: 1},
        {"one": "x" * 15_000, "two": "x" * 6_000},
        {"cjk": "\u4e16" * 6_000},
        {"shown": "\u200b" * 2_000},
        {f"n{n:099}": 1 for n in range(200)},
        {"hosts": "".join(f"{n}.\u00e4.de " for n in range(1_000))},
    ],
)
def test_what_no_mail_can_show_whole_cannot_be_asked(arguments):
    with pytest.raises(BadArguments, match="too long to be shown"):
        check_showable("t", arguments)


def test_a_tool_whose_name_no_mail_can_show_whole_cannot_be_asked_for():
    with pytest.raises(BadArguments, match="tool's name is too long to be shown"):
        check_showable("n" * 101, {})


def test_what_a_mail_can_show_whole_can_be_asked():
    check_showable("n" * 100, {"sql": "x" * (ARGUMENT - 2), "n" * 100: 1})


def test_the_people_are_those_of_the_stage_being_asked():
    stages = (Stage(approvers=(APPROVER,)), Stage(approvers=(OTHER, "c@demo.test"), require="all"))
    asked = request(policy=Policy(stages=stages))
    first, second = approval_of(asked, 0), approval_of(asked, 1)
    assert (first.approvers, first.require_text) == ((APPROVER,), "you alone")
    assert (second.approvers, second.require_text) == ((OTHER, "c@demo.test"), "all 2")
    assert approval_of(asked, 9) == second


def test_a_request_with_nothing_but_its_duties_can_be_shown():
    nothing = Action(action_type="t", description="", arguments={})
    bare = ApprovalRequest(request_id=REQUEST_ID, action=nothing)
    shown = approval_of(bare, 0)
    assert (shown.summary, shown.approvers, shown.risk) == ("t", (), "")


def test_a_receipt_names_the_vote_and_what_is_still_missing():
    stages = (Stage(approvers=(APPROVER, OTHER), require="all"),)
    mine = vote(True, note="fine")
    given = job(
        AnswerKind.RECEIPT,
        request=request(policy=Policy(stages=stages)),
        vote=mine,
        votes=(mine,),
    )
    answer = answer_of(given)
    assert (answer.decision, answer.note, answer.progress) == ("approve", "fine", "1 of 2 needed")
    assert answer.outcome == ""


def test_the_receipt_of_the_deciding_vote_names_the_outcome():
    mine = vote(False, note="too much")
    answer = answer_of(job(AnswerKind.RECEIPT, vote=mine, votes=(mine,), outcome=Outcome.REJECTED))
    assert (answer.decision, answer.outcome, answer.progress) == ("reject", "rejected", "")


@pytest.mark.parametrize(
    ("outcome", "by", "note"),
    [
        (Outcome.REJECTED, OTHER, "no"),
        (Outcome.APPROVED, APPROVER, "yes"),
        (Outcome.WITHDRAWN, "", "no"),
    ],
)
def test_news_name_who_decided_and_what_they_wrote(outcome, by, note):
    votes = (vote(True, APPROVER, "yes"), vote(False, OTHER, "no"))
    answer = answer_of(job(AnswerKind.NEWS, outcome=outcome, votes=votes))
    assert (answer.outcome, answer.by, answer.note) == (outcome, by, note)


def test_an_expiry_says_that_the_inbox_could_not_be_read():
    mine = vote(False, note="mine")
    given = job(AnswerKind.NEWS, outcome=Outcome.EXPIRED, unread=True, votes=(mine,))
    answer = answer_of(given)
    assert (answer.unread, answer.note, answer.by) == (True, "mine", "")


def test_a_mail_that_missed_the_deadline_is_told_as_such():
    assert answer_of(job(AnswerKind.LATE, missed_deadline=True)).missed_deadline
    assert not answer_of(job(AnswerKind.LATE)).missed_deadline


def test_an_unknown_outcome_says_what_is_known():
    assert answer_of(job(AnswerKind.UNKNOWN, reason="worker lost")).note == "worker lost"


def test_help_says_why_the_mail_does_not_count():
    assert answer_of(job(AnswerKind.HELP, reason="a question")).reason == "a question"
    told = job(AnswerKind.HELP, read="why?", in_reply_to="1@mail.test", voided=True, last=True)
    answer = answer_of(told)
    assert (answer.read, answer.in_reply_to) == ("why?", "1@mail.test")
    assert answer.voided and answer.last


@pytest.mark.parametrize("kind", list(AnswerKind))
def test_every_kind_of_answer_has_words(kind):
    assert answer_of(job(kind, reason="x")).kind == kind.value


def test_mail_to_a_person_is_about_the_stage_in_which_they_are_asked():
    stages = (Stage(approvers=(APPROVER,)), Stage(approvers=(OTHER,)))
    asked = request(policy=Policy(stages=stages))
    assert stage_of(job(AnswerKind.NEWS, request=asked, to=APPROVER, stage=1)) == 0
    assert stage_of(job(AnswerKind.UNKNOWN, request=asked, to=OTHER, stage=0)) == 1


def test_a_request_without_its_moments_can_be_printed_in_every_time_zone():
    shown = approval_of(request(requested_at=None, expires_at=None), 0)
    for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago"):
        assert shown.expires_at.astimezone(ZoneInfo(zone)).year == 1970
