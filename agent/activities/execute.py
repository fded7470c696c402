"""Runs a tool: exactly what was approved, or nothing."""

import asyncio
import hmac
import inspect
import json
from typing import Any

from temporalio import activity

from agent.activities.heartbeat import heartbeats
from agent.canonical import action_digest
from agent.consent import fault_of
from agent.errors import ToolError
from agent.jobs import ExecuteInput, ExecuteResult
from agent.policy import needs_approval
from agent.report import cut
from agent.settings import Settings
from agent.tools.registry import Registry, Tool, ToolContext

_LONGEST = 32 * 1024  # characters: beyond what Temporal takes, nobody would know that it was done


class ExecuteActivities:
    """Holds the tools and, through them, their secrets."""

    def __init__(self, registry: Registry, settings: Settings) -> None:
        self._registry = registry
        self._settings = settings

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
        async with heartbeats():
            try:
                result = await _call(tool, action.arguments, ToolContext(job.request_id))
            except ToolError as error:
                return ExecuteResult(done=False, text=cut(str(error), _LONGEST))
        return ExecuteResult(done=True, text=_text(result))


async def _call(tool: Tool, arguments: dict[str, Any], context: ToolContext) -> Any:
    # A sync tool gets a thread: heartbeats, and everything else, live on the loop.
    if inspect.iscoroutinefunction(tool.function):
        return await tool.call(arguments, context)
    return await asyncio.to_thread(tool.call, arguments, context)


def _text(result: Any) -> str:
    if isinstance(result, str):
        return cut(result, _LONGEST)
    return cut(json.dumps(result, ensure_ascii=False, default=str), _LONGEST)
