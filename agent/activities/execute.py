"""Runs a tool: exactly what was approved, or nothing."""

import asyncio
import contextlib
import contextvars
import hmac
import inspect
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from datetime import timedelta
from typing import Any, TypeVar

from temporalio import activity
from temporalio.exceptions import ApplicationError

from agent.activities.heartbeat import heartbeats
from agent.activities.pausing import next_delay
from agent.canonical import action_digest
from agent.consent import fault_of
from agent.errors import OutcomeUnknown, ToolError
from agent.jobs import ExecuteInput, ExecuteResult
from agent.policy import needs_approval
from agent.report import cut
from agent.settings import Settings
from agent.tools.registry import Registry, Tool, ToolContext
from agent.tools.results import as_text

T = TypeVar("T")

# As many as a worker runs activities at a time. Threads of their own, for they may be held for an
# hour: the loop's few are needed to look names up, to reach mail servers and to read mail.
_AT_ONCE = 100
_LONGEST = 32 * 1024  # characters: beyond what Temporal takes, nobody would know that it was done


class ExecuteActivities:
    """Holds the tools and, through them, their secrets."""

    def __init__(self, registry: Registry, settings: Settings) -> None:
        self._registry = registry
        self._settings = settings
        self._threads = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="tool")

    @activity.defn
    async def execute(self, job: ExecuteInput) -> ExecuteResult:
        """A tool's own no is a result. Any other error of a tool says nothing about what it has
        done, so it is raised: an idempotent tool is tried again, for others the outcome is unknown.
        """
        action = job.action
        tool = self._registry.get(action.action_type)
        if tool is None:
            return ExecuteResult(done=False, text=f"this worker has no tool {action.action_type!r}")
        digest = action_digest(job.request_id, action.action_type, action.arguments)
        if not hmac.compare_digest(digest, job.digest):
            return ExecuteResult(done=False, text="refused: this is not the action agreed to")
        asks = needs_approval(tool.risk, self._settings.approval_min_risk)
        operators_count = self._settings.operator_decisions == "allow"
        if fault := fault_of(job, asks, operators_count, self._settings.keyring):
            return ExecuteResult(done=False, text=f"refused: {fault}")
        activity.logger.info("executing %s for %s", action.action_type, job.request_id)
        context = ToolContext(job.request_id, activity.info().attempt)
        async with heartbeats():
            try:
                text = await _call(tool, action.arguments, context, self._threads)
            except ToolError as error:
                return ExecuteResult(done=False, text=cut(as_text(str(error)), _LONGEST))
            except OutcomeUnknown as error:
                if (delay := next_delay(error.retry_after)) is None:
                    raise
                raise _told(error, delay) from error.__cause__
        return ExecuteResult(done=True, text=cut(text, _LONGEST))


def _told(error: OutcomeUnknown, delay: timedelta) -> ApplicationError:
    """The same, as Temporal takes a delay with it, and from where it arose."""
    told = ApplicationError(str(error), type=type(error).__name__, next_retry_delay=delay)
    return told.with_traceback(error.__traceback__)


async def _call(
    tool: Tool, arguments: dict[str, Any], context: ToolContext, threads: Executor
) -> str:
    """Run it to its end: an iterator has done nothing yet, nor has a coroutine that a plain
    function returns."""
    # A sync tool gets a thread: heartbeats, and everything else, live on the loop.
    if inspect.iscoroutinefunction(tool.function):
        result = await _awaited(tool.call(arguments, context))
    else:
        result = await _in_thread(threads, _run, tool, arguments, context)
    if inspect.isawaitable(result):
        result = await _awaited(result)
    if isinstance(result, AsyncIterator):
        result = await _awaited(_all(result))
    if isinstance(result, Iterator):
        result = await _in_thread(threads, _list, result)
    # From here on nothing is awaited, for it could be cancelled: it is done.
    return as_text(result)


async def _in_thread(threads: Executor, function: Callable[..., T], *arguments: Any) -> T:
    """As `asyncio.to_thread`: with what the activity knows of itself."""
    known = contextvars.copy_context()
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(threads, known.run, function, *arguments)


def _run(tool: Tool, arguments: dict[str, Any], context: ToolContext) -> Any:
    """In its thread: a long result is made text there, too."""
    with _contained():
        result = tool.call(arguments, context)
        if isinstance(result, Iterator):
            result = list(result)
    unfinished = inspect.isawaitable(result) or isinstance(result, AsyncIterator)
    return result if unfinished else as_text(result)


def _list(result: Iterator[Any]) -> list[Any]:
    with _contained():
        return list(result)


async def _all(result: AsyncIterator[Any]) -> list[Any]:
    return [one async for one in result]


async def _awaited(result: Awaitable[Any]) -> Any:
    with _contained():
        return await result


@contextlib.contextmanager
def _contained() -> Iterator[None]:
    """The one would end the worker; on the other, out of a thread, it would wait for ever."""
    try:
        yield
    except (SystemExit, StopIteration) as error:
        raise OutcomeUnknown(f"the tool has raised {type(error).__name__}") from error
