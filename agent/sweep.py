"""One sweep of the inbox: read what lies there, signal what counts, then put it away.

A message is moved only after Temporal has taken it. A crash in between means that it is read
again, and the workflow knows it by its Message-ID and content.
"""

import asyncio
import contextlib
import logging
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from agent.bookmark import Bookmark
from agent.metrics import Metrics
from agent.reading import STEP_SLACK, MessageReader
from agent.signals import Signals
from agent.sorting import Folder, Rules, Sorted
from mail.errors import MailRefused
from mail.imap import ImapSession
from mail.prover import Prover
from mail.triage import FIELDS, REPORT, named_approval

log = logging.getLogger(__name__)

_FEW = 20  # to read so many is as fast as to ask for their headers first
_CHUNK = 100  # messages read before they are signalled and put away: bounds memory and repetition


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep has left in the inbox."""

    more: bool
    """Mail that names no approval, and was not looked at yet: sweep again at once."""
    kept: bool
    """Mail whose answer could not be sent, or whose sender not be proven: sweep again soon."""


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

    def __init__(
        self,
        signals: Signals,
        rules: Rules,
        prover: Prover,
        leave: bool,
        metrics: Metrics | None = None,
    ) -> None:
        self._signals = signals
        self._leave = leave
        self._metrics = metrics or Metrics()
        self._reader = MessageReader(rules, prover)
        self._uidvalidity = 0
        self._left: set[int] = set()
        self._unnamed: set[int] = set()

    async def sweep(self, session: ImapSession, bookmark: Bookmark) -> Swept:
        """Raises MailUnavailable if the session breaks, RPCError if Temporal does: nothing is
        lost then, the next sweep finds it all again."""
        self._turn_to(session.uidvalidity)
        listed = await session.search()
        bookmark.turn_to(session.uidvalidity, listed)
        self._reader.forget(all_but=set(listed))
        self._left &= set(listed)
        uids = [uid for uid in listed if uid not in self._left]
        named, unnamed = await self._triaged(session, uids, bookmark)
        # What is listed and not given must not be in the way of the rest.
        given = [uid for uid in unnamed if not self._reader.withholds(uid)]
        next_ones = (given or unnamed)[:_CHUNK]
        kept = await self._work_off(session, [*named, next_ones], bookmark)
        # Also what another sweep of this process has answered meanwhile.
        await bookmark.remember(self._signals.told)
        bookmark.swept(datetime.now(UTC))
        await bookmark.expect(max(listed, default=0) + 1)
        return Swept(more=len(given) > _CHUNK, kept=kept)

    def _turn_to(self, uidvalidity: int) -> None:
        if self._uidvalidity != uidvalidity:
            self._uidvalidity = uidvalidity
            self._reader.forget(all_but=set())
        elif uidvalidity:
            return
        # 0 is a server without: another session's UIDs may be other messages.
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
            try:
                heads = await session.fetch_headers(part, FIELDS)
            except MailRefused:
                heads = {}  # for one of them: each is asked for by itself, then
            for uid in part:
                # Without an answer about it nobody knows: it may name one.
                name = named_approval(heads[uid]) if uid in heads else REPORT
                if name:
                    names.append((name, uid))
                else:
                    (self._left if self._leave else self._unnamed).add(uid)
        return list(_chunks(names)), sorted(self._unnamed)

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
                found = await self._reader.read(session, chunk, bookmark)
                refused += found.refused
                kept |= found.waiting
                taken: list[Sorted] = []
                if signalling is not None:
                    kept |= await signalling.task
                    taken = [message for message in signalling.messages if message.uid not in kept]
                    await bookmark.remember(self._signals.told)
                signalling = self._signal(found.sorted, bookmark) if found.sorted else None
                with _noting(refused):
                    await self._put_away(session, taken, bookmark)
        finally:
            if signalling is not None:
                await signalling.end()
        if refused:
            raise refused[0]
        return bool(kept)

    def _signal(self, messages: list[Sorted], bookmark: Bookmark) -> _Signalling:
        sending = self._signals.send(messages, lambda: bookmark.step(STEP_SLACK))
        return _Signalling(messages, asyncio.create_task(sending))

    async def _put_away(
        self, session: ImapSession, messages: list[Sorted], bookmark: Bookmark
    ) -> None:
        for folder, moved in self._destinations(messages):
            bookmark.step(STEP_SLACK)
            await session.move(moved, folder)
            bookmark.done(*moved)
        bookmark.count(message.folder for message in messages)
        for message in messages:
            self._metrics.put_away(message)

    def _destinations(self, messages: list[Sorted]) -> list[tuple[str, list[int]]]:
        folders: dict[Folder, list[int]] = defaultdict(list)
        for message in messages:
            if message.folder is not Folder.PROCESSED:
                log.warning("inbox UID %d to %s: %s", message.uid, message.folder, message.reason)
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
    """Of UIDs with the approvals that they name: chunks that keep each approval's mail together,
    so that a rejection among it is heard before a consent. What much is written about comes after
    the others, and reports, which may be about anything, last of all."""
    groups: dict[str, list[int]] = defaultdict(list)
    for name, uid in names:
        groups[name].append(uid)
    reports = groups.pop(REPORT, [])
    chunk: list[int] = []
    for group in (*sorted(groups.values(), key=len), *([uid] for uid in reports)):
        if len(chunk) + len(group) > _CHUNK:
            yield chunk
            chunk = []
        chunk += group
    yield chunk
