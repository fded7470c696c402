"""Two workers, one inbox: whatever ends the one that reads, the other reads on."""

import asyncio
import signal
import time

import pytest

from demo.letter import Letter
from tests.integration.office import APPROVER2
from tests.integration.run import APPROVER
from tests.servers import every_server
from tests.waiting import PATIENCE_SECONDS, logged

pytestmark = [every_server, pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(300)]

KILLED_SECONDS = 30.0  # promised: a reader that is killed is missed by its heartbeats
# What it was in the middle of is missed by heartbeats of its own, one step after the other.
DONE_SECONDS = PATIENCE_SECONDS + 60
STOPPED_SECONDS = 5.0  # one that is told to stop hands over; most of this is for a busy machine


async def test_when_the_reader_is_killed_the_other_reads_on_and_nothing_is_lost_or_doubled(office):
    async with office.worker() as first, office.worker(ready="worker started") as second:
        both = {"approvers": [APPROVER, APPROVER2], "require": "all"}
        half, letter = await office.asked(**both)
        before, early = await office.asked()
        after, late = await office.asked()
        await office.reply(letter, "APPROVE")
        await half.event("vote", approver=APPROVER)
        assert "reading the inbox" not in second.log_text()
        await office.reply(early, "APPROVE\n\nchecked with Rosa")
        first.process.kill()
        killed = time.monotonic()
        assert await first.process.wait() == -signal.SIGKILL
        await office.reply(late, "APPROVE\n\nchecked with Ben")
        await logged(second, "reading the inbox")
        assert time.monotonic() - killed <= KILLED_SECONDS
        await office.reply(await half.request(APPROVER2), "APPROVE", APPROVER2)
        for run in (half, before, after):
            async with asyncio.timeout(DONE_SECONDS):
                assert (await run.handle.result()).startswith("Action completed successfully")
            assert len(run.effects()) == 1
            assert messages(await run.requests(APPROVER)) == 1
            assert messages(await run.letters(APPROVER, "Your decision was recorded")) == 1
        assert len(await half.events("vote")) == 2
        await office.inbox_empty()


async def test_a_reader_that_is_told_to_stop_hands_the_mailbox_over_at_once(office):
    async with office.worker() as first, office.worker(ready="worker started") as second:
        run, letter = await office.asked()
        first.process.send_signal(signal.SIGTERM)
        told = time.monotonic()
        await logged(second, "reading the inbox")
        assert time.monotonic() - told <= STOPPED_SECONDS
        await office.reply(letter, "REJECT")
        assert await run.outcome() == "rejected"
        async with asyncio.timeout(STOPPED_SECONDS):
            assert await first.process.wait() == 0


def messages(letters: list[Letter]) -> int:
    """What the dead worker sent may be sent again: copies of one message have its Message-ID."""
    return len({letter.message_id for letter in letters})
