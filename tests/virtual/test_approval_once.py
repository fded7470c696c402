"""Every vote counts once, however often its mail comes, and in whatever form."""

from datetime import timedelta

import pytest

from agent.jobs import AnswerKind
from agent.models import NoticeKind
from agent.quota import MAX_ATTEMPTS, MAX_REFUSED
from tests.virtual.world import A, B, kinds

SECOND = timedelta(seconds=1)
UNPROVEN = "unauthenticated: no signature"
pytestmark = pytest.mark.asyncio(loop_scope="session")


async def whys(asked):
    return [event["why"] for event in await asked.events("decision_ignored")]


async def standing(asked):
    votes = (await asked.handle.query("status"))["votes"]
    return [(vote["approver"], vote["approved"]) for vote in votes]


async def end(asked):
    await asked.handle.cancel()
    await asked.handle.result()


async def test_an_old_consent_sent_again_after_it_was_taken_back_does_not_count(world):
    async with world.worker():
        asked = await world.ask(A, B, require="all")
        await asked.asked(2)
        at = await world.now()
        await asked.vote(A, True, at=at, message_id="old")
        await asked.notice(A, 1, NoticeKind.UNCLEAR, at + SECOND, note="wait!")
        # The same bytes under another UID, arriving after the doubt.
        await asked.vote(A, True, at=at + 60 * SECOND, message_id="old")
        assert await standing(asked) == []
        assert await whys(asked) == ["duplicate"]
        await end(asked)


async def test_a_program_that_sends_one_text_again_and_again_has_one_vote_and_five_receipts(world):
    async with world.worker():
        asked = await world.ask(A, B, require=2)
        await asked.asked(2)
        for number in range(30):
            await asked.vote(A, True, message_id=f"resent-{number}")
        assert await standing(asked) == [(A, True)]
        assert set(await whys(asked)) == {"repeated"}
        assert (await asked.handle.query("status"))["status"] == "waiting"
        await end(asked)
    assert kinds(world, A).count(AnswerKind.RECEIPT) == 5


@pytest.mark.parametrize(
    ("first", "edited", "outcome"),
    [(True, False, "rejected"), (False, True, "rejected"), (True, True, "withdrawn")],
)
async def test_without_proof_an_edited_copy_is_a_new_vote_and_a_rejection_stays_one(
    world, first, edited, outcome
):
    async with world.worker():
        asked = await world.ask(A, B, require="all")
        await asked.asked(2)
        await asked.vote(A, first, message_id="same", content="as sent")
        if first:
            await asked.vote(A, edited, message_id="same", content="edited")
            await asked.handle.cancel()
        ended = await asked.handle.result()
    assert ended["outcome"] == outcome
    assert len(ended["votes"]) == 1


async def test_a_vote_that_was_refused_counts_when_it_is_read_again_and_proven(world):
    async with world.worker():
        asked = await world.ask(A)
        await asked.asked()
        refused = {"message_id": "same", "content_hash": "same", "reason": UNPROVEN}
        for number in range(2):
            await asked.notice(A, number, NoticeKind.REFUSED, **refused)
        await asked.vote(A, True, message_id="same")
        assert (await asked.handle.result())["outcome"] == "approved"
        assert len(await asked.events("notice")) == 1
    assert kinds(world, A).count(AnswerKind.WARNING) == 1


async def test_who_tried_in_an_approvers_name_is_on_record_behind_all_that_strangers_send(world):
    async with world.worker():
        asked = await world.ask(A, B, require="all")
        await asked.asked(2)
        for number in range(MAX_REFUSED + 20):
            await asked.notice("eve@evil.test", number, NoticeKind.REFUSED, claim="")
        for number in range(100, 100 + MAX_ATTEMPTS + 20):
            await asked.notice(A, number, NoticeKind.REFUSED, reason=UNPROVEN)
        recorded = [event["approver"] for event in await asked.events("notice")]
        assert recorded == ["eve@evil.test"] * MAX_REFUSED + [A] * MAX_ATTEMPTS
        await asked.vote(A, False)
        assert (await asked.handle.result())["outcome"] == "rejected"
    assert kinds(world, A).count(AnswerKind.WARNING) == 2
    assert "eve@evil.test" not in {job.to for job in world.answers}
