"""Whose decisions count in an approval, and which change nothing."""

from datetime import timedelta

import pytest

from agent.jobs import AnswerKind
from agent.models import NoticeKind
from tests.virtual.world import HOUR, A, B, kinds

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_later_rejection_overrides_the_same_persons_approval(world):
    async with world.worker():
        asked = await world.ask(A, B, require="all")
        await asked.asked(2)
        await asked.vote(A, True)
        await asked.vote(A, False)
        outcome = await asked.handle.result()
    assert outcome["outcome"] == "rejected"
    assert [v["approved"] for v in outcome["votes"]] == [False]


async def test_what_the_decider_wrote_before_is_said_by_their_receipt_alone(world):
    async with world.worker():
        asked = await world.ask(A, B)
        await asked.asked(2)
        earlier = await world.now() - HOUR
        await asked.vote(A, False)
        await asked.vote(A, True, at=earlier)
        await asked.vote(B, True, at=earlier)
        assert (await asked.handle.result())["outcome"] == "rejected"
    assert kinds(world, A) == [AnswerKind.RECEIPT]
    assert sorted(kinds(world, B)) == [AnswerKind.LATE, AnswerKind.NEWS]
    assert not any(job.missed_deadline for job in world.answers)


async def test_all_means_all(world):
    async with world.worker():
        asked = await world.ask(A, B, require="all")
        await asked.asked(2)
        await asked.vote(A, True)
        assert (await asked.handle.query("status"))["status"] == "waiting"
        await asked.vote(B, True)
        outcome = await asked.handle.result()
    assert outcome["outcome"] == "approved"
    assert {v["approver"] for v in outcome["votes"]} == {A, B}


async def test_the_same_message_twice_is_one_vote(world):
    async with world.worker():
        asked = await world.ask(A, B, require=2)
        await asked.asked(2)
        await asked.vote(A, True, message_id="same")
        await asked.vote(A, True, message_id="same")
        assert (await asked.handle.query("status"))["status"] == "waiting"
        assert [e["why"] for e in await asked.events("decision_ignored")] == ["duplicate"]
        await asked.vote(B, False)
        await asked.handle.result()
    assert kinds(world, A).count(AnswerKind.RECEIPT) == 1


@pytest.mark.parametrize(
    ("approver", "claim", "why"),
    [("mallory@x.test", None, "not-an-approver"), (A, "", "token-mismatch")],
)
async def test_a_vote_without_right_changes_nothing(world, approver, claim, why):
    async with world.worker():
        asked = await world.ask(A)
        await asked.asked()
        await asked.vote(approver, True, claim=claim)
        assert (await asked.handle.query("status"))["status"] == "waiting"
        assert [e["why"] for e in await asked.events("decision_ignored")] == [why]
        await asked.handle.cancel()
        assert (await asked.handle.result())["outcome"] == "withdrawn"


async def test_an_operators_bare_signal_counts_and_stands_as_such(world):
    async with world.worker():
        asked = await world.ask(A, B, require="all")
        await asked.asked(2)
        await asked.operator(True, request_id=asked.request_id.lower())
        outcome = await asked.handle.result()
    assert outcome["outcome"] == "approved"
    assert [v["channel"] for v in outcome["votes"]] == ["operator"]
    assert sorted(job.to for job in world.answers) == [A, B]


@pytest.mark.parametrize(
    ("setting", "denied", "outcome"),
    [("deny", [True, False], "withdrawn"), ("veto-only", [True], "rejected")],
)
async def test_operators_can_be_denied_or_left_their_veto(world, setting, denied, outcome):
    world.settings["operator_decisions"] = setting
    async with world.worker():
        asked = await world.ask(A, B)
        await asked.asked(2)
        await asked.operator(True)
        assert (await asked.handle.query("status"))["status"] == "waiting"
        await asked.operator(False)
        ignored = await asked.events("decision_ignored")
        assert {event["why"] for event in ignored} == {"operator-denied"}
        assert [event["approved"] for event in ignored] == denied
        await asked.handle.cancel()
        assert (await asked.handle.result())["outcome"] == outcome


