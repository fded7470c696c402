"""What a line is by itself: an ordinary one is none that any rule knows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mail import lines as module
from mail.attributions import closes
from mail.banners import MAY_BEGIN
from mail.boasts import is_boast
from mail.characters import lowered
from mail.disclaimers import starts_disclaimer
from mail.header_fields import BARE_TO, bare, field_of
from mail.lines import BLANK, MARKED, OPEN, WEAKLY_MARKED, Lines
from mail.ordinary import BARE, CLOSER, FOOTER, NOTED, ORDINARY, SPECIAL
from mail.own_words import _is_ours_alone
from mail.quote_heads import is_cut
from mail.quote_marks import is_blank, is_marked
from mail.separators import RULE
from mail.signatures import CLOSING, DASHES, ENVIRONMENT, POSTSCRIPT, PROGRAM, THANKS
from mail.text import FENCE
from tests.unit.foreign_text import FOREIGN

SIGNS = (CLOSING, THANKS, POSTSCRIPT, PROGRAM, ENVIRONMENT, DASHES, RULE)
KINDS = [
    ("", BLANK),
    (" \u200b", BLANK),
    ("> quoted", MARKED),
    (">>> Ann 9:00 >>>", WEAKLY_MARKED),
    (f"{FENCE} Refund", WEAKLY_MARKED),
    ("Ann> quoted", WEAKLY_MARKED),
    ("Checked with Rosa, the order is hers.", ORDINARY),
    ("APPROVE", ORDINARY),
    ("Best regards,", CLOSER),
    ("  Vielen Dank!", CLOSER),
    ("Sent from my iPhone", FOOTER),
    ("Please consider the environment before printing", FOOTER),
    ("-- ", SPECIAL),
    ("P.S. one more thing", SPECIAL),
    ("-----Original Message-----", SPECIAL),
    ("Confidentiality notice", SPECIAL),
    ("“Be brave enough to be kind”", SPECIAL),
    ("Follow us on example.com", SPECIAL),
    ("On Tuesday Ann wrote:", NOTED),
    ("Ann Example <ann@example.com>", NOTED),
    ("From: Ann", NOTED),
    ("主题：x", NOTED),
    ("AR-7F3A9C2E/abcdefghijklmnop", NOTED),
    ("not this: ┆ Refund", NOTED),
    ("0123456789abcdef" * 2, NOTED),
    ("You don't often get email from ann@example.com.", NOTED),
    ("To", BARE),
    ("*An*", BARE),
]


def kind(text):
    return Lines([text]).kinds


@pytest.mark.parametrize(("text", "expected"), KINDS)
def test_a_line_is_what_its_characters_say(text, expected):
    assert kind(text) == expected
    # The same where nothing is remembered.
    texts = [text, "x " * 100]
    assert Lines(texts).kinds == expected + ORDINARY


@given(FOREIGN | st.sampled_from([text for text, _ in KINDS]), st.sampled_from(" \t-*.:>|x"))
def test_no_rule_knows_an_ordinary_line(text, char):
    for line in (*text.split("\n"), *(f"{char}{line}" for line in text.split("\n"))):
        if kind(line) != ORDINARY:
            continue
        low = lowered(line)
        assert not any(pattern.match(low) for pattern in SIGNS)
        assert not (is_blank(line) or is_marked(line) or closes(line) or _is_ours_alone(line))
        assert not (field_of(line) or bare(line) in BARE_TO or MAY_BEGIN.match(low))
        assert not (is_cut([line, "From: a@example.com"], 0) or is_boast(line, signed=True))
        assert not starts_disclaimer(line)


def test_open_lines_are_those_without_a_mark():
    texts = [text for text, _ in KINDS]
    near = Lines(texts).near_open()
    assert [at for at, text in enumerate(texts) if kind(text) in OPEN] == [
        at for at in near if not is_marked(texts[at])
    ]


def test_only_short_lines_are_remembered():
    kind("short")
    before = module._kind.cache_info().currsize
    for length in range(101, 200):
        kind("x" * length)
    assert module._kind.cache_info().currsize == before
    # Characters of four bytes.
    assert module._REMEMBERED * module._SHORT * 4 < 2_000_000
