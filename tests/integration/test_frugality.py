"""What an approval costs at Temporal."""

import pytest

from bench.actions import MOST, billed

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_one_approval_by_one_person_takes_few_actions(office):
    async with office.worker():
        run, letter = await office.asked()
        await office.reply(letter, "APPROVE")
        await run.result()
    assert await billed(run.approval) <= MOST
