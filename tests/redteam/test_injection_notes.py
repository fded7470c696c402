"""Hostile notes, on their whole way."""

import pytest

from tests.redteam.injected_notes import NOTES
from tests.redteam.proof import check, check_log

pytestmark = pytest.mark.asyncio(loop_scope="module")

ATTACKS = NOTES


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
async def test_it_gets_nothing_done_unasked(stage, attack):
    check(stage, await stage.played(attack))


async def test_no_token_and_no_secret_stands_in_the_log(stage):
    await check_log(stage)
