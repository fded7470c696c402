import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mail.carriers import Where, find_carriers, reference_line
from mail.text import FENCE, LONGEST, WIDTH, exact, fence, one_line, quote, undecided, visible


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\r\nb\rc\u2028d\u2029e\x85f\vg", "a\nb\nc\nd\ne\nf\ng"),
        ("pay \u202e000,1\u202c", "pay <U+202E>000,1<U+202C>"),
        ("a\u200bb\ufeffc\0d\x1be", "a<U+200B>b<U+FEFF>c<U+0000>d<U+001B>e"),
        ("blank\u3164\u2800", "blank<U+3164><U+2800>"),
        ("lone \ud800", "lone <U+D800>"),
        ("tab\tand\u00a0space", "tab and space"),
        ("Grüße, 世界 👍", "Grüße, 世界 👍"),
    ],
)
def test_what_cannot_be_seen_is_shown(text, shown):
    assert visible(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\tb\u00a0c\u3000d e", "a<U+0009>b<U+00A0>c<U+3000>d e"),
        ("prod\ufe0f ap\u00b7prove", "prod<U+FE0F> ap<U+00B7>prove"),
        ("\u0440rod", "<U+0440>rod"),
        ("\u043f\u0440\u043e\u0434 \u03b1", "\u043f\u0440\u043e\u0434 \u03b1"),
        ("e\u0301 \u00e9", "e<U+0301> \u00e9"),
        ("<U+202E>", "<U+003C>U+202E>"),
        ("\u212a and \u2126", "<U+212A> and <U+2126>"),
        ("Gr\u00fc\u00dfe, \u4e16\u754c", "Gr\u00fc\u00dfe, \u4e16\u754c"),
    ],
)
def test_what_is_run_to_the_letter_is_shown_to_the_letter(text, shown):
    assert exact(text) == shown


@pytest.mark.parametrize(
    ("text", "dotted"),
    [
        ("Approve", "Ap·prove"),
        ("APPROVED rejected", "AP·PROVED re·jected"),
        ("disapprove_all", "di·sap·prove_all"),
        ("approval reason", "approval reason"),
        ("=?utf-8?q?a?=", "=·?utf-8?q?a?="),
    ],
)
def test_a_dot_stands_inside_words_that_decide(text, dotted):
    assert undecided(text) == dotted


def test_a_planted_reference_line_is_none_any_more():
    planted = reference_line("AR-7K2M9QXD4T", "a" * 28)
    assert find_carriers(planted, Where.BODY)
    assert not find_carriers(undecided(planted), Where.BODY)


@given(st.text(), st.integers(10, 200))
def test_a_header_gets_one_short_printable_line(text, longest):
    line = one_line(text, longest)
    assert len(line) <= longest
    assert line.splitlines() in ([line], [])


@given(st.text())
def test_fenced_lines_start_with_the_fence_and_are_short(text):
    lines = fence(quote(text).lines)
    assert lines
    for line in lines:
        assert line.startswith(FENCE) and len(line) <= WIDTH


def test_spaces_in_a_value_are_kept():
    assert fence(quote('"a  b   c"').lines) == [f'{FENCE} "a  b   c"']


def test_only_what_is_very_long_is_cut_and_then_that_is_said():
    assert quote("x" * LONGEST).left_out == ""
    long = quote("x" * 12_345)
    assert long.lines == ("x" * LONGEST,)
    assert "12,345 characters" in long.left_out
    assert hashlib.sha256(b"x" * 12_345).hexdigest() in long.left_out
