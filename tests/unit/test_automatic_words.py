"""Automatic mail that nothing gives away but its words, and people who write alike."""

import pytest

from mail.absence_words import ABSENCES
from mail.automatic_words import automatic_words
from mail.reply import Decision
from tests.unit.incoming import SUBJECT, decided, message, reading

NOTICE = "I am currently out of the office and will be back on Monday."


def test_a_notice_that_only_its_words_give_away_is_automatic():
    reply = reading(message(NOTICE))
    assert reply.decision is Decision.AUTO
    assert reply.note.startswith("I am currently out of the office")
    assert reply.reason == "absence notice by its words (en)"


@pytest.mark.parametrize("word", ["APPROVE", "REJECT"])
@pytest.mark.parametrize(
    "below",
    [
        "I'm out of office tomorrow.",
        "Your message was held by our spam filter until the moderator released it.",
    ],
)
def test_words_below_a_decision_do_not_take_it_away(word, below):
    assert decided(f"{word}\n\n{below}") is not Decision.AUTO


@pytest.mark.parametrize(
    "text",
    [
        "I am out of the office until Monday, can this wait?",
        "I am out of the office today and will approve it on Monday.",
        "Please check this with Tom, I am out of the office until Monday.",
        "I'd rather reject it. I am out of the office until Monday.",
        "Ich genehmige das, bin aber bis 7. Dezember nicht im Büro.",
        "Tom is in the office until six, ask him.",
        "The customer is on holiday until Monday.",
        "> I am currently out of the office.\n\nWhat does Tom mean by that",
        "Thanks, which message was held for the moderator",
    ],
)
def test_what_speaks_of_the_approval_is_a_persons(text):
    assert decided(text) is Decision.UNCLEAR


def test_a_notice_may_name_whom_to_ask_for_approvals():
    text = "Thank you for your mail. I am out of the office until 7 May. For urgent approvals {}."
    assert decided(text.format("please contact Tom")) is Decision.AUTO
    assert decided("I am out of the office until 7 May. Tom can approve.") is Decision.UNCLEAR


def test_a_subject_behind_re_is_one_sign_and_no_more():
    absent = "Ich bin im Urlaub. Liebe Grüße"
    assert decided(absent, Subject=f"Re: Abwesenheitsnotiz: {SUBJECT}") is Decision.AUTO
    assert decided(absent, Subject=SUBJECT) is Decision.UNCLEAR
    assert decided("Danke!", Subject=f"Re: Abwesenheitsnotiz: {SUBJECT}") is Decision.UNCLEAR


def test_an_absence_far_below_the_start_is_no_notice():
    assert decided("I do not know what this is about. " * 12 + NOTICE) is Decision.UNCLEAR


@pytest.mark.parametrize("row", ABSENCES, ids=lambda row: row[0])
def test_every_row_has_pieces_in_lower_case(row):
    """The pieces are looked for in a lower-case text."""
    pieces = row[1].split("|")
    assert all(piece and piece == piece.lower() for piece in pieces)


def test_every_language_has_one_row():
    assert len({row[0] for row in ABSENCES}) == len(ABSENCES) == 30


def test_the_text_of_a_quote_is_not_looked_at():
    assert automatic_words("Re: x", f"Hm.\n\n> {NOTICE}\n", NOTICE) == ""


def test_what_was_not_read_as_the_senders_own_is_not_looked_at():
    assert automatic_words("Re: x", NOTICE, "Hm.") == ""
    assert automatic_words("Re: x", NOTICE, NOTICE)


def test_a_list_that_holds_our_mail_says_so_before_anything_of_the_approval():
    held = "Your mail is being held until the list moderator can review it."
    assert "Mailman" in automatic_words("Re: x", held, held)
    rejected = f"Reject it, please. {held}"
    assert automatic_words("Re: x", rejected, rejected) == ""


@pytest.mark.parametrize("word", ["ＲＥＪＥＣＴ", "АPPROVE", "APPROVE？"])
def test_a_word_that_is_only_like_a_decision_is_a_persons(word):
    assert decided(f"{word}\n\n{NOTICE}") is not Decision.AUTO


@pytest.mark.parametrize("word", ["APPROVE", "REJECT"])
def test_no_rule_for_words_takes_a_decision_away(word, monkeypatch):
    monkeypatch.setattr("mail.read.automatic_words", lambda *_: "automatic")
    assert decided(word) is not Decision.AUTO
    assert decided("Hm") is Decision.AUTO
