"""Finds what has come of a probe: itself, reports about it, answers to it."""

from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass

from agent.doctor.place import Kind, Place
from agent.doctor.places import news
from agent.doctor.probe import Probe
from agent.doctor.recognition import FIELDS, Kin, by_fields, by_reading
from mail.imap import ImapSession, Message
from mail.read import read
from mail.reply import Refusal, Reply


@dataclass(frozen=True, slots=True)
class Found:
    place: Place
    kin: Kin
    message: Message
    reply: Reply | Refusal


class Search:
    """In one session. Of what has nothing to do with a probe, header fields are looked at once,
    and of delivery reports the text."""

    def __init__(self, session: ImapSession, places: Sequence[Place]) -> None:
        self._session = session
        self._places = places
        self._strangers: set[tuple[Place, int, str]] = set()

    async def about(self, probe: Probe, kinds: Iterable[Kind]) -> AsyncIterator[Found]:
        """Raises MailUnavailable."""
        wanted = [place for place in self._places if place.kind in kinds]
        async for sight in news(self._session, wanted, FIELDS):
            name = (sight.place, sight.uid, probe.request_id)
            if name in self._strangers:
                continue
            kin = by_fields(sight.head, probe)
            given = {} if kin is Kin.STRANGER else await self._session.fetch([sight.uid])
            if sight.uid in given:
                message = given[sight.uid]
                reply = read(message.raw)
                if kin is Kin.UNREAD:
                    kin = by_reading(message.raw, reply, probe)
                if kin is not Kin.STRANGER:
                    yield Found(sight.place, kin, message, reply)
            elif kin is not Kin.STRANGER:
                continue  # the worker has just put it elsewhere
            if kin is Kin.STRANGER:
                self._strangers.add(name)
