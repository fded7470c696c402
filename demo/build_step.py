"""Runs one long set-up command (`go install`, `mvn`) with a sign of life while it works."""

import asyncio
import os
import signal
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from rich.console import Console

STEP_SECONDS = 20 * 60
TAIL_LINES = 8


class BuildError(Exception):
    """The command is missing, failed, or took longer than any machine should need."""


async def run_step(
    what: str,
    command: Sequence[str],
    console: Console,
    directory: Path | None = None,
    environ: Mapping[str, str] | None = None,
) -> None:
    """Run the command to its end; BuildError holds the last lines it wrote."""
    process = await asyncio.create_subprocess_exec(
        *command,
        cwd=directory,
        env={**os.environ, **(environ or {})},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        # A group of its own: compilers that it starts end with it.
        start_new_session=True,
    )
    try:
        async with asyncio.timeout(STEP_SECONDS):
            output = await _output_with_progress(process, what, console)
    except TimeoutError:
        raise BuildError(f"no end after {STEP_SECONDS // 60} minutes") from None
    finally:
        if process.returncode is None:
            os.killpg(process.pid, signal.SIGKILL)
            await process.wait()
    if process.returncode:
        lines = output.decode(errors="replace").strip().splitlines()
        raise BuildError("\n".join(lines[-TAIL_LINES:]) or f"exit code {process.returncode}")


async def _output_with_progress(
    process: asyncio.subprocess.Process, what: str, console: Console
) -> bytes:
    started = time.monotonic()
    ending = asyncio.ensure_future(process.communicate())
    with console.status(what) as status:
        said = 0.0
        while not (await asyncio.wait({ending}, timeout=1))[0]:
            elapsed = time.monotonic() - started
            status.update(f"{what} … {elapsed:.0f} s")
            # A status line is not shown where the output is a file or a CI log.
            if not console.is_terminal and elapsed - said >= 30:
                said = elapsed
                console.print(f"  … still working after {elapsed:.0f} s")
    return (await ending)[0]
