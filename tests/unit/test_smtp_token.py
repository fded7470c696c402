"""Access tokens on SMTP: a server that checks them, and one that speaks a script."""

import asyncio
import json
import traceback
from base64 import b64decode, b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiosmtpd.smtp import MISSING, SMTP, AuthResult

from mail.credentials import sasl_oauthbearer, sasl_xoauth2
from mail.errors import MailAuth, MailUnavailable
from mail.secret_command import SecretCommand
from mail.smtp import SmtpServer, send
from tests.helper_command import HelperCommand
from tests.planted import ACCESS_TOKEN, PASSWORD, secrets_in
from tests.unit.smtp_server import ScriptedSmtp
from tests.unit.test_smtp import LETTER

USER = "agent@demo.test"
OTHER = "another-token-2"
LONG = f"{ACCESS_TOKEN}-" + "x" * 2_000
"""As Microsoft's are."""
STATUS = b64encode(json.dumps({"status": "401", "scope": "mail"}).encode()).decode()


@pytest.fixture
def helper(tmp_path) -> HelperCommand:
    given = HelperCommand(tmp_path)
    given.prints(ACCESS_TOKEN)
    return given


def target(port: int, helper: HelperCommand, kind="token") -> SmtpServer:
    command = SecretCommand(f"SMTP_{kind.upper()}_COMMAND", helper.command, kind)
    return SmtpServer("127.0.0.1", "none", port, USER, source=command)


class Checking:
    """A handler of aiosmtpd that lets in whoever has one of these tokens."""

    def __init__(self, *good: str) -> None:
        self.good = good
        self.tried: list[str] = []
        self.taken = 0

    async def auth_XOAUTH2(self, server: SMTP, arguments: list[str]) -> AuthResult:
        said = b64decode(arguments[1]) if len(arguments) > 1 else await server.challenge_auth("")
        if said is MISSING:
            return AuthResult(success=False, handled=True)
        user, _, rest = bytes(said).decode().partition("\x01auth=Bearer ")
        token = rest.removesuffix("\x01\x01")
        self.tried.append(token)
        if user == f"user={USER}" and token in self.good:
            return AuthResult(success=True)
        await server.challenge_auth(b64decode(STATUS))
        return AuthResult(success=False, handled=False)

    async def handle_DATA(self, server, session, envelope) -> str:
        self.taken += session.authenticated
        return "250 OK"


class Smtp(SMTP):
    line_length_limit = 12_288  # RFC 4954 §4: of what is said when it is asked for


@asynccontextmanager
async def served(handler: Checking) -> AsyncIterator[int]:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: Smtp(handler, hostname="demo.test", auth_require_tls=False), "127.0.0.1"
    )
    async with server:
        yield server.sockets[0].getsockname()[1]


@pytest.mark.parametrize("token", [ACCESS_TOKEN, LONG], ids=["short", "long"])
async def test_a_token_lets_in_where_it_is_good(helper, token):
    helper.prints(token)
    handler = Checking(token)
    async with served(handler) as port:
        server = target(port, helper)
        await send(server, LETTER)
        await send(server, LETTER)
    assert (handler.taken, helper.runs) == (2, 1)


async def test_a_token_that_has_been_revoked_is_exchanged_for_a_new_one(helper):
    helper.prints(ACCESS_TOKEN, OTHER)
    handler = Checking(ACCESS_TOKEN)
    async with served(handler) as port:
        server = target(port, helper)
        await send(server, LETTER)
        handler.good = (OTHER,)
        await send(server, LETTER)
    assert handler.tried == [ACCESS_TOKEN, ACCESS_TOKEN, OTHER]
    assert (handler.taken, helper.runs) == (2, 2)


async def test_a_token_that_is_refused_is_told_with_what_the_server_wants(helper):
    handler = Checking()
    async with served(handler) as port:
        with pytest.raises(MailAuth) as caught:
            await send(target(port, helper), LETTER)
    why = "535 5.7.8, 401, it wants the scope mail"
    assert str(caught.value) == f"the SMTP server refused the token: {why}"
    assert secrets_in("".join(traceback.format_exception(caught.value))) == []
    assert (handler.taken, helper.runs) == (0, 2)


def verbs(server: ScriptedSmtp) -> list[str]:
    return [line.rstrip("\r\n") for line in server.heard if not line.startswith(("EHLO", "QUIT"))]


