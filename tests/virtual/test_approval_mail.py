"""An approval and its mail: who can be reached, what is answered; and bad input."""

from datetime import timedelta

import pytest
from temporalio.client import WorkflowFailureError

from agent.jobs import AnswerKind
from agent.models import NoticeKind
from tests.virtual.runs import bad_request
from tests.virtual.world import HOUR, A, B, C, kinds

SECOND = timedelta(seconds=1)
ACTION = {"action_type": "x", "description": "", "arguments": {}}

pytestmark = pytest.mark.asyncio(loop_scope="session")


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
        await asked.asked(2)
        await asked.vote(B, True)
        outcome = await asked.handle.result()
        assert await asked.events("mail_refused")
    assert outcome["outcome"] == "approved"


@pytest.mark.parametrize(("refused", "require"), [([A, B], "any"), ([A], "all")])
async def test_too_few_who_can_be_reached_is_undeliverable_at_once(world, refused, require):
    world.refused.update(dict.fromkeys(refused, "550 no"))
    world.unreachable.add(B)  # asked in vain, should B not be among the refused
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
        await world.attempted(lambda: A in world.tried)
        await world.passes(600)
        assert (await asked.handle.result())["outcome"] == "undeliverable"
    assert world.sweeps == 0


async def test_whom_mail_does_not_reach_is_unreachable_and_the_last_of_them_ends_it(world):
    async with world.worker():
        asked = await world.ask(A, B)
        await asked.asked(2)
        await asked.bounce(A, permanent=True)
        await asked.bounce("stranger@x.test", permanent=True)
        assert (await asked.handle.query("status"))["status"] == "waiting"
        await asked.bounce(B, permanent=True)
        assert (await asked.handle.result())["outcome"] == "undeliverable"
        notices = [(e.get("approver"), e["permanent"]) for e in await asked.events("notice")]
        assert notices == [(A, True), (None, True), (B, True)]
    assert kinds(world) == []


async def test_a_bounce_that_may_come_right_is_noted(world):
    async with world.worker():
        asked = await world.ask(A)
        await asked.asked()
        await asked.bounce(A, permanent=False)
        await asked.vote(A, True)
        assert (await asked.handle.result())["outcome"] == "approved"
        assert [e["approver"] for e in await asked.events("notice")] == [A]


async def test_without_one_of_all_who_must_agree_it_is_undeliverable_at_once(world):
    async with world.worker():
        asked = await world.ask(A, B, require="all")
        await asked.asked(2)
        await asked.vote(A, True)
        await asked.bounce(B, permanent=True)
        assert (await asked.handle.result())["outcome"] == "undeliverable"


async def test_a_server_that_is_down_for_one_holds_up_nobody_else(world):
    world.unreachable.add(A)
    async with world.worker():
        asked = await world.ask(A, B)
        await asked.asked()
        await world.attempted(lambda: A in world.tried)
        await asked.vote(B, True)
        assert (await asked.handle.result())["outcome"] == "approved"
        assert [e["approver"] for e in await asked.events("mail_cancelled")] == [A]
        assert not await asked.events("mail_refused")


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
            await asked.notice(A, number, NoticeKind.UNCLEAR)
        await asked.vote(A, True, at=await world.now() + SECOND)
        assert (await asked.handle.result())["outcome"] == "approved"
        assert len(await asked.events("notice")) == 100


async def test_behind_a_hundred_notices_whom_mail_does_not_reach_is_still_heard(world):
    async with world.worker():
        asked = await world.ask(A)
        await asked.asked()
        for number in range(105):
            await asked.notice(A, number, NoticeKind.UNCLEAR)
        await asked.bounce(A, permanent=True)
        assert (await asked.handle.result())["outcome"] == "undeliverable"


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
        ({"action": {**ACTION, "digest": "00"}}, "digest"),
        ({"action": {"action_type": "x"}}, "action.arguments: Field required"),
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
    assert said in bad_request(failure)
    assert not world.asked
