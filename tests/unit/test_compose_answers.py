"""Mail after the question: answers to approvers, and what the requester gets."""

import re
from datetime import timedelta
from hashlib import sha256

import pytest

from mail.carriers import Where, find_carriers, reference_line, reply_address, thread_id
from mail.compose import Answer, AnswerKind, compose_answer, compose_request, compose_result
from mail.identity import bounce_token, reply_token, verify_reply
from tests.unit.mail_samples import (
    APPROVAL,
    APPROVER,
    ASKED,
    OTHER,
    REQUEST_ID,
    REQUESTER,
    SENDER,
    answers,
    parsed,
    parts,
)

TOKEN = reply_token(SENDER.keyring, REQUEST_ID, APPROVER, APPROVAL.digest)
THREAD = thread_id(SENDER.mailbox, REQUEST_ID)
SUBJECT = "Approval needed: Refund 120.00 EUR for order 1042 [AR-7K2M9QXD4T]"


@pytest.mark.parametrize("answer", answers("text"), ids=lambda answer: answer.kind.value)
def test_an_answer_belongs_to_the_thread_and_is_never_answered(answer):
    outgoing = compose_answer(SENDER, APPROVAL, APPROVER, answer, ASKED)
    message = parsed(outgoing)
    asked = compose_request(SENDER, APPROVAL, APPROVER, ASKED).message_id
    assert outgoing.envelope_sender == ""
    assert message["Auto-Submitted"] == "auto-replied"
    assert message["X-Auto-Response-Suppress"] == "All"
    assert message["Subject"] == f"Re: {SUBJECT}"
    assert message["In-Reply-To"] == asked
    assert message["References"] == f"{THREAD} {asked}"
    assert message["Reply-To"] == reply_address(SENDER.mailbox, REQUEST_ID, TOKEN)
    assert reference_line(REQUEST_ID, TOKEN) in parts(outgoing)[0].splitlines()
    (carrier,) = find_carriers(outgoing.message_id, Where.MESSAGE_ID)
    assert verify_reply(SENDER.keyring, REQUEST_ID, APPROVER, carrier.token)


def test_answers_have_ids_of_their_own_that_stay_the_same():
    distinct = [Answer(kind, key, outcome="expired") for kind in AnswerKind for key in ("1", "2")]
    people = (APPROVER, OTHER, REQUESTER)
    ids = [
        compose_answer(SENDER, APPROVAL, to, answer, ASKED + timedelta(days=days)).message_id
        for days in (0, 1)
        for to in people
        for answer in distinct
    ]
    assert ids[: len(ids) // 2] == ids[len(ids) // 2 :]
    assert len(set(ids)) == len(people) * len(distinct)


def said(answer: Answer, to: str = APPROVER) -> str:
    return " ".join(parts(compose_answer(SENDER, APPROVAL, to, answer, ASKED))[0].split())


def test_help_says_what_was_read_why_it_does_not_count_and_how_to_answer():
    text = said(Answer(AnswerKind.HELP, read="Sounds good", reason="no word at all"))
    for words in ("┆ Sounds good", "┆ no word at all", "‹APPROVE›", "Thu 26 Nov 2026"):
        assert words in text


def test_help_is_sent_into_the_thread_of_the_mail_that_it_answers():
    theirs = "CAF=8x@mail.example.net"
    answer = Answer(AnswerKind.HELP, in_reply_to=theirs)
    message = parsed(compose_answer(SENDER, APPROVAL, APPROVER, answer, ASKED))
    asked = compose_request(SENDER, APPROVAL, APPROVER, ASKED).message_id
    assert message["In-Reply-To"] == f"<{theirs}>"
    assert message["References"] == f"{THREAD} {asked} <{theirs}>"


@pytest.mark.parametrize(
    "odd",
    [
        "",
        "no-at-sign",
        "a b@c",
        "a@b\r\nBcc: eve@evil.test",
        "a@b>,<c@d",
        "ü@mail.test",
        f"{'x' * 250}@mail.test",
        f"ar-0000000000.{'a' * 28}@example.com",
    ],
)
def test_an_odd_message_id_is_not_repeated(odd):
    answer = Answer(AnswerKind.HELP, in_reply_to=odd)
    message = parsed(compose_answer(SENDER, APPROVAL, APPROVER, answer, ASKED))
    asked = compose_request(SENDER, APPROVAL, APPROVER, ASKED).message_id
    assert (message["In-Reply-To"], message["Bcc"]) == (asked, None)
    assert message["References"] == f"{THREAD} {asked}"


def test_one_tap_on_help_opens_the_reply_that_the_request_offers():
    asked = compose_request(SENDER, APPROVAL, APPROVER, ASKED)
    help_mail = compose_answer(SENDER, APPROVAL, APPROVER, Answer(AnswerKind.HELP), ASKED)
    links = [re.findall(r'href="(mailto:[^"]+)"', parts(mail)[1]) for mail in (asked, help_mail)]
    assert len(links[1]) == 2 and links[0] == links[1]


def test_help_shows_what_would_run_beside_the_way_to_let_it():
    assert '┆ amount = "120.00"' in said(Answer(AnswerKind.HELP))


def test_help_says_that_a_consent_is_void_and_that_no_more_help_follows():
    plain = said(Answer(AnswerKind.HELP))
    assert "does not count any more" not in plain and "the last mail of this kind" not in plain
    text = said(Answer(AnswerKind.HELP, voided=True, last=True))
    assert "does not count any more" in text and "the last mail of this kind" in text


def test_help_repeats_no_more_of_a_long_mail_than_is_needed_to_know_it_again():
    long = "\n".join(f"line {number}" for number in range(100))
    text = said(Answer(AnswerKind.HELP, read=long))
    assert "┆ line 9 The first 69 of 789 characters." in text and "line 10" not in text
    assert sha256(long.encode()).hexdigest() in text
    assert "x" * 700 not in said(Answer(AnswerKind.HELP, read="x " * 700))


def test_a_receipt_says_what_was_recorded_and_what_is_missing():
    text = said(Answer(AnswerKind.RECEIPT, decision="approve", progress="1 of 2 needed"))
    assert "Your answer was counted: ‹APPROVE›." in text
    assert "1 of 2 needed" in text


def test_the_receipt_that_ends_an_approval_says_what_happens_next():
    rejection = Answer(AnswerKind.RECEIPT, decision="reject", outcome="rejected", note="too much")
    text = said(rejection)
    assert "‹rejected›" in text and "does not run" in text and "┆ too much" in text
    assert "Answer by" not in text


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        ("approved", "This action was ‹approved› by tom@example.com. It runs now"),
        ("rejected", "This action was ‹rejected› by tom@example.com. It does not run"),
        ("expired", "in time"),
        ("undeliverable", "Too few"),
        ("withdrawn", "withdrawn"),
    ],
)
def test_news_say_how_it_ended_by_whom_and_with_which_note(outcome, words):
    text = said(Answer(AnswerKind.NEWS, outcome=outcome, by=OTHER, note="because"))
    assert words in text and "┆ because" in text and "Nothing is left to do for you." in text


