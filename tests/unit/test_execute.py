"""What runs is what was agreed to, to the byte, or nothing."""

import asyncio
import logging
import sqlite3
from pathlib import Path
from types import SimpleNamespace

import pytest
from temporalio.testing import ActivityEnvironment

from agent.activities.execute import ExecuteActivities
from agent.canonical import action_digest
from agent.errors import ToolError
from agent.jobs import ExecuteInput, ExecuteResult
from agent.models import Action, Policy, Risk, Stage
from agent.tools.registry import Registry, ToolContext, collect, tool
from agent.tools.shop import Shop
from tests.unit.agent_samples import (
    APPROVER,
    ARGUMENTS,
    DIGEST,
    REQUEST_ID,
    action,
    sealed,
    settings,
)


@pytest.fixture
def database(tmp_path):
    return tmp_path / "shop.sqlite3"


@pytest.fixture
def registry(database) -> Registry:
    shop = Shop(database)
    shop.prepare()
    return Registry(collect(shop))


def effects(database: Path) -> int:
    connection = sqlite3.connect(database)
    try:
        return int(connection.execute("select count(*) from effects").fetchone()[0])
    finally:
        connection.close()


async def executed(registry: Registry, wanted: Action, digest: str) -> ExecuteResult:
    job = ExecuteInput(
        request_id=REQUEST_ID,
        action=wanted,
        digest=digest,
        policy=Policy(stages=(Stage(approvers=(APPROVER,)),)),
        votes=(sealed(digest=digest),),
    )
    return await ActivityEnvironment().run(ExecuteActivities(registry, settings()).execute, job)


async def run_tool(function, **arguments) -> ExecuteResult:
    (found,) = collect(SimpleNamespace(function=function))
    wanted = Action(action_type=found.name, description="", arguments=arguments)
    digest = action_digest(REQUEST_ID, found.name, arguments)
    return await executed(Registry([found]), wanted, digest)


async def test_the_approved_action_runs(registry, database):
    result = await executed(registry, action(), DIGEST)
    assert result == ExecuteResult(done=True, text="Refunded 120.00 EUR for order 1042")
    assert effects(database) == 1


@pytest.mark.parametrize(
    "changed",
    [
        action(arguments={**ARGUMENTS, "amount": "9999.00"}),
        action(arguments={**ARGUMENTS, "order_id": 1043}),
        action(action_type="cancel_order", arguments={"order_id": 1042}),
        # The action's own word for its digest counts for nothing.
        action(arguments={"order_id": 1043}, action_type="cancel_order", digest=DIGEST),
    ],
)
async def test_any_other_action_is_refused(registry, database, changed):
    result = await executed(registry, changed, DIGEST)
    assert result == ExecuteResult(done=False, text="refused: this is not the action agreed to")
    assert effects(database) == 0


@pytest.mark.parametrize("votes", [(), (sealed(seal="0" * 64),)], ids=["no votes", "no seal"])
async def test_without_the_consent_that_the_inbox_has_read_nothing_runs(registry, database, votes):
    job = ExecuteInput(
        request_id=REQUEST_ID,
        action=action(),
        digest=DIGEST,
        policy=Policy(stages=(Stage(approvers=(APPROVER,)),)),
        votes=votes,
    )
    activities = ExecuteActivities(registry, settings(operator_decisions="deny"))
    result = await ActivityEnvironment().run(activities.execute, job)
    assert result.text == "refused: the consent to it bears no seal of this agent's inbox"
    assert effects(database) == 0


async def test_a_risky_tool_does_not_run_unasked(registry, database):
    """As an activity that somebody has begun who may write to Temporal."""
    job = ExecuteInput(request_id=REQUEST_ID, action=action(), digest=DIGEST)
    result = await ActivityEnvironment().run(ExecuteActivities(registry, settings()).execute, job)
    assert result.text == "refused: nobody was asked for their consent"
    assert effects(database) == 0


async def test_an_action_of_another_request_is_refused(registry, database):
    digest = action_digest("AR-7K2M9QXD4V", "refund_order", ARGUMENTS)
    assert (await executed(registry, action(), digest)).done is False
    assert (await executed(registry, action(), "")).done is False
    assert effects(database) == 0


