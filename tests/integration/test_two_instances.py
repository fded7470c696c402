"""Two instances that mail each other, each the other's approver: it ends, and stays ended."""

from collections import Counter

import pytest
import pytest_asyncio

from agent.hourly import MOST
from tests.integration.two_instances import (
    answered,
    as_it_is,
    pair,
    renamed,
    returned,
    stripped,
)

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(300)]
REQUEST, HELP, NEWS, LATE = 1, 3, 1, 2  # late mail is told by the approval, then by the inbox


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def two(temporal, tmp_path_factory):
    async with pair(temporal, tmp_path_factory.mktemp("pair")) as two:
        yield two


@pytest.mark.parametrize("carry", [as_it_is, stripped, renamed, returned])
async def test_a_request_is_not_answered_whatever_a_relay_makes_of_it(two, carry):
    two.wire.carry = carry
    before = len(two.wire.sent)
    runs = await two.ask()
    await two.quiet()
    assert len(two.wire.sent) - before == 2 * REQUEST
    for run in runs:
        assert await run.events("vote") == []
        assert (await run.approval.query("status"))["status"] == "waiting"
    await two.end()
    assert len(two.wire.sent) - before == 2 * (REQUEST + NEWS)
    assert await two.stays_ended()


async def test_with_programs_that_answer_everything_it_ends_all_the_same(two):
    two.wire.carry = answered
    before = len(two.wire.sent)
    for run in await two.ask():
        await run.event("answer_capped", what="help")
    await two.quiet()
    assert len(two.wire.sent) - before == 2 * (REQUEST + HELP)
    await two.end()
    assert await two.stays_ended()
    letters = Counter(two.wire.sent[before:])
    assert len(letters) == 2
    assert max(letters.values()) <= REQUEST + HELP + NEWS + LATE <= MOST
