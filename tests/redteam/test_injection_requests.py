"""Hostile requests, on their whole way: no model that obeys them gets anything done unasked."""

import pytest

from tests.redteam.injected_arguments import ARGUMENTS
from tests.redteam.injected_mail import MAIL
from tests.redteam.injected_requests import REQUESTS
from tests.redteam.proof import check, check_log

pytestmark = pytest.mark.asyncio(loop_scope="module")

ATTACKS = (*REQUESTS, *ARGUMENTS, *MAIL)


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
async def test_a_hostile_request_gets_nothing_done_unasked(stage, attack):
    check(stage, await stage.played(attack))


async def test_no_token_and_no_secret_stands_in_the_log(stage):
    await check_log(stage)
