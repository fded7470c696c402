"""A mailbox to which nothing comes: what the worker still says, and the time it takes."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from bench.mailbox import Box
from bench.place import Place
from bench.process import cpu_seconds
from bench.report import Row
from bench.tap import Tap, tapped
from tests.servers.store import ImapProcess

SETTLED_SECONDS = 256.0  # the waits double up to here, from then on they are 300 s
WINDOW_SECONDS = 300.0
_COMMANDS = 4  # NOOP, SEARCH, IDLE, DONE
_CPU_PERCENT = 1.0  # of one core: beats to Temporal and its long polls, nothing of ours


@dataclass
class Idle:
    """A worker and a bare program that wait beside all other benches."""

    server: str
    ours: Tap
    bare: Tap
    our_pid: int
    bare_pid: int
    started: float

    async def row(self, settled: float, window: float) -> Row:
        """Watch for `window` seconds, not before `settled` seconds have passed."""
        await asyncio.sleep(max(0.0, self.started + settled - time.time()))
        begin, ours, bare = time.time(), cpu_seconds(self.our_pid), cpu_seconds(self.bare_pid)
        await asyncio.sleep(window)
        our_share = 100 * (cpu_seconds(self.our_pid) - ours) / window
        bare_share = 100 * (cpu_seconds(self.bare_pid) - bare) / window
        said, said_bare = self.ours.since(begin), self.bare.since(begin)
        judged = window >= WINDOW_SECONDS
        return Row(
            what=f"idle mailbox: commands and CPU in {window:.0f} s",
            server=self.server,
            ours=f"{len(said)}, {our_share:.2f} % of a core",
            bare=f"{len(said_bare)}, {bare_share:.2f} %",
            ratio=None,
            goal=f"<= {_COMMANDS}, <= {_CPU_PERCENT:.0f} %",
            met=(len(said) <= _COMMANDS and our_share <= _CPU_PERCENT) if judged else None,
            details={"ours": dict(Counter(said)), "bare": dict(Counter(said_bare))},
        )


@asynccontextmanager
async def idling(place: Place, server: ImapProcess) -> AsyncIterator[Idle]:
    async with AsyncExitStack() as stack:
        taps = [await stack.enter_async_context(tapped(server)) for _ in range(2)]
        (ours, our_port), (bare, bare_port) = taps
        address = f"idle-{server.name}@bench.test"
        owner = {"MAIL_FROM": f"Approval agent <{address}>"}
        reach = Box(server, address).reach
        worker = await stack.enter_async_context(place.inbox_worker({**reach, **our_port, **owner}))
        program = await stack.enter_async_context(
            place.bare("follow", {**Box(server, f"bare-{address}").reach, **bare_port})
        )
        yield Idle(server.name, ours, bare, worker.process.pid, program.process.pid, time.time())
