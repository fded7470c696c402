"""The mail of a round: the agent's goes to its IMAP server, the people's is kept and counted here.

A delivery that fails, or of which nobody knows, is answered with 451, as a mail host's queue does.
"""

import asyncio
import imaplib
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.parser import BytesHeaderParser
from enum import StrEnum

from aiosmtpd.smtp import SMTP, Envelope, Session

from demo.letter import Letter, read_letter
from demo.mail_server import MailServer
from demo.mailboxes import MailStore
from tests.chaos.scripts import Kind

_LATER = "451 4.3.2 Come back later"


class Weather(StrEnum):
    """What the SMTP server is like for a while."""

    FAIR = "fair"
    REFUSING = "refusing"
    DOUBTING = "doubting"
    """It delivers, and says that it has not."""


@dataclass(frozen=True, slots=True)
class Received:
    """A letter that somebody got."""

    kind: Kind
    letter: Letter
    at: datetime


class Letterboxes:
    """The agent's mailbox on the server under test; every other address is a list in memory."""

    def __init__(self, agent: str, people: Iterable[str], store: MailStore) -> None:
        self.addresses = frozenset([agent, *people])
        self.received: dict[str, list[Received]] = defaultdict(list)
        self.delivered: Counter[str] = Counter()
        """To the agent, by Message-ID."""
        self.uncertain: Counter[str] = Counter()
        """The same, where the mailbox's server went away before it said whether it kept it."""
        self.arrived = asyncio.Condition()
        self._agent = agent
        self._store = store

    @property
    def port(self) -> int:
        return self._store.port

    async def start(self, port: int) -> None:
        await self._store.start(port)

    async def stop(self) -> None:
        await self._store.stop()

    async def append(self, address: str, raw: bytes, internal_date: datetime | None) -> None:
        if address != self._agent:
            letter = read_letter(raw)
            self.received[address].append(Received(kind_of(letter), letter, datetime.now(UTC)))
            await self._tell()
            return
        message_id = message_id_of(raw)
        try:
            await self._store.append(address, raw, internal_date)
        except (OSError, imaplib.IMAP4.error, AssertionError) as error:
            self.uncertain[message_id] += 1
            raise Undelivered from error
        self.delivered[message_id] += 1
        await self._tell()

    async def _tell(self) -> None:
        async with self.arrived:
            self.arrived.notify_all()

    async def messages(self, address: str, folder: str) -> list[bytes]:
        return await self._store.messages(address, folder)

    def letters(self, address: str, kind: Kind) -> list[Letter]:
        """Letters of a kind, each Message-ID once, in order of arrival."""
        found = {r.letter.message_id: r.letter for r in self.received[address] if r.kind is kind}
        return [*found.values()]


class Undelivered(Exception):
    """The mailbox's server did not say that it has taken the message in."""


class Post(MailServer):
    """The embedded SMTP server in changing weather."""

    def __init__(self, boxes: Letterboxes, password: str) -> None:
        super().__init__(password=password, mailboxes=boxes)
        self.weather = Weather.FAIR

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.weather is Weather.REFUSING:
            return _LATER
        return await super().handle_RCPT(server, session, envelope, address, options)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        try:
            answer = await super().handle_DATA(server, session, envelope)
        except Undelivered:
            return _LATER
        return _LATER if self.weather is Weather.DOUBTING else answer


def kind_of(letter: Letter) -> Kind:
    if letter.asks:
        return Kind.REQUEST
    parts = letter.message_id.split(".")
    return next((kind for kind in Kind if kind in parts), Kind.UNKNOWN)


def message_id_of(raw: bytes) -> str:
    return str(BytesHeaderParser().parsebytes(raw).get("Message-ID", "")).strip()
