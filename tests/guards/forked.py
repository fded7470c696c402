"""Runs pytest in a process that was forked with the libraries imported: a short test spends more
than half of its time on them."""

import contextlib
import multiprocessing
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

# Of the product itself nothing: each trial has its own.
_LIBRARIES = (
    "pytest",
    "hypothesis",
    "temporalio.client",
    "temporalio.worker",
    "temporalio.testing",
    "temporalio.contrib.pydantic",
    "pydantic_settings",
    "openai",
    "aioimaplib.aioimaplib",
    "aiosmtplib",
    "aiosmtpd.smtp",
    "pymap.backend.dict",
    "selectolax.lexbor",
    "jinja2",
    "idna",
    "rfc8785",
    "typer",
    "rich.progress",
)
_SERVER = multiprocessing.get_context("forkserver")
_SERVER.set_forkserver_preload([*_LIBRARIES])
_running: set[int] = set()
# Some of the libraries are plugins' as well, and pytest would have liked to import them itself.
_QUIET = ("-q", "-W", "ignore::pytest.PytestAssertRewriteWarning", "-p", "no:cacheprovider")


def run_pytest(
    directory: Path,
    arguments: Sequence[str],
    output: Path,
    seconds: float,
    *,
    bytecode: bool = False,
) -> int:
    """Pytest's exit code, or a negative one if it has not ended in time; what it writes goes to
    `output`. `bytecode`: whether what is compiled is kept, for what a changed file becomes must not
    be taken for another change's."""
    given = (str(directory), tuple(arguments), str(output), bytecode)
    output.write_bytes(b"")
    process = _SERVER.Process(target=_child, args=given)
    process.start()
    assert process.pid is not None
    _running.add(process.pid)
    process.join(seconds)
    if process.exitcode is None:
        _kill(process.pid)
        process.join()
    _running.discard(process.pid)
    return process.exitcode or 0


def end_all() -> None:
    """With the servers that they have started."""
    for pid in [*_running]:
        _kill(pid)


def _kill(pid: int) -> None:
    # Gone already, or not the leader of its group yet: then there is nothing else to end.
    with contextlib.suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)


def _child(directory: str, arguments: tuple[str, ...], output: str, bytecode: bool) -> None:
    os.setsid()
    written = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    for stream in (1, 2):
        os.dup2(written, stream)
    os.chdir(directory)
    here = str(Path(__file__).parents[2])
    sys.path[:] = [directory, *(path for path in sys.path if path not in ("", here))]
    # This file is of the package `tests`, which the trial has of its own.
    for name in [name for name in sys.modules if name.partition(".")[0] == "tests"]:
        del sys.modules[name]
    sys.dont_write_bytecode = not bytecode
    sys.exit(pytest.main([*_QUIET, *arguments]))
