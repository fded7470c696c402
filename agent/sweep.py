"""One sweep of the inbox: read everything, signal what counts, then put it away.

A message is moved only after Temporal has taken it. A crash in between means that it is read
again, and the workflow knows it by its Message-ID and content.
"""

import asyncio
import logging
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from datetime import UTC, datetime

from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from agent.jobs import Cursor
from agent.late import LateAnswers
from agent.sorting import Folder, Rules, Sorted, sort_message
from mail.imap import ImapSession
from mail.read import read

log = logging.getLogger(__name__)

MAX_TRIES = 3
_CONCURRENT_SIGNALS = 32  # approvals signalled at a time; of one approval strictly in order


class Sweeper:
    """Sweeps one mailbox. `progress` is called at every step, with the cursor as it stands."""

    def __init__(self, client: Client, rules: Rules, late: LateAnswers, leave: bool) -> None:
        self._client = client
        self._rules = rules
        self._late = late
        self._leave = leave
        self._left: set[int] = set()

    async def sweep(
        self, session: ImapSession, cursor: Cursor, progress: Callable[[Cursor], None]
    ) -> Cursor:
        """Raises MailUnavailable if the session breaks, RPCError if Temporal does: nothing is
        lost then, the next sweep finds it all again."""
        if cursor.uidvalidity != session.uidvalidity:
            cursor = cursor.model_copy(update={"uidvalidity": session.uidvalidity, "tries": {}})
            self._left.clear()
        found: list[Sorted] = []
        for uid in await session.search():
            if uid in self._left:
                continue
            cursor = _tried(cursor, uid)
            progress(cursor)
            sorted_message = await self._sort(session, uid, cursor.tries[str(uid)])
            if sorted_message is not None:
                found.append(sorted_message)
        kept = await self._signal_all(found, lambda: progress(cursor))
        put_away = [message for message in found if message.uid not in kept]
        for folder, uids in self._destinations(put_away):
            progress(cursor)
            await session.move(uids, folder)
        return self._after(cursor, put_away)

    async def _sort(self, session: ImapSession, uid: int, tries: int) -> Sorted | None:
        """None if the message has vanished meanwhile: somebody else has taken care of it."""
        if tries > MAX_TRIES:
            return Sorted(uid, Folder.QUARANTINE, f"not readable in {MAX_TRIES} tries")
        message = await session.fetch(uid)
        if message is None:
            return None
        reply = await asyncio.to_thread(read, message.raw)
        return sort_message(uid, reply, message.internal_date, self._rules)

    async def _signal_all(self, found: list[Sorted], progress: Callable[[], None]) -> set[int]:
        """Return the UIDs of messages that must stay, because their answer could not be sent."""
        by_approval: dict[str, list[Sorted]] = defaultdict(list)
        for message in sorted(found, key=lambda message: message.order):
            if message.request_id:
                by_approval[message.request_id].append(message)
        gate = asyncio.Semaphore(_CONCURRENT_SIGNALS)
        kept: set[int] = set()

        async def one(messages: list[Sorted]) -> None:
            async with gate:
                for message in messages:
                    progress()
                    if not await self._signal(message):
                        kept.add(message.uid)

        try:
            async with asyncio.TaskGroup() as group:
                for messages in by_approval.values():
                    group.create_task(one(messages))
        except* RPCError as errors:
            raise errors.exceptions[0] from None
        return kept

    async def _signal(self, message: Sorted) -> bool:
        """False if the message must stay in the inbox for another try."""
        handle = self._client.get_workflow_handle(f"approval-{message.request_id}")
        try:
            if message.decision is not None:
                await handle.signal("approval_decision", message.decision)
            elif message.notice is not None:
                await handle.signal("reply_received", message.notice)
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:
                return await self._late.answer(message)
            if error.status is RPCStatusCode.INVALID_ARGUMENT:
                # The run's limit of signals: it can take no more, whatever is tried.
                log.error("approval %s takes no more signals", message.request_id)
                return True
            raise
        log.info("signalled %s to approval %s", message.reason, message.request_id)
        return True

    def _destinations(self, messages: list[Sorted]) -> Iterable[tuple[str, list[int]]]:
        folders: dict[Folder, list[int]] = defaultdict(list)
        for message in messages:
            if message.folder is not Folder.PROCESSED:
                log.warning("message %d to %s: %s", message.uid, message.folder, message.reason)
            if self._leave and message.folder is not Folder.PROCESSED:
                # A mailbox that others use, too: what is not ours is not touched, only remembered.
                self._left.add(message.uid)
            else:
                folders[message.folder].append(message.uid)
        return folders.items()

    def _after(self, cursor: Cursor, messages: list[Sorted]) -> Cursor:
        counts = Counter(cursor.counts)
        counts.update(message.folder.value for message in messages)
        done = {str(message.uid) for message in messages}
        tries = {uid: count for uid, count in cursor.tries.items() if uid not in done}
        return cursor.model_copy(
            update={"swept_at": datetime.now(UTC), "tries": tries, "counts": dict(counts)}
        )


def _tried(cursor: Cursor, uid: int) -> Cursor:
    tries = {**cursor.tries, str(uid): cursor.tries.get(str(uid), 0) + 1}
    return cursor.model_copy(update={"tries": tries})
