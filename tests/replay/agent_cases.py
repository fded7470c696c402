"""Every way in which a run of the agent ends, played with real time on a real server."""

from temporalio.exceptions import ApplicationError

from agent.jobs import ExecuteResult
from tests.virtual.runs import CANCEL, DELETE, LOOKUP, REFUND, approval
from tests.virtual.world import A, B, C, call, calls, closing

SHORT_SECONDS = 2.0
REQUESTER = "r@x.test"


async def agent_approved(world):
    world.turns = [calls(REFUND), closing("All done.")]
    handle = await world.run(requested_by=REQUESTER)
    await (await approval(world)).vote(A, True)
    return handle


async def agent_rejected(world):
    """The model asks for the same again and is refused unasked."""
    world.turns = [calls(REFUND), calls(REFUND), closing()]
    handle = await world.run(requested_by=REQUESTER)
    await _decide(handle, (await approval(world)).request_id, False)
    return handle


async def agent_expired(world):
    world.turns = [calls(REFUND), closing()]
    return await world.run(approval_timeout_seconds=SHORT_SECONDS)


async def agent_undeliverable(world):
    world.refused = dict.fromkeys((A, B, C), "550 no such user")
    world.turns = [calls(REFUND), closing()]
    return await world.run()


async def agent_withdrawn(world):
    world.turns = [calls(REFUND), closing()]
    handle = await world.run()
    await (await approval(world)).handle.cancel()
    return handle


async def agent_auto_approved(world):
    world.turns = [calls(LOOKUP), closing()]
    return await world.run()


async def agent_no_action(world):
    world.turns = [closing("Nothing to do here.")]
    return await world.run(requested_by=REQUESTER)


async def agent_unknown(world):
    async def lost(job):
        raise RuntimeError("the worker was lost")

    world.on_execute = lost
    world.turns = [calls(DELETE), closing()]
    handle = await world.run(requested_by=REQUESTER)
    await (await approval(world)).operator(True)
    return handle


async def agent_cancelled(world):
    world.turns = [calls(REFUND), closing()]
    handle = await world.run(requested_by=REQUESTER)
    await approval(world)
    await handle.cancel()
    return handle


async def agent_two_calls(world):
    world.turns = [calls(REFUND, CANCEL), closing()]
    handle = await world.run()
    second = await approval(world, 1)
    await _decide(handle, second.request_id, False)
    await _decide(handle, (await approval(world, 0)).request_id, True)
    await _decide(handle, "AR-0000000000", True)
    return handle


async def agent_failed_calls(world):
    world.turns = [calls(call("no_such_tool", "{}"))]
    return await world.run()


async def agent_failed_action(world):
    """The tool's own no."""

    async def no(job):
        return ExecuteResult(done=False, text="there is no order 1042")

    world.on_execute = no
    world.turns = [calls(REFUND), closing()]
    handle = await world.run()
    await (await approval(world)).vote(A, True)
    return handle


async def agent_model_refused(world):
    world.turns = [ApplicationError("401 wrong key", type="ModelRefused", non_retryable=True)]
    return await world.run(requested_by=REQUESTER)


async def agent_bad_request(world):
    return await world.run("  ")


async def _decide(handle, request_id, approved):
    signal = {"request_id": request_id, "approved": approved, "decided_at": "today"}
    await handle.signal("approval_decision", signal)


AGENT_CASES = (
    agent_approved,
    agent_rejected,
    agent_expired,
    agent_undeliverable,
    agent_withdrawn,
    agent_auto_approved,
    agent_no_action,
    agent_unknown,
    agent_cancelled,
    agent_two_calls,
    agent_failed_calls,
    agent_failed_action,
    agent_model_refused,
    agent_bad_request,
)
