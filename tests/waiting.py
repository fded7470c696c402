"""Waiting for what real parts do in their own time: polled often, and given up on in the end."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TypeVar

from temporalio.client import WorkflowQueryFailedError
from temporalio.service import RPCError

from demo.children import Child

POLL_SECONDS = 0.05
PATIENCE_SECONDS = 60.0  # only a failure takes so long; a busy machine needs some of it

T = TypeVar("T")


async def until(
    found: Callable[[], Awaitable[T]], what: str, seconds: float = PATIENCE_SECONDS
) -> T:
    """The first result that is true, asked for until patience ends."""
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds
    while loop.time() < end:
        # A workflow that is about to start is no error yet, nor is one whose worker changes.
        with suppress(RPCError, WorkflowQueryFailedError):
            if result := await found():
                return result
        await asyncio.sleep(POLL_SECONDS)
    raise AssertionError(f"never came: {what}")


async def logged(worker: Child, text: str, seconds: float = PATIENCE_SECONDS) -> str:
    """The first line of a worker's log with this text, once it is there."""

    async def line() -> str | None:
        log, code = worker.log_text(), worker.process.returncode
        found = next((line for line in log.splitlines() if text in line), None)
        assert found or code is None, f"the worker ended with {code} before {text!r}:\n{log}"
        return found

    return str(await until(line, f"{text!r} in the worker's log", seconds))
