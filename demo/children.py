"""The demo's subprocesses: started with a log file each, stopped gently, never left behind."""

import asyncio
import signal
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

GRACE_SECONDS = 15.0


@dataclass(frozen=True, slots=True)
class Child:
    """A running program; `log` holds its standard error, and its output unless that is read."""

    name: str
    process: asyncio.subprocess.Process
    log: Path

    def log_text(self) -> str:
        return self.log.read_text(errors="replace")


@asynccontextmanager
async def child(
    command: Sequence[str], environ: Mapping[str, str], directory: Path, read_output: bool = False
) -> AsyncIterator[Child]:
    """A subprocess for as long as the block lasts; its log stays in `directory`."""
    name = Path(command[1]).stem
    log = directory / f"{name}.log"
    with log.open("wb") as sink:
        process = await asyncio.create_subprocess_exec(
            *command,
            cwd=directory,
            env=environ,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE if read_output else sink,
            stderr=sink,
            # Ctrl-C in a terminal reaches us alone: we end them in order.
            start_new_session=True,
        )
    try:
        yield Child(name, process, log)
    finally:
        await _stop(process)


async def _stop(process: asyncio.subprocess.Process) -> None:
    if process.returncode is not None:
        return
    process.send_signal(signal.SIGTERM)
    try:
        async with asyncio.timeout(GRACE_SECONDS):
            await process.wait()
    except (TimeoutError, asyncio.CancelledError):
        process.kill()
        await process.wait()
