"""Approvals waiting: thousands, and the memory of the worker that keeps them, over time."""

import asyncio
import time
from dataclasses import dataclass

from bench.place import Place
from bench.process import memory
from bench.replies import Asked, start_approvals
from bench.report import Row
from bench.tap import Tap

_CACHED = 2_000  # by then the worker's cache of 1,000 workflows has long been full
_GROWTH = 1.1  # flat, but for what allocators keep
_SAMPLE_SECONDS = 0.5
_MAILS = 2  # each approval asks two people


@dataclass(frozen=True, slots=True)
class Sample:
    seconds: float
    asked: int
    megabytes: float


async def fill(
    place: Place, worker: int, count: int, tap: Tap, server: str
) -> tuple[Row, list[Asked]]:
    """Start so many approvals; return the row, and the approvals for other benches."""
    task = place.progress.add_task(f"{count:,} approvals start to wait", total=count)
    samples: list[Sample] = []
    before = place.sink.messages
    start = time.monotonic()

    async def watch() -> None:
        while True:
            asked = (place.sink.messages - before) // _MAILS
            samples.append(Sample(time.monotonic() - start, asked, memory(worker)))
            place.progress.update(task, completed=asked)
            await asyncio.sleep(_SAMPLE_SECONDS)

    watching = asyncio.create_task(watch())
    asked = await start_approvals(place.client, place.queue, place.keyring, count)
    await place.quiet(before + _MAILS * count, 1_800.0)
    await asyncio.sleep(_SAMPLE_SECONDS * 4)
    watching.cancel()
    return _row(count, samples, tap, server), asked


def _row(count: int, samples: list[Sample], tap: Tap, server: str) -> Row:
    full = next((s for s in samples if s.asked >= min(_CACHED, count // 2)), samples[-1])
    last = samples[-1]
    growth = last.megabytes / full.megabytes
    flat = growth <= _GROWTH and tap.most_open == 1
    return Row(
        what=f"{count:,} approvals waiting: worker's memory",
        server=server,
        ours=f"{last.megabytes:.0f} MB, {tap.most_open} IMAP connection",
        bare=f"{full.megabytes:.0f} MB at {full.asked:,}",
        ratio=growth,
        goal=f"<= {_GROWTH} x, 1 connection",
        # With fewer the cache is not full yet, and memory has to grow.
        met=flat if count >= 2 * _CACHED else None,
        details={"samples": [(s.seconds, s.asked, s.megabytes) for s in samples]},
    )
