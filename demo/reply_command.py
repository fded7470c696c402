"""`python -m demo reply`: answers the mail of a request as the approver who got it.

The mail is where `python -m demo mail` has delivered it, or in MailHog, which only catches what
goes out: from there the reply is sent to the server of the agent's mailbox.
"""

import asyncio
import imaplib
from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console

from demo.accounts import DEMO_ADDRESSES, DEMO_IMAP_PORT, DEMO_PASSWORD
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
class Way:
    """Where the mail is, in a mailbox or in MailHog, and which SMTP server takes the reply."""

    mailhog: str
    host: str
    smtp_port: int
    imap_port: int = DEMO_IMAP_PORT

    @classmethod
    def of(cls, mailhog: str, smtp: str, imap_port: int = DEMO_IMAP_PORT) -> "Way":
        """`smtp` is `HOST:PORT`; no URL of MailHog: the mailboxes are there, too. Raises
        ValueError."""
        host, _, port = smtp.rpartition(":")
        if not host or not port.isdecimal() or not 0 < int(port) < 65_536:
            raise ValueError(f"{smtp!r} is not of the form HOST:PORT, such as localhost:3025")
        return cls(mailhog, host.removeprefix("[").removesuffix("]"), int(port), imap_port)

    def account(self, address: str) -> Account:
        return Account(address, DEMO_PASSWORD, self.host, self.smtp_port, self.imap_port)


async def reply_to_request(
    console: Console, request_id: str, text: str, author: str, way: Way
) -> int:
    """Answer the newest mail that asks for this approval; of `author`, if one is named.

    Raises ReplyError.
    """
    found = await _once_there(request_id, author, way)
    program = MailProgram(way.account(found.recipient))
    approver = Approver(program, View(console), fixed_words(text))
    try:
        await approver.answer(found.letter, text)
    except OSError as error:  # so are all of smtplib's
        raise ReplyError(
            f"the agent's mail server at {way.host}:{way.smtp_port} takes no reply: {error} "
            "(REPLY_SMTP)"
        ) from None
    return 0


async def _once_there(request_id: str, author: str, way: Way) -> Caught:
    loop = asyncio.get_running_loop()
    end = loop.time() + COMING_SECONDS
    while True:
        try:
            if way.mailhog:
                return await asyncio.to_thread(_in_mailhog, way.mailhog, request_id, author)
            return await _in_mailboxes(request_id, [author] if author else _APPROVERS, way)
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


async def _in_mailboxes(request_id: str, addresses: Sequence[str], way: Way) -> Caught:
    for address in addresses:
        try:
            letters = await MailProgram(way.account(address)).new_letters()
        except OSError as error:
            raise ReplyError(
                f"no mail server to ask at {way.host}:{way.imap_port}: {error}; start it with "
                "`python -m demo mail`"
            ) from None
        except imaplib.IMAP4.error:
            raise ReplyError(
                f"no mailbox of {address} there; --as names one of {', '.join(_APPROVERS)}"
            ) from None
        if asking := [letter for letter in letters if _asks(letter, request_id)]:
            return Caught(address, asking[-1])
    raise NoMailError(f"no mail about {request_id} in {' or '.join(addresses)}")


def _asks(letter: Letter, request_id: str) -> bool:
    return letter.asks and f"[{request_id.upper()}]" in letter.subject
