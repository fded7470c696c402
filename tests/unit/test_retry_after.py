"""What a server that says "not now" asks for, and the delay that Temporal is told of."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from temporalio.common import RetryPolicy
from temporalio.testing import ActivityEnvironment

from agent import options
from agent.activities.pausing import next_delay
from agent.retry_after import retry_after

NOW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("wish", "seconds"),
    [
        ("7", 7),
        (" 120 ", 120),
        ("0", 0),
        ("0.5", 0.5),
        # The three forms of RFC 9110, section 5.6.7.
        ("Mon, 23 Nov 2026 07:01:30 GMT", 90),
        ("Monday, 23-Nov-26 07:01:30 GMT", 90),
        ("Mon Nov 23 07:01:30 2026", 90),
        ("Mon, 23 Nov 2026 08:01:30 +0100", 90),
        ("Mon, 23 Nov 2026 06:00:00 GMT", 0),
        # Nobody believes these.
        ("999999", 3_600),
        ("9" * 12, 3_600),
        ("Tue, 23 Nov 2027 07:00:00 GMT", 3_600),
    ],
)
def test_seconds_and_dates_are_read(wish, seconds):
    assert retry_after({"Retry-After": wish}, NOW) == seconds


@pytest.mark.parametrize(
    "wish",
    ["", "soon", "-1", "nan", "inf", "1e9", "1_0", "٧", "9" * 400, "12 s"]
    + ["Mon, 32 Nov 2026 07:00:00 GMT", "Mon, 23 Nov 2026 07:00:00 +99999999999999999999"],
)
def test_what_cannot_be_read_is_no_wish(wish):
    assert retry_after({"Retry-After": wish}, NOW) is None


def test_without_a_wish_there_is_none():
    assert retry_after({}, NOW) is None


def test_a_date_is_one_of_the_servers_own_clock():
    headers = {"Retry-After": "Mon, 23 Nov 2026 09:01:00 GMT"}
    assert retry_after({**headers, "Date": "Mon, 23 Nov 2026 09:00:30 GMT"}, NOW) == 30
    assert retry_after({**headers, "Date": "now"}, NOW) == 3_600


def delay(asked: float | None, attempt: int, policy: RetryPolicy | None) -> timedelta | None:
    environment = ActivityEnvironment()
    environment.info = replace(environment.info, attempt=attempt, retry_policy=policy)
    found: timedelta | None = environment.run(next_delay, asked)
    return found


TOOLS: RetryPolicy = options.EXECUTE_IDEMPOTENT["retry_policy"]


@pytest.mark.parametrize(
    ("asked", "attempt", "seconds"),
    [
        (30, 1, 30),
        (30, 5, 30),  # 16 s by itself
        (30, 6, None),  # 32 s
        (1, 1, None),
        (299, 8, 299),
        (301, 2_000, 301),
        (300, 2_000, None),
        (1e9, 1, 3_600),
        (0, 1, None),
        (None, 1, None),
        (-5, 1, None),
        (float("nan"), 1, None),
        (float("inf"), 1, 3_600),
    ],
)
def test_a_wish_makes_a_pause_longer_and_never_shorter(asked, attempt, seconds):
    expected = None if seconds is None else timedelta(seconds=seconds)
    assert delay(asked, attempt, TOOLS) == expected


def test_without_a_policy_temporals_own_is_meant():
    assert delay(60, 7, None) is None
    assert delay(65, 7, None) == timedelta(seconds=65)
    assert delay(101, 50, RetryPolicy()) == timedelta(seconds=101)
    assert delay(99, 50, RetryPolicy()) is None
