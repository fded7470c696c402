"""One IMAP session on one mailbox, on whatever server.

aioimaplib leaves every waiting call hanging when a connection drops, and never recovers after a
timeout: so each call has its own deadline, and after any failure the session is thrown away.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal, TypeVar

from aioimaplib import aioimaplib

from mail.credentials import Credential, forms_of
from mail.errors import MailRefused, MailUnavailable
from mail.imap_answers import fetched, searched, sized
from mail.imap_folders import INBOX, Folders
from mail.imap_login import log_in
from mail.imap_protocol import Answer, Client, quoted
from mail.secret_source import SecretSource, with_credential
from mail.tls import Tls, certificate_fault, context_of

T = TypeVar("T")

STEP_SECONDS = 20.0  # what any one command may take before the connection counts as dead
FETCH_LIMIT = 1024 * 1024
HEADER_LIMIT = 64 * 1024  # of each of many messages: no sender's header is to fill an answer
_BATCH = 100  # UIDs in one command: its line stays short of every server's limit


@dataclass(frozen=True, slots=True)
class ImapServer:
    host: str
    username: str
    password: str | None = field(repr=False)
    security: Literal["tls", "none"] = "tls"
    port: int | None = None
    source: SecretSource | None = field(default=None, repr=False)
    """Asked for a password or token in place of `password`. With neither the certificate of `tls`
    has to do."""
    tls: Tls = Tls()


@dataclass(frozen=True, slots=True)
class Message:
    """A message as the server holds it, cut at the fetch limit."""

    uid: int
    raw: bytes = field(repr=False)
    internal_date: datetime
    """When the server took it in: what votes are timed by."""


class ImapSession:
    """Use as `async with await ImapSession.open(server) as session`."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._arrivals = 0
        self._idle_refused = False
        self.has_given = False
        """Whether any message came over this connection: the server can, then."""
        self._folders = Folders(self.command, self._has)

    @classmethod
    async def open(cls, server: ImapServer) -> "ImapSession":
        """Connect, log in, select INBOX. Raises MailAuth or MailUnavailable."""

        async def attempt(credential: Credential) -> "ImapSession":
            return await cls._open(server, credential)

        return await with_credential(server.password, server.source, attempt)

    @classmethod
    async def _open(cls, server: ImapServer, credential: Credential) -> "ImapSession":
        context = await context_of(server.tls, server.security, "IMAP")
        port = server.port or (993 if context else 143)
        secrets = forms_of(server.username, credential)
        session = cls(Client(server.host, port, context, FETCH_LIMIT, secrets))
        try:
            known = await session._step(session._client.hello())
            await session._ok("CAPABILITY")
            if not known:
                await log_in(session._client, session._step, server.username, credential)
                await session._ok("CAPABILITY")
            if session._has("ID"):
                # RFC 2971. NetEase's servers (163.com) let nobody in who does not say a name.
                await session.command("ID", '("name" "mail-approval-agent")')
            await session.select(INBOX)
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
                    await self._client.command("LOGOUT")
        self.abort()

    def abort(self) -> None:
        """Drop the connection at once; every call that waits on it fails."""
        self._client.abort()

    @property
    def uidvalidity(self) -> int:
        """0 if the server has none: then UIDs mean nothing beyond this session."""
        return int(self._client.protocol.uidvalidity)

    @property
    def can_idle(self) -> bool:
        return self._has("IDLE") and not self._idle_refused

    async def create_folders(self, names: Iterable[str]) -> None:
        """One that cannot be created shows when mail is moved there."""
        for name in names:
            await self._folders.create(name)

    async def select(self, folder: str) -> None:
        """Turn to another folder: from now on UIDs are those of its messages. Raises MailRefused
        if there is none."""
        self._client.protocol.uidvalidity = 0
        name = quoted(await self._folders.name_of(folder))
        await self._ok("SELECT", name, state=aioimaplib.SELECTED)
        self._arrivals = self._client.protocol.arrivals

    async def search(self) -> list[int]:
        """The UIDs of everything in the folder, oldest first."""
        if self._client.protocol.arrivals == self._arrivals:
            await self._told()  # else it has just told of something new
        self._arrivals = self._client.protocol.arrivals
        return await self._search()

    async def fetch(self, uids: Iterable[int]) -> dict[int, Message]:
        """Messages without marking them seen, each cut at the fetch limit, all in one answer: the
        caller bounds their number. What the server does not give is left out."""
        wanted = list(uids)
        items = f"(UID INTERNALDATE BODY.PEEK[]<0.{FETCH_LIMIT}>)"
        answer = await self._ok("FETCH", _set(wanted), items, uid=True, kind="FETCH")
        found = fetched(answer.responses, "BODY[]")
        self.has_given = self.has_given or bool(found)
        # The time of reading is later than an unknown one: nothing late counts as in time.
        return {
            uid: Message(uid, found[uid].body, found[uid].internal_date or datetime.now(UTC))
            for uid in wanted
            if uid in found
        }

    async def sizes(self, uids: Iterable[int]) -> dict[int, int]:
        """How long messages are, in octets, as the server says: some say what is not so."""
        found: dict[int, int] = {}
        for batch in _batches(list(uids)):
            items = "(UID RFC822.SIZE)"
            answer = await self._ok("FETCH", _set(batch), items, uid=True, kind="FETCH")
            found |= sized(answer.responses)
        return found

    async def fetch_headers(self, uids: Iterable[int], names: Iterable[str]) -> dict[int, bytes]:
        """These header fields of many messages, without marking them seen. What the server says
        nothing of is left out."""
        items = f"(UID BODY.PEEK[HEADER.FIELDS ({' '.join(names).upper()})]<0.{HEADER_LIMIT}>)"
        answer = await self._ok("FETCH", _set(uids), items, uid=True, kind="FETCH")
        found = fetched(answer.responses, "BODY[HEADER")
        return {uid: message.body[:HEADER_LIMIT] for uid, message in found.items()}

    async def move(self, uids: list[int], folder: str) -> None:
        """Put messages away; those that are gone already are no failure."""
        for batch in _batches(uids):
            await self._move_batch(batch, folder)

    async def idle(self, seconds: float) -> None:
        """Wait until the server pushes anything, at most so long. Only a hint: search after it.

        Does not wait at all if new mail was told of since the last search began, or if the
        server refuses to tell; then `can_idle` is no longer true.
        """
        protocol = self._client.protocol
        if protocol.arrivals > self._arrivals:
            return
        try:
            protocol.pushed.clear()
            idling = await self._step(self._client.begin("IDLE"))
            if idling.done():
                # Even an OK is a refusal here: to ask again at once would never end.
                self._idle_refused = bool(await self._step(idling))
                return
            # Not `wait_for`: before Python 3.12 it swallows a cancellation that comes with a push.
            with contextlib.suppress(TimeoutError):  # nothing came: that is what the limit is for
                async with asyncio.timeout(seconds):
                    await protocol.pushed.wait()
            if protocol.has_pending_idle_command():
                protocol.idle_done()
            await self._step(idling)
        except BaseException:
            self.abort()
            raise

    async def command(
        self, name: str, *arguments: str, uid: bool = False, kind: str = "", state: str = ""
    ) -> Answer:
        """Whatever the server answers, refusal or not. Raises MailUnavailable if it does not."""
        return await self._step(
            self._client.command(name, *arguments, uid=uid, kind=kind, state=state)
        )

    async def _told(self) -> int:
        await self._ok("NOOP")  # some servers search what they last told
        return int(self._client.protocol.arrivals)

    async def _search(self) -> list[int]:
        answer = await self._ok("SEARCH", "UNDELETED", uid=True, kind="SEARCH")
        return searched(answer.responses)

    async def _move_batch(self, uids: list[int], folder: str) -> None:
        try:
            await self._move(uids, folder)
        except MailRefused:
            # RFC 5530 §3 EXPUNGEISSUED: some servers refuse all where one has vanished.
            await self._told()
            left = set(uids) & set(await self._search())
            if len(left) == len(uids):
                raise
            if left:
                await self._move(sorted(left), folder)

    async def _move(self, uids: list[int], folder: str) -> None:
        batch = _set(uids)
        if self._has("MOVE"):
            await self._into(folder, "MOVE", batch)
            return
        await self._into(folder, "COPY", batch)
        await self._ok("STORE", batch, r"+FLAGS.SILENT (\Deleted)", uid=True)
        if self._has("UIDPLUS"):
            await self._ok("EXPUNGE", batch, uid=True)

    async def _into(self, folder: str, name: str, batch: str) -> None:
        tried = await self._folders.name_of(folder)
        try:
            await self._ok(name, batch, quoted(tried), uid=True)
        except MailRefused:
            # Not every server says TRYCREATE; one that creates it now has lacked it.
            created = await self._folders.create(folder)
            called = await self._folders.name_of(folder)
            if not created and called == tried:
                raise
            await self._ok(name, batch, quoted(called), uid=True)

    async def _ok(
        self, name: str, *arguments: str, uid: bool = False, kind: str = "", state: str = ""
    ) -> Answer:
        answer = await self.command(name, *arguments, uid=uid, kind=kind, state=state)
        if answer.result != "OK":
            said = self._client.protocol.words(answer.result.encode() + b" " + answer.text)
            raise MailRefused(f"the IMAP server refused {name}: {said}")
        return answer

    def _has(self, capability: str) -> bool:
        return bool(self._client.has_capability(capability))

    async def _step(self, call: Awaitable[T]) -> T:
        """One call within its deadline; whatever goes wrong ends the session."""
        try:
            async with asyncio.timeout(STEP_SECONDS):
                return await call
        except asyncio.CancelledError:
            self.abort()
            raise
        except (TimeoutError, OSError, UnicodeError, aioimaplib.AioImapException) as e:
            self.abort()
            silent = f"no answer within {STEP_SECONDS:.0f} s"
            reason = " ".join(str(e).split()) or (
                silent if isinstance(e, TimeoutError) else type(e).__name__
            )
            words = certificate_fault(e, "IMAP") or reason
            raise MailUnavailable(f"the IMAP server cannot be reached: {words}") from e


def _batches(uids: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(uids), _BATCH):
        yield uids[start : start + _BATCH]


def _set(uids: Iterable[int]) -> str:
    """A sequence set of RFC 9051 §9."""
    return ",".join(map(str, uids))
