"""One approval, from question to outcome, in virtual time."""

from datetime import timedelta

import pytest
from temporalio.client import WorkflowFailureError

from agent.jobs import AnswerKind
from agent.models import NoticeKind
from tests.virtual.conftest import HOUR, A, B, C

pytestmark = pytest.mark.asyncio(loop_scope="session")


def kinds(world, to=None):
    return [job.kind for job in world.answers if to in (None, job.to)]


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
        outcome = await asked.handle.result()
    assert outcome["outcome"] == "expired"
    assert world.sweeps == 1
    assert kinds(world) == [AnswerKind.NEWS]


async def test_an_inbox_that_cannot_be_read_at_the_deadline_is_said(world):
    async def broken():
        raise RuntimeError("no inbox")

    world.on_sweep = broken
    async with world.worker():
        asked = await world.ask(A)
        outcome = await asked.handle.result()
        assert outcome["outcome"] == "expired"
        assert "could not be read" in outcome["reviewer_notes"]
        assert await asked.events("sweep_failed")
    assert "could not be read" in world.answers[-1].reason


async def test_a_vote_in_time_that_only_the_last_sweep_finds_counts(world):
    async with world.worker():
        asked = await world.ask(A)
        await asked.asked()
        arrived = await world.now()

        async def found():
            await asked.vote(A, True, at=arrived)

        world.on_sweep = found
        assert (await asked.handle.result())["outcome"] == "approved"


async def test_a_vote_that_arrived_after_the_deadline_is_late(world):
    async with world.worker():
        asked = await world.ask(A)
        await asked.asked()
        late = await world.now() + HOUR + timedelta(seconds=1)

        async def found():
            await asked.vote(A, True, at=late)

        world.on_sweep = found
        assert (await asked.handle.result())["outcome"] == "expired"
        assert [e["why"] for e in await asked.events("decision_ignored")] == ["late"]
    assert AnswerKind.LATE in kinds(world)


@pytest.mark.parametrize(("arrived", "outcome"), [(-1, "approved"), (+1, "expired")])
async def test_votes_count_by_arrival_though_the_worker_was_down_over_the_deadline(
    world, arrived, outcome
):
    async with world.worker():
        asked = await world.ask(A)
        await asked.asked()
        deadline = await world.now() + HOUR
    await asked.vote(A, True, at=deadline + timedelta(minutes=arrived))
    await world.env.sleep(2 * 3600)
    async with world.worker():
        assert (await asked.handle.result())["outcome"] == outcome


async def test_an_operators_decision_after_the_deadline_with_the_worker_down_does_not_count(world):
    async with world.worker():
        asked = await world.ask(A)
        await asked.asked()
    await world.env.sleep(2 * 3600)
    await asked.operator(True)
    async with world.worker():
        assert (await asked.handle.result())["outcome"] == "expired"


async def test_a_later_rejection_overrides_the_same_persons_approval(world):
    async with world.worker():
        asked = await world.ask(A, B, require="all")
        await asked.asked(2)
        await asked.vote(A, True)
        await asked.vote(A, False)
        outcome = await asked.handle.result()
    assert outcome["outcome"] == "rejected"
    assert [v["approved"] for v in outcome["votes"]] == [False]


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


async def test_operators_can_be_denied(world):
    world.settings["operator_decisions"] = "deny"
    async with world.worker():
        asked = await world.ask(A)
        await asked.asked()
        await asked.operator(True)
        assert [e["why"] for e in await asked.events("decision_ignored")] == ["operator-denied"]
        await asked.handle.cancel()
        await asked.handle.result()


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


async def test_cancelling_withdraws_and_everybody_asked_is_told(world):
    async with world.worker():
        asked = await world.ask(A, B)
        await asked.asked(2)
        await asked.handle.cancel()
        outcome = await asked.handle.result()
    assert outcome["outcome"] == "withdrawn"
    assert sorted(job.to for job in world.answers) == [A, B]


async def test_refused_by_one_server_the_others_are_still_asked(world):
    world.refused[A] = "550 no such user"
    async with world.worker():
        asked = await world.ask(A, B)
        await asked.asked()
        await asked.vote(B, True)
        outcome = await asked.handle.result()
        assert await asked.events("mail_refused")
    assert outcome["outcome"] == "approved"


