"""What is told at once, of most texts, is what all rules would tell."""

import re
from dataclasses import replace
from unittest.mock import Mock

from hypothesis import given, settings
from hypothesis import strategies as st

from mail.doubt import find_aside_doubt, find_doubt, find_doubt_aside
from mail.opening import Opening, find_opening
from mail.reply import Decision
from mail.vocabulary import DEFAULT

# Of it no text is told at once.
CAREFUL = replace(DEFAULT)
CAREFUL.__dict__["doubt_hints"] = Mock(signs=re.compile(""), signs_aside=re.compile(""))

LITTLE = DEFAULT.little
DOUBTS = sorted(phrase for _, phrase in DEFAULT.doubts)
WORDS = sorted(
    {word for phrase in DOUBTS for word in phrase.split()}
    | LITTLE.currency
    | LITTLE.amount
    | LITTLE.at_most
    | LITTLE.sent_by
    | DEFAULT.deciding
)
ODD = [
    "7",
    "50 EUR",
    "$5",
    "€ 5",
    "5 %",
    "100 %",
    ":(",
    ":-/",
    ";)",
    ": P",
    "?",
    "❓",
    "👎",
    "👍",
    "\x00",
    "\x0b",
    "\u200b",
    "don't",
    "K",
    "approval",
    "approved",
    "re-approve",
    "rejects",
    "AR-0123456789",
    "ar-0123456789.\nabcdefghijklmnopqrstuvwxyz",
    "https://a.test/?x",
    "ifhttp://a.test",
    "notwww.a.test",
    "reject@a.test",
    "not.bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb@a.test",
    "5 pm No Reply <no@a.test> wrote:",
    "last monday",
    "on friday, Tom said",
    "Sent by my son",
    "sent by iphone",
    "share capital EUR 5",
]
PLAIN = [
    "thanks",
    "all",
    "checked",
    "with",
    "Rosa",
    "the",
    "order",
    "is",
    "it",
    "on",
    "my",
    "am",
    "we",
    ".",
    ",",
    ":",
    "\n",
]
TEXT = st.lists(
    st.one_of(*map(st.sampled_from, (DOUBTS, WORDS, ODD, PLAIN, PLAIN, PLAIN))), max_size=6
).map(" ".join)
EXAMPLES = settings(max_examples=1_500, deadline=None, derandomize=True)


@EXAMPLES
@given(TEXT)
def test_a_note_is_doubted_for_what_the_rules_find(text):
    assert find_doubt(text) == find_doubt(text, CAREFUL)


@EXAMPLES
@given(st.lists(TEXT.map(lambda text: text.replace("\n", " ")), max_size=3))
def test_lines_below_are_doubted_for_what_the_rules_find(lines):
    found = (find_aside_doubt(line) for line in lines)
    assert find_doubt_aside(lines) == next(filter(None, found), "")


def test_every_doubt_is_found_beside_plain_words():
    for phrase in DOUBTS:
        text = f"Thanks all {phrase} Rosa"
        assert find_doubt(text) == find_doubt(text, CAREFUL), phrase


def test_a_word_that_approves_alone_does_so_with_a_blank_behind_it():
    for word in DEFAULT.lone_approvals:
        assert find_opening(word, DEFAULT) == Opening(Decision.APPROVE, len(word))
        assert find_opening(f"{word} ", DEFAULT) == Opening(Decision.APPROVE, len(word))


def test_what_is_taken_out_first_hides_nothing_and_makes_nothing():
    for text in ("max 5", "max. 5", "notwww.a.test", "am www.a.test/x i", "have AR-0123456789 to"):
        assert find_doubt(text) == find_doubt(text, CAREFUL) != "", text
        assert find_doubt_aside([text]) == find_aside_doubt(text)
