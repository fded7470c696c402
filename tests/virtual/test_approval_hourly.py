"""How often a person is answered within an hour, whatever they or their programs write."""

from datetime import timedelta

import pytest

from agent.hourly import MOST
from agent.jobs import AnswerKind
from agent.models import NoticeKind
from tests.virtual.world import A, B, kinds

SECOND = timedelta(seconds=1)
pytestmark = pytest.mark.asyncio(loop_scope="session")


async def flooded(world, asked, person):
    """Mail of every kind that is answered while an approval waits: more than is answered."""
    at = await world.now()
    for number in range(5):
        await asked.vote(person, True, at=at + (2 * number) * SECOND)
        await asked.notice(
            person, number, NoticeKind.UNCLEAR, at + (2 * number + 1) * SECOND, note="but"
        )
    for number in range(5, 10):
        await asked.notice(person, number, NoticeKind.UNCLEAR, at + 11 * SECOND)
        await asked.notice(person, 100 + number, NoticeKind.REFUSED, reason="unauthenticated")


async def test_all_kinds_together_are_no_more_than_ten_an_hour(world):
    async with world.worker():
        asked = await world.ask(A, B, require="all", seconds=8 * 3600)
        await asked.asked(2)
        await flooded(world, asked, A)
        before = await asked.events("answer_capped")
        # Nobody else's mail is held back by it.
        await asked.notice(B, 500, NoticeKind.UNCLEAR)
        await asked.handle.cancel()
        await asked.handle.result()
    # Of the ten the last one is kept for the outcome.
    assert len(kinds(world, A)) == MOST
    assert kinds(world, A).count(AnswerKind.NEWS) == 1
    assert before and {event["to"] for event in before} == {A}
    assert sorted(kinds(world, B)) == [AnswerKind.HELP, AnswerKind.NEWS]


async def test_when_the_hour_is_over_a_person_is_answered_again(world):
    async with world.worker():
        asked = await world.ask(A, B, require="all", seconds=8 * 3600)
        await asked.asked(2)
        await flooded(world, asked, A)
        await world.passes(3600)
        sent = len(kinds(world, A))
        await asked.notice(A, 900, NoticeKind.UNCLEAR)
        await asked.notice(A, 901, NoticeKind.UNCLEAR)
        await asked.handle.cancel()
        await asked.handle.result()
    assert sent == MOST - 1
    assert AnswerKind.HELP in kinds(world, A)[sent:]


async def test_whoever_decides_hears_the_outcome_however_much_was_answered_before(world):
    async with world.worker():
        asked = await world.ask(A, B, require="all", seconds=8 * 3600)
        await asked.asked(2)
        # Five consents are receipted: this person's rejection is the sixth vote that counts.
        await flooded(world, asked, A)
        await asked.vote(A, False, at=await world.now() + timedelta(minutes=1))
        assert (await asked.handle.result())["outcome"] == "rejected"
    (told,) = [job for job in world.answers if (job.to, job.outcome) == (A, "rejected")]
    assert told.kind is AnswerKind.NEWS
    assert len(kinds(world, A)) == MOST
