"""Dates of header fields, which strangers write."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mail.dates import parse_date

NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "Fri, 27 Nov 2026 12:00:00 +0000",
        "Fri, 27 Nov 2026 14:00:00 +0200",
        "27 Nov 2026 12:00 -0000",
        "Fri, 27 Nov 2026 12:00:00 GMT",
        "Friday, 27-Nov-26 12:00:00 GMT",
        "Fri Nov 27 12:00:00 2026",
    ],
)
def test_every_form_means_the_same_moment(text):
    assert parse_date(text) == NOON


@pytest.mark.parametrize("text", ["", "soon", "120", "31 Feb 2026 12:00", "1 Jan 99999 00:00"])
def test_what_is_no_date_is_none(text):
    assert parse_date(text) is None


@given(st.text(alphabet="0123456789 :+-,JanFebGMT.\0é", max_size=40))
def test_nothing_breaks_it(text):
    found = parse_date(text)
    assert found is None or found.tzinfo is not None
