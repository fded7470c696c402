"""Between a worker and a server: acts the moment given bytes are on their way."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager


class Proxy:
    """Passes everything on, until the client sends `trigger`, or the server `answer`: then `act`,
    once, and nothing more of that connection."""

    def __init__(
        self,
        host: str,
        port: int,
        trigger: bytes,
        act: Callable[[], None],
        answer: bytes = b"",
    ) -> None:
        self._target = host, port
        self._trigger = trigger
        self._answer = answer
        self._act = act
        self.fired = asyncio.Event()
        self.port = 0
        self._open: set[asyncio.StreamWriter] = set()

    def cut(self) -> None:
        """Break every connection that there is."""
        for writer in self._open:
            writer.transport.abort()

    @asynccontextmanager
    async def serving(self) -> AsyncIterator["Proxy"]:
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            away = await asyncio.open_connection(*self._target)
        except OSError:
            writer.close()  # as where nobody listens
            return
        self._open.add(writer)
        tasks = [
            asyncio.create_task(self._pass(reader, away[1], self._trigger)),
            asyncio.create_task(self._pass(away[0], writer, self._answer)),
        ]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._open.discard(writer)
            for task in tasks:
                task.cancel()
            for end in (writer, away[1]):
                end.close()

    async def _pass(
        self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, trigger: bytes
    ) -> None:
        # Either end may be gone at any moment: that is what these tests are about.
        with contextlib.suppress(ConnectionError):
            while data := await source.read(65_536):
                if trigger and trigger in data and not self.fired.is_set():
                    self._act()
                    self.fired.set()
                    return
                sink.write(data)
                await sink.drain()
