"""The operator's commands against a real server: what programs read of them."""

import asyncio
import uuid

import pytest
from temporalio.client import WorkflowFailureError
from temporalio.exceptions import ApplicationError

from tests.integration.office import APPROVER2, ROOT
from tests.integration.run import APPROVER
from tests.waiting import until

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.usefixtures("worker")]

ROW = {
    "request_id",
    "workflow_id",
    "summary",
    "approvers",
    "away",
    "requested_at",
    "expires_at",
    "status",
}
SUMMARY = "Refund 120.00 EUR for order 1042"
START = str(ROOT / "start_workflow.py")


async def agent(office, *arguments, **changes):
    return await office.run("-m", "agent", *arguments, **changes)


async def listed(office, run, *options):
    """The row of one approval in `list`, once the server's visibility has it."""

    async def row():
        rows = (await agent(office, "list", "--json", *options)).json
        return next((row for row in rows if row["request_id"] == run.known), None)

    return await until(row, "a row in the list")


async def test_list_shows_what_waits_and_with_all_what_has_ended(office):
    run, letter = await office.asked(approvers=[APPROVER, APPROVER2])
    row = await listed(office, run)
    assert set(row) == ROW
    assert row["workflow_id"] == run.handle.id
    assert (row["summary"], row["status"]) == (SUMMARY, "waiting")
    assert row["approvers"] == [APPROVER, APPROVER2]
    assert row["requested_at"].endswith("Z") and row["expires_at"] > row["requested_at"]
    await office.reply(letter, "REJECT")
    assert await run.outcome() == "rejected"

    async def ended():
        return (await listed(office, run, "--all"))["status"] == "rejected"

    await until(ended, "the outcome in the list")


async def test_show_and_audit_tell_the_votes_and_events(office):
    run, letter = await office.asked()
    await office.reply(letter, "REJECT not now")
    await run.result()
    by_request = (await agent(office, "show", run.known.lower(), "--json")).json
    assert set(by_request) >= ROW | {"votes", "events"}
    assert by_request["status"] == "rejected"
    (vote,) = by_request["votes"]
    assert (vote["approver"], vote["approved"], vote["note"]) == (APPROVER, False, "not now")
    assert vote["channel"] == "mail" and vote["received_at"].endswith("Z")
    events = (await agent(office, "audit", run.known, "--json")).json
    assert events == by_request["events"]
    assert [event["n"] for event in events] == list(range(1, len(events) + 1))
    kinds = [event["kind"] for event in events]
    assert kinds[0] == "requested"
    assert {"mail_sent", "vote", "outcome", "answer_sent"} <= set(kinds)
    by_workflow = (await agent(office, "show", run.handle.id, "--json")).json
    assert by_workflow["approvals"][0]["request_id"] == run.known
    assert set(by_workflow) >= ROW | {"votes", "events"}
    assert by_request["workflow_id"] == by_workflow["workflow_id"] == run.handle.id
    for command in ("show", "audit"):
        shown = await agent(office, command, run.known, COLUMNS="200")
        assert shown.code == 0 and "not now" in shown.out


@pytest.mark.parametrize(("word", "outcome"), [("approve", "approved"), ("reject", "rejected")])
async def test_an_operator_decides(office, word, outcome):
    run, _ = await office.asked(approvers=[APPROVER, APPROVER2], require="all")
    name = run.known if word == "approve" else run.handle.id
    answer = (await agent(office, "decide", name, word, "--note", "by phone", "--json")).json
    assert answer == {"request_id": run.known, "accepted": True, "reason": ""}
    assert await run.outcome() == outcome
    (vote,) = await run.events("vote")
    assert (vote["channel"], vote["note"]) == ("operator", "by phone")
    again = await agent(office, "decide", run.known, word, "--json")
    assert again.code == 1 and '"accepted": false' in again.out


async def test_a_run_with_two_open_approvals_wants_to_be_told_which(office):
    run = await office.start("Cancel order 1043 and also cancel order 1044")

    async def both():
        return len((await run.handle.query("status"))["approvals"]) == 2

    await until(both, "two approvals")
    which = await agent(office, "decide", run.handle.id, "approve")
    ids = [a["request_id"] for a in (await run.handle.query("status"))["approvals"]]
    assert which.code == 2 and all(name in which.err for name in ids)
    answer = (await agent(office, "withdraw", run.handle.id, "--json")).json
    assert answer == {"request_id": None, "accepted": True, "reason": ""}
    for run.known in ids:
        assert await run.outcome() == "withdrawn"
        assert run.effects() == []


async def test_an_approval_is_withdrawn_and_its_approver_told(office):
    run, _ = await office.asked()
    answer = (await agent(office, "withdraw", run.known, "--json")).json
    assert answer == {"request_id": run.known, "accepted": True, "reason": ""}
    assert (await run.result()).startswith("Action cancelled: withdrawn")
    await run.letter(APPROVER, "The approval was withdrawn")
    assert (await agent(office, "withdraw", run.known)).code == 1


async def test_what_was_decided_cannot_be_withdrawn(office):
    run, _ = await office.asked(approvers=[APPROVER, APPROVER2])
    await run.request(APPROVER2)
    office.mail.doubting |= {APPROVER, APPROVER2}  # the news cannot leave, so it has not ended yet
    try:
        assert (await agent(office, "decide", run.known, "approve")).code == 0
        answer = await agent(office, "withdraw", run.known, "--json")
    finally:
        office.mail.doubting.clear()
    assert answer.code == 1
    assert '"reason": "it was approved before"' in answer.out
    assert (await run.result()).startswith("Action completed successfully")


