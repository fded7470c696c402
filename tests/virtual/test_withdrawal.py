"""A withdrawal against votes: what came first, and where nobody can tell, it wins."""

import asyncio

import pytest

from agent.jobs import AnswerKind
from tests.virtual.runs import REFUND, approval
from tests.virtual.world import A, B, calls, closing, kinds

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_vote_after_the_withdrawal_is_named_so_and_answered(world):
    finish = asyncio.Event()
    world.on_answer = finish.wait
    async with world.worker():
        asked = await world.ask(A, B)
        await asked.asked(2)
        await asked.handle.cancel()

        await asked.vote(A, True)
        await asked.operator(False)
        whys = [e["why"] for e in await asked.events("decision_ignored")]
        assert whys == ["withdrawn", "withdrawn"]
        finish.set()
        outcome = await asked.handle.result()
    assert (outcome["outcome"], outcome["votes"]) == ("withdrawn", [])
    assert sorted(kinds(world, A)) == [AnswerKind.LATE, AnswerKind.NEWS]
    assert kinds(world, B) == [AnswerKind.NEWS]


@pytest.mark.parametrize("operator", [False, True])
async def test_a_vote_behind_the_withdrawal_does_not_count_where_no_worker_took_either(
    world, operator
):
    async with world.worker():
        asked = await world.ask(A, B)
        await asked.asked(2)
    await asked.handle.cancel()
    if operator:
        await asked.operator(True)
    else:
        await asked.vote(A, True)
    async with world.worker():
        assert (await asked.handle.result())["outcome"] == "withdrawn"
        trail = [(e["kind"], e.get("outcome")) for e in await asked.events()]
    assert trail[-1][0] == "answer_sent"
    assert [outcome for kind, outcome in trail if kind == "outcome"][-1] == "withdrawn"
    # Nobody hears of an approval.
    assert sorted((job.to, job.kind, job.outcome) for job in world.answers) == [
        (A, AnswerKind.NEWS, "withdrawn"),
        (B, AnswerKind.NEWS, "withdrawn"),
    ]


async def test_what_was_withdrawn_while_no_worker_ran_is_not_executed(world):
    world.turns = [calls(REFUND), closing()]
    async with world.worker():
        run = await world.run()
        asked = await approval(world)
    await asked.handle.cancel()
    await asked.operator(True)
    async with world.worker():
        result = await run.result()
    assert result.startswith("Action cancelled: withdrawn")
    assert not world.executed


async def test_what_was_decided_before_stays_decided(world):
    finish = asyncio.Event()
    world.on_answer = finish.wait
    async with world.worker():
        asked = await world.ask(A, B)
        await asked.asked(2)
        await asked.vote(A, True)
        assert (await asked.handle.query("status"))["status"] == "approved"
        await asked.handle.cancel()
        assert (await asked.handle.query("status"))["status"] == "approved"
        finish.set()
        assert (await asked.handle.result())["outcome"] == "approved"
