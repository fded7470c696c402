"""One IMAP session on one mailbox. The only file that imports aioimaplib.

aioimaplib leaves every waiting call hanging when a connection drops, and never recovers after a
timeout: so each call has its own deadline, and after any failure the session is thrown away.
"""

import asyncio
import contextlib
import logging
import re
import ssl
from collections.abc import Awaitable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, TypeVar

from aioimaplib import aioimaplib

from mail.carriers import without_tokens
from mail.errors import MailAuth, MailRefused, MailUnavailable
from mail.imap_protocol import Client, quoted

T = TypeVar("T")

STEP_SECONDS = 20.0  # what any one command may take before the connection counts as dead
FETCH_LIMIT = 1024 * 1024
_INTERNALDATE = re.compile(rb'INTERNALDATE "([^"]+)"')
_UID = re.compile(rb"UID (\d+)")
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")
_UIDVALIDITY = re.compile(rb"UIDVALIDITY (\d+)")
_MOVE_BATCH = 100  # UIDs in one command: its line stays short of every server's limit

# Its debug log holds passwords and whole messages.
logging.getLogger("aioimaplib.aioimaplib").setLevel(logging.WARNING)


@dataclass(frozen=True, slots=True)
class ImapServer:
    host: str
    username: str
    password: str
    security: Literal["tls", "none"] = "tls"
    port: int | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """A message as the server holds it, cut at the fetch limit."""

    uid: int
    raw: bytes
    internal_date: datetime
    """When the server took it in: what votes are timed by."""