async def test_a_tool_this_worker_does_not_have_is_named(registry):
    wanted = Action(action_type="drop_database", description="", arguments={})
    result = await executed(registry, wanted, action_digest(REQUEST_ID, "drop_database", {}))
    assert result == ExecuteResult(done=False, text="this worker has no tool 'drop_database'")


async def test_a_tools_no_is_a_result(registry, database):
    wanted = action(arguments={**ARGUMENTS, "order_id": 999})
    digest = action_digest(REQUEST_ID, "refund_order", wanted.arguments)
    result = await executed(registry, wanted, digest)
    assert result == ExecuteResult(done=False, text="there is no order 999")


async def test_a_tool_that_changed_since_the_approval_does_nothing(registry, database):
    wanted = action(arguments={**ARGUMENTS, "express": True})
    digest = action_digest(REQUEST_ID, "refund_order", wanted.arguments)
    assert (await executed(registry, wanted, digest)).done is False
    assert effects(database) == 0


async def test_the_request_id_is_the_tools_key():
    @tool(risk=Risk.LOW, summary="Echo")
    async def echo(word: str, context: ToolContext) -> str:
        """Echo."""
        return f"{word} {context.request_id}"

    assert (await run_tool(echo, word="hello")).text == f"hello {REQUEST_ID}"


@pytest.mark.parametrize(
    ("value", "text"),
    [({"a": "ü"}, '{"a": "ü"}'), (None, "null"), ([1, 2], "[1, 2]"), ("plain", "plain")],
)
async def test_a_result_becomes_text(value, text):
    @tool(risk=Risk.LOW, summary="Give")
    def give() -> object:
        """Give."""
        return value

    assert (await run_tool(give)).text == text


async def test_any_other_error_is_raised_since_it_says_nothing_about_what_was_done():
    @tool(risk=Risk.LOW, summary="Break")
    def break_down() -> None:
        """Break."""
        raise TimeoutError("no answer from the bank")

    with pytest.raises(TimeoutError, match="no answer from the bank"):
        await run_tool(break_down)


async def test_an_async_tools_no_is_a_result():
    @tool(risk=Risk.LOW, summary="Refuse")
    async def decline() -> None:
        """Refuse."""
        raise ToolError("not on a Sunday")

    assert await run_tool(decline) == ExecuteResult(done=False, text="not on a Sunday")


async def test_it_beats_while_a_tool_blocks_its_thread(monkeypatch):
    monkeypatch.setattr("agent.activities.heartbeat.BEAT_SECONDS", 0.01)
    beats: list[object] = []
    enough = asyncio.Event()
    loop = asyncio.get_running_loop()

    @tool(risk=Risk.LOW, summary="Block")
    def block() -> str:
        """Block."""
        asyncio.run_coroutine_threadsafe(enough.wait(), loop).result(timeout=10)
        return "done"

    def on_heartbeat(*details: object) -> None:
        beats.append(details)
        if len(beats) == 3:
            enough.set()

    (found,) = collect(SimpleNamespace(function=block))
    environment = ActivityEnvironment()
    environment.on_heartbeat = on_heartbeat
    job = ExecuteInput(
        request_id=REQUEST_ID,
        action=Action(action_type="block", description="", arguments={}),
        digest=action_digest(REQUEST_ID, "block", {}),
    )
    activities = ExecuteActivities(Registry([found]), settings())
    assert (await environment.run(activities.execute, job)).done
    assert len(beats) >= 3


async def test_arguments_are_not_logged(registry, caplog):
    caplog.set_level(logging.DEBUG)
    await executed(registry, action(), DIGEST)
    assert f"executing refund_order for {REQUEST_ID}" in caplog.text
    assert "120.00" not in caplog.text


@pytest.mark.parametrize("letter", ["x", "\U0001f4a5"])
async def test_a_result_longer_than_temporal_takes_is_still_known_to_be_done(letter: str):
    @tool(risk=Risk.LOW, summary="Dump")
    def dump() -> str:
        """Dump."""
        return letter * 3_000_000

    result = await run_tool(dump)
    assert result.done
    assert len(result.text.encode()) < 200_000  # Temporal takes 2 MiB
    assert result.text.endswith("… [cut: 3000000 characters in all]")
