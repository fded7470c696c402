"""The model asked as a worker asks it: by the real openai SDK, of a server on loopback."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from agent.activities.propose import ProposeActivities, make_client
from agent.jobs import Proposal, ProposeInput
from agent.model_faults import Api
from agent.tools.registry import Registry, collect
from agent.tools.shop import Shop
from demo.model import Answer, ScriptedModel
from demo.model_rules import ApiError
from tests.planted import MODEL_KEY as KEY

API: Api = "responses"
"""What is spoken where a test does not say: fixtures set it."""
REGISTRY = Registry(collect(Shop(Path("never-opened"))))


async def proposed(
    base_url: str,
    request: str = "Cancel order 1042",
    items=(),
    api: Api | None = None,
    strict: bool = True,
) -> Proposal:
    async with make_client(KEY, base_url) as client:
        activities = ProposeActivities(client, "demo", REGISTRY, api or API, strict)
        job = ProposeInput(user_request=request, items=tuple(items))
        return await ActivityEnvironment().run(activities.propose, job)


async def scripted(answer: Answer | ApiError, api: Api | None = None) -> Proposal:
    async with ScriptedModel(lambda request: answer) as model:
        return await proposed(model.base_url, api=api)


async def failure(answer: Answer | ApiError, api: Api | None = None) -> ApplicationError:
    with pytest.raises(ApplicationError) as caught:
        await scripted(answer, api)
    return caught.value


@asynccontextmanager
async def answering(raw: bytes, tls: ssl.SSLContext | None = None) -> AsyncIterator[str]:
    """A server that answers every request with these bytes, and closes."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(raw)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=tls)
    async with server:
        yield f"http{'s' * bool(tls)}://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"


def http(kind: str, body: bytes) -> bytes:
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n"
    return head.encode() + b"Connection: close\r\n\r\n" + body
