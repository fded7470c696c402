"""Takes away probes that earlier runs have left: one was killed, or its probe came too late.

Only a probe of this very mailbox is, known by its token. What a server's search by subject does
not find stays: folders may be too large to look through.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from agent.doctor.place import Place, Sight
from agent.doctor.places import remove
from agent.doctor.probe import SUBJECT
from agent.doctor.recognition import EARLIER_FIELDS, Earlier, earlier
from mail.approval import Sender
from mail.errors import MailError, MailRefused
from mail.imap import ImapServer, ImapSession
from mail.imap_answers import searched
from mail.imap_protocol import quoted

SECONDS = 30.0
_ROUNDS = 2
"""Where the first only puts them into the trash the second takes them from there."""
_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Left:
    """What earlier runs had left, by request id."""

    removed: frozenset[str] = frozenset()
    awaited: frozenset[str] = frozenset()
    """Left where they are: another run may wait for them."""
    fault: str = ""

    def __str__(self) -> str:
        """Behind 'the probe is gone again'; '' if there was nothing."""
        said = []
        if number := len(self.removed):
            said.append(
                "so is one that an earlier run had left"
                if number == 1
                else f"so are {number} that earlier runs had left"
            )
        if self.awaited:
            said.append(f"{len(self.awaited)} left for another run, which may wait for it")
        if self.fault:
            said.append(f"earlier ones were not looked for: {self.fault}")
        return "; ".join(said)


async def take_away(
    server: ImapServer, places: Sequence[Place], sender: Sender, now: datetime
) -> Left:
    try:
        async with asyncio.timeout(SECONDS), await ImapSession.open(server) as session:
            return await _take_away(session, places, sender, now)
    except TimeoutError:
        return Left(fault=f"not done within {SECONDS:.0f} s")
    except MailError as error:
        return Left(fault=str(error))


async def _take_away(
    session: ImapSession, places: Sequence[Place], sender: Sender, now: datetime
) -> Left:
    removed: set[str] = set()
    awaited: set[str] = set()
    for _ in range(_ROUNDS):
        sights = []
        async for sight, probe in _found(session, places, sender):
            if probe.is_over(now):
                sights.append(sight)
                removed.add(probe.request_id)
            else:
                awaited.add(probe.request_id)
        if not sights:
            break
        await remove(session, places, sights)
    return Left(frozenset(removed), frozenset(awaited))


async def _found(
    session: ImapSession, places: Sequence[Place], sender: Sender
) -> AsyncIterator[tuple[Sight, Earlier]]:
    for place in places:
        try:
            await session.select(place.folder)
        except MailRefused:
            continue
        wanted = ("UNDELETED", "SUBJECT", quoted(SUBJECT))
        answer = await session.command("SEARCH", *wanted, uid=True, kind="SEARCH")
        uids = searched(answer.responses)
        for start in range(0, len(uids), _AT_ONCE):
            heads = await session.fetch_headers(uids[start : start + _AT_ONCE], EARLIER_FIELDS)
            for uid, head in heads.items():
                if probe := earlier(head, sender):
                    yield Sight(place, uid, head), probe
