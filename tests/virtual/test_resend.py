"""An operator has the request mailed once more, in virtual time."""

import pytest

from tests.virtual.world import A, B, C
from tests.waiting import until

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def resend(asked, to=None):
    """The event that tells what became of the wish."""
    kinds = ("resend", "resend_refused")
    before = [e for e in await asked.events() if e["kind"] in kinds]
    await asked.handle.signal("resend", {"to": to, "operator": "rosa@desk"})

    async def told():
        return [e for e in await asked.events() if e["kind"] in kinds][len(before) :]

    (event,) = await until(told, "word of the wish")
    assert event["operator"] == "rosa@desk"
    return event


async def refusal(asked, to=None):
    event = await resend(asked, to)
    assert event["kind"] == "resend_refused"
    return event["detail"]


async def test_whoever_has_not_voted_is_sent_the_same_mail_again(world):
    async with world.worker():
        asked = await world.ask(A, B, require="all")
        await asked.asked(2)
        await asked.vote(A, True)
        assert (await resend(asked))["approvers"] == [B]
        await asked.asked(3)
        first, again = (job for job in world.asked if job.approver == B)
        assert again == first
        await asked.vote(B, True)
        assert (await asked.handle.result())["outcome"] == "approved"


async def test_one_of_several_can_be_named(world):
    async with world.worker():
        asked = await world.ask(A, B, require="all")
        await asked.asked(2)
        assert (await resend(asked, B))["approvers"] == [B]
        await asked.asked(3)
        assert sorted(job.approver for job in world.asked) == [A, B, B]
        await asked.operator(False)
        await asked.handle.result()


async def test_who_is_not_waited_for_is_not_mailed(world):
    async with world.worker():
        asked = await world.ask(A, B, require="all")
        await asked.asked(2)
        await asked.vote(A, True)
        assert await refusal(asked, A) == f"{A} is not waited for, but {B}"
        assert await refusal(asked, C) == f"{C} is not waited for, but {B}"
        await asked.operator(False)
        await asked.handle.result()
    assert len(world.asked) == 2


async def test_whom_a_server_takes_at_last_can_decide_again(world):
    world.refused[B] = "550 no such user"
    async with world.worker():
        asked = await world.ask(A, B, require="any")
        await asked.asked(2)
        await resend(asked, B)
        await asked.asked(3)
        world.refused.clear()
        await resend(asked, B)
        await asked.asked(4)
        await asked.bounce(A, permanent=True)
        assert (await asked.handle.query("status"))["status"] == "waiting"
        await asked.vote(B, True)
        assert (await asked.handle.result())["outcome"] == "approved"


async def test_a_refusal_of_the_second_mail_does_not_undo_the_first(world):
    async with world.worker():
        asked = await world.ask(A)
        await asked.asked()
        world.refused[A] = "550 no"
        await resend(asked)
        await asked.asked(2)
        await asked.vote(A, True)
        assert (await asked.handle.result())["outcome"] == "approved"


async def test_a_mail_still_being_tried_is_not_doubled(world):
    world.unreachable.add(A)
    async with world.worker():
        asked = await world.ask(A, seconds=86_400)
        await world.attempted(lambda: world.tried)
        await resend(asked)
        world.unreachable.clear()
        await world.passes(120)
        await asked.asked()
        await asked.operator(False)
        await asked.handle.result()
    assert len(world.asked) == 1


async def test_ten_times_are_enough(world):
    async with world.worker():
        asked = await world.ask(A)
        await asked.asked()
        for count in range(10):
            await resend(asked)
            await asked.asked(count + 2)
        assert await refusal(asked) == "the mail was sent again 10 times already"
        await asked.operator(False)
        await asked.handle.result()
    assert len(world.asked) == 11
