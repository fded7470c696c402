"""No worker at all for a while: what came in meanwhile is caught up with, by when it came."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from demo.letter import write_reply
from tests.integration.run import APPROVER

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(240)]

# The asking fits before this deadline on a busy machine, too; the replies need no time: they are
# put into the mailbox with the time of their arrival.
DEADLINE_SECONDS = 20.0
CASES = ("in time", "too late", "unanswered", "refused")


async def test_deadlines_that_passed_with_no_worker_are_judged_by_when_replies_came(office):
    async with office.worker():
        waiting, open_letter = await office.asked()
        soon = [office.asked(approval_timeout_seconds=DEADLINE_SECONDS) for _ in CASES]
        asked = dict(zip(CASES, await asyncio.gather(*soon), strict=True))
        for run, _ in asked.values():
            await run.event("mail_sent")
        deadlines = {case: await expiry(run) for case, (run, _) in asked.items()}
    second = timedelta(seconds=1)
    for case, words, late in (
        ("in time", "APPROVE", -2 * second),
        ("too late", "APPROVE", +2 * second),
        ("refused", "REJECT", -2 * second),
    ):
        await arrives(office, asked[case][1], words, deadlines[case] + late)
    await arrives(office, open_letter, "APPROVE", datetime.now(UTC))
    await passed(max(deadlines.values()) + 2 * second)
    async with office.worker():
        outcomes = {case: await run.outcome() for case, (run, _) in asked.items()}
        assert outcomes == {
            "in time": "approved",
            "too late": "expired",
            "unanswered": "expired",
            "refused": "rejected",
        }
        assert (await asked["in time"][0].result()).startswith("Action completed successfully")
        assert (await waiting.result()).startswith("Action completed successfully")
        await asked["too late"][0].letter(APPROVER, "Too late to count")
        await office.inbox_empty()
        ran = {case: len(run.effects()) for case, (run, _) in asked.items()}
    assert ran == {"in time": 1, "too late": 0, "unanswered": 0, "refused": 0}


async def arrives(office, letter, words: str, at: datetime) -> None:
    await office.mail.deliver(office.agent, write_reply(letter, APPROVER, words, at), at)


async def expiry(run) -> datetime:
    return datetime.fromisoformat((await run.approval.query("status"))["expires_at"])


async def passed(moment: datetime) -> None:
    await asyncio.sleep(max((moment - datetime.now(UTC)).total_seconds(), 0))
