"""What counts as a password or token in the output of a command, and how long a token lasts."""

import json
import math

import pytest

from mail.credentials import Password, Token
from mail.printed import (
    LIFETIME_SECONDS,
    MARGIN_SECONDS,
    Printed,
    Unusable,
    complaint,
    password_of,
    token_of,
)
from tests.helper_command import jwt
from tests.planted import ACCESS_TOKEN, PASSWORD

NOW = 1_795_000_000.0
KEY = b"k" * 32


def lifetime(output: str) -> float:
    printed = token_of(output, NOW)
    assert isinstance(printed, Printed)
    return printed.seconds


@pytest.mark.parametrize("ending", ["", "\n", "\r\n", "\nlogin: agent\nurl: x", "\n\n"])
def test_a_password_is_the_first_line(ending):
    assert password_of(PASSWORD + ending) == Printed(Password(PASSWORD), math.inf)


def test_a_passwords_spaces_are_its_own():
    assert password_of(" a b \n") == Printed(Password(" a b "), math.inf)


@pytest.mark.parametrize("output", ["", "\n", "\r\n", f"\n{PASSWORD}"])
def test_an_empty_first_line_is_no_password_and_no_token(output):
    for printed in (password_of(output), token_of(output, NOW)):
        assert printed == Unusable("it printed nothing")


@pytest.mark.parametrize("ending", ["", "\n", "\r\n", " \n", "\nand more\n"])
def test_a_token_is_the_first_line(ending):
    assert token_of(ACCESS_TOKEN + ending, NOW) == Printed(Token(ACCESS_TOKEN), LIFETIME_SECONDS)


@pytest.mark.parametrize(
    "line", ["Error: could not refresh", "a\x01b", "a\tb", "tök", "<html> x", "\udcff"]
)
def test_what_cannot_be_a_token_is_none(line):
    assert token_of(line, NOW) == Unusable("what it printed is no access token")


@pytest.mark.parametrize(
    ("given", "seconds"),
    [
        (3600, 3600 - MARGIN_SECONDS),
        ("3599", 3599 - MARGIN_SECONDS),
        (3600.5, 3600.5 - MARGIN_SECONDS),
        (90, 45),
        (10, 5),
        (0, 0),
        (-5, 0),
        ("soon", LIFETIME_SECONDS),
        (None, LIFETIME_SECONDS),
        (True, LIFETIME_SECONDS),
        ([1], LIFETIME_SECONDS),
        ("9" * 400, LIFETIME_SECONDS),
    ],
)
def test_the_answer_of_a_token_endpoint_is_understood(given, seconds):
    answer = {"access_token": ACCESS_TOKEN, "token_type": "Bearer", "expires_in": given}
    for output in (json.dumps(answer), f"\n{json.dumps(answer, indent=2)}\n"):
        assert token_of(output, NOW) == Printed(Token(ACCESS_TOKEN), seconds)


def test_a_jwt_says_itself_when_it_ends():
    assert lifetime(jwt(KEY, {"exp": NOW + 1_000})) == 1_000 - MARGIN_SECONDS
    assert lifetime(jwt(KEY, {"exp": NOW - 1})) == 0
    assert lifetime(json.dumps({"access_token": jwt(KEY, {"exp": NOW + 200})})) == 140
    # What the endpoint says of it comes first.
    both = {"access_token": jwt(KEY, {"exp": NOW + 200}), "expires_in": 400}
    assert lifetime(json.dumps(both)) == 340


@pytest.mark.parametrize(
    "token",
    [
        jwt(KEY, {}),
        jwt(KEY, {"exp": "x"}),
        jwt(KEY, {"exp": []}),
        "a.b.c",
        "a.!!.c",
        "a..",
        "e.W10.c",
    ],
)
def test_what_looks_like_a_jwt_and_is_none_is_a_token_like_any_other(token):
    assert lifetime(token) == LIFETIME_SECONDS


@pytest.mark.parametrize(
    ("output", "reason", "for_good"),
    [
        ('{"error": "invalid_grant", "error_description": "x"}', "answered invalid_grant", True),
        ('{"error": "invalid_client"}', "answered invalid_client", True),
        ('{"error": "temporarily_unavailable"}', "answered temporarily_unavailable", False),
        ('{"error": {"code": 401}}', "JSON without an access_token", False),
        ('{"error": "a\\nb"}', "JSON without an access_token", False),
        ('{"access_token": "a b"}', "JSON without an access_token", False),
        ('{"access_token": 7}', "JSON without an access_token", False),
        ("{", "JSON without an access_token", False),
        ("{" * 100_000, "JSON without an access_token", False),
    ],
)
def test_an_endpoint_that_gives_no_token_is_told_by_its_error(output, reason, for_good):
    printed = token_of(output, NOW)
    assert isinstance(printed, Unusable)
    assert reason in printed.reason
    assert printed.for_good is for_good


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("", ""),
        ("\n \n", ""),
        (
            "Traceback\n  File x\nurllib.error.URLError: timed out\n\n",
            "urllib.error.URLError: timed out",
        ),
        ("curl: (6) Could not resolve host: oauth2.googleapis.com", None),
        ("curl: (6) Could not resolve host: login.microsoftonline.com", None),
        ("AADSTS7000222: The provided client secret keys are expired.", None),
        ("cat: /etc/mail-approval-agent/refresh_token_of_agent: No such file", None),
        ("a\x1b[31mred\x07", "a [31mred"),
        (f"bad token {jwt(KEY, {'a': 1})}!", "bad token <…>!"),
        ("refresh 1//0gFU7Vb0mS2CgYIARAAGBASNwF-L9IrX failed", "refresh 1//<…> failed"),
        ("Bearer EwBAAl3BAAUFFpUAo7J3Ve0bjLBWZWCclRC3EoAA", "Bearer <…>"),
    ],
)
def test_a_complaint_is_its_last_line_without_what_looks_like_a_secret(said, told):
    assert complaint(said) == (said if told is None else told)


def test_a_complaint_is_short():
    assert len(complaint("x y" * 10_000)) == 200
