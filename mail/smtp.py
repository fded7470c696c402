"""Sends one message over one SMTP connection.

A connection a message: aiosmtplib serialises its sends and does not reconnect, and a decision
must not wait behind a mail to somebody else. To keep one would save some 1 ms a mail in the clear
and 6 ms with TLS (`make bench`), where an approval costs Temporal and us fifty and more.
"""

import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from aiosmtplib import (
    SMTP,
    SMTPException,
    SMTPHeloError,
    SMTPNotSupported,
    SMTPResponseException,
)

from mail.carriers import without_tokens
from mail.credentials import Credential, forms_of
from mail.errors import MailAuth, MailError, MailRejected, MailUnavailable
from mail.message import Outgoing
from mail.secret_source import SecretSource, with_credential
from mail.smtp_login import log_in
from mail.tls import Tls, certificate_fault, context_of

TIMEOUT_SECONDS = 20.0
# RFC 5321 §4.5.3.2.6: a server that has the whole message takes its time to check it (Exchange
# alone up to 30 s), and whoever does not wait sends the message again, and again.
ACCEPT_SECONDS = 60.0
QUIT_SECONDS = 2.0  # courtesy: what the server says to it changes nothing any more
LOOPBACK = ("localhost", "127.0.0.1", "::1")
_LOGIN_WANTED = (530, 534)  # RFC 4954 §6: says nothing about the message or its recipient
_ANSWER_LENGTH = 500  # of a server's words; they are kept in Temporal's history
DEFAULT_PORTS = {"tls": 465, "starttls": 587, "none": 25}

# A certificate that does not fit is a ValueError, too.
_Fault = SMTPException | OSError | ValueError
_FAULTS = (SMTPException, OSError, ValueError)


@dataclass(frozen=True, slots=True)
class SmtpServer:
    host: str
    security: Literal["tls", "starttls", "none"] = "tls"
    port: int | None = None
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    source: SecretSource | None = field(default=None, repr=False)
    """Asked for a password or token in place of `password`. With neither the certificate of `tls`
    has to do."""
    tls: Tls = Tls()


class _Open(NamedTuple):
    smtp: SMTP
    secrets: tuple[str, ...]
    """What the server has heard from us, and may repeat."""


async def send(server: SmtpServer, message: Outgoing) -> None:
    """Hand one message over. Raises MailRejected, MailAuth or MailUnavailable.

    At least once: a connection lost after DATA may have delivered, so the Message-ID has to be
    the same on every try.
    """
    async with _connected(server) as (smtp, secrets):
        try:
            await _hand_over(smtp, message)
        except _FAULTS as error:
            # Without its cause, which holds the server's words as they came: tokens and all.
            raise _not_taken(error, secrets) from None


async def check(server: SmtpServer) -> None:
    """Connect and log in, nothing more. Raises MailAuth or MailUnavailable."""
    async with _connected(server) as (smtp, secrets):
        try:
            # In TLS 1.3 a server that does not believe our certificate says so only now.
            await smtp.noop()
        except _FAULTS as error:
            raise _not_let_in(error, secrets) from None


@asynccontextmanager
async def _connected(server: SmtpServer) -> AsyncIterator[_Open]:
    async def attempt(credential: Credential) -> _Open:
        return await _open(server, credential)

    if server.username is None:
        connection = await _open(server, None)
    else:
        connection = await with_credential(server.password, server.source, attempt)
    try:
        try:
            yield connection
        except MailError:
            await _quit(connection.smtp)
            raise
        await _quit(connection.smtp)
    finally:
        # At once where we are called off: a server that hangs is not worth a QUIT.
        connection.smtp.close()


async def _open(server: SmtpServer, credential: Credential | None) -> _Open:
    secrets = forms_of(server.username or "", credential)
    smtp = SMTP(
        hostname=server.host,
        port=server.port or DEFAULT_PORTS[server.security],
        # Said outright: left to itself aiosmtplib takes STARTTLS if offered, and one that was
        # stripped on the way goes unnoticed.
        use_tls=server.security == "tls",
        start_tls=server.security == "starttls",
        tls_context=await context_of(server.tls, server.security, "SMTP"),
        timeout=TIMEOUT_SECONDS,
    )
    try:
        await smtp.connect()
        if server.username is not None and credential is not None:
            await log_in(smtp, server.username, credential)
    except _FAULTS as error:
        smtp.close()
        raise _not_let_in(error, secrets) from None
    except BaseException:
        smtp.close()
        raise
    return _Open(smtp, secrets)


async def _quit(smtp: SMTP) -> None:
    # The message has been taken or refused by now: a failure here must not have it sent again.
    with contextlib.suppress(*_FAULTS):
        await smtp.quit(timeout=QUIT_SECONDS)


async def _hand_over(smtp: SMTP, message: Outgoing) -> None:
    """Not by `sendmail`: after a refusal that waits for an answer to RSET, and its time-outs are
    the same for every step."""
    await _say_sender(smtp, message)
    await smtp.rcpt(message.recipient)
    await smtp.data(message.raw, timeout=ACCEPT_SECONDS)


async def _say_sender(smtp: SMTP, message: Outgoing) -> None:
    """RFC 5321 §4.5.5 has every server take the null sender. MailHog does not, nor do some hosts
    that take mail for sending: there it goes out in the name of its author, else not at all."""
    try:
        await smtp.mail(message.envelope_sender)
    except SMTPResponseException as error:
        if message.envelope_sender or not message.author or not 500 <= error.code < 600:
            raise
        await smtp.mail(message.author)


def _not_let_in(error: _Fault, secrets: tuple[str, ...]) -> MailError:
    """Whatever its code: a server that we have told of no message has refused none."""
    if isinstance(error, OSError | SMTPResponseException):
        words = certificate_fault(error, "SMTP") or _words(error, secrets)
        return MailUnavailable(f"the SMTP server cannot be reached: {words}")
    return MailUnavailable(f"the SMTP server is of no use: {_words(error, secrets)}")


def _not_taken(error: _Fault, secrets: tuple[str, ...]) -> MailError:
    if isinstance(error, SMTPHeloError | OSError):
        return _not_let_in(error, secrets)
    if not isinstance(error, SMTPResponseException):
        refused = isinstance(error, SMTPNotSupported | ValueError)
        return MailRejected(_words(error, secrets)) if refused else _not_let_in(error, secrets)
    text = _words(error, secrets)
    if error.code in _LOGIN_WANTED:
        return MailAuth(f"the SMTP server wants a login: {text}")
    if 400 <= error.code < 500:
        return MailUnavailable(text)
    if 500 <= error.code < 600:
        return MailRejected(text)
    # No answer that SMTP knows at this step (-1: none at all) says that the message was refused.
    return MailUnavailable(f"the SMTP server is of no use: {text}")


def _words(error: _Fault, secrets: tuple[str, ...]) -> str:
    if isinstance(error, SMTPResponseException):
        return f"{error.code} {_safe(error.message, secrets)}"
    return _safe(str(error), secrets) or type(error).__name__


def _safe(text: str, secrets: tuple[str, ...]) -> str:
    """One line, whatever the server wrote, of letters that can be kept, and none of our tokens."""
    for secret in secrets:
        text = text.replace(secret, "<secret>")
    known = text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return without_tokens(" ".join(known.split()))[:_ANSWER_LENGTH]
