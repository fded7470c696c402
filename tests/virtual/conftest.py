"""Temporal's test server, in which days pass in milliseconds: one for each test.

Shared, what one test leaves open reaches its deadline in another, or has a task that nobody takes,
which keeps time from being skipped for all.
"""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
import pytest_asyncio
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.testing import WorkflowEnvironment

from agent.tools.shop import Shop
from tests.time_skipping import prepared_test_server
from tests.virtual.world import World


@pytest_asyncio.fixture(loop_scope="session")
async def skipping() -> AsyncIterator[WorkflowEnvironment]:
    path = prepared_test_server()
    if path is None:
        pytest.skip("no Temporal test server: `python -m tests.time_skipping` says what is missing")
    async with await WorkflowEnvironment.start_time_skipping(
        test_server_existing_path=str(path),
        test_server_startup_timeout=timedelta(seconds=60),  # at 5 a busy machine's Java is late
        data_converter=pydantic_data_converter,
    ) as env:
        # Left to itself the server skips while a result is awaited, and does not stop when it has
        # come: to the next timer of anything that ever ran, be it years away.
        with env.auto_time_skipping_disabled():
            yield env


@pytest_asyncio.fixture(loop_scope="session")
async def world(skipping, tmp_path) -> World:
    Shop(tmp_path / "shop.sqlite3").prepare()
    return World(skipping, tmp_path)
