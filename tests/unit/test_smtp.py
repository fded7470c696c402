"""One message over one connection, and a server's every way of not taking it told apart."""

import asyncio
import contextlib
import logging
import traceback
from base64 import b64encode
from typing import Any

import pytest

from mail.carriers import bounce_address, message_id
from mail.errors import MailAuth, MailError, MailRejected, MailUnavailable
from mail.message import Outgoing
from mail.smtp import TIMEOUT_SECONDS, SmtpServer, check, send
from tests.planted import PASSWORD, secrets_in
from tests.unit.smtp_server import ScriptedSmtp
from tests.waiting import until

TOKEN = "abcdefghijklmnopqrstuvwxyz23"
REQUEST_ID = "AR-7K2M9QXD4T"
SENDER = bounce_address("agent@demo.test", REQUEST_ID, TOKEN)
MESSAGE_ID = message_id("agent@demo.test", REQUEST_ID, TOKEN)
LETTER = Outgoing(
    envelope_sender=SENDER,
    recipient="approver@demo.test",
    message_id=MESSAGE_ID,
    raw=f"Message-ID: {MESSAGE_ID}\r\nSubject: Hello\r\n\r\nHello\r\n.\r\nYou\r\n".encode(),
)


async def outcome(server: ScriptedSmtp, **login: Any) -> MailError:
    async with server:
        with pytest.raises(MailError) as caught:
            await send(SmtpServer("127.0.0.1", "none", server.port, **login), LETTER)
    return caught.value


async def test_a_message_arrives_as_it_is(mail_server):
    await send(SmtpServer(mail_server.host, "none", mail_server.smtp_port), LETTER)
    (raw,) = await mail_server.messages("approver@demo.test")
    assert raw.endswith(LETTER.raw)
    assert f"Return-Path: <{SENDER}>".encode() in raw


async def test_the_null_sender_can_be_used(mail_server):
    answer = Outgoing("", LETTER.recipient, LETTER.message_id, LETTER.raw)
    await send(SmtpServer(mail_server.host, "none", mail_server.smtp_port), answer)
    (raw,) = await mail_server.messages("approver@demo.test")
    assert raw.startswith(b"Return-Path: <>\r\n")


@pytest.mark.parametrize("refusal", ["550 Invalid syntax in MAIL command", "501 5.1.7 Bad sender"])
async def test_where_the_null_sender_is_refused_the_author_stands_in(refusal):
    answer = Outgoing("", LETTER.recipient, LETTER.message_id, LETTER.raw, "agent@demo.test")
    async with ScriptedSmtp(senders={"": refusal}) as server:
        await send(SmtpServer("127.0.0.1", "none", server.port), answer)
    senders = [line.strip() for line in server.heard if line.startswith("MAIL")]
    assert senders == ["MAIL FROM:<>", "MAIL FROM:<agent@demo.test>"]
    assert sum("\r\n.\r\n" in line for line in server.heard) == 1


@pytest.mark.parametrize(
    ("author", "sender", "refusal"),
    [
        ("", "", "550 no"),
        ("agent@demo.test", "", "451 later"),
        ("agent@demo.test", SENDER, "550 no"),
    ],
    ids=["nobody-to-stand-in", "refused-for-now", "not-the-null-sender"],
)
async def test_nobody_stands_in_for_another_refusal(author, sender, refusal):
    letter = Outgoing(sender, LETTER.recipient, LETTER.message_id, LETTER.raw, author)
    async with ScriptedSmtp(senders={sender: refusal}) as server:
        with pytest.raises(MailError, match=refusal[:3]):
            await send(SmtpServer("127.0.0.1", "none", server.port), letter)
    assert sum(line.startswith("MAIL") for line in server.heard) == 1


async def test_a_login_is_made_where_one_is_set(mail_server):
    good = SmtpServer(
        mail_server.host, "none", mail_server.smtp_port, "agent@demo.test", mail_server.password
    )
    await check(good)
    await send(good, LETTER)
    assert len(await mail_server.messages("approver@demo.test")) == 1


