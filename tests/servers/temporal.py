"""A Temporal dev server that can be stopped or killed, and remembers."""

import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter

from demo.children import Child, child
from demo.temporal_server import Temporal
from tests.servers.store import HOST, free_port
from tests.waiting import until


class TemporalProcess:
    """One database and one port, whatever becomes of the process."""

    def __init__(self, path: str, directory: Path) -> None:
        self.address = f"{HOST}:{free_port()}"
        self._path = path
        self._directory = directory
        self._child: Child | None = None

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Temporal]:
        """The server, once it answers."""
        host, port = self.address.split(":")
        command = [self._path, "server", "start-dev", "--ip", host, "--port", port, "--headless"]
        command += ["--db-filename", str(self._directory / "db")]
        async with child(command, {"HOME": str(self._directory)}, self._directory) as process:
            self._child = process
            client = await until(self._connected, "a Temporal server")
            assert client is not None
            yield Temporal(self.address, client, throwaway=True)

    async def kill(self) -> None:
        """As a crash of its machine ends it."""
        assert self._child is not None
        self._child.process.kill()
        assert await self._child.process.wait() == -signal.SIGKILL

    async def _connected(self) -> Client | None:
        try:
            return await Client.connect(self.address, data_converter=pydantic_data_converter)
        except RuntimeError:
            return None
