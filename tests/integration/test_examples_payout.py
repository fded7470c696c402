"""The workflows of `examples/`, each in its language: one payout, paid once if people agree."""

from typing import Any

import pytest
import pytest_asyncio
from temporalio.client import WorkflowExecutionStatus, WorkflowFailureError
from temporalio.exceptions import ApplicationError, CancelledError

from tests.integration.elsewhere import PAYEE, asked_about, request_id_in
from tests.integration.run import APPROVER

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    # The first test of a language builds it, where `make servers` has not.
    pytest.mark.timeout(900),
]
PAID = f"paid 250.00 EUR to {PAYEE}"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def working(elsewhere):
    """A worker of theirs, for the tests that do not stop it."""
    async with elsewhere.worker():
        yield


async def asked(elsewhere, payout_id, **fields):
    """A payout that waits for people, and the letter that asks."""
    elsewhere.owes(payout_id)
    run = await elsewhere.payout(payout_id, **fields)
    letter = await asked_about(elsewhere.office, payout_id)
    run.known = request_id_in(letter)
    return run, letter


async def failure(run, kind=ApplicationError):
    """What a workflow failed with: the first of this kind, in what it was wrapped in."""
    with pytest.raises(WorkflowFailureError) as caught:
        await run.result()
    error: Any = caught.value
    while not isinstance(error, kind):
        error = error.cause
    return error


async def test_agreed_to_it_is_paid_once_also_by_a_worker_that_came_later(elsewhere):
    payout_id = f"P-{elsewhere.language.name}-agreed"
    elsewhere.owes(payout_id)
    async with elsewhere.runs("payout", payout_id) as payout:
        async with elsewhere.worker():
            assert payout.first == f"started payout-{payout_id}"
            letter = await asked_about(elsewhere.office, payout_id)
        # It replays what the other one did, and must come to the same request id.
        async with elsewhere.worker():
            await elsewhere.office.reply(letter, "APPROVE")
            finished = await payout.end()
    assert (finished.code, finished.out) == (0, PAID)
    record = {"payout_id": payout_id, "payee": PAYEE, "amount": "250.00", "currency": "EUR"}
    assert elsewhere.paid(payout_id) == [record]


@pytest.mark.usefixtures("working")
async def test_rejected_it_is_not_paid(elsewhere):
    run, letter = await asked(elsewhere, f"P-{elsewhere.language.name}-rejected")
    await elsewhere.office.reply(letter, "REJECT too expensive")
    assert await run.result() == "not paid: rejected: too expensive"
    assert not elsewhere.paid(run.handle.id.removeprefix("payout-"))


@pytest.mark.usefixtures("working")
async def test_changed_after_it_was_agreed_to_it_is_not_paid(elsewhere):
    payout_id = f"P-{elsewhere.language.name}-changed"
    run, letter = await asked(elsewhere, payout_id)
    elsewhere.owes(payout_id, amount="2500.00")
    await elsewhere.office.reply(letter, "APPROVE")
    error = await failure(run)
    assert (error.type, "was changed after" in error.message) == ("NotApproved", True)
    assert await run.outcome() == "approved"
    assert not elsewhere.paid(payout_id)


@pytest.mark.usefixtures("working")
async def test_cancelled_it_is_withdrawn_and_the_approver_told(elsewhere):
    payout_id = f"P-{elsewhere.language.name}-cancelled"
    run, _ = await asked(elsewhere, payout_id)
    await run.handle.cancel()
    assert await failure(run, CancelledError)
    assert (await run.handle.describe()).status is WorkflowExecutionStatus.CANCELED
    assert await run.outcome() == "withdrawn"
    await run.letter(APPROVER, "The approval was withdrawn")
    assert not elsewhere.paid(payout_id)


@pytest.mark.usefixtures("working")
async def test_cancelled_when_people_have_agreed_already_it_is_not_paid(elsewhere):
    payout_id = f"P-{elsewhere.language.name}-crossed"
    run, letter = await asked(elsewhere, payout_id)
    mail = elsewhere.office.mail
    mail.doubting.add(APPROVER)  # the receipt cannot leave, so the approval has not ended yet
    try:
        await elsewhere.office.reply(letter, "APPROVE")
        await run.event("outcome", outcome="approved")
        await run.handle.cancel()
    finally:
        mail.doubting.clear()
    assert await failure(run, CancelledError)
    assert await run.outcome() == "approved"
    assert not elsewhere.paid(payout_id)


@pytest.mark.usefixtures("working")
async def test_terminated_its_approval_is_withdrawn_as_well(elsewhere):
    run, _ = await asked(elsewhere, f"P-{elsewhere.language.name}-terminated")
    await run.handle.terminate()
    assert await run.outcome() == "withdrawn"
    await run.letter(APPROVER, "The approval was withdrawn")


@pytest.mark.usefixtures("working")
async def test_an_approval_that_is_withdrawn_alone_ends_it_well(elsewhere):
    run, _ = await asked(elsewhere, f"P-{elsewhere.language.name}-withdrawn")
    assert (await elsewhere.office.run("-m", "agent", "withdraw", run.known)).code == 0
    assert await run.result() == "not paid: the approval was withdrawn"


@pytest.mark.usefixtures("working")
async def test_nobody_agrees_in_time(elsewhere):
    run, _ = await asked(elsewhere, f"P-{elsewhere.language.name}-late", seconds=8)
    assert await run.result() == "not paid: nobody agreed in time"


@pytest.mark.usefixtures("working")
async def test_nobody_can_be_asked(elsewhere):
    payout_id = f"P-{elsewhere.language.name}-refused"
    elsewhere.owes(payout_id)
    elsewhere.office.mail.refuse(APPROVER, "550 5.1.1 no such user")
    try:
        run = await elsewhere.payout(payout_id)
        assert await run.result() == "not paid: the mail reached too few approvers"
    finally:
        elsewhere.office.mail.accept(APPROVER)


@pytest.mark.usefixtures("working")
async def test_what_cannot_be_asked_fails_by_name(elsewhere):
    payout_id = f"P-{elsewhere.language.name}-long"
    elsewhere.owes(payout_id, payee="x" * 17_000)
    error = await failure(await elsewhere.payout(payout_id))
    assert error.type == "BadRequest"
    assert "the argument 'payee' is too long to be shown" in error.message
