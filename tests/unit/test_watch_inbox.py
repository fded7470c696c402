"""The poller's heartbeat says that the mailbox is being read: it stops when that is not so."""

import asyncio
from typing import Any

import pytest
from temporalio.testing import ActivityEnvironment

from agent.activities import watch_inbox
from agent.activities.watch_inbox import Watch
from agent.jobs import Cursor


async def beats(seconds: float, step: float) -> int:
    """How often a watch beats in a time whose one step may take `step`."""
    counted = 0

    def heartbeat(*details: Any) -> None:
        nonlocal counted
        counted += 1

    async def watching() -> None:
        client: Any = None
        watch = Watch(Cursor(), client)
        watch.step(step)
        async with watch.heartbeats():
            await asyncio.sleep(seconds)

    environment = ActivityEnvironment()
    environment.on_heartbeat = heartbeat
    await environment.run(watching)
    return counted


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(watch_inbox, "BEAT_SECONDS", 0.01)


async def test_it_beats_while_its_step_is_in_time():
    assert await beats(0.5, step=60) > 5


async def test_it_falls_silent_when_its_step_is_stuck():
    assert await beats(0.5, step=0.1) < 15
    assert await beats(0.5, step=-1) == 0
