"""What `decide` tells an operator of a decision, in words, whatever became of it."""

import asyncio

import pytest
from temporalio.client import WorkflowExecutionStatus

from agent.operations import Found, decide
from tests.virtual.world import A, B

pytestmark = pytest.mark.asyncio(loop_scope="session")

DENIED = "operators decide nothing here (OPERATOR_DECISIONS=deny): `withdraw` is left to you"
MAY_NOT_APPROVE = (
    "operators may not approve here (OPERATOR_DECISIONS): its approvers decide, by mail"
)


def open_approval(asked) -> Found:
    """As an operator's command has found it, which may have been a moment ago."""
    return Found(asked.handle, WorkflowExecutionStatus.RUNNING, asked.request_id)


def refused(asked, reason):
    return {"request_id": asked.request_id, "accepted": False, "reason": reason}


@pytest.mark.parametrize(
    ("setting", "approved", "reason"),
    [
        ("allow", True, None),
        ("allow", False, None),
        ("deny", True, MAY_NOT_APPROVE),
        ("deny", False, DENIED),
        ("veto-only", True, MAY_NOT_APPROVE),
        ("veto-only", False, None),
    ],
)
async def test_an_operator_hears_whether_the_decision_counts_and_why_not(
    world, setting, approved, reason
):
    world.settings["operator_decisions"] = setting
    async with world.worker():
        asked = await world.ask(A, B, require="all")
        await asked.asked(2)
        answer = await decide(open_approval(asked), approved, "by phone")
        if reason is None:
            assert answer == {"request_id": asked.request_id, "accepted": True, "reason": ""}
            ended = "approved" if approved else "rejected"
        else:
            assert answer == refused(asked, reason)
            await asked.handle.cancel()
            ended = "withdrawn"
        assert (await asked.handle.result())["outcome"] == ended


@pytest.mark.parametrize("ended", ["approved", "rejected", "withdrawn"])
async def test_how_it_was_decided_before_is_said(world, ended):
    finish = asyncio.Event()
    world.on_answer = finish.wait
    async with world.worker():
        asked = await world.ask(A)
        await asked.asked()
        if ended == "withdrawn":
            await asked.handle.cancel()
        else:
            await asked.vote(A, ended == "approved")
        answer = await decide(open_approval(asked), False, None)
        assert answer == refused(asked, f"it was {ended} before")
        finish.set()
        await asked.handle.result()
        assert await decide(open_approval(asked), False, None) == refused(
            asked, "the approval has ended"
        )


async def test_after_the_deadline_it_is_too_late_while_the_inbox_is_read_once_more(world):
    finish = asyncio.Event()
    world.on_sweep = finish.wait
    async with world.worker():
        asked = await world.ask(A)
        await asked.asked()
        await world.passes(3600)
        await world.attempted(lambda: world.sweeps)
        answer = await decide(open_approval(asked), True, None)
        assert answer == refused(asked, "its deadline has passed")
        finish.set()
        assert (await asked.handle.result())["outcome"] == "expired"
