"""Mails a probe to the agent's own mailbox, waits for it there, reads it, and takes it away again.

An inbox worker may read the same mailbox meanwhile and put the probe away: it is looked for in the
worker's folders, too.
"""

import asyncio
import secrets
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from agent.bounds import imap_of, sender_of, smtp_of
from agent.canonical import request_id_from
from agent.doctor.calling_off import raise_if_called_off
from agent.doctor.cleaning import SECONDS as CLEAN_SECONDS
from agent.doctor.cleaning import clean
from agent.doctor.earlier import SECONDS as EARLIER_SECONDS
from agent.doctor.earlier import take_away
from agent.doctor.observed import Attempt, Observed
from agent.doctor.others import servers_of_others
from agent.doctor.place import Kind, Place
from agent.doctor.places import places_of
from agent.doctor.probe import Probe, compose_probe
from agent.doctor.received import received
from agent.doctor.recognition import Kin
from agent.doctor.search import Search
from agent.doctor.watch import Watch, watching
from agent.settings import Settings
from mail.dns import Resolver
from mail.errors import MailError
from mail.imap import ImapSession
from mail.proof import Trust
from mail.prover import Prover
from mail.reply import Reply
from mail.smtp import send

PUSH_SECONDS = 5.0
"""So much later than a look of ours IDLE may tell of it."""
_SEND_SECONDS = 90.0  # with the sessions for it
LATE_SECONDS = 3.0
"""So much later than the second probe the first one may come that was sent before it."""
_PAUSES = (0.05, 0.1, 0.2, 0.5, 1.0, 2.0)
_READ = (Kind.INBOX, Kind.WORKERS, Kind.JUNK)


def most_seconds(wait_seconds: float) -> float:
    """What a run takes at most: two probes, and taking them away."""
    return 2 * _attempt_seconds(wait_seconds) + CLEAN_SECONDS + EARLIER_SECONDS


def _attempt_seconds(wait_seconds: float) -> float:
    return wait_seconds + PUSH_SECONDS + _SEND_SECONDS


class Loop:
    def __init__(
        self,
        settings: Settings,
        resolver: Resolver,
        wait_seconds: float,
        say: Callable[[str], None],
    ) -> None:
        """`say` is told what goes on."""
        self._settings = settings
        self._server = imap_of(settings)
        self._prover = Prover(Trust(), resolver)
        self._say = say
        self._probes: list[Probe] = []
        self._places: list[Place] = []
        self.observed = Observed(wait_seconds=wait_seconds)

    async def run(self) -> None:
        """Raises MailError. Takes the probes away whatever happens, also when it is called off."""
        called_off = True
        try:
            await self._try_both()
            called_off = False
        finally:
            if self._probes:
                self._say("taking the probe away")
                awaited = called_off and not self.observed.read
                self.observed.left = await clean(
                    self._server, self._places, self._probes, awaited=awaited
                )
        self._say("looking for probes of earlier runs")
        sender, now = sender_of(self._settings), datetime.now(UTC)
        self.observed.earlier = str(await take_away(self._server, self._places, sender, now))

    async def _try_both(self) -> None:
        async with await ImapSession.open(self._server) as session:
            self._places = await places_of(session)
            self.observed.others = await servers_of_others(session, self._places)
        if self._settings.mail_plus_address == "on":
            first = await self._attempt(plus=True)
            if first.received is not None:
                return
            second = await self._attempt(plus=False)
            if second.received is not None and not (first.refused or first.bounced):
                first.late = await self._came_late(self._probes[0])
            return
        await self._attempt(plus=False)

    async def _attempt(self, *, plus: bool) -> Attempt:
        now = datetime.now(UTC)
        probe = compose_probe(
            sender_of(self._settings),
            request_id_from(secrets.randbits(50)),
            now,
            plus=plus,
            until=now + timedelta(seconds=_attempt_seconds(self.observed.wait_seconds)),
        )
        attempt = Attempt(plus, probe.address)
        self.observed.attempts.append(attempt)
        async with (
            await ImapSession.open(self._server) as session,
            watching(self._server) as watch,
        ):
            self.observed.can_idle = watch.can_idle
            await self._send(probe, attempt, watch)
            search = Search(session, self._places)
            if not attempt.refused:
                await self._wait(search, probe, attempt)
            if attempt.received is not None and attempt.kind is not Kind.JUNK:
                self.observed.pushed_seconds = await watch.pushed(PUSH_SECONDS)
                self.observed.can_idle = watch.can_idle
                if self.observed.pushed_seconds is None:
                    there = [found async for found in search.about(probe, (Kind.INBOX,))]
                    self.observed.put_away = not there
        return attempt

    async def _came_late(self, probe: Probe) -> bool:
        """A host that holds mail back (a queue, greylisting) lets both go at once: what has come
        with the second one was late, not lost."""
        loop = asyncio.get_running_loop()
        end = loop.time() + LATE_SECONDS
        async with await ImapSession.open(self._server) as session:
            search = Search(session, self._places)
            while True:
                async for found in search.about(probe, _READ):
                    if found.kin is Kin.PROBE:
                        return True
                if loop.time() > end:
                    return False
                await asyncio.sleep(_PAUSES[-2])

    async def _send(self, probe: Probe, attempt: Attempt, watch: Watch) -> None:
        loop = asyncio.get_running_loop()
        self._say(f"sending a probe to {probe.address}")
        # Before it is sent: a connection that is lost may have delivered it.
        self._probes.append(probe)
        watch.sending()
        began, attempt.sent_at = loop.time(), datetime.now(UTC)
        try:
            await send(smtp_of(self._settings), probe.outgoing)
        except MailError as error:
            attempt.refused = str(error)
        attempt.send_seconds = loop.time() - began
        watch.sent()

    async def _wait(self, search: Search, probe: Probe, attempt: Attempt) -> None:
        loop = asyncio.get_running_loop()
        began, patience = loop.time(), self.observed.wait_seconds
        pauses = iter(_PAUSES)
        while (waited := loop.time() - began) < patience:
            raise_if_called_off()
            self._say(f"waiting for the probe at {probe.address}: {waited:.0f} of {patience:.0f} s")
            async for found in search.about(probe, _READ):
                if found.kin is Kin.BOUNCE and isinstance(found.reply, Reply):
                    status = f" ({found.reply.status})" if found.reply.status else ""
                    attempt.bounced = f"it came back as undeliverable{status}"
                    return
                if found.kin is Kin.PROBE:
                    attempt.seen_seconds = loop.time() - began
                    attempt.seen_at = datetime.now(UTC)
                    attempt.folder, attempt.kind = found.place.folder, found.place.kind
                    attempt.received = received(
                        found.message.raw, found.message.internal_date, found.reply, probe
                    )
                    if isinstance(found.reply, Reply) and attempt.received.sender:
                        proofs = await self._prover.prove([(found.message.raw, found.reply)])
                        attempt.proof = proofs[0]
                    return
            await asyncio.sleep(next(pauses, _PAUSES[-1]))
