"""Access tokens and client certificates on servers that check them: Dovecot and GreenMail."""

import asyncio
import json
import os
import re
import secrets
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from mail.errors import MailAuth, MailError, MailUnavailable
from mail.imap import ImapServer, ImapSession
from mail.secret_command import SecretCommand
from mail.smtp import SmtpServer, check
from mail.tls import Tls
from tests.certificates import Authority
from tests.helper_command import HelperCommand
from tests.planted import ACCESS_TOKEN, PASSWORD
from tests.servers.dovecot import dovecot, executable
from tests.servers.dovecot_tokens import Issuer
from tests.servers.greenmail import checking_greenmail, prepared
from tests.servers.store import ImapProcess

USER = "agent@demo.test"
SHORT_SECONDS = 4


@pytest.fixture
def helper(tmp_path) -> HelperCommand:
    return HelperCommand(tmp_path)


def needs_dovecot() -> None:
    if executable() is None:
        pytest.skip("no Dovecot: on Debian, apt-get install dovecot-imapd")


@pytest.fixture(scope="module", params=["xoauth2 oauthbearer", "oauthbearer"])
def checking(request) -> Iterator[tuple[ImapProcess, Issuer]]:
    needs_dovecot()
    issuer = Issuer(request.param)
    with dovecot(PASSWORD, more=issuer.configuration) as server:
        yield server, issuer


def target(server: ImapProcess, helper: HelperCommand, user: str = USER) -> ImapServer:
    command = SecretCommand("IMAP_TOKEN_COMMAND", helper.command, "token")
    tls = Tls(server.certificate)
    return ImapServer("localhost", user, "", "tls", server.port, command, tls)


async def look(server: ImapServer) -> None:
    async with await ImapSession.open(server) as session:
        assert await session.search() == []


@pytest.mark.parametrize("claims", [{}, {"groups": "x" * 4_000}], ids=["short", "long"])
async def test_a_good_token_opens_the_mailbox(checking, helper, claims):
    server, issuer = checking
    helper.prints(issuer.token(USER, **claims))
    reach = target(server, helper)
    await asyncio.gather(*(look(reach) for _ in range(3)))
    assert helper.runs == 1


async def test_an_expired_token_is_exchanged_for_a_new_one(checking, helper):
    server, issuer = checking
    expired = {"access_token": issuer.token(USER, -5), "expires_in": 3600}
    helper.prints(json.dumps(expired), issuer.token(USER))
    reach = target(server, helper)
    await look(reach)
    await look(reach)
    assert helper.runs == 2


@pytest.mark.parametrize(
    ("seconds", "claims", "user"),
    [(-5, {}, USER), (60, {"scope": "calendar"}, USER), (60, {}, "somebody@demo.test")],
    ids=["expired", "wrong scope", "somebody else's"],
)
async def test_a_token_that_does_not_do_is_told_with_what_would(
    checking, helper, seconds, claims, user
):
    server, issuer = checking
    helper.prints(issuer.token(user, seconds, **claims))
    with pytest.raises(MailAuth) as caught:
        await look(target(server, helper))
    # The one Dovecot says by XOAUTH2, the other by OAUTHBEARER.
    assert str(caught.value) in (
        "the IMAP server refused the token: 401, it wants the scope mail",
        "the IMAP server refused the token: invalid_token",
    )


async def test_nonsense_is_refused_as_well(checking, helper):
    helper.prints("nonsense")
    with pytest.raises(MailAuth, match="refused the token: "):
        await look(target(checking[0], helper))


async def test_a_session_that_breaks_after_its_tokens_end_is_followed_by_one_with_a_new_token(
    helper,
):
    needs_dovecot()
    issuer, homes = Issuer(), []

    def more(home: Path) -> str:
        homes.append(home)
        return issuer.configuration(home)

    with dovecot(PASSWORD, more=more) as server:
        ends = time.time() + SHORT_SECONDS
        helper.prints(issuer.token(USER, SHORT_SECONDS), issuer.token(USER))
        reach = target(server, helper)
        async with await ImapSession.open(reach) as session:
            await session.search()
            # It lasts beyond its token, as long as nobody ends it.
            await session.idle(ends + 1 - time.time())
            assert await session.search() == []
            os.kill(serving_process(homes[0]), signal.SIGKILL)
            with pytest.raises(MailUnavailable):
                await session.idle(60)
        await look(reach)
    assert helper.runs == 2


