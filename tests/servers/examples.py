"""The programs of `examples/`, built as their pages say; what is there already is built again in
seconds. `python -m tests.servers.examples` builds them all."""

import asyncio
import fcntl
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from demo.build_step import BuildError, run_step
from demo.cache import cache_directory

EXAMPLES = Path(__file__).parents[2] / "examples"
_GO = EXAMPLES / "go"
_TYPESCRIPT = EXAMPLES / "typescript"
Command = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Language:
    """The same three programs in one language, and what it takes to build them."""

    name: str
    directory: Path
    needs: tuple[Command, ...]
    """Commands that succeed where the tools are there, and new enough."""
    steps: tuple[Command, ...]
    checks: tuple[Command, ...]
    """Those of the language; Python's are this project's own."""
    programs: Mapping[str, Command]
    """`worker`, `payout` and `ask`: their command lines."""
    workflow: str
    seconds: str
    """How a time-out is written."""

    @property
    def fault(self) -> str:
        """Why it cannot be built on this machine; '' if it can."""
        for command in self.needs:
            if shutil.which(command[0]) is None:
                return f"{command[0]} is not installed"
            run = subprocess.run(command, cwd=self.directory, capture_output=True, text=True)
            if run.returncode:
                said = run.stderr.strip().splitlines()[-1:]
                return " ".join([f"{command[0]} is too old for it", *said])
        return ""


LANGUAGES = {
    "go": Language(
        "go",
        _GO,
        (("go", "list", "-m"),),
        (("go", "build", "-o", "bin/", "./..."),),
        (("go", "vet", "./..."), ("go", "test", "./...")),
        {
            "worker": ("env", f"{_GO}/bin/worker"),
            "payout": ("env", f"{_GO}/bin/starter"),
            "ask": ("env", f"{_GO}/bin/ask"),
        },
        "PayoutWorkflow",
        "{}s",
    ),
    "typescript": Language(
        "typescript",
        _TYPESCRIPT,
        (
            ("node", "-e", "process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)"),
            ("npm", "-v"),
        ),
        (("npm", "run", "build"),),
        (("npm", "test"),),
        {
            "worker": ("node", f"{_TYPESCRIPT}/lib/worker.js"),
            "payout": ("node", f"{_TYPESCRIPT}/lib/starter.js"),
            "ask": ("node", f"{_TYPESCRIPT}/lib/ask.js"),
        },
        "payoutWorkflow",
        "{}",
    ),
    "python": Language(
        "python",
        EXAMPLES / "python",
        (),
        (),
        (),
        {
            "worker": (sys.executable, f"{EXAMPLES}/python/payout_worker.py"),
            "payout": (sys.executable, f"{EXAMPLES}/python/payout_starter.py"),
            "ask": (sys.executable, f"{EXAMPLES}/python/ask.py"),
        },
        "PayoutWorkflow",
        "{}",
    ),
}


async def build(language: Language, console: Console) -> None:
    """Raises BuildError, also for a tool that is missing."""
    if language.fault:
        raise BuildError(language.fault)
    with _alone(language):
        for step in (*_installation(language), *language.steps):
            what = f"{language.name}: {' '.join(step)}"
            console.print(what, markup=False)
            await run_step(what, step, console, directory=language.directory)


def _installation(language: Language) -> Iterator[tuple[str, ...]]:
    lock = language.directory / "package-lock.json"
    installed = language.directory / "node_modules" / ".package-lock.json"
    if lock.exists() and not (
        installed.exists() and installed.stat().st_mtime >= lock.stat().st_mtime
    ):
        yield ("npm", "ci")


@contextmanager
def _alone(language: Language) -> Iterator[None]:
    """Tests run in several processes, and `npm ci` deletes what another one has installed."""
    with (cache_directory() / f"examples-{language.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


async def build_all(console: Console) -> list[str]:
    """Why some could not be built; for people to read."""
    faults = []
    for language in LANGUAGES.values():
        try:
            await build(language, console)
        except BuildError as error:
            faults.append(f"examples/{language.name}: {error}")
    return faults


if __name__ == "__main__":
    print("\n".join(asyncio.run(build_all(Console(stderr=True)))))
