"""The sign of life of an activity that waits for somebody else: a lost worker shows by silence."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

from temporalio import activity

# Four within the shortest heartbeat time-out (`agent.options`): a busy loop may be late with one.
BEAT_SECONDS = 5.0


@contextlib.asynccontextmanager
async def heartbeats() -> AsyncIterator[None]:
    """Beat beside the block."""

    async def beat() -> None:
        while True:
            activity.heartbeat()
            await asyncio.sleep(BEAT_SECONDS)

    task = asyncio.create_task(beat())
    try:
        yield
    finally:
        task.cancel()
