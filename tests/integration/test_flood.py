"""A mailbox that is flooded still hears the one who answers, and loses nothing."""

import pytest
from rich.progress import Progress

from agent.quota import MAX_ATTEMPTS, MAX_REFUSED
from bench.flood import LIMIT_MB, LIMIT_SECONDS, flood
from bench.place import place
from bench.refused import withstand
from bench.replies import VOTER, start_approvals

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(300)]

SMALL = 5_000  # `make bench` sends 20,000: to put those away takes minutes on two busy cores
LARGE = 20
REFUSED = 2_000


async def test_one_reply_after_a_flood_is_heard_in_time_and_nothing_is_lost(
    temporal, dovecot_server, tmp_path
):
    async with place(temporal, tmp_path, Progress(disable=True)) as here, here.agent_worker():
        (asked,) = await start_approvals(here.client, here.queue, here.keyring, 1)
        await here.quiet(2)
        flooded = await flood(here, dovecot_server, asked, SMALL, LARGE)
    assert flooded.signalled_seconds <= LIMIT_SECONDS
    assert flooded.grown_mb <= LIMIT_MB
    assert flooded.unmatched == SMALL + LARGE
    assert flooded.processed == 1


async def test_refused_mail_without_end_about_one_approval_leaves_room_for_its_vote(
    temporal, dovecot_server, tmp_path
):
    async with place(temporal, tmp_path, Progress(disable=True)) as here, here.agent_worker():
        (asked,) = await start_approvals(here.client, here.queue, here.keyring, 1, (VOTER,))
        await here.quiet(1)
        stood = await withstand(here, dovecot_server, asked, REFUSED)
    assert stood.outcome == "approved"
    assert stood.signals == MAX_ATTEMPTS + MAX_REFUSED + 1
    assert stood.warnings == 2
    assert (stood.unmatched, stood.processed) == (REFUSED, 1)
