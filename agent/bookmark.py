"""Where the reading of a mailbox stands: what was begun, so that a message which kills its reader,
or its connection, is known by that and not read for ever."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from agent.jobs import Cursor

_EXPECTED = 20  # UIDs on record before they exist: as many become suspects when a reader is lost


class Bookmark:
    """A cursor that is kept nowhere: for a sweep that nobody takes over."""

    def __init__(self, cursor: Cursor | None = None) -> None:
        self.cursor = cursor or Cursor()
        self._inherited = self.cursor.expected

    def step(self, seconds: float) -> None:
        """Say how long the step that begins now may take."""

    async def record(self) -> None:
        """Return when the cursor would outlive this process."""

    def turn_to(self, uidvalidity: int, uids: Sequence[int]) -> None:
        """Begin a sweep of these: UIDs of another validity mean nothing (RFC 9051 §2.3.1.1), and
        what was begun and never done is a suspect from now on."""
        if self.cursor.uidvalidity != uidvalidity:
            self._change(uidvalidity=uidvalidity, reading=(), tries={}, expected=0)
            self._inherited = 0
        begun = [*self.cursor.reading]
        if self._inherited:
            # Another reader was lost, or has left: it may have begun any of these.
            begun += [uid for uid in uids if _expected(uid, self._inherited)]
            self._inherited = 0
        tries = {**{str(uid): 1 for uid in begun}, **self.cursor.tries}
        there = {str(uid) for uid in uids}
        self._change(reading=(), tries={uid: n for uid, n in tries.items() if uid in there})

    def is_suspect(self, uid: int) -> bool:
        return str(uid) in self.cursor.tries

    async def begin(self, uids: Sequence[int]) -> None:
        """Record that these are read now, before anything of them is."""
        if all(_expected(uid, self.cursor.expected) for uid in uids):
            self._change(reading=tuple(uids))
        else:
            await self._recorded(reading=tuple(uids))

    async def expect(self, uid: int) -> None:
        """Record that UIDs from this one on may be read any time: so that new mail need not wait
        until it is on record."""
        wanted = max(uid, self.cursor.expected)
        if not _expected(wanted + _EXPECTED // 2, self.cursor.expected):
            await self._recorded(expected=wanted)

    async def begin_alone(self, uid: int) -> int:
        """The same for a suspect; return how often it was begun by now."""
        tries = self.cursor.tries.get(str(uid), 0) + 1
        await self._recorded(tries={**self.cursor.tries, str(uid): tries})
        return tries

    def take_back(self, uid: int) -> None:
        """The last try was not its own fault. It stays a suspect."""
        tries = max(self.cursor.tries.get(str(uid), 1) - 1, 1)
        self._change(tries={**self.cursor.tries, str(uid): tries})

    def done(self, *uids: int) -> None:
        """They were read: whatever happens to them next is no fault of their own."""
        keys = {str(uid) for uid in uids}
        tries = {key: count for key, count in self.cursor.tries.items() if key not in keys}
        reading = tuple(other for other in self.cursor.reading if other not in uids)
        self._change(tries=tries, reading=reading)

    def count(self, folders: Iterable[str]) -> None:
        counts = Counter(self.cursor.counts)
        counts.update(map(str, folders))
        self._change(counts=dict(counts))

    async def remember(self, told: tuple[str, ...]) -> None:
        """Record whom we have answered, before their mail is put away: nobody is told twice."""
        if told != self.cursor.told:
            await self._recorded(told=told)

    def swept(self, at: datetime) -> None:
        self._change(swept_at=at)

    async def _recorded(self, **fields: Any) -> None:
        before = {name: getattr(self.cursor, name) for name in fields}
        self._change(**fields)
        try:
            await self.record()
        except BaseException:
            # Nothing is read unless that is on record: then it was not begun either.
            self._change(**before)
            raise

    def _change(self, **fields: Any) -> None:
        self.cursor = self.cursor.model_copy(update=fields)


def _expected(uid: int, first: int) -> bool:
    return first > 0 and first <= uid < first + _EXPECTED
