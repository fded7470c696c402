"""`make chaos` in a short form: a few requests, every server and worker killed among them."""

import os
import secrets

import pytest
from rich.console import Console

from demo.temporal_server import NoTemporalError
from tests.chaos.round import Plan, play_round
from tests.chaos.show import violations


@pytest.mark.timeout(420)
async def test_no_request_is_lost_or_doubled_while_servers_and_workers_are_killed():
    seed = int(os.environ.get("SEED") or secrets.randbelow(1_000_000))
    plan = Plan(
        requests=12,
        kills=8,
        seed=seed,
        in_flight=12,
        pause_seconds=1.5,
        # An attempt to ask that is killed is missed after 20 s; a deadline is to leave room for it.
        short_seconds=45,
        grace="15s",
    )
    print(f"SEED={seed}")
    try:
        report = await play_round(plan, Console(stderr=True))
    except NoTemporalError as error:
        pytest.skip(str(error))
    assert not report.violations, violations(report)
    assert (report.done, report.kills) == (12, 8)
