"""Two deployments that mail each other, and what a server between them may do to that mail."""

import re
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import make_msgid
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

from agent.sorting import Folder
from agent.tools.shop import Shop
from demo.letter import read_letter, write_reply
from demo.model import ScriptedModel
from demo.temporal_server import Temporal
from mail.identity import MARK_FIELD
from tests.integration.conftest import environment
from tests.integration.office import Mail, Office
from tests.integration.run import Run
from tests.waiting import until

_AUTOMATIC = re.compile(rb"(?im)^(?:auto-submitted|x-auto-response-suppress): .*\r\n")
_MESSAGE_ID = re.compile(rb"(?im)^message-id: .*\r\n")
_FROM = re.compile(rb"(?im)^from: .*\r\n")
_OURS = re.compile(rb"(?im)^" + MARK_FIELD.encode() + rb": ")

Carried = list[tuple[str, bytes]]
"""What a letter becomes on its way: to whom, and what."""


def as_it_is(to: str, raw: bytes) -> Carried:
    return [(to, raw)]


def stripped(to: str, raw: bytes) -> Carried:
    """Nothing says any more that it is automatic."""
    return [(to, _AUTOMATIC.sub(b"", raw))]


def renamed(to: str, raw: bytes) -> Carried:
    """And its Message-ID is the relay's."""
    new = f"Message-ID: {make_msgid(domain='relay.test')}\r\n".encode()
    return [(to, _MESSAGE_ID.sub(new, plain)) for to, plain in stripped(to, raw)]


def returned(to: str, raw: bytes) -> Carried:
    """Its author gets it back, too, as if it came from whom it was for."""
    ((_, plain),) = stripped(to, raw)
    back = _FROM.sub(f"From: {_base(to)}\r\n".encode(), plain)
    return [(to, plain), (read_letter(raw).reply_to, back)]


def answered(to: str, raw: bytes) -> Carried:
    """Whoever gets it has a program that answers it at once, and hides that it is one."""
    letter = read_letter(raw)
    words = "Your message is important to us, and somebody will look at it."
    answer = write_reply(letter, _base(to), words, datetime.now(UTC))
    return [*stripped(to, raw), (letter.reply_to, answer)]


class Wire(Mail):
    """Carries mail as `carry` says; the letters that the instances send are counted."""

    def __init__(self, first: str, second: str) -> None:
        super().__init__(first, None, second)
        self.carry: Callable[[str, bytes], Carried] = as_it_is
        self.sent: list[tuple[str, str]] = []
        """Of letters: author and recipient."""
        self.arrived: dict[str, int] = dict.fromkeys((first, second), 0)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        raw = envelope.content
        assert isinstance(raw, bytes)
        for to in envelope.rcpt_tos:
            ours = _OURS.search(raw) is not None
            if ours:
                self.sent.append((read_letter(raw).sender, _base(to)))
            for recipient, text in self.carry(to, raw) if ours else as_it_is(to, raw):
                self.arrived[_base(recipient)] += 1
                await self.deliver(recipient, text)
        return "250 2.0.0 Delivered"


def _base(address: str) -> str:
    local, _, domain = address.rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"


@dataclass
class Pair:
    """Two instances, each of which has the other as its one approver."""

    wire: Wire
    offices: tuple[Office, Office]
    runs: list[Run] = field(default_factory=list)

    async def ask(self) -> list[Run]:
        """Each asks the other."""
        self.runs = [await office.start() for office in self.offices]
        for run in self.runs:
            await run.request_id()
            await run.event("mail_sent")
        return self.runs

    async def quiet(self) -> None:
        """All that arrived is put away. An answer leaves before the mail that it answers is put
        away, or keeps its approval open: so nothing more can come, once these have ended."""

        async def put_away() -> bool:
            for office in self.offices:
                folders = [await self.wire.messages(office.agent, folder) for folder in Folder]
                if sum(map(len, folders)) != self.wire.arrived[office.agent]:
                    return False
            return True

        await until(put_away, "all mail put away")

    async def end(self) -> None:
        for run in self.runs:
            await run.handle.cancel()
            assert await run.outcome() == "withdrawn"
        await self.quiet()

    async def stays_ended(self) -> bool:
        """Nothing is sent while something else is read, and put away."""
        before = len(self.wire.sent)
        for office in self.offices:
            stray = f"From: s@demo.test\r\nSubject: {secrets.token_hex(8)}\r\n\r\nhi\r\n"
            await office.send("", office.agent, stray.encode())
        await self.quiet()
        return len(self.wire.sent) == before


@asynccontextmanager
async def pair(temporal: Temporal, directory: Path) -> AsyncIterator[Pair]:
    """With a worker each; nothing is shared but the servers."""
    names = [f"{side}-{secrets.token_hex(4)}@demo.test" for side in ("left", "right")]
    async with AsyncExitStack() as stack:
        wire = await stack.enter_async_context(Wire(names[0], names[1]))
        model = await stack.enter_async_context(ScriptedModel())
        offices = []
        for agent, other in (names, names[::-1]):
            home = directory / agent
            home.mkdir()
            Shop(home / "shop.sqlite3").prepare()
            environ = environment(temporal, wire, agent, model.base_url, home, None)
            environ["APPROVERS"] = other
            office = Office(temporal, wire, model, home, agent, environ)
            await stack.enter_async_context(office.worker())
            offices.append(office)
        yield Pair(wire, (offices[0], offices[1]))
