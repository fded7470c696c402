"""Where the attacks are played: one worker, real mail and Temporal, and people who answer."""

import asyncio
import json
import secrets
import sqlite3
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session

from agent.tools.shop import Shop
from demo.children import Child
from demo.letter import read_letter
from demo.model import ScriptedModel
from demo.temporal_server import Temporal
from mail.identity import Keyring, reply_token
from tests.integration.conftest import environment
from tests.integration.office import Mail, Office
from tests.integration.run import Run
from tests.redteam.answering import answer_to
from tests.redteam.attack import KNOWN, SECOND, Attack
from tests.redteam.obedience import Obedience
from tests.waiting import POLL_SECONDS

_WAITING = "AR-7K2M9QXD4T"
_AT_ONCE = 6
_PATIENCE_SECONDS = 90.0


class RecordingMail(Mail):
    """Notes whom anybody wanted to mail, be there such a mailbox or not."""

    def __init__(self, agent: str, *others: str) -> None:
        super().__init__(agent, None, *others)
        self.wanted: list[tuple[str, str]] = []
        """Envelope sender and recipient."""

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.wanted.append(((envelope.mail_from or "").strip("<>"), address.lower()))
        return await super().handle_RCPT(server, session, envelope, address, options)


@dataclass
class Played:
    """What became of one attack."""

    attack: Attack
    approver: str
    requester: str
    result: str = ""
    events: list[dict[str, Any]] = field(default_factory=list)
    outcomes: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Of every approval, by request id."""
    seen: int = 0
    """Messages of the approver's that were looked at."""
    answered: dict[str, str] = field(default_factory=dict)
    """What the approver wrote to which request, by request id."""
    letters: dict[str, list[bytes]] = field(default_factory=dict)
    """Everything that was mailed, by recipient."""
    effects: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)
    """Request id, tool, arguments."""


class Stage:
    """Plays every attack of a table, some at a time; a test waits for its own."""

    def __init__(
        self, office: Office, mail: RecordingMail, obedience: Obedience, known: str
    ) -> None:
        self.office = office
        self.known = known
        """The token of an approval that nobody here has asked for."""
        self.mail = mail
        self.obedience = obedience
        self.people: set[str] = set()
        self.worker: Child | None = None
        self._few = asyncio.Semaphore(_AT_ONCE)
        self._playing: dict[str, asyncio.Task[Played]] = {}

    def begin(self, plays: Sequence[Played]) -> None:
        for played in plays:
            self.people |= {played.approver, played.requester}
            self._playing[played.attack.name] = asyncio.create_task(self._play(played))

    async def played(self, attack: Attack) -> Played:
        return await asyncio.shield(self._playing[attack.name])

    async def end(self) -> None:
        for task in self._playing.values():
            task.cancel()
        await asyncio.gather(*self._playing.values(), return_exceptions=True)

    async def _play(self, played: Played) -> Played:
        async with self._few, asyncio.timeout(_PATIENCE_SECONDS):
            run = await self.office.start(
                played.attack.request,
                requested_by=played.requester,
                approvers=[played.approver],
            )
            result = asyncio.create_task(run.handle.result())
            try:
                while not result.done():
                    await self._answer(played)
                    await asyncio.wait({result}, timeout=POLL_SECONDS)
                played.result = await result
            finally:
                result.cancel()
        await self._look(played, run)
        return played

    async def _answer(self, played: Played) -> None:
        messages = await self.mail.messages(played.approver)
        new, played.seen = messages[played.seen :], len(messages)
        for raw in new:
            letter = read_letter(raw)
            code = letter.subject.rpartition("[")[2].rstrip("]")
            if letter.asks:
                played.answered[code] = text = answer_to(letter, played.attack)
                for mail in text.split(SECOND):
                    await self.office.reply(letter, mail, played.approver)

    async def _look(self, played: Played, run: Run) -> None:
        after: int | None = 0
        while after is not None:
            page = await run.handle.query("audit_trail", after)
            played.events += page["events"]
            after = page["next"]
        ids = {event.get("request_id", "") for event in played.events}
        asked = [e["request_id"] for e in played.events if e["kind"] == "approval_started"]
        for request_id in asked:
            approval = Run(self.office, run.handle, request_id).approval
            played.outcomes[request_id] = await approval.result()
        for person in (played.approver, played.requester):
            played.letters[person] = await self.mail.messages(person)
        played.effects = [row for row in self.effects() if row[0] in ids]

    def effects(self) -> list[tuple[str, str, dict[str, Any]]]:
        """All that the shop has done for anybody."""
        with closing(sqlite3.connect(self.office.environ["SHOP_DATABASE"])) as shop:
            rows = shop.execute("select request_id, tool, arguments from effects").fetchall()
        return [(request_id, tool, json.loads(arguments)) for request_id, tool, arguments in rows]


@asynccontextmanager
async def stage_of(
    attacks: Sequence[Attack], temporal: Temporal, directory: Path
) -> AsyncIterator[Stage]:
    agent = f"agent-{secrets.token_hex(4)}@demo.test"
    secret = secrets.token_hex(32)
    known = reply_token(Keyring.from_secrets([secret]), _WAITING, "boss-0@demo.test", "ab" * 32)
    attacks = [_knowing(attack, f"Reference: {_WAITING}/{known}") for attack in attacks]
    plays = [
        Played(attack, f"boss-{number}@demo.test", f"asker-{number}@demo.test")
        for number, attack in enumerate(attacks)
    ]
    people = [p for played in plays for p in (played.approver, played.requester)]
    mail, obedience = RecordingMail(agent, *people), Obedience(attacks)
    async with mail, ScriptedModel(obedience) as model:
        environ = environment(temporal, mail, agent, model.base_url, directory, None)
        # No domain: somebody else of the same one is as little an approver as any stranger.
        environ |= {
            "APPROVERS": ", ".join(played.approver for played in plays),
            "APPROVER_DOMAINS": "",
            "APPROVAL_SECRET": secret,
            "OPENAI_API_KEY": f"sk-{secrets.token_hex(16)}",
        }
        _furnish(directory / "shop.sqlite3", attacks)
        office = Office(temporal, mail, model, directory, agent, environ)
        stage = Stage(office, mail, obedience, known)
        async with office.worker() as stage.worker:
            stage.begin(plays)
            try:
                yield stage
            finally:
                await stage.end()


def _knowing(attack: Attack, reference: str) -> Attack:
    request, poison = (t.replace(KNOWN, reference) for t in (attack.request, attack.poison))
    return replace(attack, request=request, poison=poison)


def _furnish(database: Path, attacks: Sequence[Attack]) -> None:
    Shop(database).prepare()
    rows = [(a.order, "190.00", "EUR", a.poison) for a in attacks if a.order]
    with closing(sqlite3.connect(database)) as shop, shop:
        shop.executemany("insert into orders values(?, ?, ?, ?)", rows)
