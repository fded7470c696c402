"""An action that has run is never told as one that failed, and never run again for its result."""

import asyncio
import functools

import pytest
from temporalio.contrib.pydantic import pydantic_data_converter

from agent.errors import OutcomeUnknown, ToolError
from agent.models import Risk
from agent.tools.registry import ToolContext, tool
from tests.unit.test_execute import run_tool

LOW = tool(risk=Risk.LOW, summary="Do it")


class Mute:
    def __str__(self) -> str:
        raise RuntimeError("it says nothing")

    __repr__ = __str__


endless: list[object] = []
endless.append(endless)


@pytest.mark.parametrize("result", ["half \ud800", {"a": "\udfff"}, Mute(), endless, b"\xff"])
async def test_a_result_that_cannot_be_written_leaves_the_action_done(result):
    ran = []

    @LOW
    def act() -> object:
        """Act."""
        ran.append(1)
        return result

    executed = await run_tool(act)
    assert (executed.done, ran) == (True, [1])
    # What it would fail at, in the worker, after the action has run.
    await pydantic_data_converter.encode([executed])


async def test_a_no_is_told_whatever_characters_are_in_it():
    @LOW
    def decline() -> None:
        """Decline."""
        raise ToolError("no \ud800")

    executed = await run_tool(decline)
    assert (executed.done, executed.text) == (False, "no ?")


async def test_a_plain_function_that_wraps_an_async_one_is_run_to_its_end():
    ran = []

    async def act() -> str:
        """Act."""
        await asyncio.sleep(0)
        ran.append(1)
        return "done"

    @LOW
    @functools.wraps(act)
    def wrapper(*arguments, **named):
        return act(*arguments, **named)

    assert (await run_tool(wrapper)).text == "done"
    assert ran == [1]


async def test_what_yields_is_run_to_its_end():
    @LOW
    def count():
        """Count."""
        yield from (1, 2)

    @LOW
    async def count_async():
        """Count."""
        yield 1
        yield 2

    @LOW
    async def later():
        """Count."""
        return map(int, "12")

    for function in (count, count_async, later):
        assert (await run_tool(function)).text == "[1, 2]"


@pytest.mark.parametrize("error", [StopIteration, SystemExit])
@pytest.mark.parametrize("kind", ["plain", "async", "yields"])
async def test_no_error_of_a_tool_ends_or_holds_up_the_worker(error, kind):
    def act() -> None:
        """Act."""
        raise error

    async def act_async() -> None:
        """Act."""
        raise error

    def act_late():
        """Act."""
        yield from map(lambda _: act(), [1])

    function = {"plain": act, "async": act_async, "yields": act_late}[kind]
    async with asyncio.timeout(10):
        if (kind, error) == ("yields", StopIteration):
            # To Python it is the end of the list.
            assert (await run_tool(LOW(function))).text == "[]"
            return
        with pytest.raises((OutcomeUnknown, RuntimeError), match=r"StopIteration|SystemExit"):
            await run_tool(LOW(function))


async def test_a_tool_knows_which_try_it_is():
    @LOW
    def try_it(context: ToolContext) -> str:
        """Try."""
        return f"try {context.attempt} of {context.request_id}"

    assert (await run_tool(try_it)).text == "try 1 of AR-7K2M9QXD4T"
