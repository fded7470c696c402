"""Programs that are killed and started again; one that ends by itself is a fault."""

import asyncio
import os
import signal
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.servers.store import HOST
from tests.waiting import until

LEAVE_SECONDS = 90.0  # actions get 30 s, and a server that is away may hold up the farewell
RESTART_SECONDS = 1.0  # as a service manager does with a program that has ended by itself


@dataclass
class Program:
    """One program with one log, through all its lives, and with all its children."""

    name: str
    command: Sequence[str]
    environ: Mapping[str, str]
    directory: Path
    port: int | None = None
    """Serves here once it is up; None: it is up as soon as it runs."""
    faults: list[str] = field(default_factory=list)
    up: bool = False
    _process: asyncio.subprocess.Process | None = None
    _watching: asyncio.Task[None] | None = None
    _deliberate: bool = False
    _logged_before: int = 0

    @property
    def log(self) -> Path:
        return self.directory / f"{self.name}.log"

    async def start(self) -> None:
        self._deliberate = False
        with self.log.open("ab") as sink:
            self._logged_before = sink.tell()
            self._process = await asyncio.create_subprocess_exec(
                *self.command,
                cwd=self.directory,
                env=self.environ,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=sink,
                stderr=sink,
                # A group of its own: its children are killed with it.
                start_new_session=True,
            )
        self._watching = asyncio.create_task(self._watch(self._process))
        if self.port is not None:
            await until(self._serves, f"{self.name} on port {self.port}")
        self.up = True

    async def kill(self) -> None:
        """`kill -9`, of its children, too."""
        process = self._ended_on_purpose()
        with suppress(ProcessLookupError):  # it may end by itself in this very moment
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()

    async def stop(self) -> None:
        """SIGTERM, and a clean end."""
        process = self._ended_on_purpose()
        with suppress(ProcessLookupError):  # it may end by itself in this very moment
            process.terminate()
        try:
            async with asyncio.timeout(LEAVE_SECONDS):
                code = await process.wait()
        except TimeoutError:
            self.faults.append(f"{self.name} did not end within {LEAVE_SECONDS:.0f} s of SIGTERM")
            await self.kill()
            return
        # Before its first word it was still loading: it could not hear yet, and had begun nothing.
        loading = self.log.stat().st_size == self._logged_before
        if code != 0 and not (loading and code == -signal.SIGTERM):
            self.faults.append(f"{self.name} ended with {code} after SIGTERM")

    async def stall(self, seconds: float) -> None:
        """Stand still, as on a machine that has no time for it, and go on."""
        assert self._process is not None
        self.up = False
        with suppress(ProcessLookupError):  # it may end by itself in this very moment
            os.killpg(self._process.pid, signal.SIGSTOP)
            await asyncio.sleep(seconds)
            os.killpg(self._process.pid, signal.SIGCONT)
            self.up = True

    async def close(self) -> None:
        if self._process is not None and self._process.returncode is None:
            await self.kill()
        if self._watching is not None:
            self._watching.cancel()

    def _ended_on_purpose(self) -> asyncio.subprocess.Process:
        assert self._process is not None
        self.up = False
        self._deliberate = True
        return self._process

    async def _watch(self, process: asyncio.subprocess.Process) -> None:
        code = await process.wait()
        if self._deliberate:
            return
        self.up = False
        self.faults.append(f"{self.name} ended by itself with {code}")
        await asyncio.sleep(RESTART_SECONDS)
        await self.start()

    async def _serves(self) -> bool:
        with suppress(OSError):
            _, writer = await asyncio.open_connection(HOST, self.port)
            writer.close()
            return True
        return False
