"""Logging in with a client certificate in place of a password: SASL EXTERNAL, on both protocols."""

import asyncio
import ssl
from base64 import b64decode, b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP, AuthResult

from mail.errors import MailAuth, MailUnavailable
from mail.imap import ImapServer, ImapSession
from mail.smtp import SmtpServer, send
from mail.tls import Tls
from tests.certificates import Authority, server_context
from tests.imap_script import Script, capabilities, serving
from tests.unit.smtp_server import ScriptedSmtp
from tests.unit.test_smtp import LETTER

USER = "agent@demo.test"
SAID = b64encode(USER.encode()).decode()
NO = b"{tag} NO [AUTHENTICATIONFAILED] no\r\n"
UNKNOWN = (
    "takes no certificate in place of a password: it does not offer EXTERNAL, or not for this one"
)


# ---- IMAP, by a script; tests/integration/test_tokens.py has Dovecot


async def opened(script: Script, username: str = USER) -> None:
    async with serving(script) as port:
        server = ImapServer("127.0.0.1", username, None, "none", port)
        async with await ImapSession.open(server) as imap:
            assert await imap.search() == [1, 2]


async def refused(script: Script) -> str:
    with pytest.raises(MailAuth) as caught:
        await opened(script)
    return str(caught.value)


def offering(*names: str, **answers) -> Script:
    return Script(**{"CAPABILITY": capabilities("AUTH=PLAIN", "IDLE", *names), **answers})


@pytest.mark.parametrize("at_once", [True, False])
async def test_the_name_is_said_and_nothing_else(at_once):
    script = offering("AUTH=EXTERNAL")
    if at_once:
        script = offering("SASL-IR", "auth=external", AUTHENTICATE=b"{tag} OK\r\n")
    await opened(script)
    said = [line for line in script.lines if line.startswith("AUTHENTICATE") or line == SAID]
    assert said == (
        [f"AUTHENTICATE EXTERNAL {SAID}"] if at_once else ["AUTHENTICATE EXTERNAL", SAID]
    )
    assert "LOGIN" not in script.heard


async def test_a_server_that_takes_no_certificate_is_sent_nothing():
    script = offering("AUTH=XOAUTH2")
    assert await refused(script) == f"the IMAP server {UNKNOWN}"
    assert not {"LOGIN", "AUTHENTICATE", "SASL"} & {*script.heard}


async def test_a_certificate_that_is_refused_is_told_with_the_name():
    script = offering("SASL-IR", "AUTH=EXTERNAL", AUTHENTICATE=NO)
    assert await refused(script) == f"the IMAP server refused the certificate for {USER}"


async def test_a_server_that_wants_more_gets_no_more():
    script = offering("SASL-IR", "AUTH=EXTERNAL", AUTHENTICATE=b"+ \r\n", SASL=NO)
    await refused(script)
    # RFC 9051 §6.2.2: which calls it off.
    assert script.lines[-1] == "*"


async def test_a_certificate_that_is_refused_for_now_is_tried_later():
    script = offering("SASL-IR", "AUTH=EXTERNAL", AUTHENTICATE=b"{tag} NO [UNAVAILABLE] x\r\n")
    with pytest.raises(MailUnavailable, match="UNAVAILABLE"):
        await opened(script)


async def test_a_name_of_two_lines_is_not_sent():
    script = offering("AUTH=EXTERNAL")
    with pytest.raises(MailAuth, match="several lines"):
        await opened(script, "agent\r\nA2 DELETE INBOX")
    assert "AUTHENTICATE" not in script.heard


# ---- SMTP, by a script


def verbs(server: ScriptedSmtp) -> list[str]:
    return [line.rstrip("\r\n") for line in server.heard if not line.startswith(("EHLO", "QUIT"))]


async def sent(server: ScriptedSmtp) -> None:
    await send(SmtpServer("127.0.0.1", "none", server.port, USER), LETTER)


async def test_on_smtp_the_name_is_said_with_the_command():
    async with ScriptedSmtp(auth="PLAIN external") as server:
        await sent(server)
    assert verbs(server)[0] == f"AUTH EXTERNAL {SAID}"


@pytest.mark.parametrize("offered", ["PLAIN XOAUTH2", ""])
async def test_an_smtp_server_that_takes_no_certificate_is_sent_nothing(offered):
    async with ScriptedSmtp(auth=offered) as server:
        with pytest.raises(MailAuth) as caught:
            await sent(server)
    assert str(caught.value) == f"the SMTP server {UNKNOWN}"
    assert verbs(server) == []


async def test_on_smtp_a_refusal_is_told_with_the_name_and_code():
    async with ScriptedSmtp({"AUTH": "535 5.7.8 no"}, auth="EXTERNAL") as server:
        with pytest.raises(MailAuth) as caught:
            await sent(server)
    assert str(caught.value) == f"the SMTP server refused the certificate for {USER}: 535 5.7.8"


async def test_an_smtp_server_that_wants_more_gets_no_more():
    answers = {"AUTH": "334 ", "*": "501 5.7.0 called off"}
    async with ScriptedSmtp(answers, auth="EXTERNAL") as server:
        with pytest.raises(MailAuth, match="501 5.7.0"):
            await sent(server)
    assert verbs(server)[-1] == "*"


# ---- SMTP, on a server that looks at the certificate


class Certified:
    """A handler of aiosmtpd that lets in whom the certificate names, in their own name."""

    def __init__(self) -> None:
        self.taken = 0

    async def auth_EXTERNAL(self, server: SMTP, arguments: list[str]) -> AuthResult:
        assert server.transport is not None
        shown = server.transport.get_extra_info("peercert") or {}
        names = [value for kind, value in shown.get("subjectAltName", ()) if kind == "email"]
        claimed = b64decode(arguments[1]).decode()
        # RFC 4422, appendix A.1: without a name it is the certificate's.
        return AuthResult(success=bool(names) and claimed in ("", *names), handled=False)

    async def handle_DATA(self, server, session, envelope) -> str:
        self.taken += session.authenticated
        return "250 OK"


@pytest.fixture(scope="module")
def authority(tmp_path_factory) -> Authority:
    return Authority(tmp_path_factory.mktemp("external"))


@asynccontextmanager
async def served(handler: Certified, context: ssl.SSLContext, starttls: bool) -> AsyncIterator[int]:
    server = await asyncio.get_running_loop().create_server(
        lambda: SMTP(
            handler,
            hostname="localhost",
            tls_context=context if starttls else None,
            require_starttls=starttls,
            auth_require_tls=starttls,
        ),
        "127.0.0.1",
        ssl=None if starttls else context,
    )
    async with server:
        yield server.sockets[0].getsockname()[1]


@pytest.mark.parametrize("security", ["tls", "starttls"])
async def test_a_certificate_lets_in_whom_it_names_and_nobody_else(authority, security):
    server_files = authority.issue("server")
    clients: dict[str, tuple[Path, Path]] = {
        name: authority.issue(name, f"email:{name}@demo.test") for name in ("agent", "stranger")
    }
    handler = Certified()
    context = server_context(server_files, clients=authority)
    async with served(handler, context, security == "starttls") as port:

        def reach(client: str) -> SmtpServer:
            tls = Tls(authority.certificate, *clients[client])
            return SmtpServer("localhost", security, port, USER, tls=tls)

        await send(reach("agent"), LETTER)
        assert handler.taken == 1
        with pytest.raises(MailAuth, match=f"refused the certificate for {USER}: 535"):
            await send(reach("stranger"), LETTER)
    assert handler.taken == 1
