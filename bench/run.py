"""All benches in one run, in the order in which they share approvals."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.actions import actions
from bench.backlog import backlog
from bench.flood import flood, row_of
from bench.idle import SETTLED_SECONDS, WINDOW_SECONDS, idling
from bench.place import Place
from bench.push import push
from bench.replies import start_approvals
from bench.report import Row
from bench.smtp import smtp
from bench.waiting import fill
from tests.planted import PASSWORD
from tests.servers.dovecot import dovecot
from tests.servers.greenmail import greenmail
from tests.servers.store import ImapProcess

# It keeps every backlog of the run: at 512 the second one ended it.
_GREENMAIL_MEGABYTES = 4_096


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much of everything. Half of the approvals serve each of the two servers; a person gets
    five receipts, so two rounds beside one push are the most that one approval can serve."""

    approvals: int = 10_000
    replies: int = 5_000
    rounds: int = 2
    pushes: int = 200
    mails: int = 300
    small: int = 20_000
    large: int = 20
    settled: float = SETTLED_SECONDS
    window: float = WINDOW_SECONDS


FULL = Sizes()
SMALL = Sizes(
    approvals=200, replies=100, pushes=24, mails=20, small=1_000, large=2, settled=0, window=5
)
TINY = Sizes(
    approvals=24,
    replies=12,
    rounds=1,
    pushes=8,
    mails=4,
    small=200,
    large=1,
    settled=0,
    window=0.5,
)


@contextmanager
def servers(directory: Path) -> Iterator[tuple[ImapProcess, ImapProcess]]:
    """GreenMail and Dovecot, as the tests run them."""
    with greenmail(directory, megabytes=_GREENMAIL_MEGABYTES) as one, dovecot(PASSWORD) as other:
        yield one, other


async def run(place: Place, pair: Sequence[ImapProcess], sizes: Sizes) -> AsyncIterator[Row]:
    """Each figure as soon as it is known."""
    secure = pair[-1]
    for row in await smtp(secure, sizes.mails):
        yield row
    async with AsyncExitStack() as stack:
        worker = await stack.enter_async_context(place.agent_worker())
        idle = await stack.enter_async_context(idling(place, secure))
        resting = asyncio.create_task(idle.row(sizes.settled, sizes.window))
        stack.callback(resting.cancel)
        row, asked = await fill(place, worker.process.pid, sizes.approvals, idle.ours, secure.name)
        yield row
        for number, server in enumerate(pair):
            first = number * sizes.replies
            mine = asked[first : first + sizes.replies]
            for row in await push(place, server, mine[: sizes.pushes]):
                yield row
            yield await backlog(place, server, mine, sizes.rounds)
            yield await actions(place, server)
        yield await resting
        (last,) = await start_approvals(place.client, place.queue, place.keyring, 1)
        yield row_of(await flood(place, secure, last, sizes.small, sizes.large), secure.name)