async def test_a_wrong_password_is_told_apart_and_never_repeated(mail_server):
    wrong = SmtpServer(
        mail_server.host, "none", mail_server.smtp_port, "agent@demo.test", f"no-{PASSWORD}"
    )
    for attempt in (check(wrong), send(wrong, LETTER)):
        with pytest.raises(MailAuth, match="refused the login: 535") as caught:
            await attempt
        assert PASSWORD not in "".join(traceback.format_exception(caught.value))


STEPS = ["MAIL", "RCPT", "DATA", "END"]


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("code", [550, 552, 554])
async def test_a_refusal_for_good_is_one(step, code):
    error = await outcome(ScriptedSmtp({step: f"{code} 5.1.1 No"}))
    assert isinstance(error, MailRejected)
    assert str(error) == f"{code} 5.1.1 No"


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("code", [421, 450, 451, 452])
async def test_a_temporary_refusal_is_worth_another_try(step, code):
    error = await outcome(ScriptedSmtp({step: f"{code} 4.7.1 Greylisted, come back"}))
    assert isinstance(error, MailUnavailable)
    assert str(code) in str(error)


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ("535 5.7.8 Bad credentials", MailAuth),
        ("534 5.7.9 Use an app password", MailAuth),
        ("454 4.7.0 Try again", MailUnavailable),
        ("421 4.3.2 Busy", MailUnavailable),
    ],
)
async def test_a_refused_login_is_told_apart_from_a_busy_one(answer, kind):
    error = await outcome(
        ScriptedSmtp({"AUTH": answer}, auth="PLAIN LOGIN"), username="a", password=PASSWORD
    )
    assert type(error) is kind
    assert PASSWORD not in "".join(traceback.format_exception(error))


def logins(server: ScriptedSmtp) -> list[str]:
    return [line.split()[1] for line in server.heard if line.startswith("AUTH ")]


@pytest.mark.parametrize("answer", ["535 5.7.8 No", "534 5.7.9 Use an app password", "454 4.7.0 x"])
async def test_a_password_that_is_refused_is_said_once(answer):
    """Whoever locks an account after five has every mechanism count."""
    server = ScriptedSmtp({"AUTH": answer}, auth="CRAM-MD5 LOGIN PLAIN XOAUTH2")
    await outcome(server, username="a", password=PASSWORD)
    assert logins(server) == ["PLAIN"]


async def test_a_mechanism_that_is_offered_and_not_there_is_passed_over():
    server = ScriptedSmtp({"AUTH": "504 5.5.4 What?"}, auth="PLAIN LOGIN")
    error = await outcome(server, username="a", password=PASSWORD)
    assert str(error) == "the SMTP server refused the login: 504 5.5.4"
    assert logins(server) == ["PLAIN", "LOGIN"]


async def test_a_server_that_takes_tokens_alone_is_sent_no_password():
    server = ScriptedSmtp(auth="XOAUTH2 OAUTHBEARER")
    error = await outcome(server, username="a", password=PASSWORD)
    assert isinstance(error, MailAuth)
    assert "takes no password: it offers none of PLAIN, LOGIN, CRAM-MD5" in str(error)
    assert logins(server) == []


@pytest.mark.parametrize("step", ["CONNECT", "EHLO"])
@pytest.mark.parametrize("answer", ["554 No SMTP service here", "421 Too many connections"])
async def test_a_server_that_lets_nobody_in_has_refused_no_message(step, answer):
    error = await outcome(ScriptedSmtp({step: answer, "HELO": answer}))
    assert isinstance(error, MailUnavailable)
    assert str(error).startswith("the SMTP server cannot be reached: ")
    assert answer[4:] in str(error)


