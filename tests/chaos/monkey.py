"""Disturbs one thing after the other at random moments, and sets each right again."""

import asyncio
import contextlib
from collections import Counter
from collections.abc import Awaitable, Callable
from enum import StrEnum
from random import Random

from tests.chaos.post import Weather
from tests.chaos.processes import Program
from tests.chaos.stage import Stage


class Disturbance(StrEnum):
    WORKER_KILLED = "worker killed"
    IMAP_KILLED = "IMAP server killed"
    TEMPORAL_KILLED = "Temporal killed"
    WORKER_STOPPED = "worker stopped (SIGTERM)"
    WORKER_STALLED = "worker stands still (SIGSTOP)"
    SMTP_REFUSES = "SMTP refuses"
    SMTP_DOUBTS = "SMTP delivers and denies it"
    MODEL_AWAY = "model away"


KILLS = (
    Disturbance.WORKER_KILLED,
    Disturbance.IMAP_KILLED,
    Disturbance.TEMPORAL_KILLED,
)
_OF_WORKERS = (
    Disturbance.WORKER_KILLED,
    Disturbance.WORKER_STOPPED,
    Disturbance.WORKER_STALLED,
)
# What takes longer than two, Temporal's SDK gives up.
_STALL_SECONDS = 2.0
# Half of all disturbances come just after some mail did: what is begun then takes milliseconds.
_AFTER_MAIL = 0.5
_AFTER_MAIL_SECONDS = 0.15
_MAIL_PATIENCE_SECONDS = 3.0
_WEIGHTS = {
    Disturbance.WORKER_KILLED: 45,
    Disturbance.IMAP_KILLED: 14,
    Disturbance.TEMPORAL_KILLED: 12,
    Disturbance.WORKER_STOPPED: 8,
    Disturbance.WORKER_STALLED: 12,
    Disturbance.SMTP_REFUSES: 8,
    Disturbance.SMTP_DOUBTS: 6,
    Disturbance.MODEL_AWAY: 7,
}


class Monkey:
    """Works until it has killed as often as it was told to, and all is up again."""

    def __init__(
        self,
        stage: Stage,
        rng: Random,
        kills: int,
        pause_seconds: float,
        allowed: Callable[[], float],
    ) -> None:
        self.done: Counter[Disturbance] = Counter()
        self._stage = stage
        self._rng = rng
        self._wanted = kills
        self._pause_seconds = pause_seconds
        self._allowed = allowed
        """How many kills are due by now: they are to be spread over all requests."""
        self._mending: set[asyncio.Task[None]] = set()
        self._killed = asyncio.Condition()

    @property
    def kills(self) -> int:
        return sum(self.done[kind] for kind in KILLS)

    async def reached(self, kills: float) -> None:
        """Wait until it has killed so often."""
        async with self._killed:
            await self._killed.wait_for(lambda: self.kills >= kills)

    async def work(self) -> None:
        weights = dict(_WEIGHTS)
        if self._stage.imap is None:
            del weights[Disturbance.IMAP_KILLED]
        while self.kills < self._wanted:
            await asyncio.sleep(self._rng.expovariate(1 / self._pause_seconds))
            if self.kills < self._allowed():
                kind = self._rng.choices([*weights], [*weights.values()])[0]
                if self._rng.random() < _AFTER_MAIL:
                    await self._next_mail()
                await self._disturb(kind)
        await asyncio.gather(*self._mending)

    async def _next_mail(self) -> None:
        arrived = self._stage.boxes.arrived
        with contextlib.suppress(TimeoutError):  # nothing comes: any moment is as good
            async with asyncio.timeout(_MAIL_PATIENCE_SECONDS), arrived:
                await arrived.wait()
        await asyncio.sleep(self._rng.uniform(0, _AFTER_MAIL_SECONDS))

    async def _disturb(self, kind: Disturbance) -> None:
        stage, seconds = self._stage, self._rng.uniform(0.1, 5)
        if kind in _OF_WORKERS:
            victims = [worker for worker in stage.workers if worker.up]
        else:
            server = stage.imap if kind is Disturbance.IMAP_KILLED else stage.temporal
            victims = [server] if server and server.up else []
        if kind is Disturbance.MODEL_AWAY:
            if stage.model.away:
                return
            stage.model.away = True
            self._later(self._model_back(seconds))
        elif kind in (Disturbance.SMTP_REFUSES, Disturbance.SMTP_DOUBTS):
            if stage.post.weather is not Weather.FAIR:
                return
            refuses = kind is Disturbance.SMTP_REFUSES
            stage.post.weather = Weather.REFUSING if refuses else Weather.DOUBTING
            self._later(self._fair_again(seconds))
        elif victims:
            victim = self._rng.choice(victims)
            if kind is Disturbance.WORKER_STOPPED:
                self._later(self._restart(victim.stop(), victim, seconds))
            elif kind is Disturbance.WORKER_STALLED:
                self._later(victim.stall(_STALL_SECONDS + seconds))
            else:
                await victim.kill()
                self._later(self._restart(_nothing(), victim, seconds))
        else:
            return
        self.done[kind] += 1
        async with self._killed:
            self._killed.notify_all()

    def _later(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(work)
        self._mending.add(task)

    async def _restart(self, end: Awaitable[None], victim: Program, seconds: float) -> None:
        await end
        await asyncio.sleep(seconds)
        await victim.start()

    async def _fair_again(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
        self._stage.post.weather = Weather.FAIR

    async def _model_back(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
        self._stage.model.away = False


async def _nothing() -> None:
    """A killed program has ended already."""