def serving_process(home: Path) -> int:
    """Of the newest login, as Dovecot logs it."""
    return int(re.findall(r"mpid=(\d+)", (home / "log").read_text())[-1])


async def test_greenmail_checks_tokens_on_both_protocols(tmp_path, helper):
    if prepared() is None:
        pytest.skip("no GreenMail: `python -m tests.servers.greenmail` says what is missing")
    with checking_greenmail(tmp_path, USER, ACCESS_TOKEN) as (server, smtp_port):
        for protocol in ("imap", "smtp"):
            helper.prints("wrong-token", ACCESS_TOKEN, "wrong", "wrong-again")
            command = SecretCommand("X", helper.command, "token")

            async def log_in(protocol=protocol, command=command) -> None:
                if protocol == "imap":
                    await look(ImapServer("127.0.0.1", USER, "", "none", server.port, command))
                else:
                    at = SmtpServer("127.0.0.1", "none", smtp_port, USER, source=command)
                    await check(at)

            await log_in()
            command = SecretCommand("X", helper.command, "token")
            with pytest.raises(MailAuth, match="refused the"):
                await log_in(command=command)
            assert helper.runs == (4 if protocol == "imap" else 8)


CLIENTS = """
ssl_ca = <{home}/clients.pem
ssl_require_crl = no
ssl_verify_client_cert = yes
auth_ssl_require_client_cert = yes
"""


EXTERNAL = """
auth_mechanisms = plain external
auth_failure_delay = 0
auth_ssl_username_from_cert = yes
passdb {{
  driver = static
  mechanisms = external
  args = nopassword=y
}}
"""


async def test_dovecot_takes_a_client_certificate_in_place_of_a_password(tmp_path):
    needs_dovecot()
    ours = Authority(tmp_path, "ours")

    def more(home: Path) -> str:
        (home / "clients.pem").write_bytes(ours.certificate.read_bytes())
        return (EXTERNAL + CLIENTS).format(home=home)

    with dovecot(PASSWORD, more=more) as server:
        mine = Tls(server.certificate, *ours.issue(USER))
        another = Tls(server.certificate, *ours.issue("stranger@demo.test"))
        await look(ImapServer("localhost", USER, None, "tls", server.port, tls=mine))
        with pytest.raises(MailAuth, match=f"refused the certificate for {USER}"):
            await look(ImapServer("localhost", USER, None, "tls", server.port, tls=another))


async def test_a_dovecot_that_takes_passwords_alone_is_sent_no_certificates_name(tmp_path):
    needs_dovecot()
    with dovecot(PASSWORD) as server:
        tls = Tls(server.certificate, *Authority(tmp_path).issue(USER))
        with pytest.raises(MailAuth, match="it does not offer EXTERNAL"):
            await look(ImapServer("localhost", USER, None, "tls", server.port, tls=tls))


async def test_dovecot_lets_in_only_with_a_client_certificate(tmp_path, helper):
    needs_dovecot()
    ours, others = Authority(tmp_path, "ours"), Authority(tmp_path, "others")
    issuer = Issuer()

    def more(home: Path) -> str:
        (home / "clients.pem").write_bytes(ours.certificate.read_bytes())
        return issuer.configuration(home) + CLIENTS.format(home=home)

    with dovecot(PASSWORD, more=more) as server:
        helper.prints(issuer.token(USER))
        command = SecretCommand("IMAP_TOKEN_COMMAND", helper.command, "token")
        good = Tls(server.certificate, *ours.issue("client", "email:agent@demo.test"))
        for login in (("", command), (PASSWORD, None)):
            user = f"{secrets.token_hex(4)}@demo.test" if login[0] else USER
            await look(ImapServer("localhost", user, login[0], "tls", server.port, login[1], good))
        wrong = Tls(server.certificate, *others.issue("stranger"))
        for tls in (Tls(server.certificate), wrong):
            with pytest.raises(MailError):
                await look(ImapServer("localhost", USER, PASSWORD, "tls", server.port, tls=tls))