async def test_a_mail_that_is_called_off_leaves_a_server_that_hangs_at_once():
    async with ScriptedSmtp({"END": None}) as server:
        sending = asyncio.create_task(send(SmtpServer("127.0.0.1", "none", server.port), LETTER))

        async def handed_over() -> bool:
            return any(line.endswith("\r\n.\r\n") for line in server.heard)

        await until(handed_over, "the end of the message")
        sending.cancel()
        async with asyncio.timeout(TIMEOUT_SECONDS / 2):
            await asyncio.wait([sending])
        assert sending.cancelled()


async def test_nobody_listening_is_worth_another_try():
    async with ScriptedSmtp() as server:
        port = server.port
    with pytest.raises(MailUnavailable, match="cannot be reached"):
        await send(SmtpServer("127.0.0.1", "none", port), LETTER)


@pytest.mark.parametrize("security", ["tls", "starttls"])
async def test_without_the_encryption_that_was_asked_for_nothing_is_sent(security):
    async with ScriptedSmtp(auth="PLAIN LOGIN") as server:
        target = SmtpServer("127.0.0.1", security, server.port, "agent", PASSWORD)
        with pytest.raises(MailUnavailable):
            await send(target, LETTER)
    assert not any(line.startswith(("AUTH", "MAIL")) for line in server.heard)


async def test_a_login_that_the_server_does_not_offer_is_said():
    error = await outcome(ScriptedSmtp(), username="agent", password=PASSWORD)
    assert "AUTH" in str(error)
    assert isinstance(error, MailUnavailable)


async def test_an_address_cannot_break_out_of_its_command():
    async with ScriptedSmtp() as server:
        broken = Outgoing(SENDER, "a@demo.test>\r\nRCPT TO:<eve@evil.test", MESSAGE_ID, LETTER.raw)
        with contextlib.suppress(MailError):
            await send(SmtpServer("127.0.0.1", "none", server.port), broken)
    assert server.heard
    assert not any("evil.test" in line for line in server.heard)


@pytest.mark.parametrize(
    ("step", "answer"),
    [
        ("MAIL", f"550 5.1.8 <{SENDER}>: Sender address rejected"),
        ("MAIL", f"451 4.1.8 <{SENDER.upper()}>: Cannot verify"),
        ("RCPT", f"550 5.7.1 mail from <{SENDER}> not wanted"),
        ("END", f"554 5.6.0 {MESSAGE_ID} looks like spam"),
    ],
)
async def test_a_servers_answer_is_told_without_our_tokens(step, answer, caplog):
    caplog.set_level(logging.DEBUG)
    error = await outcome(ScriptedSmtp({step: answer}))
    assert REQUEST_ID in str(error).upper()
    # Temporal keeps an error with its causes, and a worker logs it with its traceback.
    told = "".join(traceback.format_exception(error)) + repr(error.__cause__)
    assert TOKEN not in told.lower()
    assert TOKEN not in caplog.text.lower()


@pytest.mark.parametrize("step", ["CONNECT", "MAIL", "RCPT", "END"])
async def test_a_server_that_repeats_the_password_is_quoted_without_it(step):
    sent = [PASSWORD, *(b64encode(p.encode()).decode() for p in (PASSWORD, f"\0a\0{PASSWORD}"))]
    server = ScriptedSmtp({step: f"450 4.7.0 known: {' '.join(sent)}"}, auth="PLAIN")
    error = await outcome(server, username="a", password=PASSWORD)
    assert "known: <secret> <secret> <secret>" in str(error)
    assert secrets_in("".join(traceback.format_exception(error))) == []


async def test_an_answer_of_many_lines_is_told_in_one():
    error = await outcome(ScriptedSmtp({"RCPT": "550-No such user\r\n550-Please\r\n550 go away"}))
    assert str(error) == "550 No such user Please go away"


def test_a_server_does_not_print_its_password():
    assert PASSWORD not in repr(SmtpServer("h", username="agent", password=PASSWORD))
