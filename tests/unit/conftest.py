"""The scripted model, and the real openai SDK as its client."""

from collections.abc import AsyncIterator

import pytest
from openai import AsyncOpenAI

from demo.model import ScriptedModel


@pytest.fixture
async def model() -> AsyncIterator[ScriptedModel]:
    async with ScriptedModel() as running:
        yield running


@pytest.fixture
async def client(model: ScriptedModel) -> AsyncIterator[AsyncOpenAI]:
    async with AsyncOpenAI(base_url=model.base_url, api_key="any", max_retries=0) as client:
        yield client
