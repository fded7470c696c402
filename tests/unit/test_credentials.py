"""What SASL says for a password or token, and what servers answer to a token that they refuse."""

import json
from base64 import b64decode, b64encode

import pytest

from mail.credentials import Certificate, Password, Token, forms_of, refusal, saying
from tests.planted import ACCESS_TOKEN, PASSWORD

USER = "agent@x.test"
TOKEN = Token(ACCESS_TOKEN)


def said(offered: list[str], username: str = USER) -> tuple[str, bytes, bytes]:
    found = saying(offered, username, TOKEN)
    assert found is not None
    return found.mechanism, b64decode(found.response), b64decode(found.farewell)


def test_xoauth2_is_said_as_google_and_microsoft_describe_it():
    # https://developers.google.com/workspace/gmail/imap/xoauth2-protocol
    expected = f"user={USER}\x01auth=Bearer {ACCESS_TOKEN}\x01\x01".encode()
    assert said(["PLAIN", "XOAUTH2"]) == ("XOAUTH2", expected, b"")


def test_oauthbearer_is_said_as_rfc_7628_describes_it():
    expected = f"n,a={USER},\x01auth=Bearer {ACCESS_TOKEN}\x01\x01".encode()
    assert said(["OAUTHBEARER"]) == ("OAUTHBEARER", expected, b"\x01")


def test_of_a_certificate_the_name_is_said_by_external_alone():
    found = saying(["PLAIN", "EXTERNAL"], "jürgen@x.test", Certificate())
    assert found is not None
    assert (found.mechanism, b64decode(found.response).decode()) == ("EXTERNAL", "jürgen@x.test")
    assert saying(["PLAIN", "LOGIN", "XOAUTH2"], USER, Certificate()) is None


def test_a_name_with_a_comma_does_not_end_the_gs2_header():
    _, response, _ = said(["OAUTHBEARER"], "a=b,c@x.test")
    assert response.startswith(b"n,a=a=3Db=2Cc@x.test,\x01auth=")


def test_oauthbearer_is_used_only_where_the_server_has_nothing_else():
    assert said(["OAUTHBEARER", "XOAUTH2"])[0] == "XOAUTH2"
    assert saying(["PLAIN", "LOGIN", "EXTERNAL"], USER, TOKEN) is None


@pytest.mark.parametrize("credential", [Password(PASSWORD), TOKEN])
def test_every_form_that_is_sent_is_one_that_is_cut_out(credential):
    forms = forms_of(USER, credential)
    sent = {credential.text, b64encode(credential.text.encode()).decode()}
    if isinstance(credential, Token):
        for mechanism in ("XOAUTH2", "OAUTHBEARER"):
            found = saying([mechanism], USER, credential)
            assert found is not None
            sent.add(found.response.decode())
    else:
        sent.add(b64encode(f"\0{USER}\0{PASSWORD}".encode()).decode())
    assert sent <= set(forms)
    # One that is a part of another comes after it, or its rest would stay.
    assert [*forms] == sorted(forms, key=len, reverse=True)


def test_nothing_is_cut_out_where_there_is_no_secret():
    assert forms_of(USER, None) == forms_of(USER, Password("")) == ()
    assert forms_of(USER, Certificate()) == ()


def test_no_credential_shows_itself():
    found = saying(["XOAUTH2"], USER, TOKEN)
    assert ACCESS_TOKEN not in f"{TOKEN!r} {found!r}"
    assert b64encode(f"user={USER}\x01auth=B".encode()).decode()[:20] not in repr(found)
    assert PASSWORD not in repr(Password(PASSWORD))


def challenge(**told: object) -> bytes:
    return b64encode(json.dumps(told).encode())


@pytest.mark.parametrize(
    ("told", "words"),
    [
        # Gmail's, and the example of RFC 7628 §4.3.
        (
            challenge(status="400", schemes="Bearer", scope="https://mail.google.com/"),
            "400, it wants the scope https://mail.google.com/",
        ),
        (challenge(status="invalid_token", scope="a b"), "invalid_token, it wants the scope a b"),
        (challenge(status="invalid_token"), "invalid_token"),
        (challenge(status=401), "401"),
        (challenge(scope="x\x1b[2J"), ""),
        (challenge(status="a\r\nb", scope=["x"]), ""),
        (challenge(status={"a": 1}), ""),
        (b64encode(b"[1]"), ""),
        (b64encode(b"[" * 100_000), ""),
        (b64encode(b"\xff{"), ""),
        (b"no base64", ""),
        (b"", ""),
    ],
)
def test_of_a_refusal_only_what_can_be_repeated_is(told, words):
    assert refusal(told) == words


def test_a_long_scope_is_cut():
    assert len(refusal(challenge(scope="x" * 10_000))) < 200
