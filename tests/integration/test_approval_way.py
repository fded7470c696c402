"""One request on its whole way: asked by mail, answered by mail, done or not done, told."""

import uuid

import pytest

from tests.integration.office import APPROVER2, REFUND, REQUESTER, ROOT
from tests.integration.run import APPROVER, words
from tests.servers import every_server
from tests.waiting import until

pytestmark = [
    every_server,
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.usefixtures("worker"),
]

ARGUMENTS = {"order_id": 1042, "amount": "120.00", "currency": "EUR"}


async def test_approve_runs_the_action_once_and_tells_everybody(office):
    script, key = str(ROOT / "start_workflow.py"), f"approve-{uuid.uuid4()}"
    typed = [script, REFUND, "--requester", REQUESTER, "--id", key, "--no-wait", "--json"]
    started = (await office.run(*typed)).json
    assert started == {
        "workflow_id": f"human-in-the-loop-{key}",
        "result": None,
        "approvals": [],
    }
    run, letter = await office.asked_of(started["workflow_id"])
    await office.reply(letter, "APPROVE\n\nfine with me")

    typed.remove("--no-wait")
    again = (await office.run(*typed)).json
    assert again["approvals"] == [{"request_id": run.known, "outcome": "approved"}]
    assert again["result"].startswith(
        "Action completed successfully: Refunded 120.00 EUR for order 1042\n"
    )
    assert run.effects() == [("refund_order", ARGUMENTS)]
    await run.letter(APPROVER, "fine with me")
    told = await run.letter(REQUESTER, "The agent has finished")
    assert "Refunded 120.00 EUR for order 1042" in words(told)
    await office.in_folder("Processed", b"fine with me")


async def test_reject_with_a_note_runs_nothing(office):
    run, letter = await office.asked(requested_by=REQUESTER)
    await office.reply(letter, "REJECT too expensive")
    assert (await run.result()).startswith("Action rejected. Reviewer notes: too expensive\n")
    assert run.effects() == []
    vote = await run.event("vote")
    assert (vote["approver"], vote["approved"], vote["channel"]) == (APPROVER, False, "mail")
    assert "too expensive" in words(await run.letter(REQUESTER, "The agent has finished"))


async def test_an_unclear_reply_gets_help_and_the_answer_to_the_help_counts(office):
    run, letter = await office.asked()
    await office.reply(letter, "what is this?")
    help_letter = await run.letter(APPROVER, "could not be counted")
    assert run.effects() == []
    await office.reply(help_letter, "APPROVE")
    assert (await run.result()).startswith("Action completed successfully")
    assert run.effects() == [("refund_order", ARGUMENTS)]


async def test_nobody_answers_and_it_expires(office):
    run = await office.start(approval_timeout_seconds=2)
    await run.request_id()
    result = await run.result()
    assert result.startswith("Action cancelled: approval request timed out after 2 seconds\n")
    await run.letter(APPROVER, "Not enough people answered in time")
    assert [event["kind"] for event in await run.events("sweep")] == ["sweep"]
    assert run.effects() == []


async def test_two_approvers_who_all_have_to_agree(office):
    run, letter = await office.asked(approvers=[APPROVER, APPROVER2], require="all")
    await office.reply(letter, "Approved.")
    await run.event("vote", approver=APPROVER)
    await run.letter(APPROVER, "Your decision was recorded")
    assert run.effects() == []
    second = await run.request(APPROVER2)
    assert second.reply_to != letter.reply_to
    await office.reply(second, "APPROVE", APPROVER2)
    assert await run.outcome() == "approved"
    assert (await run.result()).startswith("Action completed successfully")
    assert len(run.effects()) == 1
    await run.letter(APPROVER, "It runs now")


async def test_the_first_of_two_decides_where_any_will_do(office):
    run, letter = await office.asked(approvers=[APPROVER, APPROVER2])
    await run.request(APPROVER2)
    await office.reply(letter, "REJECT")
    assert await run.outcome() == "rejected"
    await run.letter(APPROVER2, "It does not run")


async def test_one_approver_whom_the_server_refuses_does_not_keep_the_other_from_deciding(office):
    office.mail.refuse(APPROVER2, "550 5.1.1 no such user")
    try:
        run, letter = await office.asked(approvers=[APPROVER, APPROVER2])
        refused = await run.event("mail_refused")
        assert (refused["approver"], "550" in refused["detail"]) == (APPROVER2, True)
    finally:
        office.mail.accept(APPROVER2)
    await office.reply(letter, "APPROVE")
    assert await run.outcome() == "approved"


async def test_a_server_that_hangs_over_one_approvers_mail_holds_up_nobody_else(office):
    office.mail.stalling.add(APPROVER2)
    try:
        run, letter = await office.asked(approvers=[APPROVER2, APPROVER])
        await office.mail.stalled.wait()
        await office.reply(letter, "APPROVE")
        await run.letter(APPROVER, "Your decision was recorded")
        assert (await run.approval.query("status"))["status"] == "approved"
        assert [event["approver"] for event in await run.events("mail_sent")] == [APPROVER]
    finally:
        office.mail.stalling.clear()
        office.mail.stalled.clear()
    assert (await run.result()).startswith("Action completed successfully")


async def test_nobody_can_be_asked_and_the_requester_is_told_at_once(office):
    office.mail.refuse(APPROVER, "550 5.1.1 no such user")
    try:
        run = await office.start(requested_by=REQUESTER)
        await run.request_id()
        result = await run.result()
    finally:
        office.mail.accept(APPROVER)
    refused = "Action cancelled: approval request could not be delivered to any approver"
    assert result.startswith(refused)
    assert await run.outcome() == "undeliverable"
    assert refused in words(await run.letter(REQUESTER, "The agent has finished"))
    assert run.effects() == []


async def test_a_temporary_refusal_is_tried_again(office):
    office.mail.refuse(APPROVER, "451 4.7.1 Greylisted")
    try:
        run = await office.start()
        await run.request_id()

        async def tried() -> bool:
            pending = (await run.approval.describe()).raw_description.pending_activities
            return any("451" in activity.last_failure.message for activity in pending)

        await until(tried, "a try that was put off")
    finally:
        office.mail.accept(APPROVER)
    await office.reply(await run.request(), "REJECT")
    assert await run.outcome() == "rejected"
    assert not await run.events("mail_refused")


async def test_what_needs_no_consent_asks_nobody(office):
    run = await office.start("Look up order 1042")
    result = await run.result()
    assert result.startswith("Action completed successfully (auto-approved): ")
    assert (await run.handle.query("status"))["approvals"] == []
