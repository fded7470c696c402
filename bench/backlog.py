"""A backlog of replies, one to each of as many approvals: how fast it is drained."""

import asyncio
import imaplib
import json
import time
from collections.abc import Sequence
from datetime import datetime
from statistics import median

from bench.mailbox import Box, status
from bench.place import Place
from bench.replies import Asked, replies
from bench.report import Row, spread
from demo.children import Child
from tests.servers.store import ImapProcess

_GOAL = 0.8
_POLL_SECONDS = 0.1
_PATIENCE_SECONDS = 600.0


async def backlog(place: Place, server: ImapProcess, asked: Sequence[Asked], rounds: int) -> Row:
    """Replies per second of either side; who begins changes from round to round."""
    task = place.progress.add_task(f"backlog on {server.name}", total=2 * rounds)
    rates: dict[str, list[float]] = {"ours": [], "bare": []}
    for number in range(rounds):
        for side in ("ours", "bare") if number % 2 == 0 else ("bare", "ours"):
            box = Box(server, f"backlog-{side}-{number}@bench.test")
            await asyncio.to_thread(box.fill, list(replies(place.keyring, asked)))
            mailed = place.sink.messages
            drain = _ours if side == "ours" else _bare
            rates[side].append(len(asked) / await drain(place, box, len(asked)))
            # Every vote is receipted: then the approvals are at rest for the next round.
            await place.quiet(mailed + len(asked))
            place.progress.advance(task)
    ratio = median(rates["ours"]) / median(rates["bare"])
    return Row(
        what=f"backlog of {len(asked):,} replies, {rounds} rounds",
        server=server.name,
        ours=f"{spread(rates['ours'])}/s",
        bare=f"{spread(rates['bare'])}/s",
        ratio=ratio,
        goal=f">= {_GOAL} x",
        met=ratio >= _GOAL,
        details=dict(rates),
    )


async def _ours(place: Place, box: Box, count: int) -> float:
    """Seconds from the first look into the inbox until it is empty: tidied up, too."""
    with await asyncio.to_thread(box.login) as imap:
        async with place.inbox_worker(box.reach) as worker:
            start = _logged_at(worker, "reading the inbox")
            await asyncio.to_thread(_emptied, imap)
            end = time.time()
            signals = worker.log_text().count(": signalled ")
            assert signals == count, f"{signals} signals for {count} replies"
    return end - start


async def _bare(place: Place, box: Box, count: int) -> float:
    async with place.bare("drain", box.reach) as program:
        process = program.process
        assert process.stdin is not None and process.stdout is not None
        process.stdin.write(b"go\n")
        said = json.loads(await process.stdout.readline())
        assert said["count"] == count
        return float(said["end"] - said["start"])


def _emptied(imap: imaplib.IMAP4) -> None:
    end = time.monotonic() + _PATIENCE_SECONDS
    while status(imap):
        assert time.monotonic() < end, "the backlog was never drained"
        time.sleep(_POLL_SECONDS)


def _logged_at(worker: Child, text: str) -> float:
    line = next(line for line in worker.log_text().splitlines() if text in line)
    return datetime.strptime(line[:23], "%Y-%m-%d %H:%M:%S,%f").timestamp()
