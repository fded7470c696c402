"""Plays many attacks at once: each on an approval of its own, all in the same three rounds.

What really came from the approvers, the attack, the approvers' true answers; between them the inbox
is waited for to be empty, so that nothing is asserted before the attack was read.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from demo.letter import Letter
from tests.redteam.desk import Desk
from tests.redteam.people import BOB, CAROL, CORP, SERVER
from tests.redteam.scene import Attack, Scene, Sent
from tests.signing import GMAIL, MICROSOFT, signed

WARNING = "Mail in your name was not counted"
_AT_ONCE = 16


@dataclass
class Record:
    """What became of one attack, for its test to judge."""

    attack: Attack
    scene: Scene
    stood: list[str] = field(default_factory=list)
    """What the attack left in the audit trail."""
    status: str = ""
    voted: tuple[str, ...] = ()
    outcome: str = ""
    votes: list[dict[str, Any]] = field(default_factory=list)
    letters: dict[str, list[Letter]] = field(default_factory=dict)
    fault: str = ""

    @property
    def warned(self) -> list[str]:
        return [
            who
            for who, letters in self.letters.items()
            for letter in letters
            if WARNING in letter.text
        ]


async def play(desks: dict[str, Desk], attacks: Sequence[Attack]) -> dict[str, Record]:
    used = {attack.desk for attack in attacks}
    others = {name: await desks[name].ask([BOB, CAROL], "all") for name in used}
    gate = asyncio.Semaphore(_AT_ONCE)

    async def set_up(attack: Attack) -> Record:
        desk = desks[attack.desk]
        async with gate:
            this = await desk.ask(attack.approvers, attack.require, attack.requested_by)
        letters = {
            who: next(letter for letter in given if letter.asks)
            for who, given in desk.post.letters(this.request_id).items()
        }
        return Record(attack, Scene(desk.settings.mailbox, this, others[attack.desk], letters))

    records = await asyncio.gather(*map(set_up, attacks))
    await _round(desks, [(r, r.attack.before(r.scene)) for r in records if r.attack.before])
    before = {r.attack.name: await _events(desks, r) for r in records}
    await _round(desks, [(record, record.attack.mail(record.scene)) for record in records])
    for record in records:
        status = await desks[record.attack.desk].status(record.scene.this.request_id)
        record.status = status["status"]
        record.voted = tuple(vote["approver"] for vote in status["votes"])
        events = (await _events(desks, record))[len(before[record.attack.name]) :]
        record.stood = [name for event in events if (name := name_of(event))]
    await _round(desks, [(record, _answers(record)) for record in records])
    await asyncio.gather(*(_end(desks, record) for record in records))
    return {record.attack.name: record for record in records}


def name_of(event: dict[str, Any]) -> str:
    match event["kind"]:
        case "notice" if event["notice"] == "refused":
            return f"refused {event['reason'].partition(':')[0]}"
        case "notice":
            return str(event["notice"])
        case "decision_ignored":
            return f"ignored {event['why']}"
        case "vote":
            return f"vote {event['approver']}"
        case "vote_voided":
            return "voided"
    return ""


async def _events(desks: dict[str, Desk], record: Record) -> list[dict[str, Any]]:
    return await desks[record.attack.desk].events(record.scene.this.request_id)


async def _round(desks: dict[str, Desk], mails: Sequence[tuple[Record, Sent]]) -> None:
    for name, desk in desks.items():
        raws: list[bytes] = []
        for record, sent in mails:
            if record.attack.desk == name:
                raws += [sent] if isinstance(sent, bytes) else sent
        if raws:
            await desk.put(raws)
    for desk in desks.values():
        await desk.emptied()


def _answers(record: Record) -> list[bytes]:
    attack, scene = record.attack, record.scene
    left = [who for who in scene.letters if who not in attack.voted]
    return [delivered(attack.desk, scene.true(who), number) for number, who in enumerate(left)]


def delivered(desk: str, raw: bytes, number: int = 0) -> bytes:
    """As a mail of an approver lies in the agent's mailbox, signed in the form of one large host
    or the other."""
    raw = signed(raw, CORP, (GMAIL, MICROSOFT)[number % 2])
    if desk == "told":
        return f"Authentication-Results: {SERVER}; dkim=pass header.d={CORP}\r\n".encode() + raw
    if desk == "exchange":
        found = f"dkim=pass (signature was verified) header.d={CORP};dmarc=pass action=none"
        return f"Authentication-Results: {found}\r\n".encode() + raw
    return raw


async def _end(desks: dict[str, Desk], record: Record) -> None:
    desk = desks[record.attack.desk]
    request_id = record.scene.this.request_id
    try:
        async with asyncio.timeout(20):
            result = await desk.handle(request_id).result()
    except TimeoutError:
        names = [name_of(event) or event["kind"] for event in await _events(desks, record)]
        record.fault = f"the true answer has not ended it: {names}"
        return
    record.outcome, record.votes = result["outcome"], result["votes"]
    record.letters = desk.post.letters(request_id)
