"""An SMTP server that breaks down, at every step: ended in time, and told apart from a refusal."""

import asyncio
import ssl
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiosmtpd.smtp import SMTP

from mail.errors import MailAuth, MailError, MailRejected, MailUnavailable
from mail.smtp import SmtpServer, check, send
from tests.planted import PASSWORD
from tests.unit.smtp_server import ScriptedSmtp
from tests.unit.test_smtp import LETTER

OPENING = ["CONNECT", "EHLO", "STARTTLS", "AUTH"]
HANDING_OVER = ["MAIL", "RCPT", "DATA", "END"]
STEPS = [*OPENING, *HANDING_OVER]
STEP_SECONDS = 0.3
# A whole conversation at one time-out a step: longer only if a step has none.
IN_TIME_SECONDS = 30.0

pytestmark = pytest.mark.usefixtures("impatient")


@pytest.fixture
def impatient(monkeypatch):
    for name in ("TIMEOUT_SECONDS", "ACCEPT_SECONDS", "QUIT_SECONDS"):
        monkeypatch.setattr(f"mail.smtp.{name}", STEP_SECONDS)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """For `localhost`, signed by nobody else."""
    directory = tmp_path_factory.mktemp("tls")
    pem = directory / "server.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"),
            *("-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"),
            *("-keyout", str(directory / "key.pem"), "-out", str(pem)),
        ],
        check=True,
        capture_output=True,
    )
    return pem


@pytest.fixture
def tls(certificate):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, certificate.parent / "key.pem")
    return context


@pytest.fixture
def known(certificate, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))


def target(port: int, host: str = "localhost", security="starttls") -> SmtpServer:
    return SmtpServer(host, security, port, "agent", PASSWORD)


async def outcome(tls, answers, **options) -> MailError:
    async with ScriptedSmtp(answers, auth="PLAIN LOGIN", tls=tls, **options) as server:
        with pytest.raises(MailError) as caught:
            async with asyncio.timeout(IN_TIME_SECONDS):
                await send(target(server.port), LETTER)
    return caught.value


@pytest.mark.usefixtures("known")
async def test_a_message_goes_out_over_starttls_with_a_login(tls):
    async with ScriptedSmtp(auth="PLAIN", tls=tls) as server:
        await send(target(server.port), LETTER)
    verbs = [line.split()[0] for line in server.heard]
    assert verbs[:6] == ["EHLO", "STARTTLS", "EHLO", "AUTH", "MAIL", "RCPT"]
    assert (verbs[6], verbs[-1]) == ("DATA", "QUIT")


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize(
    "answer",
    ["", None, b"x" * 1_000, b"250-more\r\n", b"-", "hello there", "999 what", "211 help yourself"],
    ids=["leaves", "hangs", "no-line-end", "no-last-line", "drips", "no-code", "999", "odd"],
)
@pytest.mark.usefixtures("known")
async def test_a_server_that_breaks_down_is_worth_another_try(tls, step, answer):
    # HELO stands in where EHLO is not understood.
    error = await outcome(tls, {step: answer, **({"HELO": answer} if step == "EHLO" else {})})
    assert type(error) is MailUnavailable
    assert str(error).startswith("the SMTP server ")
    assert len(str(error)) < 1_000


@pytest.mark.usefixtures("known")
async def test_a_connection_lost_in_the_middle_of_a_message_is_worth_another_try(tls):
    assert type(await outcome(tls, {}, inside=True)) is MailUnavailable


@pytest.mark.parametrize("step", OPENING)
@pytest.mark.parametrize(
    "answer", ["421 4.3.2 Closing", "454 4.7.0 Not now", "500 5.5.1 What", "554 5.7.1 Not you"]
)
@pytest.mark.usefixtures("known")
async def test_no_refusal_before_the_message_is_one_of_the_message(tls, step, answer):
    error = await outcome(tls, {step: answer, **({"HELO": answer} if step == "EHLO" else {})})
    for_good = step == "AUTH" and answer.startswith("5")
    assert type(error) is (MailAuth if for_good else MailUnavailable)
    assert answer[:3] in str(error)


