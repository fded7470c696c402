"""Many approvals may end in the same second: they share one sweep of the inbox."""

import asyncio
from collections.abc import Awaitable, Callable


class SharedSweep:
    """Callers at the same time share one sweep, and one that begins after all of them called."""

    def __init__(self, run: Callable[[], Awaitable[None]]) -> None:
        self._run = run
        self._running: asyncio.Task[None] | None = None
        self._next: asyncio.Task[None] | None = None

    async def join(self) -> None:
        if self._next is None:
            self._next = asyncio.create_task(self._after(self._running))
        # One caller's cancellation must not take the sweep from the others.
        await asyncio.shield(self._next)

    async def _after(self, earlier: asyncio.Task[None] | None) -> None:
        if earlier is not None:
            await asyncio.wait([earlier])
        self._running, self._next = self._next, None
        await self._run()
