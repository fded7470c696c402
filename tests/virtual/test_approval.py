"""One approval, from question to outcome, in virtual time: time and arrival."""

import asyncio
from datetime import timedelta

import pytest

from agent.jobs import AnswerKind
from agent.models import NoticeKind
from tests.virtual.world import HOUR, A, B, C, kinds

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_an_approval_by_mail_ends_with_its_vote_and_a_receipt(world):
    async with world.worker():
        asked = await world.ask(A)
        await asked.asked()
        await asked.vote(A, True, note="fine")
        outcome = await asked.handle.result()
        assert outcome["outcome"] == "approved"
        assert outcome["reviewer_notes"] == "fine"
        assert [(v["approver"], v["channel"]) for v in outcome["votes"]] == [(A, "mail")]
        assert outcome["digest"] == world.asked[-1].request.action.digest
        assert kinds(world) == [AnswerKind.RECEIPT]
        trail = [event["kind"] for event in await asked.events()]
        assert trail == ["requested", "mail_sent", "vote", "outcome", "answer_sent"]


async def test_any_rejection_rejects_and_the_others_hear_of_it(world):
    async with world.worker():
        asked = await world.ask(A, B, C, require=2)
        await asked.asked(3)
        await asked.vote(A, True)
        await asked.vote(B, False, note="too much")
        outcome = await asked.handle.result()
    assert (outcome["outcome"], outcome["reviewer_notes"]) == ("rejected", "too much")
    assert sorted(kinds(world, A)) == [AnswerKind.NEWS, AnswerKind.RECEIPT]
    assert kinds(world, B) == [AnswerKind.RECEIPT]
    assert kinds(world, C) == [AnswerKind.NEWS]


async def test_silence_expires_after_a_last_sweep_and_is_told(world):
    async with world.worker():
        asked = await world.ask(A, seconds=3 * 86_400)
        await asked.asked()
        await world.passes(3 * 86_400)
        outcome = await asyncio.wait_for(asked.handle.result(), 20)
    assert outcome["outcome"] == "expired"
    assert world.sweeps == 1
    assert kinds(world) == [AnswerKind.NEWS]


async def test_an_inbox_that_cannot_be_read_at_the_deadline_is_said(world):
    async def broken():
        raise RuntimeError("no inbox")

    world.on_sweep = broken
    async with world.worker():
        asked = await world.ask(A)
        await asked.asked()
        await world.passes(3600)
        await world.attempted(lambda: world.sweeps)
        await world.passes(60)
        outcome = await asked.handle.result()
        assert outcome["outcome"] == "expired"
        assert "could not be read" in outcome["reviewer_notes"]
        assert await asked.events("sweep_failed")
    assert [(job.kind, job.unread) for job in world.answers] == [(AnswerKind.NEWS, True)]


async def test_a_vote_in_time_that_only_the_last_sweep_finds_counts(world):
    async with world.worker():
        asked = await world.ask(A)
        await asked.asked()
        arrived = await world.now()

        async def found():
            await asked.vote(A, True, at=arrived)

        world.on_sweep = found
        await world.passes(3600)
        assert (await asked.handle.result())["outcome"] == "approved"


async def test_a_vote_that_arrived_after_the_deadline_is_late(world):
    async with world.worker():
        asked = await world.ask(A)
        await asked.asked()
        late = await world.now() + HOUR + timedelta(seconds=1)

        async def found():
            await asked.vote(A, True, at=late)

        world.on_sweep = found
        await world.passes(3600)
        assert (await asked.handle.result())["outcome"] == "expired"
        assert [e["why"] for e in await asked.events("decision_ignored")] == ["late"]
    # One letter, which says how it ended, and not before that is known.
    (letter,) = world.answers
    assert (letter.kind, letter.to, letter.outcome) == (AnswerKind.LATE, A, "expired")
    assert letter.missed_deadline


async def test_a_late_rejection_hears_that_a_vote_in_time_was_found_beside_it(world):
    async with world.worker():
        asked = await world.ask(A, B)
        await asked.asked(2)
        arrived = await world.now()

        async def found():
            await asked.vote(A, False, at=arrived + 2 * HOUR)
            await asked.vote(B, False, at=arrived + 2 * HOUR)
            await asked.vote(A, True, at=arrived)

        world.on_sweep = found
        await world.passes(3600)
        assert (await asked.handle.result())["outcome"] == "approved"
    assert sorted(kinds(world, A)) == [AnswerKind.LATE, AnswerKind.RECEIPT]
    assert kinds(world, B) == [AnswerKind.LATE]
    assert {job.outcome for job in world.answers} == {"approved"}


async def test_a_question_that_arrives_after_the_deadline_gets_no_help_but_the_outcome(world):
    async with world.worker():
        asked = await world.ask(A)
        await asked.asked()
        late = await world.now() + 2 * HOUR

        async def found():
            await asked.notice(A, 1, NoticeKind.UNCLEAR, at=late)

        world.on_sweep = found
        await world.passes(3600)
        assert (await asked.handle.result())["outcome"] == "expired"
    (letter,) = world.answers
    assert (letter.kind, letter.reason, letter.outcome) == (
        AnswerKind.LATE,
        "a question",
        "expired",
    )


async def test_a_question_that_comes_after_its_own_deadline_expires_and_bothers_nobody(world):
    async with world.worker():
        asked = await world.ask(A, expires_at=(await world.now() - HOUR).isoformat())
        assert (await asked.handle.result())["outcome"] == "expired"
        assert [event["kind"] for event in await asked.events()] == ["requested", "outcome"]
    assert not world.asked
