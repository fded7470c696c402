"""A listener on the wire between a client and its IMAP server: which commands, which pushes, when.

With TLS it ends both halves, by the test server's own certificate.
"""

import asyncio
import contextlib
import re
import ssl
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from tests.servers.store import HOST, ImapProcess

_COMMAND = re.compile(rb"^(?:\S+ )?(DONE|UID \w+|[A-Z]+)", re.IGNORECASE)


@dataclass
class Tap:
    """What has passed so far; times are those of the wall clock."""

    commands: list[tuple[float, str]] = field(default_factory=list)
    pushes: list[float] = field(default_factory=list)
    """When the server told of new mail."""
    fresh: asyncio.Event = field(default_factory=asyncio.Event)
    """Set at every push; whoever waits for the next one clears it before."""
    open_now: int = 0
    most_open: int = 0
    connections: int = 0
    port: int = 0

    def since(self, moment: float) -> list[str]:
        return [command for at, command in self.commands if at >= moment]

    async def pass_commands(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        while data := await reader.read(65_536):
            if command := _COMMAND.match(data):
                self.commands.append((time.time(), command[1].decode().upper()))
            writer.write(data)

    async def pass_answers(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        while data := await reader.read(65_536):
            if b" EXISTS" in data:
                self.pushes.append(time.time())
                self.fresh.set()
            writer.write(data)


@asynccontextmanager
async def tapped(server: ImapProcess) -> AsyncIterator[tuple[Tap, dict[str, str]]]:
    """The tap, and the settings of a client that is to go through it."""
    tap = Tap()
    inner, outer = _contexts(server)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        tap.connections += 1
        tap.open_now += 1
        tap.most_open = max(tap.most_open, tap.open_now)
        host = "localhost" if outer else HOST
        away = await asyncio.open_connection(host, server.port, ssl=outer)
        ways = [
            asyncio.create_task(tap.pass_commands(reader, away[1])),
            asyncio.create_task(tap.pass_answers(away[0], writer)),
        ]
        try:
            # Either end may be gone at any moment; the client sees to what that means.
            with contextlib.suppress(ConnectionError):
                done, _ = await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
                for way in done:
                    way.result()
        finally:
            tap.open_now -= 1
            for way in ways:
                way.cancel()
            for end in (writer, away[1]):
                end.close()

    listener = await asyncio.start_server(serve, HOST, 0, ssl=inner)
    tap.port = listener.sockets[0].getsockname()[1]
    try:
        yield tap, {"IMAP_PORT": str(tap.port)}
    finally:
        listener.close()


def _contexts(server: ImapProcess) -> tuple[ssl.SSLContext | None, ssl.SSLContext | None]:
    if server.certificate is None:
        return None, None
    inner = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    inner.load_cert_chain(server.certificate, server.certificate.with_name("key.pem"))
    return inner, ssl.create_default_context(cafile=server.certificate)