@pytest.mark.parametrize(
    ("offered", "mechanism", "say"),
    [
        ("PLAIN XOAUTH2", "XOAUTH2", sasl_xoauth2),
        ("OAUTHBEARER XOAUTH2", "XOAUTH2", sasl_xoauth2),
        ("PLAIN OAUTHBEARER", "OAUTHBEARER", sasl_oauthbearer),
    ],
)
async def test_a_token_is_said_as_the_server_offers(helper, offered, mechanism, say):
    async with ScriptedSmtp(auth=offered) as server:
        await send(target(server.port, helper), LETTER)
    assert verbs(server)[0] == f"AUTH {mechanism} {say(USER, ACCESS_TOKEN).decode()}"


async def test_no_line_is_longer_than_every_server_takes(helper):
    helper.prints(LONG)
    response = sasl_xoauth2(USER, LONG).decode()
    answers = {"AUTH": "334 ", response.upper(): "235 welcome"}
    async with ScriptedSmtp(answers, auth="XOAUTH2") as server:
        await send(target(server.port, helper), LETTER)
    assert verbs(server)[:2] == ["AUTH XOAUTH2", response]


@pytest.mark.parametrize(("mechanism", "farewell"), [("XOAUTH2", ""), ("OAUTHBEARER", "AQ==")])
async def test_a_refusal_is_heard_to_its_end(helper, mechanism, farewell):
    answers = {"AUTH": f"334 {STATUS}", farewell: "535 5.7.3 Authentication unsuccessful"}
    async with ScriptedSmtp(answers, auth=mechanism) as server:
        with pytest.raises(MailAuth, match="refused the token: 535 5.7.3, 401, it wants the"):
            await send(target(server.port, helper), LETTER)
    assert verbs(server)[-1] == farewell


@pytest.mark.parametrize(
    ("answer", "kind", "words"),
    [
        ("535 5.7.139 SmtpClientAuthentication is disabled", MailAuth, "login: 535 5.7.139$"),
        ("504 5.5.4 Unrecognized authentication type", MailAuth, "login: 504 5.5.4$"),
        ("550 no", MailAuth, "login: 550$"),
        ("454 4.7.0 Temporary authentication failure", MailUnavailable, "454 4.7.0 Temporary"),
        ("421 4.3.2 Too many", MailUnavailable, "."),
        (f"454 4.7.0 {ACCESS_TOKEN}", MailUnavailable, "454 4.7.0 <secret>"),
    ],
)
async def test_a_refusal_at_once_keeps_its_kind(helper, answer, kind, words):
    async with ScriptedSmtp({"AUTH": answer}, auth="XOAUTH2") as server:
        with pytest.raises(kind, match=words) as caught:
            await send(target(server.port, helper), LETTER)
    assert type(caught.value) is kind
    assert secrets_in("".join(traceback.format_exception(caught.value))) == []


@pytest.mark.parametrize("offered", ["PLAIN LOGIN", ""])
async def test_a_server_that_takes_no_token_is_sent_none(helper, offered):
    async with ScriptedSmtp(auth=offered) as server:
        with pytest.raises(MailAuth, match="offers neither XOAUTH2 nor OAUTHBEARER"):
            await send(target(server.port, helper), LETTER)
    assert verbs(server) == []


async def test_a_server_that_repeats_a_token_later_is_quoted_without_it(helper):
    said = f"{ACCESS_TOKEN} {sasl_xoauth2(USER, ACCESS_TOKEN).decode()}"
    async with ScriptedSmtp({"MAIL": f"451 4.7.0 {said}"}, auth="XOAUTH2") as server:
        with pytest.raises(MailUnavailable, match="^451 4.7.0 <secret> <secret>$") as caught:
            await send(target(server.port, helper), LETTER)
    assert secrets_in("".join(traceback.format_exception(caught.value))) == []


async def test_a_command_that_fails_has_the_mail_tried_again(helper):
    command = SecretCommand("SMTP_TOKEN_COMMAND", "echo no network >&2; exit 1", "token")
    async with ScriptedSmtp(auth="XOAUTH2") as server:
        broken = SmtpServer("127.0.0.1", "none", server.port, USER, source=command)
        with pytest.raises(MailUnavailable, match="^SMTP_TOKEN_COMMAND: .* 1: no network$"):
            await send(broken, LETTER)
    assert server.heard == []


async def test_a_password_that_was_changed_is_asked_for_again(mail_server, helper):
    helper.prints("the-old-one", PASSWORD)
    server = target(mail_server.smtp_port, helper, "password")
    await send(server, LETTER)
    assert len(await mail_server.messages("approver@demo.test")) == 1
    assert helper.runs == 2


async def test_nothing_is_asked_where_no_login_is_wanted(helper):
    async with ScriptedSmtp() as server:
        command = SecretCommand("SMTP_TOKEN_COMMAND", helper.command, "token")
        await send(SmtpServer("127.0.0.1", "none", server.port, source=command), LETTER)
    assert helper.runs == 0
