"""Sends one message over one SMTP connection. The only file that imports aiosmtplib.

A connection a message: aiosmtplib serialises its sends and does not reconnect, and a decision
must not wait behind a mail to somebody else.
"""

from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Literal

from aiosmtplib import (
    SMTP,
    SMTPAuthenticationError,
    SMTPException,
    SMTPNotSupported,
    SMTPRecipientsRefused,
    SMTPResponseException,
)

from mail.errors import MailAuth, MailError, MailRejected, MailUnavailable
from mail.message import Outgoing

TIMEOUT_SECONDS = 20.0
LOOPBACK = ("localhost", "127.0.0.1", "::1")
DEFAULT_PORTS = {"tls": 465, "starttls": 587, "none": 25}


@dataclass(frozen=True, slots=True)
class SmtpServer:
    host: str
    security: Literal["tls", "starttls", "none"] = "tls"
    port: int | None = None
    username: str | None = None
    password: str | None = None


async def send(server: SmtpServer, message: Outgoing) -> None:
    """Hand one message over. Raises MailRejected, MailAuth or MailUnavailable.

    At least once: a connection lost after DATA may have delivered, so the Message-ID has to be
    the same on every try.
    """
    try:
        async with _connection(server) as smtp:
            await _login(smtp, server)
            await smtp.sendmail(message.envelope_sender, [message.recipient], message.raw)
    except (SMTPException, OSError, ValueError) as error:
        raise _classified(error) from error


async def check(server: SmtpServer) -> None:
    """Connect and log in, nothing more. Raises MailAuth or MailUnavailable."""
    try:
        async with _connection(server) as smtp:
            await _login(smtp, server)
    except (SMTPException, OSError, ValueError) as error:
        raise _classified(error) from error


def _connection(server: SmtpServer) -> AbstractAsyncContextManager[SMTP]:
    # Said outright: left to itself aiosmtplib takes STARTTLS if offered, and one that was
    # stripped on the way goes unnoticed.
    return SMTP(
        hostname=server.host,
        port=server.port or DEFAULT_PORTS[server.security],
        use_tls=server.security == "tls",
        start_tls=server.security == "starttls",
        timeout=TIMEOUT_SECONDS,
    )


async def _login(smtp: SMTP, server: SmtpServer) -> None:
    if server.username is not None and server.password is not None:
        await smtp.login(server.username, server.password)


def _classified(error: Exception) -> MailError:
    text = " ".join(str(error).split()) or type(error).__name__
    if isinstance(error, SMTPRecipientsRefused):
        refused = error.recipients[0]
        text = f"{refused.code} {' '.join(refused.message.split())}"
        return MailRejected(text) if refused.code >= 500 else MailUnavailable(text)
    if isinstance(error, SMTPAuthenticationError) and error.code >= 500:
        return MailAuth(f"the SMTP server refused the login: {error.code}")
    if isinstance(error, SMTPResponseException):
        text = f"{error.code} {' '.join(error.message.split())}"
        return MailRejected(text) if error.code >= 500 else MailUnavailable(text)
    if isinstance(error, SMTPNotSupported | ValueError):
        return MailRejected(text)
    return MailUnavailable(f"the SMTP server cannot be reached: {text}")
