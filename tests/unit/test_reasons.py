"""Why a reply did not count: sentences for people, from the short texts that the reader gives."""

import re

import pytest

from mail.armour import ENCRYPTED
from mail.decision import decide
from mail.doubt import find_doubt
from mail.quotes import own_text
from mail.reasons import _ROWS, explain
from mail.text import DOT

FIRST_LINE = "the first line is not plainly APPROVE or REJECT"


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("the note may set a condition: if", 'a condition ("if")'),
        ("the note may say no: not yet", 'a word ("not yet") that may restrict'),
        ("the note may restrict it: only", 'a word ("only") that may restrict'),
        ("the note may hold a reserve: but", 'a word ("but") that may restrict'),
        ("the note may ask to wait: tomorrow", 'ask to wait ("tomorrow")'),
        ("the note may ask something: why", 'ask something ("why")'),
        ("the note may take it back: cancel", 'a word ("cancel") that may restrict'),
        ("the note may change it: as amended", 'words ("as amended") that may change'),
        ("the note takes the rejection back", "Send one of the two words"),
        ("a line below may take it back: не", 'your signature, holds a word ("не")'),
        ("the note names an amount: 500 eur", 'an amount ("500 eur"), which may be meant'),
        ("a line below names an amount: $120", 'an amount ("$120")'),
        ("the note asks a question", "asks a question"),
        ("the note holds a decision word: reject", "says ‹APPROVE› or ‹REJECT› again"),
        ("the note holds letters that no rule is for: Ж", 'conditions ("Ж")'),
        ("the note holds a sign that may be a refusal", "may mean no"),
        ("the note may be somebody else's: sent by", "somebody else's words"),
        ("the note holds invisible or control characters", "cannot be seen"),
        ("the first line is not to be trusted: it holds invisible", "Type the word by hand"),
        ("the first line holds no word", "A sign alone"),
        ("the first line is struck through", "struck through"),
        (f"{FIRST_LINE}: Sounds good", "not plainly ‹APPROVE› or ‹REJECT›"),
        ("no words of the sender's own", "No words of your own"),
        ("its text part and its HTML part say different things", "two versions"),
        ("longer than what is read", "delete the quoted text"),
        (ENCRYPTED, "Answer without encryption"),
        ("it holds characters that cannot be read: answer in plain text", "as UTF-8"),
        ("the note names another request", "another request"),
    ],
)
def test_every_kind_of_reason_has_a_plain_sentence(reason, words):
    why = explain(reason)
    assert words in why.sentence and why.unknown == ""


@pytest.mark.parametrize(
    "text",
    [
        "approve\nif it is cheap",
        "approve\nup to 500 EUR",
        "approve\nwhy?",
        "approve\n👎",
        "hm",
        "",
        "approve\nin two parts",
        "reject\noops",
    ],
)
def test_what_the_reader_says_of_real_words_is_explained(text):
    assert explain(decide(own_text(text)).reason).sentence


def test_a_reason_that_no_row_knows_is_shown_as_it_is():
    assert explain(" its colour is unpleasant: green ").unknown == (
        "its colour is unpleasant: green"
    )


@pytest.mark.parametrize(
    "said", ["is it invisible?", "struck", "amount: 5 EUR", "no words of mine"]
)
def test_the_persons_own_words_do_not_choose_the_sentence(said):
    assert explain(f"{FIRST_LINE}: {said}") == explain(FIRST_LINE)


@pytest.mark.parametrize(
    "found",
    ["x" * 60, "one two three four", "{0}", 'a"b', "a\nb\nAPPROVE now please\nthanks", "┆ x", ""],
)
def test_only_a_word_or_two_of_a_person_stand_in_a_sentence_of_ours(found):
    sentence = explain(f"the note may restrict or take back: {found}").sentence
    assert "(" not in sentence or found == "{0}"


def test_a_decision_word_that_was_found_is_dotted():
    assert f"ap{DOT}prove" in explain("the note may restrict or take back: approve").sentence


@pytest.mark.parametrize("sentence", [sentence for _, sentence in _ROWS])
def test_no_sentence_holds_a_decision_outside_its_marks(sentence):
    outside = re.sub("‹.*?›", "", sentence).casefold()
    assert "approv" not in outside and "reject" not in outside


def test_what_was_doubted_is_the_word_that_is_named():
    assert '("unless")' in explain(find_doubt("fine unless finance objects")).sentence
