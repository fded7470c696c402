"""A flood of unrelated mail before one true reply: how soon is it heard, at what memory?"""

import asyncio
import time
from dataclasses import dataclass

from bench.mailbox import Box, write_files
from bench.place import Place
from bench.process import MB, memory
from bench.push import taken
from bench.replies import Asked, replies
from bench.report import Row
from tests.servers.store import ImapProcess
from tests.waiting import logged

LIMIT_SECONDS = 15.0
LIMIT_MB = 150.0
_LARGE = 20 * MB
_HEAD = b"From: news@elsewhere.test\r\nTo: all@bench.test\r\nSubject: Our offers\r\n\r\n"
_SMALL = _HEAD + b"Nothing but an offer, as there are many.\r\n" * 40
_PATIENCE_SECONDS = 600.0


@dataclass(frozen=True, slots=True)
class Flooded:
    """How a flood ended."""

    messages: int
    """Unrelated ones."""
    signalled_seconds: float
    """From the delivery of all of it."""
    emptied_seconds: float
    idle_mb: float
    peak_mb: float
    unmatched: int
    processed: int

    @property
    def grown_mb(self) -> float:
        return self.peak_mb - self.idle_mb


async def flood(place: Place, server: ImapProcess, asked: Asked, small: int, large: int) -> Flooded:
    """Deliver so many small messages and so many of 20 MB to a worker that waits, then the reply
    to `asked`. Only for Dovecot, whose files can be linked."""
    box = Box(server, f"flood-{small}@bench.test")
    (reply,) = replies(place.keyring, [asked])
    async with place.inbox_worker(box.reach) as worker:
        pid = worker.process.pid
        await asyncio.sleep(1)
        idle = memory(pid)
        maildir = box.maildir()
        assert maildir is not None
        big = _HEAD + (b"y" * 76 + b"\r\n") * (_LARGE // 78)
        await asyncio.to_thread(write_files, maildir, [(_SMALL, small), (big, large), (reply, 1)])
        start = time.time()
        await logged(worker, f"to approval {asked.request_id}", _PATIENCE_SECONDS)
        heard = await taken(place.client, asked) - start
        gone = await emptied(box, start)
        return Flooded(
            messages=small + large,
            signalled_seconds=heard,
            emptied_seconds=gone,
            idle_mb=idle,
            peak_mb=memory(pid, "VmHWM"),
            unmatched=await asyncio.to_thread(box.count, "Unmatched"),
            processed=await asyncio.to_thread(box.count, "Processed"),
        )


def row_of(flooded: Flooded, server: str) -> Row:
    lost = flooded.messages + 1 - flooded.unmatched - flooded.processed
    return Row(
        what=f"one reply after {flooded.messages:,} unrelated messages",
        server=server,
        ours=f"{flooded.signalled_seconds:.1f} s, +{flooded.grown_mb:.0f} MB, {lost} lost, "
        f"put away at {flooded.messages / flooded.emptied_seconds:,.0f}/s",
        bare="",
        ratio=None,
        goal=f"<= {LIMIT_SECONDS:.0f} s, <= {LIMIT_MB:.0f} MB, 0 lost",
        met=flooded.signalled_seconds <= LIMIT_SECONDS
        and flooded.grown_mb <= LIMIT_MB
        and lost == 0,
    )


async def emptied(box: Box, start: float) -> float:
    end = start + _PATIENCE_SECONDS
    while await asyncio.to_thread(box.count):
        assert time.time() < end, "the flood was never put away"
        await asyncio.sleep(0.5)
    return time.time() - start
