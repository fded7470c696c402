"""Sends one message over one SMTP connection. The only file that imports aiosmtplib.

A connection a message: aiosmtplib serialises its sends and does not reconnect, and a decision
must not wait behind a mail to somebody else. To keep one would save some 1 ms a mail in the clear
and 6 ms with TLS (`make bench`), where an approval costs Temporal and us fifty and more.
"""

import asyncio
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Literal

from aiosmtplib import (
    SMTP,
    SMTPAuthenticationError,
    SMTPConnectError,
    SMTPException,
    SMTPHeloError,
    SMTPNotSupported,
    SMTPRecipientsRefused,
    SMTPResponseException,
)

from mail.carriers import without_tokens
from mail.errors import MailAuth, MailError, MailRejected, MailUnavailable
from mail.message import Outgoing

TIMEOUT_SECONDS = 20.0
LOOPBACK = ("localhost", "127.0.0.1", "::1")
_LOGIN_WANTED = (530, 534)  # RFC 4954 §6: says nothing about the message or its recipient
DEFAULT_PORTS = {"tls": 465, "starttls": 587, "none": 25}


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
    try:
        async with _connection(server) as smtp:
            try:
                await _login(smtp, server)
                await smtp.sendmail(message.envelope_sender, [message.recipient], message.raw)
            except asyncio.CancelledError:
                # Left to itself aiosmtplib says QUIT, and waits 20 s for a server that hangs.
                smtp.close()
                raise
    except (SMTPException, OSError, ValueError) as error:
        # Without its cause, which holds the server's words as they came: tokens and all.
        raise _classified(error) from None


async def check(server: SmtpServer) -> None:
    """Connect and log in, nothing more. Raises MailAuth or MailUnavailable."""
    try:
        async with _connection(server) as smtp:
            await _login(smtp, server)
    except (SMTPException, OSError, ValueError) as error:
        raise _classified(error) from None


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
    if isinstance(error, SMTPRecipientsRefused):
        return _refused(error.recipients[0].code, error.recipients[0].message)
    if isinstance(error, SMTPAuthenticationError) and error.code >= 500:
        return MailAuth(f"the SMTP server refused the login: {error.code}")
    if isinstance(error, SMTPConnectError | SMTPHeloError):
        # Whatever its code: a server that lets nobody in has refused no message.
        return MailUnavailable(f"the SMTP server cannot be reached: {_safe(str(error))}")
    if isinstance(error, SMTPResponseException):
        return _refused(error.code, error.message)
    text = _safe(str(error)) or type(error).__name__
    if isinstance(error, SMTPNotSupported | ValueError):
        return MailRejected(text)
    fault = "cannot be reached" if isinstance(error, OSError) else "is of no use"
    return MailUnavailable(f"the SMTP server {fault}: {text}")


def _refused(code: int, message: str) -> MailError:
    text = f"{code} {_safe(message)}"
    if code in _LOGIN_WANTED:
        return MailAuth(f"the SMTP server wants a login: {text}")
    return MailRejected(text) if code >= 500 else MailUnavailable(text)


def _safe(text: str) -> str:
    """One line, whatever the server wrote, and none of our tokens in it."""
    return without_tokens(" ".join(text.split()))
