"""A whole mail server in one event loop, on loopback: SMTP (aiosmtpd) into IMAP (pymap).

What is sent to `name+anything@domain` is delivered to `name@domain`, as big providers do.
"""

import asyncio
from collections.abc import Iterable
from datetime import datetime
from types import TracebackType
from typing import Self

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from demo.accounts import DEMO_ADDRESSES, DEMO_PASSWORD, LOOPBACK
from demo.mailboxes import Mailboxes, MailStore


class MailServer:
    """SMTP and IMAP for some addresses with one password; port 0 takes a free one."""

    def __init__(
        self,
        addresses: Iterable[str] = DEMO_ADDRESSES,
        password: str = DEMO_PASSWORD,
        smtp_port: int = 0,
        imap_port: int = 0,
        mailboxes: MailStore | None = None,
    ) -> None:
        self.password = password
        self._wanted_ports = (smtp_port, imap_port)
        self._mailboxes = mailboxes or Mailboxes(addresses, password)
        self._refusals: dict[str, str] = {}
        self._smtp: asyncio.Server | None = None
        self._sessions: set[_Session] = set()

    @property
    def host(self) -> str:
        return LOOPBACK

    @property
    def smtp_port(self) -> int:
        assert self._smtp is not None, "the mail server is not running"
        return int(self._smtp.sockets[0].getsockname()[1])

    @property
    def imap_port(self) -> int:
        return self._mailboxes.port

    @property
    def addresses(self) -> frozenset[str]:
        return self._mailboxes.addresses

    async def __aenter__(self) -> Self:
        smtp_port, imap_port = self._wanted_ports
        await self._mailboxes.start(imap_port)
        loop = asyncio.get_running_loop()
        try:
            self._smtp = await loop.create_server(self._new_session, LOOPBACK, smtp_port)
        except BaseException:
            await self._mailboxes.stop()
            raise
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        assert self._smtp is not None
        self._smtp.close()
        for session in list(self._sessions):
            session.abort()
        await self._smtp.wait_closed()
        await self._mailboxes.stop()

    async def deliver(
        self, address: str, raw: bytes, internal_date: datetime | None = None
    ) -> None:
        """Put a message into a mailbox as it is, as if it had arrived at `internal_date`."""
        await self._mailboxes.append(self._base(address), raw, internal_date)

    async def messages(self, address: str, folder: str = "INBOX") -> list[bytes]:
        return await self._mailboxes.messages(address, folder)

    def refuse(self, address: str, answer: str) -> None:
        """From now on answer RCPT for this address with, say, `451 4.3.0 Come back later`."""
        self._refusals[address.lower()] = answer

    def accept(self, address: str) -> None:
        """Take a refusal back."""
        self._refusals.pop(address.lower(), None)

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        refusal = self._refusals.get(address.lower()) or self._refusals.get(self._base(address))
        if refusal:
            return refusal
        if self._base(address) not in self.addresses:
            return f"550 5.1.1 <{address}>: no such mailbox here"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        content = envelope.content
        raw = content if isinstance(content, bytes) else str(content or "").encode()
        # aiosmtpd leaves the brackets of the null sender in place, and of no other.
        sender = (envelope.mail_from or "").strip("<>")
        for recipient in envelope.rcpt_tos:
            trace = f"Return-Path: <{sender}>\r\nDelivered-To: {recipient}\r\n"
            await self.deliver(recipient, trace.encode() + raw)
        return "250 2.0.0 Delivered"

    def _new_session(self) -> SMTP:
        session = _Session(
            self,
            hostname="demo.test",
            enable_SMTPUTF8=True,
            authenticator=self._authenticate,
            auth_require_tls=False,
            loop=asyncio.get_running_loop(),
        )
        session.sessions = self._sessions
        return session

    def _authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object
    ) -> AuthResult:
        """Login is offered, since mail programs want it, and never asked for."""
        known = (
            isinstance(data, LoginPassword)
            and data.login.decode(errors="replace").lower() in self.addresses
            and data.password == self.password.encode()
        )
        return AuthResult(success=known, handled=False)

    @staticmethod
    def _base(address: str) -> str:
        local, _, domain = address.lower().rpartition("@")
        return f"{local.partition('+')[0]}@{domain}"


class _Session(SMTP):
    """One SMTP connection that its server can find again when it stops."""

    sessions: set["_Session"]

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.sessions.add(self)
        super().connection_made(transport)

    def abort(self) -> None:
        if isinstance(self.transport, asyncio.WriteTransport):
            self.transport.abort()

    def connection_lost(self, error: Exception | None) -> None:
        self.sessions.discard(self)
        super().connection_lost(error)