@pytest.mark.parametrize("approved", [True, False])
async def test_the_requester_does_not_vote_though_only_an_alias_of_today_tells(world, approved):
    """Asked as somebody else: the inbox knows by now whose address that of the requester is."""
    async with world.worker():
        asked = await world.ask(A, B, requested_by="rosa@y.test")
        await asked.asked(2)
        await asked.vote(A, approved, addresses=(A, "rosa@y.test"))
        assert [e["why"] for e in await asked.events("decision_ignored")] == ["requester"]
        assert (await asked.handle.query("status"))["status"] == "waiting"
        await asked.vote(B, True, addresses=(B, "b.home@y.test"))
        assert (await asked.handle.result())["outcome"] == "approved"


async def test_a_decision_before_the_question_or_about_another_changes_nothing(world):
    asked = await world.ask(A)
    await asked.operator(True)
    async with world.worker():
        await asked.asked()
        await asked.operator(True, request_id="AR-0000000000")
        whys = [e["why"] for e in await asked.events("decision_ignored")]
        assert whys == ["early", "wrong-request"]
        assert (await asked.handle.query("status"))["status"] == "waiting"
        await asked.handle.cancel()
        await asked.handle.result()


async def test_a_later_mail_that_is_no_decision_voids_a_consent_and_is_told_so(world):
    async with world.worker():
        asked = await world.ask(A, B, require="all")
        await asked.asked(2)
        await asked.vote(A, True)
        await asked.notice(A, 1, NoticeKind.UNCLEAR)
        assert (await asked.handle.query("status"))["votes"] == []
        assert [e["approver"] for e in await asked.events("vote_voided")] == [A]
        await asked.vote(B, True)
        assert (await asked.handle.query("status"))["status"] == "waiting"
        await asked.vote(A, True)
        assert (await asked.handle.result())["outcome"] == "approved"
    (help_mail,) = [job for job in world.answers if job.kind is AnswerKind.HELP]
    assert help_mail.voided


async def test_that_a_consent_is_void_is_told_however_much_help_was_sent(world):
    async with world.worker():
        asked = await world.ask(A, B, require="all")
        await asked.asked(2)
        now, second = await world.now(), timedelta(seconds=1)
        for number in range(5):
            await asked.notice(A, number, NoticeKind.UNCLEAR, at=now)
        await asked.vote(A, True, at=now + second)
        await asked.notice(A, 9, NoticeKind.UNCLEAR, at=now + 2 * second)
        await asked.vote(B, False)
        assert (await asked.handle.result())["outcome"] == "rejected"
    told = [job.voided for job in world.answers if job.kind is AnswerKind.HELP]
    assert sorted(told) == [False, False, False, True]


async def test_a_mail_that_may_say_stop_is_not_one_too_many(world):
    async with world.worker():
        asked = await world.ask(A, B, require="all")
        await asked.asked(2)
        for number in range(100):
            await asked.notice(B, number, NoticeKind.AUTO)
        await asked.vote(A, True)
        await asked.notice(A, 100, NoticeKind.UNCLEAR)
        assert (await asked.handle.query("status"))["votes"] == []
        await asked.vote(B, False)
        assert (await asked.handle.result())["outcome"] == "rejected"


async def test_a_decision_that_is_none_is_recorded_and_changes_nothing(world):
    async with world.worker():
        asked = await world.ask(A)
        await asked.asked()
        decision = {"request_id": asked.request_id, "approved": "maybe", "decided_at": "now"}
        await asked.handle.signal("approval_decision", decision)
        await asked.handle.signal("approval_decision", decision | {"approved": None})
        whys = [(e["why"], e["detail"]) for e in await asked.events("decision_ignored")]
        assert [why for why, _ in whys] == ["malformed"] * 2
        assert all("approved" in detail for _, detail in whys)
        assert (await asked.handle.query("status"))["status"] == "waiting"
        await asked.handle.cancel()
        await asked.handle.result()
