"""An inbox that is not being read is begun again where it can be, and shouted about where not."""

import pytest

from tests.waiting import logged

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_an_inbox_workflow_that_somebody_ended_is_begun_again(office):
    async with office.worker() as worker:
        run, letter = await office.asked()
        await office.inbox.terminate("by mistake")
        await logged(worker, "nobody reads the inbox")
        await office.reply(letter, "REJECT")
        assert await run.outcome() == "rejected"


async def test_list_warns_of_an_inbox_that_nobody_reads(office):
    async with office.worker("--no-inbox"):
        run, _ = await office.asked()
        await office.inbox.terminate("for good")
        handle = await office.temporal.client.start_workflow(
            "InboxWorkflow", id=office.inbox.id, task_queue=office.inbox.id
        )
        finished = await office.run("-m", "agent", "list", "--json")
        assert finished.code == 0
        assert f"warning: {handle.id} has not been swept yet" in finished.err
        await run.handle.cancel()
        await run.outcome()