@pytest.mark.parametrize("step", HANDING_OVER)
@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ("421 4.3.2 Closing", MailUnavailable),
        ("452 4.2.2 Over quota, for now", MailUnavailable),
        ("552 5.2.2 Mailbox full", MailRejected),
        ("554 5.7.1 Rate limit", MailRejected),
        ("550-5.1.1 Nobody\r\n550 of that name", MailRejected),
        ("530 5.7.0 Log in first", MailAuth),
    ],
)
@pytest.mark.parametrize("after", [{}, {"RSET": None, "QUIT": None}], ids=["", "then-hangs"])
@pytest.mark.usefixtures("known")
async def test_a_refusal_of_the_message_keeps_its_kind_whatever_follows(
    tls, step, answer, kind, after
):
    error = await outcome(tls, {step: answer, **after})
    assert type(error) is kind
    assert answer[:3] in str(error)


@pytest.mark.parametrize(
    "answer", ["", None, "421 4.3.2 Closing", "500 5.5.1 What", "hello", b"x" * 1_000]
)
async def test_what_was_taken_is_sent_whatever_the_server_says_to_goodbye(answer):
    async with ScriptedSmtp({"QUIT": answer}) as server:
        await send(SmtpServer("127.0.0.1", "none", server.port), LETTER)
    assert sum("\r\n.\r\n" in line for line in server.heard) == 1


async def test_a_server_may_take_longer_over_a_whole_message_than_over_a_command(monkeypatch):
    monkeypatch.setattr("mail.smtp.ACCEPT_SECONDS", IN_TIME_SECONDS)
    async with ScriptedSmtp({"END": None}) as server:
        sending = asyncio.create_task(send(SmtpServer("127.0.0.1", "none", server.port), LETTER))
        # Several of the other steps' time-outs: given up on now, it would be sent again.
        await asyncio.wait([sending], timeout=5 * STEP_SECONDS)
        assert not sending.done()
        sending.cancel()
        await asyncio.wait([sending])


@pytest.mark.parametrize("security", ["tls", "starttls"])
async def test_a_certificate_of_nobody_we_know_is_said_and_refuses_no_message(tls, security):
    async with served(security, tls) as port:
        wrong = target(port, security=security)
        for attempt in (check(wrong), send(wrong, LETTER)):
            with pytest.raises(MailUnavailable, match="certificate is not believed: self-signed"):
                await attempt


@pytest.mark.parametrize("security", ["tls", "starttls"])
@pytest.mark.usefixtures("known")
async def test_a_certificate_of_another_host_is_said_and_refuses_no_message(tls, security):
    async with served(security, tls) as port:
        with pytest.raises(MailUnavailable, match="certificate is not valid for '127.0.0.1'"):
            await send(target(port, "127.0.0.1", security), LETTER)


@pytest.mark.usefixtures("known")
async def test_a_login_that_the_server_garbles_refuses_no_message(tls):
    async with ScriptedSmtp({"AUTH": "334 no-base64-at-all"}, auth="CRAM-MD5", tls=tls) as server:
        with pytest.raises(MailUnavailable, match="Invalid CRAM-MD5 challenge"):
            await send(target(server.port), LETTER)


async def test_an_answer_in_another_encoding_can_be_kept():
    answer = b"550 5.1.1 Empf\xe4nger unbekannt".decode("utf-8", "surrogateescape")
    async with ScriptedSmtp({"RCPT": answer}) as server:
        with pytest.raises(MailRejected) as caught:
            await send(SmtpServer("127.0.0.1", "none", server.port), LETTER)
    assert str(caught.value).encode() == "550 5.1.1 Empf\ufffdnger unbekannt".encode()


async def test_an_endless_refusal_is_kept_short():
    async with ScriptedSmtp({"RCPT": "550 " + "no " * 2_000}) as server:
        with pytest.raises(MailRejected) as caught:
            await send(SmtpServer("127.0.0.1", "none", server.port), LETTER)
    assert len(str(caught.value)) < 1_000


async def test_an_address_that_is_no_ascii_is_refused_for_good():
    letter = type(LETTER)(LETTER.envelope_sender, "jürgen@demo.test", "<x@y>", LETTER.raw)
    async with ScriptedSmtp() as server:
        with pytest.raises(MailRejected):
            await send(SmtpServer("127.0.0.1", "none", server.port), letter)
    assert not any(line.startswith(("RCPT", "DATA")) for line in server.heard)


@asynccontextmanager
async def served(security: str, tls: ssl.SSLContext) -> AsyncIterator[int]:
    """The port of a real server with TLS from the start, or by STARTTLS."""
    at_once, later = (tls, None) if security == "tls" else (None, tls)
    server = await asyncio.get_running_loop().create_server(
        lambda: SMTP(object(), hostname="localhost", tls_context=later),
        "127.0.0.1",
        ssl=at_once,
    )
    async with server:
        yield server.sockets[0].getsockname()[1]
