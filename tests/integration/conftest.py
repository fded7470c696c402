"""Deployments for the integration tests: one a module, which its tests share."""

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
import pytest_asyncio

from agent.tools.shop import Shop
from demo.children import Child
from demo.model import ScriptedModel
from demo.temporal_server import Temporal
from tests.integration.office import Mail, Office, office_environment


@asynccontextmanager
async def opened(
    temporal: Temporal, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Office]:
    agent = f"agent-{secrets.token_hex(4)}@demo.test"
    directory = tmp_path_factory.mktemp("office")
    async with Mail(agent) as mail, ScriptedModel() as model:
        environ = office_environment(temporal, mail, agent, model.base_url, directory)
        Shop(directory / "shop.sqlite3").prepare()
        yield Office(temporal, mail, model, directory, agent, environ)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def office(
    temporal: Temporal, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Office]:
    """Servers and settings; no worker runs yet."""
    async with opened(temporal, tmp_path_factory) as office:
        yield office


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def worker(office: Office) -> AsyncIterator[Child]:
    """One worker for all tests of a module that do not start one of their own."""
    async with office.worker() as worker:
        yield worker
