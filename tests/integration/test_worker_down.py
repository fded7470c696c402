"""No worker over the deadline: in real time, since virtual time stands still without one."""

import asyncio
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from agent.tools.shop import Shop
from tests.virtual.world import A, World

SECONDS = 12  # a worker's whole life and a vote fit before the deadline, on a busy machine, too


@pytest.fixture
async def world(temporal, tmp_path):
    Shop(tmp_path / "shop.sqlite3").prepare()

    async def now():
        return datetime.now(UTC)

    return World(SimpleNamespace(client=temporal.client, get_current_time=now), tmp_path)


@pytest.mark.parametrize(("arrived", "outcome"), [(-2, "approved"), (+1, "expired")])
async def test_votes_count_by_arrival_not_by_when_they_are_handled(world, arrived, outcome):
    async with world.worker():
        asked = await world.ask(A, seconds=SECONDS)
        await asked.asked()
        deadline = datetime.fromisoformat((await asked.handle.query("status"))["expires_at"])
    await asked.vote(A, True, at=deadline + timedelta(seconds=arrived))
    await until(deadline)
    async with world.worker():
        assert (await asked.handle.result())["outcome"] == outcome


async def test_an_operators_decision_counts_from_when_it_is_handled(world):
    async with world.worker():
        asked = await world.ask(A, seconds=SECONDS)
        await asked.asked()
        deadline = datetime.fromisoformat((await asked.handle.query("status"))["expires_at"])
    await asked.operator(True)
    await until(deadline)
    async with world.worker():
        assert (await asked.handle.result())["outcome"] == "expired"


async def until(deadline):
    left = (deadline - datetime.now(UTC)).total_seconds()
    await asyncio.sleep(max(left, 0) + 0.5)
