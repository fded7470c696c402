"""Messages of an inbox, fetched, read and sorted: many at once, each that is trouble by itself."""

import asyncio
import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from agent.bookmark import Bookmark
from agent.sorting import (
    Folder,
    Rules,
    Sorted,
    not_proven_now,
    sort_message,
    stops,
    wants_proof,
)
from mail.errors import MailRefused, MailUnavailable
from mail.imap import FETCH_LIMIT, STEP_SECONDS, ImapSession, Message
from mail.proof import Evidence
from mail.prover import Prover
from mail.read import read
from mail.reply import Refusal, Reply

log = logging.getLogger(__name__)

MAX_TRIES = 3
STEP_SLACK = 2 * STEP_SECONDS
# A server in trouble refuses today what it gives soon: after so long it is the message's own fault.
WITHHELD_SECONDS = 3_600.0
# So long a message waits for a DNS that gives no answer; then its sender is told to write again.
UNPROVEN_SECONDS = 900.0
_BATCH = 20  # messages fetched in one answer: bounds memory, should the server lie about sizes

Given = Mapping[int, Message | MailRefused | None]
"""By UID what the server has given: a message, a refusal, or nothing."""


class _Waiting(NamedTuple):
    """A message whose sender cannot be proven at present."""

    since: float
    request_id: str
    """Of the approval that it may stop; '' if it consents."""


class Found(NamedTuple):
    """What came of reading some messages."""

    sorted: list[Sorted]
    refused: list[MailRefused]
    waiting: set[int]
    """UIDs of messages that have to stay, because their senders cannot be proven now."""


