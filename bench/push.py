"""From the server's push to a signal that Temporal has accepted, one message at a time."""

import asyncio
import imaplib
import random
from collections.abc import Sequence
from contextlib import AsyncExitStack

from temporalio.api.enums.v1 import EventType
from temporalio.client import Client

from bench.mailbox import Box, append
from bench.place import Place
from bench.replies import Asked, replies, signalled
from bench.report import Row, quantile
from bench.tap import Tap, tapped
from tests.servers.store import ImapProcess

_PATIENCE_SECONDS = 20.0
_GOALS = ((0.5, 1.5), (0.99, 2.0))
_PAUSE_SECONDS = (0.1, 0.3)  # after a push, so that the message has been dealt with


async def push(place: Place, server: ImapProcess, asked: Sequence[Asked]) -> list[Row]:
    """One reply to each of these, to either side in turn; each side waits in IDLE all the time."""
    task = place.progress.add_task(f"pushes on {server.name}", total=len(asked))
    pushed: dict[str, list[tuple[Asked, float]]] = {"ours": [], "bare": []}
    async with AsyncExitStack() as stack:
        sides = {}
        for side in pushed:
            tap, port = await stack.enter_async_context(tapped(server))
            box = Box(server, f"push-{side}@bench.test")
            reach = {**box.reach, **port}
            if side == "ours":
                await stack.enter_async_context(place.inbox_worker(reach))
            else:
                await stack.enter_async_context(place.bare("follow", reach))
            sides[side] = tap, stack.enter_context(await asyncio.to_thread(box.login))
        await asyncio.sleep(2)
        for number, (one, raw) in enumerate(zip(asked, replies(place.keyring, asked), strict=True)):
            side = ("ours", "bare", "bare", "ours")[number % 4]
            tap, imap = sides[side]
            pushed[side].append((one, await _deliver(tap, imap, raw)))
            place.progress.advance(task)
            await asyncio.sleep(random.uniform(*_PAUSE_SECONDS))
        await asyncio.sleep(1)
    ours = [await taken(place.client, one) - at for one, at in pushed["ours"]]
    bare = [await taken(place.client, one) - at for one, at in pushed["bare"]]
    return [_row(server.name, share, goal, ours, bare) for share, goal in _GOALS]


async def _deliver(tap: Tap, imap: imaplib.IMAP4, raw: bytes) -> float:
    before = len(tap.pushes)
    tap.fresh.clear()
    await asyncio.to_thread(append, imap, [raw])
    async with asyncio.timeout(_PATIENCE_SECONDS):
        await tap.fresh.wait()
    return tap.pushes[before]


async def taken(client: Client, asked: Asked) -> float:
    """When the server wrote the last signal into the approval's history."""
    moment = 0.0
    async for event in signalled(client, asked).fetch_history_events():
        if event.event_type == EventType.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED:
            moment = event.event_time.seconds + event.event_time.nanos / 1e9
    assert moment, f"{asked.request_id} was never signalled"
    return moment


def _row(
    server: str, share: float, goal: float, ours: Sequence[float], bare: Sequence[float]
) -> Row:
    mine, theirs = quantile(ours, share), quantile(bare, share)
    return Row(
        what=f"push to signal, p{100 * share:.0f} of {len(ours)}",
        server=server,
        ours=f"{1000 * mine:.1f} ms",
        bare=f"{1000 * theirs:.1f} ms",
        ratio=mine / theirs,
        goal=f"<= {goal} x",
        met=mine / theirs <= goal,
        details={"ours": list(ours), "bare": list(bare)},
    )
