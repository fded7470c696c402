"""Mail that is read after its approval has ended: answered, unless its writer knows all."""

from datetime import datetime

import pytest

from tests.integration.run import APPROVER, words
from tests.waiting import until

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.usefixtures("worker")]
TOO_LATE = "Too late to count"


async def put_away_twice(office, text: bytes) -> None:
    """Both copies were dealt with: an answer would have been sent before."""

    async def both() -> bool:
        return len(await office.in_folder("Processed", text)) == 2

    await until(both, "both copies put away")


async def test_the_vote_that_decided_is_not_answered_when_it_is_read_again(office):
    run, letter = await office.asked()
    raw = await office.reply(letter, "APPROVE\n\nchecked with Rosa")
    assert (await run.result()).startswith("Action completed successfully")
    (vote,) = (await run.approval.result())["votes"]
    # As a worker finds it that was killed after the signal, before the message was moved.
    await office.mail.deliver(office.agent, raw, datetime.fromisoformat(vote["received_at"]))
    await put_away_twice(office, b"checked with Rosa")
    assert await run.letters(APPROVER, TOO_LATE) == []


async def test_a_second_copy_that_comes_after_the_end_is_not_answered(office):
    run, letter = await office.asked()
    raw = await office.reply(letter, "REJECT, delivered twice")
    assert await run.outcome() == "rejected"
    await office.send(APPROVER, letter.reply_to, raw)
    await put_away_twice(office, b"delivered twice")
    assert await run.letters(APPROVER, TOO_LATE) == []


async def test_an_approval_that_an_operator_terminated_is_told_as_that(office):
    run, letter = await office.asked()
    await run.event("mail_sent")
    await run.approval.terminate("by hand")
    await office.reply(letter, "APPROVE")
    told = words(await run.letter(APPROVER, TOO_LATE))
    assert "An operator ended this approval" in told
    assert (await run.result()).startswith("Action failed")
    assert run.effects() == []
