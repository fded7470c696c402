"""Sends one message over one SMTP connection. The only file that imports aiosmtplib.

A connection a message: aiosmtplib serialises its sends and does not reconnect, and a decision
must not wait behind a mail to somebody else. To keep one would save some 1 ms a mail in the clear
and 6 ms with TLS (`make bench`), where an approval costs Temporal and us fifty and more.
"""

import contextlib
from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Literal

from aiosmtplib import (
    SMTP,
    SMTPAuthenticationError,
    SMTPException,
    SMTPHeloError,
    SMTPNotSupported,
    SMTPResponseException,
)

from mail.carriers import without_tokens
from mail.errors import MailAuth, MailError, MailRejected, MailUnavailable
from mail.message import Outgoing

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


async def send(server: SmtpServer, message: Outgoing) -> None:
    """Hand one message over. Raises MailRejected, MailAuth or MailUnavailable.

    At least once: a connection lost after DATA may have delivered, so the Message-ID has to be
    the same on every try.
    """
    async with _connected(server) as smtp:
        try:
            await _hand_over(smtp, message)
        except _FAULTS as error:
            # Without its cause, which holds the server's words as they came: tokens and all.
            raise _not_taken(error, _secrets_of(server)) from None


async def check(server: SmtpServer) -> None:
    """Connect and log in, nothing more. Raises MailAuth or MailUnavailable."""
    async with _connected(server):
        pass


@asynccontextmanager
async def _connected(server: SmtpServer) -> AsyncIterator[SMTP]:
    # Said outright: left to itself aiosmtplib takes STARTTLS if offered, and one that was
    # stripped on the way goes unnoticed.
    smtp = SMTP(
        hostname=server.host,
        port=server.port or DEFAULT_PORTS[server.security],
        use_tls=server.security == "tls",
        start_tls=server.security == "starttls",
        timeout=TIMEOUT_SECONDS,
    )
    try:
        try:
            await smtp.connect()
            if server.username is not None and server.password is not None:
                await smtp.login(server.username, server.password)
        except _FAULTS as error:
            raise _not_let_in(error, _secrets_of(server)) from None
        try:
            yield smtp
        except MailError:
            await _quit(smtp)
            raise
        await _quit(smtp)
    finally:
        # At once where we are called off: a server that hangs is not worth a QUIT.
        smtp.close()


async def _quit(smtp: SMTP) -> None:
    # The message has been taken or refused by now: a failure here must not have it sent again.
    with contextlib.suppress(*_FAULTS):
        await smtp.quit(timeout=QUIT_SECONDS)


async def _hand_over(smtp: SMTP, message: Outgoing) -> None:
    """Not by `sendmail`: after a refusal that waits for an answer to RSET, and its time-outs are
    the same for every step."""
    await smtp.mail(message.envelope_sender)
    await smtp.rcpt(message.recipient)
    await smtp.data(message.raw, timeout=ACCEPT_SECONDS)


def _secrets_of(server: SmtpServer) -> tuple[str, ...]:
    """The password in every form in which it is sent, and in which a server might repeat it."""
    if not server.password:
        return ()
    raw = server.password.encode(errors="surrogateescape")
    name = (server.username or "").encode(errors="surrogateescape")
    sasl = (b64encode(said).decode() for said in (b"\0%b\0%b" % (name, raw), raw))
    return (*sasl, server.password)


def _not_let_in(error: _Fault, secrets: tuple[str, ...]) -> MailError:
    """Whatever its code: a server that we have told of no message has refused none."""
    if isinstance(error, SMTPAuthenticationError) and 500 <= error.code < 600:
        return MailAuth(f"the SMTP server refused the login: {error.code}")
    if isinstance(error, OSError | SMTPResponseException):
        return MailUnavailable(f"the SMTP server cannot be reached: {_words(error, secrets)}")
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
