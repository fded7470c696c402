"""A run that is terminated: here, since virtual time's server leaves the children open."""

from types import SimpleNamespace

from temporalio.service import RPCError, RPCStatusCode

from agent.tools.shop import Shop
from tests.virtual.runs import REFUND, approval
from tests.virtual.world import World, calls, closing


async def test_a_terminated_run_leaves_no_approval_open(temporal, tmp_path):
    Shop(tmp_path / "shop.sqlite3").prepare()
    world = World(SimpleNamespace(client=temporal.client), tmp_path)
    world.turns = [calls(REFUND), closing()]
    async with world.worker():
        handle = await world.run()
        asked = await approval(world)
        try:
            await handle.terminate("gone")
        except RPCError as error:
            # A slow server's answer to the first try was not waited for, and the second came late.
            assert error.status is RPCStatusCode.NOT_FOUND
        assert (await asked.handle.result())["outcome"] == "withdrawn"
    assert not world.executed