class MessageReader:
    """Remembers since when the server lists a message and does not give it, how often the
    connection broke at it, and since when its sender cannot be proven."""

    def __init__(self, rules: Rules, prover: Prover) -> None:
        self._rules = rules
        self._prover = prover
        self._withheld: dict[int, float] = {}
        self._breaks: Counter[int] = Counter()
        self._unproven: dict[int, _Waiting] = {}

    def forget(self, all_but: set[int]) -> None:
        self._withheld = {uid: at for uid, at in self._withheld.items() if uid in all_but}
        self._breaks = Counter({uid: n for uid, n in self._breaks.items() if uid in all_but})
        self._unproven = {uid: w for uid, w in self._unproven.items() if uid in all_but}

    def withholds(self, uid: int) -> bool:
        return uid in self._withheld

    async def read(self, session: ImapSession, uids: Sequence[int], bookmark: Bookmark) -> Found:
        """What has vanished meanwhile is left out: somebody else has taken care of it. The others
        are read although the server refuses one. Raises MailUnavailable, RPCError."""
        refused: list[MailRefused] = []
        others = [uid for uid in uids if not bookmark.is_suspect(uid)]
        found = await self._together(session, others, bookmark, refused)
        suspects = (uid for uid in uids if bookmark.is_suspect(uid))
        # Those that broke the connection most often come last: what a session gives before it
        # breaks shows that the fault is not the server's.
        for uid in sorted(suspects, key=lambda uid: (self._breaks[uid], uid)):
            found += await self._alone(session, uid, bookmark, refused)
        # What may stop an action is heard first, also if it takes longer to prove.
        stopping = {waiting.request_id for waiting in self._unproven.values()} - {""}
        held = {m.uid for m in found if m.consents and m.request_id in stopping}
        waiting = held.union(uid for uid in uids if uid in self._unproven)
        return Found([m for m in found if m.uid not in held], refused, waiting)

    async def _alone(
        self, session: ImapSession, uid: int, bookmark: Bookmark, refused: list[MailRefused]
    ) -> list[Sorted]:
        """A suspect. It is tried once too often by readers that it has killed, and by connections
        that broke at it after they had given other messages."""
        bookmark.step(STEP_SLACK)
        tries = await bookmark.begin_alone(uid)
        since = self._withheld.get(uid)
        now = asyncio.get_running_loop().time()
        if tries > MAX_TRIES or (since is not None and now - since >= WITHHELD_SECONDS):
            # Not done before it is put away: the next one may break off what would do that.
            return [Sorted(uid, Folder.QUARANTINE, f"not readable in {MAX_TRIES} tries")]
        proven = session.has_given
        try:
            given = await self._given(session, [uid], bookmark)
        except MailUnavailable:
            self._withheld.setdefault(uid, now)
            self._breaks[uid] += 1
            if not proven:
                bookmark.take_back(uid)
            raise
        except asyncio.CancelledError:
            bookmark.take_back(uid)  # we leave: no fault of its own
            raise
        found = await self._sorted(given, refused)
        bookmark.done(uid)
        return found

    async def _together(
        self,
        session: ImapSession,
        others: list[int],
        bookmark: Bookmark,
        refused: list[MailRefused],
    ) -> list[Sorted]:
        found: list[Sorted] = []
        # Known before the first is parsed; to fetch it meanwhile costs no time.
        recorded = asyncio.ensure_future(bookmark.begin(others))
        # Its failure shows when it is awaited below; if fetching fails first, nobody asks.
        recorded.add_done_callback(lambda task: task.cancelled() or task.exception())
        for batch in await self._batches(session, others):
            try:
                given = await self._given(session, batch, bookmark)
            except asyncio.CancelledError:
                bookmark.done(*others)  # we leave: no fault of theirs
                raise
            finally:
                # What the server hangs up at is on record, too, however soon it does.
                await recorded
            found += await self._sorted(given, refused)
            bookmark.done(*batch)
        await recorded
        return found

    async def _batches(self, session: ImapSession, uids: list[int]) -> list[list[int]]:
        """What is fetched in one answer: many short messages, or one long one."""
        if len(uids) < 2:
            return [uids] if uids else []
        try:
            sizes = await session.sizes(uids)
        except MailRefused:
            sizes = {}  # for one of them: each is asked for by itself, then
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

    async def _given(self, session: ImapSession, uids: list[int], bookmark: Bookmark) -> Given:
        bookmark.step(STEP_SLACK)
        try:
            return {**dict.fromkeys(uids), **await session.fetch(uids)}
        except MailRefused as error:
            if len(uids) == 1:
                return {uids[0]: error}
        given: dict[int, Message | MailRefused | None] = {}
        for uid in uids:
            given |= await self._given(session, [uid], bookmark)
        return given

    async def _sorted(self, given: Given, refused: list[MailRefused]) -> list[Sorted]:
        messages = [message for message in given.values() if isinstance(message, Message)]
        found = await self._proven_and_sorted(messages)
        now = asyncio.get_running_loop().time()
        for uid, message in given.items():
            if isinstance(message, Message):
                self._withheld.pop(uid, None)
            elif now - self._withheld.setdefault(uid, now) >= WITHHELD_SECONDS:
                reason = f"not given: {message or 'no answer'}"
                found.append(Sorted(uid, Folder.QUARANTINE, reason))
            elif message is not None:
                refused.append(message)
        return found

    async def _proven_and_sorted(self, messages: Sequence[Message]) -> list[Sorted]:
        # In a thread: a message may take its time, and heartbeats must not wait for it.
        replies = await asyncio.to_thread(self._read, messages)
        evidence = await self._evidence(messages, replies)
        found: list[Sorted] = []
        for message, reply in zip(messages, replies, strict=True):
            proof = evidence.get(message.uid)
            if not_proven_now(proof) and self._may_wait(message.uid, reply):
                continue
            self._unproven.pop(message.uid, None)
            found.append(
                sort_message(message.uid, reply, message.internal_date, self._rules, proof)
            )
        return found

    def _read(self, messages: Sequence[Message]) -> list[Reply | Refusal]:
        return [read(m.raw, vocabulary=self._rules.vocabulary) for m in messages]

    async def _evidence(
        self, messages: Sequence[Message], replies: Sequence[Reply | Refusal]
    ) -> dict[int, Evidence]:
        """By UID, of those messages on whose sender something hangs."""
        wanted = [
            (message, reply)
            for message, reply in zip(messages, replies, strict=True)
            if isinstance(reply, Reply) and wants_proof(reply, self._rules)
        ]
        found = await self._prover.prove([(message.raw, reply) for message, reply in wanted])
        return {m.uid: evidence for (m, _), evidence in zip(wanted, found, strict=True)}

    def _may_wait(self, uid: int, reply: Reply | Refusal) -> bool:
        now = asyncio.get_running_loop().time()
        if uid not in self._unproven:
            log.warning("inbox UID %d: its sender cannot be proven now, it is tried again", uid)
        waiting = self._unproven.setdefault(uid, _Waiting(now, stops(reply, self._rules)))
        return now - waiting.since < UNPROVEN_SECONDS
