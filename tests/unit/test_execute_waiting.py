"""Tools that wait, and tools whose servers want them to."""

import asyncio
import threading
from datetime import timedelta
from types import SimpleNamespace

import pytest
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from agent.activities.execute import ExecuteActivities
from agent.canonical import action_digest
from agent.errors import OutcomeUnknown
from agent.jobs import ExecuteInput
from agent.models import Action, Risk
from agent.tools.registry import Registry, collect, tool
from tests.unit.agent_samples import REQUEST_ID, settings
from tests.unit.test_execute import run_tool
from tests.waiting import until

LOW = tool(risk=Risk.LOW, summary="Do it")
MANY = 40
"""More than the event loop has threads, on however many processors."""


async def test_however_many_tools_wait_nothing_else_has_to():
    """Names are looked up, certificates read and replies parsed in the loop's own threads."""
    held = threading.Event()
    begun: list[int] = []

    @LOW
    def wait() -> str:
        """Wait."""
        begun.append(1)
        held.wait(60)
        return "done"

    activities = ExecuteActivities(Registry(collect(SimpleNamespace(wait=wait))), settings())
    job = ExecuteInput(
        request_id=REQUEST_ID,
        action=Action(action_type="wait", description="", arguments={}),
        digest=action_digest(REQUEST_ID, "wait", {}),
    )
    running = [
        asyncio.create_task(ActivityEnvironment().run(activities.execute, job)) for _ in range(MANY)
    ]

    async def all_have_begun() -> bool:
        return len(begun) == MANY

    try:
        await until(all_have_begun, "the last of the tools", 10)
        async with asyncio.timeout(10):
            assert await asyncio.to_thread(lambda: "free") == "free"
    finally:
        held.set()
        results = await asyncio.gather(*running)
    assert [result.text for result in results] == ["done"] * MANY


async def test_a_worker_that_leaves_does_not_wait_for_a_tool_without_end():
    held, begun = threading.Event(), threading.Event()

    @LOW
    def wait() -> None:
        """Wait."""
        begun.set()
        held.wait(60)

    async def leave() -> None:
        running = asyncio.create_task(run_tool(wait))
        assert await asyncio.to_thread(begun.wait, 10)
        running.cancel()
        await asyncio.wait([running])

    try:
        async with asyncio.timeout(10):
            await asyncio.to_thread(asyncio.run, leave())
    finally:
        held.set()


@pytest.mark.parametrize("kind", ["sync", "async"])
async def test_a_tool_may_say_when_it_is_to_be_tried_again(kind):
    def fail() -> None:
        raise OutcomeUnknown("the bank is busy", retry_after=90) from ValueError("its own words")

    @LOW
    def plain() -> None:
        """Act."""
        fail()

    @LOW
    async def waiting() -> None:
        """Act."""
        fail()

    with pytest.raises(ApplicationError) as caught:
        await run_tool(plain if kind == "sync" else waiting)
    assert caught.value.next_retry_delay == timedelta(seconds=90)
    assert (caught.value.message, caught.value.type) == ("the bank is busy", "OutcomeUnknown")
    assert not caught.value.non_retryable
    # The place where it arose, and what it was caused by, as of any other error of a tool.
    names = []
    step = caught.value.__traceback__
    while step:
        names.append(step.tb_frame.f_code.co_name)
        step = step.tb_next
    assert names[-1] == "fail"
    assert isinstance(caught.value.__cause__, ValueError)


@pytest.mark.parametrize("wish", [{}, {"retry_after": 0.5}, {"retry_after": -3.0}])
async def test_without_a_wish_for_more_the_policys_own_pause_serves(wish):
    @LOW
    def act() -> None:
        """Act."""
        raise OutcomeUnknown("the bank is silent", **wish)

    with pytest.raises(OutcomeUnknown, match="^the bank is silent$"):
        await run_tool(act)
