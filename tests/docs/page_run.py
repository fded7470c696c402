"""Does what a page says, line by line, and looks whether it went as the page shows."""

import asyncio
import os
import re
import signal
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.docs import programs
from tests.docs.blocks import Command, File
from tests.docs.shape import Names, unmatched
from tests.waiting import POLL_SECONDS

DEADLINE_SECONDS = 120.0
LOOKING_SECONDS = 20.0
GRACE_SECONDS = 15.0
TAIL_LINES = 30
# What a line has exported, and where it went, holds for the next one as in a terminal.
_LINE = """\
set -e -o pipefail
[ ! -e "$PAGE_STATE/exported" ] || . "$PAGE_STATE/exported"
cd "$(cat "$PAGE_STATE/directory")"
trap 'code=$?; export -p > "$PAGE_STATE/exported"; pwd > "$PAGE_STATE/directory"; exit $code' EXIT
{command}
"""


class PageError(AssertionError):
    """A page is not right; the text names line and command."""


@dataclass
class Program:
    command: Command
    process: asyncio.subprocess.Process
    printed: Path

    def output(self) -> str:
        return self.printed.read_text(encoding="utf-8", errors="replace")


@dataclass
class PageRun:
    """One page, in one copy of the repository."""

    page: str
    directory: Path
    state: Path
    environ: Mapping[str, str]
    names: Names = field(default_factory=Names)
    _started: list[Program] = field(default_factory=list)
    _servers: list[Program] = field(default_factory=list)
    _waiting: list[Program] = field(default_factory=list)
    _count: int = 0

    def __post_init__(self) -> None:
        # Those of examples say "in this folder"; all others mean the repository's.
        place = Path(self.page).parent if self.page.startswith("examples/") else Path()
        (self.state / "directory").write_text(f"{self.directory / place}\n")

    def write(self, file: File) -> None:
        target = self.directory / file.path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(self.names.put_into(file.content), encoding="utf-8")

    async def run(self, command: Command) -> None:
        if "…" in command.text:
            raise PageError(f"{self.page}:{command.line}: nobody can run what holds …")
        program = await self._start(command)
        serves = programs.ready(command.text)
        if serves is not None and not programs.is_help(command.text):
            self._servers.append(program)
            await self._until_ready(program, serves)
        elif re.search(programs.WAITING, command.text) and command.code == 0:
            self._waiting.append(program)
            await self._until_asked(program)
        else:
            await self._until_done(program)

    async def end(self) -> None:
        """What waited must have ended as the page shows it."""
        for program in self._waiting:
            await self._until_done(program)

    async def clear_up(self) -> None:
        # Every one: what was sent to the background lives on in its group.
        for program in reversed(self._started):
            await _stop(program.process)

    async def _start(self, command: Command) -> Program:
        self._count += 1
        printed = self.state / f"{self._count}.txt"
        typed = programs.to_run(self.names.put_into(command.text))
        with printed.open("wb") as sink:
            process = await asyncio.create_subprocess_exec(
                "bash",
                "-c",
                _LINE.replace("{command}", typed),
                cwd=self.directory,
                env={**self.environ, "PAGE_STATE": str(self.state)},
                stdin=asyncio.subprocess.DEVNULL,
                stdout=sink,
                stderr=asyncio.subprocess.STDOUT,
                start_new_session=True,
            )
        program = Program(command, process, printed)
        self._started.append(program)
        return program

    async def _until_ready(self, server: Program, text: str) -> None:
        async def ready() -> bool:
            if server.process.returncode is not None:
                raise self._fault(server, f"it ended with {server.process.returncode}")
            if not re.search(text, server.output(), re.M):
                return False
            return not self._missing(server)

        await self._until(ready, server, f"it never said {text!r} and what the page shows")

    async def _until_asked(self, waiting: Program) -> None:
        shown = [line for line in waiting.command.sample if programs.ASKED in line]
        if not shown:
            self._waiting.remove(waiting)
            await self._until_done(waiting)
            return
        first = waiting.command.sample[: waiting.command.sample.index(shown[-1]) + 1]

        async def asked() -> bool:
            return not unmatched(first, waiting.output(), self.names)

        await self._until(asked, waiting, f"it never showed {shown[-1]!r}")

    async def _until_done(self, program: Program) -> None:
        loop = asyncio.get_running_loop()
        end, soon = loop.time() + DEADLINE_SECONDS, loop.time() + LOOKING_SECONDS
        while True:
            try:
                async with asyncio.timeout_at(end):
                    code = await program.process.wait()
            except TimeoutError:
                raise self._fault(program, f"it did not end in {DEADLINE_SECONDS:.0f} s") from None
            missing = self._missing(program)
            if code == program.command.code and not missing:
                return
            if not re.search(programs.LOOKS, program.command.text) or loop.time() > soon:
                break
            program = await self._start(program.command)
        if code != program.command.code:
            raise self._fault(program, f"exit code {code} instead of {program.command.code}")
        raise self._fault(program, "it does not print this line of the page:\n" + missing[0])

    async def _until(self, reached, program: Program, fault: str) -> None:
        loop = asyncio.get_running_loop()
        end = loop.time() + DEADLINE_SECONDS
        while not await reached():
            if loop.time() > end or program.process.returncode is not None and not await reached():
                raise self._fault(program, fault)
            await asyncio.sleep(POLL_SECONDS)

    def _missing(self, program: Program) -> list[str]:
        return unmatched(program.command.sample, program.output(), self.names)

    def _fault(self, program: Program, what: str) -> PageError:
        said = [(program, program.output())]
        said += [(server, server.output()) for server in self._servers if server is not program]
        tails = [
            f"--- {one.command.text} ---\n" + "\n".join(text.splitlines()[-TAIL_LINES:])
            for one, text in said
        ]
        where = f"{self.page}:{program.command.line}: {program.command.text}"
        return PageError("\n".join([where, what, *tails]))


async def _stop(process: asyncio.subprocess.Process) -> None:
    """End a program and all that it has started."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        if process.returncode is None:
            try:
                async with asyncio.timeout(GRACE_SECONDS):
                    await process.wait()
            except TimeoutError:
                continue
