"""One sweep of the inbox: read what lies there, signal what counts, then put it away.

A message is moved only after Temporal has taken it. A crash in between means that it is read
again, and the workflow knows it by its Message-ID and content.
"""

import asyncio
import contextlib
import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby

from agent.bookmark import Bookmark
from agent.signals import Signals
from agent.sorting import Folder, Rules, Sorted, sort_message
from mail.errors import MailRefused
from mail.imap import FETCH_LIMIT, STEP_SECONDS, ImapSession, Message
from mail.read import read
from mail.triage import FIELDS, REPORT, named_approval

log = logging.getLogger(__name__)

MAX_TRIES = 3
STEP_SLACK = 2 * STEP_SECONDS
_FEW = 20  # to read so many is as fast as to ask for their headers first
_BATCH = 20  # messages fetched in one answer: bounds memory, should the server lie about sizes
_CHUNK = 100  # messages read before they are signalled and put away: bounds memory and repetition


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep has left in the inbox."""

    more: bool
    """Mail that names no approval, and was not looked at yet: sweep again at once."""
    kept: bool
    """Mail whose answer could not be sent: sweep again soon."""


@dataclass(frozen=True, slots=True)
class _Signalling:
    """Messages that were read, and their way to Temporal: the UIDs that have to stay."""

    messages: list[Sorted]
    task: asyncio.Task[set[int]]

    async def end(self) -> None:
        """Nothing is left running. What was not taken yet still lies in the inbox."""
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)


class Sweeper:
    """Sweeps one mailbox, for one caller after the other or for several at once.

    With `leave`, mail whose headers name no approval is not even read, unless it is a delivery
    report: it is other people's.
    """

    def __init__(self, signals: Signals, rules: Rules, leave: bool) -> None:
        self._signals = signals
        self._rules = rules
        self._leave = leave
        self._uidvalidity = 0
        self._left: set[int] = set()
        self._unnamed: set[int] = set()

    async def sweep(self, session: ImapSession, bookmark: Bookmark) -> Swept:
        """Raises MailUnavailable if the session breaks, RPCError if Temporal does: nothing is
        lost then, the next sweep finds it all again."""
        self._turn_to(session.uidvalidity)
        there = await session.search()
        bookmark.turn_to(session.uidvalidity, there)
        uids = [uid for uid in there if uid not in self._left]
        named, unnamed = await self._triaged(session, uids, bookmark)
        kept = await self._work_off(session, [*named, unnamed[:_CHUNK]], bookmark)
        bookmark.swept(datetime.now(UTC))
        await bookmark.expect(max(there, default=0) + 1)
        return Swept(more=len(unnamed) > _CHUNK, kept=kept)

    def _turn_to(self, uidvalidity: int) -> None:
        if self._uidvalidity != uidvalidity:
            self._uidvalidity = uidvalidity
            self._left.clear()
            self._unnamed.clear()

    async def _triaged(
        self, session: ImapSession, uids: list[int], bookmark: Bookmark
    ) -> tuple[list[list[int]], list[int]]:
        """Chunks of what names an approval, all mail of one in the same, and what names none."""
        self._unnamed &= set(uids)
        unknown = [uid for uid in uids if uid not in self._unnamed]
        if len(unknown) <= _FEW and not self._leave:
            return [unknown], sorted(self._unnamed)
        names: list[tuple[str, int]] = []
        for start in range(0, len(unknown), _CHUNK):
            part = unknown[start : start + _CHUNK]
            bookmark.step(STEP_SLACK)
            heads = await session.fetch_headers(part, FIELDS)
            for uid in part:
                # Without an answer about it nobody knows: it may name one.
                name = named_approval(heads[uid]) if uid in heads else REPORT
                if name:
                    names.append((name, uid))
                else:
                    (self._left if self._leave else self._unnamed).add(uid)
        return list(_chunks(sorted(names))), sorted(self._unnamed)

    async def _work_off(
        self, session: ImapSession, chunks: Sequence[Sequence[int]], bookmark: Bookmark
    ) -> bool:
        """Read, signal and put away; return whether anything has to stay.

        While Temporal takes one chunk's signals the next is read, and the one before put away.
        Signals of two chunks never overlap: mail of one approval may lie in both.
        """
        kept: set[int] = set()
        refused: list[MailRefused] = []
        signalling: _Signalling | None = None
        try:
            for chunk in (*chunks, ()):
                found: list[Sorted] = []
                with _noting(refused):
                    found = await self._read(session, chunk, bookmark)
                taken: list[Sorted] = []
                if signalling is not None:
                    kept |= await signalling.task
                    taken = [message for message in signalling.messages if message.uid not in kept]
                signalling = self._signal(found, bookmark) if found else None
                with _noting(refused):
                    await self._put_away(session, taken, bookmark)
        finally:
            if signalling is not None:
                await signalling.end()
        if refused:
            raise refused[0]
        return bool(kept)

    def _signal(self, messages: list[Sorted], bookmark: Bookmark) -> "_Signalling":
        sending = self._signals.send(messages, lambda: bookmark.step(STEP_SLACK))
        return _Signalling(messages, asyncio.create_task(sending))

    async def _put_away(
        self, session: ImapSession, messages: list[Sorted], bookmark: Bookmark
    ) -> None:
        for folder, moved in self._destinations(messages):
            bookmark.step(STEP_SLACK)
            await session.move(moved, folder)
        bookmark.count(message.folder for message in messages)

    async def _read(
        self, session: ImapSession, uids: Sequence[int], bookmark: Bookmark
    ) -> list[Sorted]:
        suspects = [uid for uid in uids if bookmark.is_suspect(uid)]
        others = [uid for uid in uids if not bookmark.is_suspect(uid)]
        found: list[Sorted] = []
        for uid in suspects:
            bookmark.step(STEP_SLACK)
            if await bookmark.begin_alone(uid) > MAX_TRIES:
                found.append(Sorted(uid, Folder.QUARANTINE, f"not readable in {MAX_TRIES} tries"))
            else:
                found += await self._sorted((await session.fetch_many([uid])).values())
            bookmark.done(uid)
        # Known before the first is parsed; to fetch it meanwhile costs no time.
        recorded = asyncio.ensure_future(bookmark.begin(others))
        # Its failure shows when it is awaited below; if fetching fails first, nobody asks.
        recorded.add_done_callback(lambda task: task.cancelled() or task.exception())
        for batch in await self._batches(session, others):
            bookmark.step(STEP_SLACK)
            try:
                messages = await session.fetch_many(batch)
            finally:
                # What the server hangs up at is on record, too, however soon it does.
                await recorded
            found += await self._sorted(messages.values())
            bookmark.done(*batch)
        await recorded
        return found

    async def _batches(self, session: ImapSession, uids: list[int]) -> list[list[int]]:
        """What is fetched in one answer: many short messages, or one long one."""
        if len(uids) < 2:
            return [uids] if uids else []
        sizes = await session.sizes(uids)
        batches: list[list[int]] = [[]]
        octets = 0
        for uid in uids:
            size = min(sizes.get(uid, FETCH_LIMIT), FETCH_LIMIT)
            if batches[-1] and (octets + size > FETCH_LIMIT or len(batches[-1]) == _BATCH):
                batches.append([])
                octets = 0
            batches[-1].append(uid)
            octets += size
        return batches

    async def _sorted(self, messages: Iterable[Message]) -> list[Sorted]:
        """In a thread: a message may take its time, and heartbeats must not wait for it."""

        def sort() -> list[Sorted]:
            return [
                sort_message(m.uid, read(m.raw), m.internal_date, self._rules) for m in messages
            ]

        return await asyncio.to_thread(sort)

    def _destinations(self, messages: list[Sorted]) -> list[tuple[str, list[int]]]:
        folders: dict[Folder, list[int]] = defaultdict(list)
        for message in messages:
            if message.folder is not Folder.PROCESSED:
                log.warning("message %d to %s: %s", message.uid, message.folder, message.reason)
            if self._leave and message.folder is not Folder.PROCESSED:
                # A mailbox that others use, too: what is not ours is not touched, only remembered.
                self._left.add(message.uid)
            else:
                folders[message.folder].append(message.uid)
        return [*folders.items()]


@contextlib.contextmanager
def _noting(refused: list[MailRefused]) -> Iterator[None]:
    """What was signalled cannot be put away, or the like: no reason to let the rest lie."""
    try:
        yield
    except MailRefused as error:
        refused.append(error)


def _chunks(names: Sequence[tuple[str, int]]) -> Iterator[list[int]]:
    """Of UIDs with the approvals that they name, in order: chunks that keep each approval's mail
    together, so that a rejection among it is heard before a consent."""
    chunk: list[int] = []
    for _, group in groupby(names, key=lambda pair: pair[0]):
        chunk += [uid for _, uid in group]
        if len(chunk) >= _CHUNK:
            yield chunk
            chunk = []
    yield chunk
