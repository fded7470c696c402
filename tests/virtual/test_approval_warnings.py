"""Mail in an approver's name that nothing proves: the approver is told, and nobody else."""

from datetime import timedelta

import pytest

from agent.jobs import AnswerKind
from agent.models import NoticeKind
from tests.virtual.world import A, B, kinds

pytestmark = pytest.mark.asyncio(loop_scope="session")

STRANGER = "stranger@x.test"
HOUR = timedelta(hours=1)


async def ended(asked):
    await asked.handle.cancel()
    await asked.handle.result()
    return await asked.events()


async def test_whoever_was_written_for_is_told_and_a_later_answer_counts(world):
    async with world.worker():
        asked = await world.ask(A)
        await asked.asked()
        reason = "unauthenticated: it bears no signature of its sender"
        await asked.notice(A, 1, NoticeKind.REFUSED, reason=reason)
        await asked.vote(A, True)
        outcome = await asked.handle.result()
        (recorded,) = await asked.events("notice")
    assert outcome["outcome"] == "approved"
    assert (recorded["notice"], recorded["approver"], recorded["reason"]) == ("refused", A, reason)
    (warning,) = [job for job in world.answers if job.kind is AnswerKind.WARNING]
    assert (warning.to, warning.reason, warning.read) == (A, reason, "")


async def test_mail_without_a_token_of_this_action_warns_nobody(world):
    async with world.worker():
        asked = await world.ask(A)
        await asked.asked()
        for number, claim in enumerate(("", "aaaaaaaa")):
            await asked.notice(A, number, NoticeKind.REFUSED, claim=claim)
        await ended(asked)
    assert AnswerKind.WARNING not in kinds(world)


async def test_a_stranger_is_recorded_as_one_and_never_mailed(world):
    async with world.worker():
        asked = await world.ask(A)
        await asked.asked()
        await asked.notice(STRANGER, 1, NoticeKind.REFUSED, claim="", reason="token-mismatch")
        await asked.notice(A, 2, NoticeKind.REFUSED, claim="", reason="token-mismatch")
        await asked.notice(STRANGER, 3, NoticeKind.REFUSED, reason="unauthenticated")
        events = await ended(asked)
    reasons = [event["reason"] for event in events if event["kind"] == "notice"]
    assert reasons == ["not-an-approver", "token-mismatch", "unauthenticated"]
    assert kinds(world, STRANGER) == []


async def test_whoever_writes_in_somebodys_name_cannot_fill_their_mailbox(world):
    async with world.worker():
        asked = await world.ask(A, B)
        await asked.asked(2)
        for number in range(20):
            await asked.notice(A, number, NoticeKind.REFUSED, reason="misaligned: signed by x")
        await ended(asked)
    assert kinds(world, A).count(AnswerKind.WARNING) == 2
    assert AnswerKind.WARNING not in kinds(world, B)


async def test_what_was_signed_before_the_question_is_no_vote_and_takes_none_back(world):
    async with world.worker():
        asked = await world.ask(A, B, require="all")
        await asked.asked(2)
        old = await world.now() - HOUR
        await asked.vote(B, True)
        await asked.vote(A, True, signed_at=old)
        await asked.notice(B, 1, NoticeKind.UNCLEAR, signed_at=old)
        await asked.vote(A, True, signed_at=await world.now())
        outcome = await asked.handle.result()
        (ignored,) = await asked.events("decision_ignored")
    assert outcome["outcome"] == "approved"
    assert (ignored["why"], ignored["approver"]) == ("older-than-question", A)
    for person in (A, B):
        assert kinds(world, person).count(AnswerKind.WARNING) == 1


@pytest.mark.parametrize("auth", ["off", "if-present", "required"])
async def test_what_need_not_be_proven_stands_in_every_entry_of_the_trail(world, auth):
    world.settings["mail_auth"] = auth
    async with world.worker():
        asked = await world.ask(A)
        await asked.asked()
        await asked.notice(A, 1, NoticeKind.UNCLEAR)
        await asked.vote(A, True)
        await asked.handle.result()
        marks = {event.get("authentication", "") for event in await asked.events()}
    assert marks == ({auth} if auth != "required" else {auth, ""})


async def test_a_clock_that_is_a_little_behind_costs_nobody_their_vote(world):
    async with world.worker():
        asked = await world.ask(A)
        await asked.asked()
        await asked.vote(A, True, signed_at=await world.now() - timedelta(minutes=9))
        assert (await asked.handle.result())["outcome"] == "approved"