class ImapSession:
    """Use as `async with await ImapSession.open(server) as session`."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self.uidvalidity = 0
        self._arrivals = 0

    @classmethod
    async def open(cls, server: ImapServer) -> "ImapSession":
        """Connect, log in, select INBOX. Raises MailAuth or MailUnavailable."""
        context = ssl.create_default_context() if server.security == "tls" else None
        port = server.port or (993 if context else 143)
        session = cls(Client(server.host, port, ssl_context=context, timeout=STEP_SECONDS))
        try:
            await session._step(session._client.hello())
            answer = await session._step(
                session._client.login(quoted(server.username), server.password)
            )
            if answer.result != "OK":
                raise MailAuth("the IMAP server refused the login")
            # What aioimaplib reads off the login's answer has junk in it.
            await session._step(session._client.protocol.capability())
            answer = await session._ok(session._client.select(quoted("INBOX")), "SELECT")
            match = _UIDVALIDITY.search(b"\n".join(answer.lines))
            session.uidvalidity = int(match[1]) if match else 0
        except BaseException:
            session.abort()
            raise
        return session

    async def __aenter__(self) -> "ImapSession":
        return self

    async def __aexit__(self, kind: type[BaseException] | None, *_: object) -> None:
        # A farewell: after an error the session is past it, else it makes no difference whether
        # the server has heard it.
        if kind is None:
            self._client.protocol.leaving = True
            with contextlib.suppress(TimeoutError, aioimaplib.AioImapException, OSError):
                async with asyncio.timeout(1):
                    await self._client.logout()
        self.abort()

    def abort(self) -> None:
        """Drop the connection at once; every call that waits on it fails."""
        self._client.abort()

    async def create_folders(self, names: Iterable[str]) -> None:
        for name in names:
            # NO means that it exists; one that cannot be created shows when mail is moved there.
            await self._step(self._client.create(quoted(name)))

    async def search(self) -> list[int]:
        """The UIDs of everything in the inbox, oldest first."""
        if self._client.arrivals == self._arrivals:
            # Some servers search what they last told, and this one has told of nothing new.
            await self._ok(self._client.noop(), "NOOP")
        self._arrivals = self._client.arrivals
        answer = await self._ok(self._client.uid_search("UNDELETED", charset=None), "SEARCH")
        words = b" ".join(bytes(line) for line in answer.lines[:-1]).split()
        return sorted({int(word) for word in words if word.isdigit()})

    async def fetch_many(self, uids: Iterable[int]) -> dict[int, Message]:
        """Messages in one answer, without marking them seen, each cut at the fetch limit: the
        caller bounds their number. What is gone is left out."""
        items = f"(UID INTERNALDATE BODY.PEEK[]<0.{FETCH_LIMIT}>)"
        wanted = list(uids)
        found: dict[int, Message] = {}
        for uid, around, raw in await self._fetched(",".join(map(str, wanted)), items):
            date = _INTERNALDATE.search(around)
            if uid in wanted and date:
                found[uid] = Message(uid, raw, _internal_date(date[1].decode("ascii")))
        return found

    async def sizes(self, uids: Iterable[int]) -> dict[int, int]:
        """How long messages are, in octets, as the server says: some say what is not so."""
        what = ",".join(map(str, uids))
        answer = await self._ok(self._client.uid("FETCH", what, "(UID RFC822.SIZE)"), "FETCH")
        lines = [bytes(line) for line in answer.lines[:-1]]
        pairs = [(_UID.search(line), _SIZE.search(line)) for line in lines]
        return {int(uid[1]): int(size[1]) for uid, size in pairs if uid and size}

    async def fetch_headers(self, uids: Iterable[int], names: Iterable[str]) -> dict[int, bytes]:
        """These header fields of many messages, without marking them seen. What the server says
        nothing of is left out."""
        items = f"(UID BODY.PEEK[HEADER.FIELDS ({' '.join(names).upper()})])"
        found = await self._fetched(",".join(map(str, uids)), items)
        return {uid: raw for uid, _, raw in found}

    async def _fetched(self, uids: str, items: str) -> list[tuple[int, bytes, bytes]]:
        """UID, the line around the literal, the literal; of other messages, too, which the server
        may tell of in between."""
        answer = await self._ok(self._client.uid("FETCH", uids, items), "FETCH")
        found = []
        for number, line in enumerate(answer.lines[:-1]):
            if not isinstance(line, bytearray):
                continue
            around = b" ".join(
                bytes(part)
                for part in answer.lines[max(number - 1, 0) : number + 2]
                if not isinstance(part, bytearray)
            )
            if named := _UID.search(around):
                found.append((int(named[1]), around, bytes(line)))
        return found

    async def move(self, uids: list[int], folder: str) -> None:
        """Put messages away; those that are gone already are no failure."""
        for start in range(0, len(uids), _MOVE_BATCH):
            batch = ",".join(map(str, uids[start : start + _MOVE_BATCH]))
            await self._move(batch, folder)

    async def idle(self, seconds: float) -> None:
        """Wait until the server pushes anything, at most so long. Only a hint: search after it.

        Does not wait at all if new mail was told of since the last search began.
        """
        if self._client.arrivals > self._arrivals:
            return
        idling = await self._step(self._client.idle_start(timeout=seconds + STEP_SECONDS))
        # Its failure shows when it is awaited below; if this is cancelled first, nobody asks.
        idling.add_done_callback(lambda task: task.cancelled() or task.exception())
        with contextlib.suppress(TimeoutError):  # nothing came: that is what the limit is for
            await self._client.wait_server_push(timeout=seconds)
        self._client.idle_done()
        await self._step(asyncio.shield(idling))
        self._check_alive()

    @property
    def can_idle(self) -> bool:
        return bool(self._client.has_capability("IDLE"))

    async def _move(self, batch: str, folder: str) -> None:
        name = quoted(folder)
        if self._client.has_capability("MOVE"):
            await self._ok(self._client.uid("MOVE", batch, name), "MOVE")
            return
        await self._ok(self._client.uid("COPY", batch, name), "COPY")
        await self._ok(self._client.uid("STORE", batch, r"+FLAGS (\Deleted)"), "STORE")
        if self._client.has_capability("UIDPLUS"):
            await self._ok(self._client.uid("EXPUNGE", batch), "EXPUNGE")

    async def _ok(self, call: Awaitable[Any], what: str) -> Any:
        answer = await self._step(call)
        if answer.result != "OK":
            words = b" ".join(map(bytes, answer.lines[-1:])).decode("ascii", "replace").split()
            said = " ".join(words)[:200]
            raise MailRefused(f"the IMAP server refused {what}: {without_tokens(said)}")
        return answer

    async def _step(self, call: Awaitable[T]) -> T:
        """One call within its deadline; whatever goes wrong ends the session."""
        try:
            async with asyncio.timeout(STEP_SECONDS):
                return await call
        except (TimeoutError, OSError, aioimaplib.AioImapException, asyncio.CancelledError) as e:
            self.abort()
            if isinstance(e, asyncio.CancelledError):
                raise
            silent = f"no answer within {STEP_SECONDS:.0f} s"
            reason = " ".join(str(e).split()) or (
                silent if isinstance(e, TimeoutError) else type(e).__name__
            )
            raise MailUnavailable(f"the IMAP server cannot be reached: {reason}") from e

    def _check_alive(self) -> None:
        if self._client.lost:
            fault = self._client.protocol.fault
            raise MailUnavailable(f"the IMAP server cannot be reached: {fault}")


def _internal_date(text: str) -> datetime:
    return datetime.strptime(text.strip(), "%d-%b-%Y %H:%M:%S %z")
