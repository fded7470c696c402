"""Access tokens on IMAP: both mechanisms in both forms, refusals to their end, and once more with
a new token."""

import json
import traceback
from base64 import b64encode

import pytest

from mail.credentials import sasl_oauthbearer, sasl_xoauth2
from mail.errors import MailAuth, MailUnavailable
from mail.imap import ImapServer, ImapSession
from mail.secret_command import SecretCommand
from tests.helper_command import HelperCommand
from tests.imap_script import Script, capabilities, serving
from tests.planted import ACCESS_TOKEN, secrets_in

USER = "agent@x.test"
OTHER = "another-token-2"
XOAUTH2 = sasl_xoauth2(USER, ACCESS_TOKEN).decode()
BEARER = sasl_oauthbearer(USER, ACCESS_TOKEN).decode()
SASL = ("AUTHENTICATE", "SASL")
WANTS = {"status": "400", "schemes": "Bearer", "scope": "https://mail.google.com/"}
CHALLENGE = b"+ " + b64encode(json.dumps(WANTS).encode()) + b"\r\n"
NO = b"{tag} NO [AUTHENTICATIONFAILED] Invalid credentials\r\n"


@pytest.fixture
def helper(tmp_path) -> HelperCommand:
    given = HelperCommand(tmp_path)
    given.prints(ACCESS_TOKEN)
    return given


async def opened(script: Script, helper: HelperCommand) -> None:
    command = SecretCommand("IMAP_TOKEN_COMMAND", helper.command, "token")
    async with serving(script) as port:
        server = ImapServer("127.0.0.1", USER, "", "none", port, command)
        async with await ImapSession.open(server) as imap:
            assert await imap.search() == [1, 2]


async def refused(script: Script, helper: HelperCommand, words: str) -> None:
    with pytest.raises(MailAuth) as caught:
        await opened(script, helper)
    assert str(caught.value) == words
    assert secrets_in("".join(traceback.format_exception(caught.value))) == []


def offering(*names: str, **answers) -> Script:
    return Script(**{"CAPABILITY": capabilities("AUTH=PLAIN", "IDLE", *names), **answers})


def said(script: Script) -> list[str]:
    """How it was logged in, line by line."""
    return [line for name, line in zip(script.heard, script.lines, strict=True) if name in SASL]


@pytest.mark.parametrize(
    ("offers", "line"),
    [
        (["AUTH=XOAUTH2"], f"AUTHENTICATE XOAUTH2 {XOAUTH2}"),
        (["AUTH=OAUTHBEARER", "auth=xoauth2"], f"AUTHENTICATE XOAUTH2 {XOAUTH2}"),
        (["AUTH=OAUTHBEARER"], f"AUTHENTICATE OAUTHBEARER {BEARER}"),
    ],
)
@pytest.mark.parametrize("at_once", [True, False])
async def test_a_token_is_said_in_the_form_that_the_server_takes(helper, offers, line, at_once):
    script = offering(*offers)
    if at_once:
        script = offering("SASL-IR", *offers, AUTHENTICATE=b"{tag} OK\r\n")
    await opened(script, helper)
    assert said(script) == ([line] if at_once else line.rsplit(" ", 1))


@pytest.mark.parametrize(("mechanism", "farewell"), [("XOAUTH2", ""), ("OAUTHBEARER", "AQ==")])
@pytest.mark.parametrize("at_once", [True, False])
async def test_a_refusal_is_heard_to_its_end_and_told(helper, mechanism, farewell, at_once):
    script = offering(f"AUTH={mechanism}", SASL=[CHALLENGE, NO])
    if at_once:
        script = offering("SASL-IR", f"AUTH={mechanism}", AUTHENTICATE=CHALLENGE, SASL=NO)
    why = "400, it wants the scope https://mail.google.com/"
    await refused(script, helper, f"the IMAP server refused the token: {why}")
    assert said(script)[-1] == farewell
    assert len(said(script)) == (2 if at_once else 3)


@pytest.mark.parametrize("answer", [NO, b"{tag} BAD what?\r\n", b"+ nonsense\r\n"])
async def test_a_refusal_without_reasons_is_one(helper, answer):
    script = offering("SASL-IR", "AUTH=XOAUTH2", AUTHENTICATE=answer, SASL=NO)
    await refused(script, helper, "the IMAP server refused the token")


async def test_a_server_that_takes_no_token_is_sent_none(helper):
    script = offering()
    words = "the IMAP server takes no access token: it offers neither XOAUTH2 nor OAUTHBEARER"
    await refused(script, helper, words)
    assert said(script) == [] and "LOGIN" not in script.heard


@pytest.mark.parametrize("code", ["UNAVAILABLE", "LIMIT"])
async def test_a_token_that_is_refused_for_now_is_kept(helper, code):
    no = f"{{tag}} NO [{code}] later\r\n".encode()
    script = offering("SASL-IR", "AUTH=XOAUTH2", AUTHENTICATE=no)
    with pytest.raises(MailUnavailable, match=code):
        await opened(script, helper)
    assert helper.runs == 1


async def test_after_a_refusal_a_new_connection_comes_with_a_new_token(helper):
    helper.prints(ACCESS_TOKEN, OTHER)
    script = offering("SASL-IR", "AUTH=XOAUTH2", AUTHENTICATE=[NO, b"{tag} OK\r\n"])
    await opened(script, helper)
    tokens = [line.rsplit(" ", 1)[1] for line in said(script)]
    assert tokens == [XOAUTH2, sasl_xoauth2(USER, OTHER).decode()]


async def test_what_a_server_repeats_of_a_token_is_told_by_nobody(helper):
    echo = f"{{tag}} NO {ACCESS_TOKEN} {XOAUTH2} {BEARER}\r\n".encode()
    script = offering("SASL-IR", "AUTH=XOAUTH2", AUTHENTICATE=b"{tag} OK\r\n", SELECT=echo)
    with pytest.raises(MailUnavailable, match="NO <secret> <secret> <secret>$") as caught:
        await opened(script, helper)
    assert secrets_in("".join(traceback.format_exception(caught.value))) == []