async def test_only_approvals_and_runs_are_touched(office):
    inbox = f"inbox-{office.agent}"
    for arguments in (("withdraw", inbox), ("show", inbox), ("decide", inbox, "approve")):
        finished = await agent(office, *arguments)
        assert (finished.code, "InboxWorkflow" in finished.err) == (2, True)


async def test_what_ran_before_a_run_was_withdrawn_is_told(office):
    key = f"key-{uuid.uuid4()}"
    words = "Look up order 1001 and then cancel order 1044"
    waiting = asyncio.create_task(office.run(START, words, "--id", key, "--json"))
    run, _ = await office.asked_of(f"human-in-the-loop-{key}")
    assert (await agent(office, "withdraw", run.handle.id)).code == 0
    lines = (await waiting).json["result"].splitlines()
    assert lines[0].startswith("Action completed successfully (auto-approved)")
    assert lines[1] == "Action cancelled: withdrawn"


@pytest.mark.parametrize(
    "arguments",
    [
        (START,),
        (START, "x", "--bogus"),
        ("-m", "agent", "list", "--bogus"),
        ("-m", "agent", "decide", "x", "maybe"),
        (str(ROOT / "worker.py"), "--bogus"),
    ],
)
async def test_wrong_usage_is_one_line(office, arguments):
    finished = await office.run(*arguments)
    assert finished.code == 2
    assert finished.err.startswith("error: ") and len(finished.err.splitlines()) == 1


async def test_what_is_not_there_is_named(office):
    for arguments in (("show", "AR-0000000000"), ("decide", "no-such-workflow", "approve")):
        finished = await agent(office, *arguments)
        assert finished.code == 2
        assert finished.err.startswith("error: there is no approval or workflow")
        assert "Traceback" not in finished.err


async def test_one_key_is_one_request(office):
    typed = ("--id", f"key-{uuid.uuid4()}", "--no-wait", "--json")
    first = (await office.run(START, "Look up order 1001", *typed)).json
    assert (await office.run(START, "Look up order 1001", *typed)).json == first
    other = await office.run(START, "Look up order 1002", *typed)
    assert other.code == 2 and "another request" in other.err


async def test_a_key_that_another_client_used_is_its_request(office):
    run = await office.start("Look up order 1001")
    key = run.handle.id.removeprefix("human-in-the-loop-")
    other = await office.run(START, "Look up order 1002", "--id", key, "--no-wait")
    assert other.code == 2 and "another request" in other.err


@pytest.mark.parametrize(
    ("arguments", "fault"),
    [
        ([" "], "the request is empty"),
        (["x", "--timeout", "0"], "--timeout"),
        (["x", "--approver", "nobody"], "--approver"),
        (["x", "--require", "most"], "--require"),
        (["x", "--requester", "a@x, b@x"], "--requester"),
    ],
)
async def test_what_was_typed_wrong_is_named_and_starts_nothing(office, arguments, fault):
    finished = await office.run(START, *arguments)
    assert finished.code == 2
    assert fault in finished.err and "Traceback" not in finished.err


async def test_a_bad_input_from_another_client_fails_the_run_by_name(office):
    for fields in (
        {"user_request": ""},
        {"user_request": "x" * 300_000},
        {"approval_timeout_seconds": 0},
    ):
        run = await office.start(**fields)
        with pytest.raises(WorkflowFailureError) as caught:
            await run.result()
        assert isinstance(caught.value.cause, ApplicationError)
        assert caught.value.cause.type == "BadRequest"


async def test_no_temporal_server_is_one_line(office):
    finished = await agent(office, "list", TEMPORAL_ADDRESS="127.0.0.1:1")
    assert finished.code == 1
    assert finished.err.startswith("error: Temporal at 127.0.0.1:1 cannot be reached")
    assert len(finished.err.splitlines()) == 1


@pytest.mark.timeout(240)
async def test_sixty_lists_all_end_well(office):
    gate = asyncio.Semaphore(4)

    async def one():
        async with gate:
            return (await agent(office, "list")).code

    codes = await asyncio.gather(*(one() for _ in range(60)))
    assert codes == [0] * 60


async def test_a_request_that_somebody_has_lost_is_mailed_again_and_still_counts(office):
    run, letter = await office.asked(approvers=[APPROVER, APPROVER2])
    await run.request(APPROVER2)
    answer = (await agent(office, "resend", run.known, "--to", APPROVER, "--json")).json
    assert answer == {
        "request_id": run.known,
        "accepted": True,
        "reason": "",
        "people": [{"to": APPROVER, "accepted": True, "detail": ""}],
    }

    async def twice():
        letters = await run.requests(APPROVER)
        return letters if len(letters) == 2 else None

    first, second = await until(twice, "the mail once more")
    assert first.message_id == second.message_id == letter.message_id
    assert len(await run.requests(APPROVER2)) == 1
    stranger = await agent(office, "resend", run.known, "--to", "nobody@demo.test")
    assert stranger.code == 1 and "nobody@demo.test is not waited for" in stranger.out
    typo = await agent(office, "resend", run.known, "--to", "nobody")
    assert typo.code == 2 and "--to" in typo.err
    await office.reply(second, "APPROVE")
    assert await run.outcome() == "approved"
    late = await agent(office, "resend", run.known)
    assert late.code == 1 and "the approval has ended" in late.out


async def test_only_what_is_unknown_can_be_resolved(office):
    run, letter = await office.asked()
    await office.reply(letter, "REJECT")
    assert await run.outcome() == "rejected"
    for name in (run.known, run.handle.id):
        known = await agent(office, "resolve", name, "done", "--note", "I looked")
        assert (known.code, known.out) == (2, "")
        assert known.err == f"error: {name}: no outcome of an action is unknown\n"
