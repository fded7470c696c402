"""Why mail was not delivered, as servers write it in codes and words."""

import pytest

from mail.status_code import LONGEST, code_in, enhanced, status_in


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("550 5.1.1 <a@x.test>: User unknown", "5.1.1"),
        ("550-5.7.26 Unauthenticated", "5.7.26"),
        ("550 #5.1.0 Address rejected", "5.1.0"),
        ("Sorry, no mailbox here by that name. (#5.1.1)", "5.1.1"),
        ("said: 450 4.2.0 Greylisted", "4.2.0"),
        ("550 unknown user", "5.1.1"),
        ("550 Go away", "5.0.0"),
        ("said: 451 Try later", "4.0.0"),
        ("552 mailbox full", "5.2.2"),
        ("User unknown in virtual mailbox table", "5.1.1"),
        ("The users mailfolder is over the allowed quota (size).", "5.2.2"),
        ("Host or domain name not found", "5.1.2"),
        ("Connection timed out with mx.x.test.", "4.4.1"),
        ("Message size exceeds fixed limit", "5.3.4"),
        ("too many hops", "4.4.6"),
        ("Das Postfach ist voll", "5.2.2"),
        ("邮箱空间已满", "5.2.2"),
        ("This account has been disabled", "5.2.1"),
        ("blocked by our policy", "5.7.1"),
        ("Nothing is known.", ""),
        ("", ""),
    ],
)
def test_what_a_text_says(text, status):
    assert status_in(text) == status


@pytest.mark.parametrize(
    "text",
    ["Exim 4.94.2", "sendmail 8.14.1", "host 5.1.1.9 is down", "in 2026, 550 bytes", "15.1.12"],
)
def test_numbers_that_are_no_codes(text):
    assert code_in(text) == ""
    assert not status_in(text).startswith("5")


def test_the_class_is_what_the_caller_knows_where_no_code_tells():
    assert status_in("mailbox full", "4") == "4.2.2"
    assert status_in("552 mailbox full", "4") == "5.2.2"


def test_of_a_status_field_only_the_code_counts():
    assert enhanced("5.1.1 (bad destination)") == "5.1.1"
    assert enhanced("permanent 5.1.1") == ""


def test_only_the_start_of_a_long_text_is_looked_at():
    assert code_in("x" * LONGEST + " 550 5.1.1") == ""
