"""An approval and mail that is no vote: help in the thread, absence, undeliverable mail."""

from datetime import timedelta

import pytest

from agent.jobs import AnswerKind
from agent.models import NoticeKind
from mail.identity import approver_claim
from tests.virtual.world import A, B, kinds

SECOND = timedelta(seconds=1)
MONDAY = "I am out of office until Monday."

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def memo_of(asked):
    return await (await asked.handle.describe()).memo()


async def status_of(asked):
    return await asked.handle.query("status")


async def test_help_repeats_what_was_read_and_answers_that_mail(world):
    async with world.worker():
        asked = await world.ask(A)
        await asked.asked()
        words = {"note": "approve if cheap", "reason": "the note may restrict: if"}
        for number in range(5):
            await asked.notice(A, number, NoticeKind.UNCLEAR, **words)
        await asked.handle.cancel()
        await asked.handle.result()
        capped = [event["what"] for event in await asked.events("answer_capped")]
        recorded = [event["note"] for event in await asked.events("notice")]
    jobs = [job for job in world.answers if job.kind is AnswerKind.HELP]
    assert sorted(job.in_reply_to for job in jobs) == ["n0", "n1", "n2"]
    assert {(job.read, job.reason) for job in jobs} == {(words["note"], words["reason"])}
    assert sorted((job.in_reply_to, job.last) for job in jobs)[-1] == ("n2", True)
    assert [job.last for job in jobs].count(True) == 1
    assert capped == ["help", "help"] and recorded == [words["note"]] * 5


async def test_a_consent_that_is_taken_back_is_told_as_such(world):
    async with world.worker():
        asked = await world.ask(A, B, require="all")
        await asked.asked(2)
        await asked.vote(A, True)
        await asked.notice(A, 1, NoticeKind.UNCLEAR, await world.now() + SECOND)
        await asked.handle.cancel()
        await asked.handle.result()
    assert [job.voided for job in world.answers if job.kind is AnswerKind.HELP] == [True]


async def test_an_absence_is_an_event_that_show_and_list_tell(world):
    async with world.worker():
        asked = await world.ask(A, B, require="all")
        await asked.asked(2)
        at = await world.now()
        await asked.notice(B, 1, NoticeKind.AUTO, at, note=MONDAY, reason="Auto-Submitted")
        await asked.notice(B, 2, NoticeKind.AUTO, at + SECOND, note="and another")
        (event,) = await asked.events("notice")
        (away,) = (await status_of(asked))["away"]
        assert (event["notice"], event["approver"], event["note"]) == ("auto", B, MONDAY)
        assert (away["approver"], away["note"]) == (B, MONDAY)
        assert event["received_at"] == away["at"]
        assert (await memo_of(asked))["away"] == [B]
        assert (await status_of(asked))["status"] == "waiting"
        await asked.vote(B, True)
        assert (await status_of(asked))["away"] == []
        assert (await memo_of(asked)).get("away", []) == []
        await asked.vote(A, True)
        assert (await asked.handle.result())["outcome"] == "approved"
    assert AnswerKind.HELP not in kinds(world)


async def test_an_automatic_reply_to_our_envelope_sender_is_its_approvers(world):
    async with world.worker():
        asked = await world.ask(A)
        await asked.asked()
        await asked.notice(A, 1, NoticeKind.AUTO, claim=approver_claim(A), note=MONDAY)
        assert [away["approver"] for away in (await status_of(asked))["away"]] == [A]


@pytest.mark.parametrize(
    ("who", "claim"),
    [("stranger@x.test", None), (A, "other"), (A, approver_claim(B))],
)
async def test_an_absence_without_right_is_nobodys(world, who, claim):
    async with world.worker():
        asked = await world.ask(A, B)
        await asked.asked(2)
        await asked.notice(who, 1, NoticeKind.AUTO, **({} if claim is None else {"claim": claim}))
        assert (await status_of(asked))["away"] == []
        assert await asked.events("notice") == []
        assert "away" not in await memo_of(asked)


async def test_unclear_mail_about_another_action_is_neither_helped_nor_heeded(world):
    async with world.worker():
        asked = await world.ask(A, B, require="all")
        await asked.asked(2)
        await asked.vote(A, True)
        later = await world.now() + SECOND
        await asked.notice(A, 1, NoticeKind.UNCLEAR, later, claim="other")
        await asked.notice(A, 2, NoticeKind.REFUSED, later)
        assert [vote["approver"] for vote in (await status_of(asked))["votes"]] == [A]
        await asked.vote(B, True)
        assert (await asked.handle.result())["outcome"] == "approved"
    assert AnswerKind.HELP not in kinds(world)


async def test_a_receipt_is_recorded_once_and_makes_nobody_absent(world):
    async with world.worker():
        asked = await world.ask(A)
        await asked.asked()
        for number in range(3):
            await asked.notice(A, number, NoticeKind.AUTO, reason="read receipt", absence=False)
        assert [event["approver"] for event in await asked.events("notice")] == [A]
        assert (await status_of(asked))["away"] == []


async def test_however_many_absences_come_the_unclear_mail_after_them_is_helped(world):
    async with world.worker():
        asked = await world.ask(A)
        await asked.asked()
        for number in range(120):
            await asked.notice(A, number, NoticeKind.AUTO)
        await asked.notice(A, 200, NoticeKind.UNCLEAR)
        await asked.vote(A, True, at=await world.now() + SECOND)
        assert (await asked.handle.result())["outcome"] == "approved"
        recorded = [event["notice"] for event in await asked.events("notice")]
    assert recorded == ["auto", "unclear"]
    assert kinds(world).count(AnswerKind.HELP) == 1


async def test_whom_mail_does_not_reach_is_shown_with_the_servers_code(world):
    async with world.worker():
        asked = await world.ask(A, B)
        await asked.asked(2)
        await asked.bounce(B, permanent=True, status="5.1.1", failed="bob@home.test")
        await asked.bounce(A, permanent=False, status="4.2.2")
        (lost,) = (await status_of(asked))["undeliverable"]
        assert (lost["approver"], lost["status"]) == (B, "5.1.1")
        told = [(e["status"], e.get("failed")) for e in await asked.events("notice")]
        assert told == [("5.1.1", "bob@home.test"), ("4.2.2", None)]
        await asked.handle.signal("resend", {"to": B})
        await asked.asked(3)
        assert (await status_of(asked))["undeliverable"] == []


@pytest.mark.parametrize("kind", [NoticeKind.REFUSED, NoticeKind.AUTO])
async def test_a_copy_that_nothing_proves_does_not_swallow_the_rejection_itself(world, kind):
    """Who got a copy of it can send it first: without its signature, or with a mark of programs."""
    async with world.worker():
        asked = await world.ask(A)
        await asked.asked()
        for _ in range(2):
            await asked.notice(A, 1, kind, message_id="no@mail.test", content_hash="no@mail.test")
        await asked.vote(A, False, message_id="no@mail.test")
        result = await asked.handle.result()
        assert len(await asked.events("notice")) == 1
    assert result["outcome"] == "rejected"


async def test_a_copy_of_a_consent_that_was_taken_back_does_not_count(world):
    async with world.worker():
        asked = await world.ask(A)
        await asked.asked()
        written = await world.now()
        await asked.notice(A, 1, NoticeKind.UNCLEAR, written, signed_at=written + SECOND)
        await asked.vote(A, True, at=written + 2 * SECOND, signed_at=written)
        assert [event["why"] for event in await asked.events("decision_ignored")] == ["taken-back"]
        assert (await status_of(asked))["status"] == "waiting"
        await asked.handle.cancel()
        await asked.handle.result()