@pytest.mark.parametrize(("refused", "require"), [([A, B], "any"), ([A], "all")])
async def test_too_few_who_can_be_reached_is_undeliverable_at_once(world, refused, require):
    world.refused.update(dict.fromkeys(refused, "550 no"))
    async with world.worker():
        start = await world.now()
        asked = await world.ask(A, B, require=require)
        outcome = await asked.handle.result()
        assert await world.now() - start < HOUR
    assert outcome["outcome"] == "undeliverable"


async def test_nobody_accepted_by_the_deadline_is_undeliverable(world):
    world.unreachable.add(A)
    async with world.worker():
        asked = await world.ask(A, seconds=600)
        assert (await asked.handle.result())["outcome"] == "undeliverable"
    assert world.sweeps == 0


async def test_a_server_that_is_down_for_one_holds_up_nobody_else(world):
    world.unreachable.add(A)
    async with world.worker():
        asked = await world.ask(A, B)
        await asked.asked()
        await asked.vote(B, True)
        assert (await asked.handle.result())["outcome"] == "approved"


async def test_answers_that_cannot_be_sent_do_not_change_the_outcome(world):
    world.answers_fail = True
    async with world.worker():
        asked = await world.ask(A)
        await asked.asked()
        await asked.vote(A, True)
        assert (await asked.handle.result())["outcome"] == "approved"
        assert await asked.events("answer_failed")


async def test_unclear_mail_gets_help_three_times_a_person(world):
    async with world.worker():
        asked = await world.ask(A, B)
        await asked.asked(2)
        for number in range(6):
            await asked.notice(A, number, NoticeKind.UNCLEAR)
        await asked.notice(A, 5, NoticeKind.UNCLEAR)
        await asked.notice(B, 6, NoticeKind.AUTO)
        await asked.handle.cancel()
        await asked.handle.result()
        assert len(await asked.events("notice")) == 7
    assert kinds(world, A).count(AnswerKind.HELP) == 3
    assert AnswerKind.HELP not in kinds(world, B)


async def test_at_most_a_hundred_notices_are_kept(world):
    async with world.worker():
        asked = await world.ask(A)
        await asked.asked()
        for number in range(105):
            await asked.notice(A, number, NoticeKind.AUTO)
        await asked.vote(A, True)
        assert (await asked.handle.result())["outcome"] == "approved"
        assert len(await asked.events("notice")) == 100


async def test_the_second_stage_is_asked_when_the_first_agreed(world):
    stages = [{"approvers": [A], "require": "any"}, {"approvers": [B, C], "require": "all"}]
    async with world.worker():
        asked = await world.ask(policy={"stages": stages})
        await asked.asked()
        assert [job.approver for job in world.asked] == [A]
        await asked.vote(A, True)
        await asked.asked(3)
        await asked.vote(B, True)
        await asked.vote(C, True)
        assert (await asked.handle.result())["outcome"] == "approved"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"request_id": "AR-0000000001"}, "workflow id"),
        ({"action": {"action_type": "x", "digest": "00"}}, "digest"),
        ({"action": {}}, "action_type"),
        ({"timeout_seconds": 0}, "timeout_seconds"),
        ({"timeout_seconds": None}, "neither"),
        ({"timeout_seconds": "soon"}, "timeout_seconds"),
        ({"mailbox": "other@x.test"}, "mailbox"),
        ({"policy": {"stages": [{"approvers": ["m@evil.test"]}]}}, "not an allowed approver"),
        ({"policy": {"stages": [{"approvers": ["agent+1@x.test"]}]}}, "agent's own"),
        ({"policy": {"stages": [{"approvers": [A]}]}, "requested_by": A}, "made the request"),
        ({"policy": {"stages": [{"approvers": [A], "require": 2}]}}, "2 approvers"),
        ({"policy": {"stages": [{"approvers": ["a, b"]}]}}, "address"),
    ],
)
async def test_bad_input_fails_at_once_and_says_what_is_wrong(world, fields, said):
    async with world.worker():
        asked = await world.ask(**fields)
        with pytest.raises(WorkflowFailureError) as failure:
            await asked.handle.result()
    assert failure.value.cause.type == "BadRequest"
    assert said in failure.value.cause.message
    assert not world.asked
