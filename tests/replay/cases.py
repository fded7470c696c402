"""What a replay must cover: every way in which a workflow of ours ends, played with real time.

Each case drives one workflow to its end; `tests.replay.record` keeps its history.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from temporalio.client import (
    WorkflowContinuedAsNewError,
    WorkflowFailureError,
    WorkflowHandle,
)
from temporalio.exceptions import ApplicationError

from agent.jobs import Cursor, ExecuteResult
from agent.models import NoticeKind
from tests.virtual.conftest import A, B, C, World, call, calls, closing
from tests.virtual.runs import CANCEL, DELETE, LOOKUP, REFUND, approval

Handle = WorkflowHandle[Any, Any]
SHORT_SECONDS = 2.0
_LONGEST_SECONDS = 60.0
REQUESTER = "r@x.test"


async def approval_approved(world):
    asked = await world.ask(A, B)
    await asked.asked(2)
    await asked.vote(A, True, note="fine")
    return asked.handle


async def approval_rejected(world):
    """An approval first, taken back by the same person's rejection."""
    asked = await world.ask(A, B, require="all")
    await asked.asked(2)
    await asked.vote(A, True)
    await asked.vote(A, False, note="too much")
    return asked.handle


async def approval_expired(world):
    asked = await world.ask(A, seconds=SHORT_SECONDS)
    return asked.handle


async def approval_sweep_failed(world):
    async def refuse():
        raise ApplicationError("login refused", type="MailAuth", non_retryable=True)

    world.on_sweep = refuse
    return await approval_expired(world)


async def approval_late_vote(world):
    """A vote in time that only the last sweep finds counts."""
    asked = await world.ask(A, seconds=SHORT_SECONDS)
    await asked.asked()
    arrived = await world.now()

    async def found():
        await asked.vote(A, True, at=arrived)

    world.on_sweep = found
    return asked.handle


async def approval_undeliverable(world):
    world.refused = {A: "550 no such user", B: "550 no such user"}
    return (await world.ask(A, B)).handle


async def approval_partly_undeliverable(world):
    world.refused = {A: "550 no such user"}
    asked = await world.ask(A, B)
    await asked.asked()
    await asked.vote(B, True)
    return asked.handle


async def approval_withdrawn(world):
    asked = await world.ask(A, B)
    await asked.asked(2)
    await asked.handle.cancel()
    return asked.handle


async def approval_operator(world):
    asked = await world.ask(A, B, require="all")
    await asked.asked(2)
    await asked.operator(True, request_id="AR-0000000000")
    await asked.operator(True)
    return asked.handle


async def approval_stages(world):
    stages = [{"approvers": [A], "require": "any"}, {"approvers": [B, C], "require": "all"}]
    asked = await world.ask(policy={"stages": stages})
    await asked.asked()
    await asked.vote(A, True)
    await asked.asked(3)
    await asked.vote(B, True)
    await asked.vote(C, True)
    return asked.handle


async def approval_quorum(world):
    """Two of three, with a message read twice and a vote of somebody without right between."""
    asked = await world.ask(A, B, C, require=2)
    await asked.asked(3)
    await asked.vote(A, True, message_id="same")
    await asked.vote(A, True, message_id="same")
    await asked.vote("mallory@x.test", True)
    await asked.vote(C, True)
    return asked.handle


async def approval_answers_failed(world):
    world.answers_fail = True
    return await approval_approved(world)


async def approval_notices(world):
    """Help is capped; what is no question is only recorded."""
    asked = await world.ask(A)
    await asked.asked()
    for number in range(4):
        await asked.notice(A, number, NoticeKind.UNCLEAR)
    for number, kind in enumerate((NoticeKind.AUTO, NoticeKind.BOUNCE, NoticeKind.REFUSED), 4):
        await asked.notice(A, number, kind)
    await asked.vote(A, True)
    return asked.handle


async def approval_bad_request(world):
    return (await world.ask(policy={"stages": [{"approvers": ["m@evil.test"]}]})).handle


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


async def inbox_continued(world):
    """One run whose activity has returned; the next one is ended from outside."""
    handle: Handle = await world.env.client.start_workflow(
        "InboxWorkflow", Cursor(), id="inbox-agent@x.test", task_queue="inbox-agent@x.test"
    )
    client, first = world.env.client, handle.first_execution_run_id
    await finish(handle)
    # The next runs would go on for ever, as the activity of this world returns at once.
    await client.get_workflow_handle(handle.id).terminate("recorded")
    return client.get_workflow_handle(handle.id, run_id=first)


async def finish(handle: Handle) -> None:
    """Wait for the end of this run, whatever it is."""
    with suppress(WorkflowFailureError, WorkflowContinuedAsNewError):
        await asyncio.wait_for(handle.result(follow_runs=False), _LONGEST_SECONDS)


async def _decide(handle, request_id, approved):
    signal = {"request_id": request_id, "approved": approved, "decided_at": "today"}
    await handle.signal("approval_decision", signal)


Case = Callable[[World], Awaitable[Handle]]
CASES: dict[str, Case] = {
    case.__name__.replace("_", "-"): case
    for case in (
        approval_approved,
        approval_rejected,
        approval_expired,
        approval_sweep_failed,
        approval_late_vote,
        approval_undeliverable,
        approval_partly_undeliverable,
        approval_withdrawn,
        approval_operator,
        approval_stages,
        approval_quorum,
        approval_answers_failed,
        approval_notices,
        approval_bad_request,
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
        inbox_continued,
    )
}
