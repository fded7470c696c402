"""Thousands of messages that wait when the worker comes back."""

import pytest

from tests.integration.run import APPROVER

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(240)]

STRAY = 2_000
UNCLEAR = 100


async def test_a_decision_among_thousands_of_other_messages_counts_and_all_are_put_away(office):
    async with office.worker():
        run, letter = await office.asked()
        puzzled, question = await office.asked()
        await run.event("mail_sent")
    for number in range(STRAY):
        raw = b"From: stranger@demo.test\r\nSubject: news %d\r\n\r\nAPPROVE\r\n" % number
        await office.mail.deliver(office.agent, raw)
    for number in range(UNCLEAR):
        await office.reply(question, f"what is this, {number}?")
    await office.reply(letter, "APPROVE")
    async with office.worker():
        assert (await run.result()).startswith("Action completed successfully")
        await office.inbox_empty()
        assert len(await office.mail.messages(office.agent, "Unmatched")) == STRAY
        assert len(await office.mail.messages(office.agent, "Processed")) == UNCLEAR + 1
        await puzzled.approval.cancel()
        assert await puzzled.outcome() == "withdrawn"
    assert len(await run.letters(APPROVER, "Your decision was recorded")) == 1
    assert len(await puzzled.letters(APPROVER, "could not be counted")) == 3
