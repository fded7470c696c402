"""As much HTTP/1.1 as a JSON service on loopback needs: POST bodies, keep-alive, plain answers."""

import asyncio
import contextlib
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from demo.accounts import LOOPBACK


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """One request; header names are in lower case."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class HttpResponse:
    status: int
    body: Mapping[str, Any]
    headers: Mapping[str, str] = field(default_factory=dict)


class HttpServer:
    """Answers every request with what `handle` returns; port 0 takes a free one."""

    def __init__(self, handle: Callable[[HttpRequest], Awaitable[HttpResponse]]) -> None:
        self._handle = handle
        self._server: asyncio.Server | None = None
        self._connections: dict[asyncio.Task[None], asyncio.StreamWriter] = {}

    @property
    def port(self) -> int:
        assert self._server is not None, "the HTTP server is not running"
        return int(self._server.sockets[0].getsockname()[1])

    async def start(self, port: int, host: str = LOOPBACK) -> None:
        self._server = await asyncio.start_server(self._serve, host, port)

    async def stop(self) -> None:
        if self._server is None:
            return
        self._server.close()
        tasks = dict(self._connections)
        for task, writer in tasks.items():
            writer.transport.abort()
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._connections[task] = writer
        try:
            # Cancelled by `stop` alone; asyncio would log a task that ends so as an error.
            ended = (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError)
            with contextlib.suppress(*ended):
                while (request := await _read(reader)) is not None:
                    writer.write(_encode(await self._handle(request)))
                    await writer.drain()
                    if request.headers.get("connection", "").lower() == "close":
                        break
        finally:
            writer.close()
            del self._connections[task]


async def _read(reader: asyncio.StreamReader) -> HttpRequest | None:
    """The next request of a connection; None where it ends."""
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    except asyncio.IncompleteReadError:
        return None
    first, *lines = head.rstrip("\r\n").split("\r\n")
    method, path, _ = first.split(" ", 2)
    headers = {name.strip().lower(): value.strip() for name, _, value in map(_field, lines)}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return HttpRequest(method, path.partition("?")[0], headers, body)


def _field(line: str) -> tuple[str, str, str]:
    return line.partition(":")


def _encode(response: HttpResponse) -> bytes:
    body = json.dumps(response.body).encode()
    headers = {
        "content-type": "application/json",
        "content-length": str(len(body)),
        **response.headers,
    }
    lines = [f"HTTP/1.1 {response.status} {HTTPStatus(response.status).phrase}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body