@pytest.mark.parametrize("kind", [AnswerKind.NEWS, AnswerKind.LATE])
def test_an_inbox_that_could_not_be_read_is_said_and_is_nobodys_note(kind):
    text = said(Answer(kind, outcome="expired", unread=True))
    assert "The inbox could not be read at the deadline" in text
    assert "THEIR NOTE" not in text
    assert "could not be read" not in said(Answer(kind, outcome="expired"))


def test_mail_that_is_too_late_is_told_why_and_never_more_than_is_true():
    read_later = said(Answer(AnswerKind.LATE, outcome="rejected", by=OTHER))
    assert "Your mail was read after the approval had ended. It changes nothing." in read_later
    assert f"‹rejected› by {OTHER}" in read_later
    came_later = said(Answer(AnswerKind.LATE, outcome="expired", missed_deadline=True))
    assert "Your mail arrived after the deadline. It changes nothing." in came_later


@pytest.mark.parametrize(
    ("how", "words"),
    [("terminated", "An operator ended"), ("broken", "broke off"), ("", "cannot be found out")],
)
def test_an_approval_without_an_outcome_is_told_as_such(how, words):
    assert words in said(Answer(AnswerKind.LATE, outcome=how))


def test_an_unknown_outcome_asks_people_to_look():
    text = said(Answer(AnswerKind.UNKNOWN, note="database is locked"))
    assert "look at the system" in text
    assert "it failed or its worker was lost" in text


# ---- mail to the requester ----


def test_mail_to_the_requester_never_holds_a_token():
    tokens = [
        token
        for person in (APPROVER, OTHER, REQUESTER)
        for token in (
            reply_token(SENDER.keyring, REQUEST_ID, person, APPROVAL.digest),
            bounce_token(SENDER.keyring, REQUEST_ID, person),
        )
    ]
    mails = [
        compose_result(SENDER, REQUESTER, "Refund", "Done", "run", APPROVAL, ASKED),
        compose_result(SENDER, REQUESTER, "Refund", "Done", "run", None, ASKED),
        *(compose_answer(SENDER, APPROVAL, REQUESTER, a, ASKED) for a in answers("x")),
    ]
    for mail in mails:
        assert "Reply-To" not in parsed(mail)
        whole = mail.raw.decode() + "".join(parts(mail))
        assert not any(token in whole for token in tokens)
        assert not find_carriers(whole, Where.BODY)


def test_the_result_stands_in_the_thread_of_the_last_approval():
    result = compose_result(SENDER, REQUESTER, "Refund", "Done", "run", APPROVAL, ASKED)
    message = parsed(result)
    assert message["Subject"] == f"Re: {SUBJECT}"
    assert message["In-Reply-To"] == message["References"] == THREAD
    assert result.envelope_sender == "" and message["Auto-Submitted"] == "auto-replied"
    assert "┆ Done" in parts(result)[0]


def test_without_an_approval_the_result_names_the_request():
    words = "Look up order 1042, and tell me everything that you can find out about it"
    result = compose_result(SENDER, REQUESTER, words, "Order 1042: broken", "run", None, ASKED)
    assert parsed(result)["Subject"] == f"Result: {words[:60]}"
    assert "In-Reply-To" not in parsed(result)
    again = compose_result(SENDER, REQUESTER, words, "x", "another run", None, ASKED)
    assert again.message_id != result.message_id
