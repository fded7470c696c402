"""One sweep of the inbox: read what lies there, signal what counts, then put it away.

A message is moved only after Temporal has taken it. A crash in between means that it is read
again, and the workflow knows it by its Message-ID and content.
"""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Awaitable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby

from agent.bookmark import Bookmark
from agent.metrics import Metrics
from agent.signals import Signals
from agent.sorting import Folder, Rules, Sorted, sort_message
from mail.errors import MailRefused
from mail.imap import STEP_SECONDS, ImapSession, Message
from mail.read import read
from mail.triage import FIELDS, REPORT, named_approval

log = logging.getLogger(__name__)

MAX_TRIES = 3
STEP_SLACK = 2 * STEP_SECONDS
# A server in trouble refuses today what it gives soon: after so long it is the message's own fault.
WITHHELD_SECONDS = 3_600.0
_FEW = 20  # to read so many is as fast as to ask for their headers first
_CHUNK = 100  # messages read before they are signalled and put away: bounds memory and repetition


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep has left in the inbox."""

    more: bool
    """Mail that names no approval, and was not looked at yet: sweep again at once."""
    kept: bool
    """Mail whose answer could not be sent: sweep again soon."""


class Sweeper:
    """Sweeps one mailbox, for one caller after the other or for several at once.

    With `leave`, mail whose headers name no approval is not even read, unless it is a delivery
    report: it is other people's.
    """

    def __init__(
        self, signals: Signals, rules: Rules, leave: bool, metrics: Metrics | None = None
    ) -> None:
        self._signals = signals
        self._rules = rules
        self._leave = leave
        self._metrics = metrics or Metrics()
        self._uidvalidity = 0
        self._left: set[int] = set()
        self._unnamed: set[int] = set()
        self._withheld: dict[int, float] = {}
        """Since when the server lists a message and does not give it."""

    async def sweep(self, session: ImapSession, bookmark: Bookmark) -> Swept:
        """Raises MailUnavailable if the session breaks, RPCError if Temporal does: nothing is
        lost then, the next sweep finds it all again."""
        self._turn_to(session.uidvalidity)
        bookmark.turn_to(session.uidvalidity)
        listed = set(await session.search())
        self._withheld = {uid: at for uid, at in self._withheld.items() if uid in listed}
        uids = sorted(listed - self._left)
        named, unnamed = await self._triaged(session, uids, bookmark)
        kept = False
        refused: list[MailRefused] = []
        for chunk in (*named, unnamed[:_CHUNK]):
            try:
                kept = await self._handle(session, chunk, bookmark) or kept
            except MailRefused as error:
                # What was signalled cannot be put away, or the like: no reason to let the rest lie.
                refused.append(error)
        if refused:
            raise refused[0]
        bookmark.swept(datetime.now(UTC))
        return Swept(more=len(unnamed) > _CHUNK, kept=kept)

    def _turn_to(self, uidvalidity: int) -> None:
        if self._uidvalidity != uidvalidity:
            self._uidvalidity = uidvalidity
            self._withheld.clear()
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
        return list(_chunks(sorted(names))), sorted(self._unnamed)

    async def _handle(self, session: ImapSession, uids: Sequence[int], bookmark: Bookmark) -> bool:
        """Read, signal and put away; return whether anything has to stay."""
        found, refused = await self._read(session, uids, bookmark)
        kept = await self._signals.send(found, lambda: bookmark.step(STEP_SLACK))
        put_away = [message for message in found if message.uid not in kept]
        for folder, moved in self._destinations(put_away):
            bookmark.step(STEP_SLACK)
            await session.move(moved, folder)
        bookmark.count(message.folder for message in put_away)
        for message in put_away:
            self._metrics.put_away(message)
        if refused:
            raise refused[0]
        return bool(kept)

    async def _read(
        self, session: ImapSession, uids: Sequence[int], bookmark: Bookmark
    ) -> tuple[list[Sorted], list[MailRefused]]:
        suspects = [uid for uid in uids if bookmark.is_suspect(uid)]
        others = [uid for uid in uids if not bookmark.is_suspect(uid)]
        found: list[Sorted | MailRefused | None] = []
        for uid in suspects:
            bookmark.step(STEP_SLACK)
            if await bookmark.begin_alone(uid) > MAX_TRIES:
                found.append(Sorted(uid, Folder.QUARANTINE, f"not readable in {MAX_TRIES} tries"))
            else:
                found.append(await self._read_one(session, uid))
            bookmark.done(uid)
        # Known before the first is parsed; to fetch it meanwhile costs no time.
        recorded = asyncio.ensure_future(bookmark.begin(others))
        # Its failure shows when it is awaited below; if fetching fails first, nobody asks.
        recorded.add_done_callback(lambda task: task.cancelled() or task.exception())
        for uid in others:
            bookmark.step(STEP_SLACK)
            found.append(await self._read_one(session, uid, recorded))
            bookmark.done(uid)
        await recorded
        return (
            [message for message in found if isinstance(message, Sorted)],
            [error for error in found if isinstance(error, MailRefused)],
        )

    async def _read_one(
        self, session: ImapSession, uid: int, recorded: Awaitable[None] | None = None
    ) -> Sorted | MailRefused | None:
        """None if the message has vanished meanwhile: somebody else has taken care of it.

        The others are read although the server refuses this one.
        """
        message: Message | MailRefused | None
        try:
            message = await session.fetch(uid)
        except MailRefused as error:
            message = error
        if recorded is not None:
            await recorded
        if not isinstance(message, Message):
            now = asyncio.get_running_loop().time()
            if now - self._withheld.setdefault(uid, now) < WITHHELD_SECONDS:
                return message
            return Sorted(uid, Folder.QUARANTINE, f"not given: {message or 'no answer'}")
        self._withheld.pop(uid, None)
        reply = await asyncio.to_thread(read, message.raw)
        return sort_message(uid, reply, message.internal_date, self._rules)

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
