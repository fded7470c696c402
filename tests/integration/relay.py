"""A mail host with habits of its own: it changes mail, loses it, takes it for spam."""

import asyncio
import imaplib
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from aiosmtpd.smtp import SMTP, Envelope, Session

from demo.accounts import LOOPBACK
from tests.integration.office import Mail

Change = Callable[[bytes], bytes]


def replaced(name: str, value: str) -> Change:
    """This header field with another value; without one where that is empty."""
    line = f"{name}: {value}\r\n".encode() if value else b""
    return lambda raw: re.sub(
        rb"(?im)^%b: .*\r\n(?:[ \t].*\r\n)*" % name.encode(), line, raw, count=1
    )


def on_top(name: str, value: str) -> Change:
    return lambda raw: f"{name}: {value}\r\n".encode() + raw


class Relay(Mail):
    """Between the SMTP server and the mailboxes."""

    def __init__(self, agent: str, *changes: Change) -> None:
        super().__init__(agent)
        self.changes = list(changes)
        self.skew = timedelta()
        """How far its clock is ahead."""
        self.spam_folder = ""
        self.loses_plus = False
        self.holds_plus = False
        """Until other mail comes."""
        self.loses_all = False
        self.bounces_plus = False
        self._held: Envelope | None = None
        self.took = asyncio.Event()
        """Whether it has taken a message."""

    async def takes_for_spam(self, folder: str) -> None:
        """From now on all of it."""
        await asyncio.to_thread(self._make, folder)
        self.spam_folder = folder

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        plus = any("+" in recipient for recipient in envelope.rcpt_tos)
        if plus and self.bounces_plus:
            await super().deliver(self._agent, _report(envelope.original_content or b""))
        elif plus and self.holds_plus:
            self._held = envelope
        elif not self.loses_all and not (plus and self.loses_plus):
            await super().handle_DATA(server, session, envelope)
            if self._held is not None:
                await super().handle_DATA(server, session, self._held)
                self._held = None
        self.took.set()
        return "250 2.0.0 Taken"

    async def deliver(
        self, address: str, raw: bytes, internal_date: datetime | None = None
    ) -> None:
        for change in self.changes:
            raw = change(raw)
        if self.spam_folder:
            await asyncio.to_thread(self._put_aside, raw)
            return
        when = internal_date or datetime.now(UTC) + self.skew
        await super().deliver(address, raw, when)

    def _make(self, folder: str) -> None:
        with imaplib.IMAP4(LOOPBACK, self.imap_port, timeout=20) as client:
            client.login(self._agent, self.password)
            client.create(f'"{folder}"')

    def _put_aside(self, raw: bytes) -> None:
        with imaplib.IMAP4(LOOPBACK, self.imap_port, timeout=20) as client:
            client.login(self._agent, self.password)
            client.append(f'"{self.spam_folder}"', "", "", raw)


def _report(raw: bytes) -> bytes:
    head = raw.partition(b"\r\n\r\n")[0]
    return (
        b"From: MAILER-DAEMON@demo.test\r\nSubject: Undelivered Mail Returned to Sender\r\n"
        b'MIME-Version: 1.0\r\nContent-Type: multipart/report; boundary="b"; '
        b"report-type=delivery-status\r\n\r\n"
        b"--b\r\nContent-Type: text/plain\r\n\r\nNo such user.\r\n"
        b"--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; demo.test\r\n"
        b"\r\nFinal-Recipient: rfc822; agent+x@demo.test\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n"
        b"--b\r\nContent-Type: text/rfc822-headers\r\n\r\n" + head + b"\r\n--b--\r\n"
    )
