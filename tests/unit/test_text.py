import hashlib
import re

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
        ("a\u2028b\u2029c\x85d\re", "a<U+2028>b<U+2029>c<U+0085>d<U+000D>e"),
        ("prod\ufe0f ap\u00b7prove", "prod<U+FE0F> ap<U+00B7>prove"),
        ("\u0440rod", "<U+0440>rod"),
        ("\u043f\u0440\u043e\u0434 \u03b1", "\u043f\u0440\u043e\u0434 \u03b1"),
        ("e\u0301 \u00e9", "e<U+0301> \u00e9"),
        ("\\n\u043c\u0438\u0440", "\\n\u043c\u0438\u0440"),
        ("\\u001f\u043c\u0438\u0440", "\\u001f\u043c\u0438\u0440"),
        ("\\\\n\u043c\u0438", "\\\\n<U+043C><U+0438>"),
        ("<U+202E>", "<U+003C>U+202E>"),
        ("\u212a and \u2126", "<U+212A> and <U+2126>"),
        ("Gr\u00fc\u00dfe, \u4e16\u754c", "Gr\u00fc\u00dfe, \u4e16\u754c"),
    ],
)
def test_what_is_run_to_the_letter_is_shown_to_the_letter(text, shown):
    assert exact(text) == shown


@given(
    st.text() | st.text("<U+0043>ae\u0301\u00e9\u0430\u00b7\r\n\x85\u2028 \u200b\u212a\u1100\u1161")
)
def test_two_texts_that_differ_are_never_shown_alike(text):
    assert re.sub(r"<U\+([0-9A-F]{4,6})>", lambda m: chr(int(m[1], 16)), exact(text)) == text


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
