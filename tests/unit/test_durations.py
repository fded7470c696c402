"""Durations as people type and read them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.durations import format_duration, parse_duration


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("3d", 259_200),
        ("2h", 7_200),
        ("30m", 1_800),
        ("90s", 90),
        ("90", 90),
        (90, 90),
        (" 1.5 H ", 5_400),
        ("0", 0),
    ],
)
def test_durations_are_read(text, seconds):
    assert parse_duration(text) == seconds


@pytest.mark.parametrize(
    "text", ["", "soon", "-1", "1w", "1e3", "1d2h", "1,5h", "٣d", "nan", "inf", "1.", ".5", None]
)
def test_anything_else_is_refused_with_the_forms(text):
    with pytest.raises(ValueError, match="use 3d, 2h, 30m, 90s or seconds"):
        parse_duration(text)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0s"),
        (-5, "0s"),
        (59.6, "1m"),
        (320, "5m 20s"),
        (183_600, "2d 3h"),
        (86_461, "1d 1m"),
        (259_200, "3d"),
    ],
)
def test_the_two_largest_units_are_shown(seconds, text):
    assert format_duration(seconds) == text


@given(st.integers(0, 10**9))
def test_what_is_shown_is_never_more_than_there_is_and_hardly_less(seconds):
    shown = sum(parse_duration(part) for part in format_duration(seconds).split())
    assert shown <= seconds
    assert seconds - shown <= seconds / 24 + 60


@given(st.integers(0, 10**9), st.sampled_from("dhms"))
def test_a_unit_only_scales(number, unit):
    assert parse_duration(f"{number}{unit}") == number * parse_duration(f"1{unit}")
