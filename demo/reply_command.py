"""`python -m demo reply`: answers the mail of a request as the approver who got it.

The mail is where `python -m demo mail` has delivered it, or in MailHog, which only catches what
goes out: from there the reply is sent to the server of the agent's mailbox.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console

from demo.accounts import (
    DEMO_ADDRESSES,
    DEMO_IMAP_PORT,
    DEMO_PASSWORD,
    DEMO_SMTP_PORT,
    LOOPBACK,
)
from demo.approver import Approver, fixed_words
from demo.letter import Letter
from demo.mail_program import Account, MailProgram
from demo.mailhog import Caught, MailHogError, caught
from demo.view import View

_APPROVERS = tuple(address for address in DEMO_ADDRESSES if address.startswith("approver"))
# Whoever has just started a request is faster than its mail.
COMING_SECONDS = 10.0
POLL_SECONDS = 0.5


class ReplyError(Exception):
    """There is nothing to answer, or no way to send it; the text is one line."""


class NoMailError(ReplyError):
    """There is no such mail, or not yet."""


@dataclass(frozen=True, slots=True)
class MailHogWay:
    """Where the mail is caught, and which SMTP server delivers to the agent's mailbox."""

    url: str
    smtp_host: str
    smtp_port: int

    @classmethod
    def of(cls, url: str, smtp: str) -> "MailHogWay":
        """`HOST:PORT`. Raises ValueError."""
        host, _, port = smtp.rpartition(":")
        if not host or not port.isdecimal() or not 0 < int(port) < 65_536:
            raise ValueError(f"{smtp!r} is not of the form HOST:PORT, such as localhost:3025")
        return cls(url, host.removeprefix("[").removesuffix("]"), int(port))


async def reply_to_request(
    console: Console, request_id: str, text: str, author: str, way: MailHogWay | None
) -> int:
    """Answer the newest mail that asks for this approval; of `author`, if one is named.

    Raises ReplyError.
    """
    found = await _once_there(request_id, author, way)
    server, port = (way.smtp_host, way.smtp_port) if way else (LOOPBACK, DEMO_SMTP_PORT)
    account = Account(found.recipient, DEMO_PASSWORD, server, port, DEMO_IMAP_PORT)
    approver = Approver(MailProgram(account), View(console), fixed_words(text))
    try:
        await approver.answer(found.letter, text)
    except OSError as error:  # so are all of smtplib's
        raise ReplyError(
            f"the agent's mail server at {server}:{port} takes no reply: {error} (REPLY_SMTP)"
        ) from None
    return 0


async def _once_there(request_id: str, author: str, way: MailHogWay | None) -> Caught:
    loop = asyncio.get_running_loop()
    end = loop.time() + COMING_SECONDS
    while True:
        try:
            if way:
                return await asyncio.to_thread(_in_mailhog, way.url, request_id, author)
            return await _in_mailboxes(request_id, [author] if author else _APPROVERS)
        except NoMailError:
            if loop.time() > end:
                raise
        await asyncio.sleep(POLL_SECONDS)


def _in_mailhog(url: str, request_id: str, author: str) -> Caught:
    asked: dict[str, None] = {}
    try:
        for one in caught(url, request_id):
            if not _asks(one.letter, request_id):
                continue
            if one.recipient == (author or one.recipient).lower():
                return one
            asked[one.recipient] = None
    except MailHogError as error:
        raise ReplyError(str(error)) from None
    if asked:
        raise NoMailError(f"{request_id} was not asked of {author}, but of {', '.join(asked)}")
    raise NoMailError(f"no mail in MailHog asks for {request_id}")


async def _in_mailboxes(request_id: str, addresses: Sequence[str]) -> Caught:
    for address in addresses:
        account = Account(address, DEMO_PASSWORD, LOOPBACK, DEMO_SMTP_PORT, DEMO_IMAP_PORT)
        try:
            letters = await MailProgram(account).new_letters()
        except OSError as error:
            raise ReplyError(
                f"no mail server to ask: {error}; start it with `python -m demo mail`"
            ) from None
        if asking := [letter for letter in letters if _asks(letter, request_id)]:
            return Caught(address, asking[-1])
    raise NoMailError(f"no mail about {request_id} in {' or '.join(addresses)}")


def _asks(letter: Letter, request_id: str) -> bool:
    return letter.asks and f"[{request_id.upper()}]" in letter.subject
