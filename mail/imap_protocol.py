"""aioimaplib's protocol, mended: it neither notices a lost connection, nor survives long answers,
nor keeps secrets out of its log. Connecting, tags and the queue of commands are its own.

Verified against aioimaplib 2.0.3, which is why the dependency is pinned to 2.0.
"""

import asyncio
import logging
import re
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from aioimaplib import aioimaplib

from mail.carriers import without_tokens
from mail.imap_answers import capabilities, code
from mail.imap_stream import Response, ResponseReader, StreamError

quoted = aioimaplib.quoted

ANSWER_LIMIT = 32 * 1024 * 1024
"""Octets of all the responses to one command that are kept."""
SAID_LIMIT = 200
_WORDS = frozenset({b"OK", b"NO", b"BAD"})
"""Not news: Dovecot says `* OK Still here` every two minutes, to keep the connection open."""
_READABLE = 64 * 1024  # of a line that may have megabytes

_COUNT = re.compile(rb"\* (\d{1,10}) (EXISTS|EXPUNGE)\b", re.IGNORECASE)
_NUMBER = re.compile(r"[0-9]{1,10}")
_STATUS = re.compile(rb"(?:\*|[A-Za-z0-9]+) (OK|NO|BAD|BYE|PREAUTH)\b *(.*)", re.I | re.DOTALL)

# Its debug log holds passwords and whole messages: none of it, whatever level a logger is set to.
aioimaplib.log.setLevel(logging.WARNING)
aioimaplib.log.addFilter(lambda record: record.levelno >= logging.WARNING)


@dataclass(frozen=True, slots=True)
class Answer:
    """How a command ended, and the untagged responses of the kind that was asked for."""

    result: str
    text: bytes
    responses: list[Response]


class Protocol(aioimaplib.IMAP4ClientProtocol):  # type: ignore[misc]
    """One command at a time. The first fault ends it, and fails whatever waits."""

    lost = False
    leaving = False
    """Whether we have said LOGOUT: the BYE that answers it is no surprise."""
    fault = "it closed the connection"
    arrivals = 0
    """How often the server has told of new mail, in whatever answer: it does not repeat itself."""
    uidvalidity = 0
    challenge = b""
    """What the server has said when it last waited for us to go on."""
    _known = 0

    def __init__(
        self, loop: asyncio.AbstractEventLoop, keep: int, secrets: tuple[str, ...]
    ) -> None:
        super().__init__(loop)
        self.greeted = asyncio.Event()
        self.continued = asyncio.Event()
        self.pushed = asyncio.Event()
        # What a server may say back to us, and we to nobody.
        self._secrets = secrets
        self._reader = ResponseReader(keep)
        self._collecting = b""
        self._collected: list[Response] = []
        self._size = 0

    def collect(self, kind: bytes) -> list[Response]:
        """The responses of this kind from now on."""
        self._collecting, self._collected, self._size = kind, [], 0
        return self._collected

    def end(self, fault: str) -> None:
        if not self.lost:
            self.lost, self.fault = True, fault
        if self.transport is not None:
            self.transport.abort()

    def words(self, said: bytes) -> str:
        """What a server has said, fit for a log."""
        text = said[:_READABLE].decode("utf-8", "backslashreplace")
        for secret in self._secrets:
            text = text.replace(secret, "<secret>")
        line = "".join(letter if letter.isprintable() else " " for letter in text)
        return without_tokens(" ".join(line.split()))[:SAID_LIMIT]

    def data_received(self, data: bytes) -> None:
        try:
            for response in self._reader.feed(data):
                if self.lost:
                    return
                self._take(response)
        except StreamError as error:
            self.end(str(error))

    def connection_lost(self, exc: Exception | None) -> None:
        self.lost = True
        self.greeted.set()
        command = self._command()
        if command is not None:
            command._exception = aioimaplib.Abort(self.fault)
            self._close(command, b"connection lost", "KO")

    def _take(self, response: Response) -> None:
        line = response.parts[0]
        if not self.greeted.is_set():
            self._greet(response)
        elif line.startswith(b"* "):
            self._untagged(response)
        elif line.startswith(b"+"):
            self.challenge = line[1:].strip()
            self.continued.set()
        else:
            self._tagged(line)

    def _greet(self, response: Response) -> None:
        if response.kind not in (b"OK", b"PREAUTH"):
            self.end(f"it said {self.words(response.parts[0])!r}")
            return
        self.state = aioimaplib.AUTH if response.kind == b"PREAUTH" else aioimaplib.NONAUTH
        self.greeted.set()

    def _untagged(self, response: Response) -> None:
        line, kind = response.parts[0], response.kind
        if kind not in _WORDS:
            self.pushed.set()
        # RFC 9051 §7.1.5: after BYE the server closes the connection, if not always at once.
        if kind == b"BYE" and not self.leaving:
            self.end(f"it said {self.words(line)!r}")
        elif kind == b"CAPABILITY":
            self.capabilities = capabilities(response)
        elif kind == b"OK":
            self._identify(line)
        elif match := _COUNT.match(line):
            count = int(match[1])
            if match[2].upper() == b"EXISTS":
                self.arrivals += count > self._known
                self._known = count
            else:
                self._known -= 1
        if kind == self._collecting:
            self._size += response.size
            if self._size > ANSWER_LIMIT:
                self.end("its answer has no end")
            self._collected.append(response)

    def _identify(self, line: bytes) -> None:
        match = _STATUS.match(line)
        name, argument = code(match[2]) if match else ("", "")
        if name != "UIDVALIDITY" or not _NUMBER.fullmatch(argument):
            return
        if self.uidvalidity and int(argument) != self.uidvalidity:
            # Every UID that we know means another message from here on.
            self.end("the inbox was made anew (UIDVALIDITY)")
        self.uidvalidity = int(argument)

    def _tagged(self, line: bytes) -> None:
        command, match = self._command(), _STATUS.match(line)
        tag = line.partition(b" ")[0]
        if command is None or match is None or command.tag.encode() != tag:
            self.end("it answers what was not asked")
            return
        self._close(command, match[2], match[1].decode().upper())

    def _close(self, command: Any, text: bytes, result: str) -> None:
        self.pending_sync_command = None
        self.pending_async_commands.clear()
        self.pushed.set()
        command.close(text, result)

    def _command(self) -> Any:
        return self.pending_sync_command or next(iter(self.pending_async_commands.values()), None)


class Client(aioimaplib.IMAP4):  # type: ignore[misc]
    """An IMAP4 client over the mended protocol; with an ssl_context TLS from the start.

    Every call raises aioimaplib.Abort, with the reason, when the connection is lost.
    """

    def __init__(
        self,
        host: str,
        port: int,
        tls: ssl.SSLContext | None,
        keep: int,
        secrets: tuple[str, ...],
    ) -> None:
        self._keep = keep
        self._secrets = secrets
        super().__init__(host, port, ssl_context=tls)

    def create_client(
        self,
        host: str,
        port: int,
        loop: asyncio.AbstractEventLoop | None,
        conn_lost_cb: Callable[[Exception | None], None] | None = None,
        ssl_context: ssl.SSLContext | None = None,
    ) -> None:
        running = loop or asyncio.get_running_loop()
        self.protocol = Protocol(running, self._keep, self._secrets)
        self._client_task = running.create_task(
            running.create_connection(lambda: self.protocol, host, port, ssl=ssl_context)
        )

    async def hello(self) -> bool:
        """Connect and be greeted; return whether the server takes us for logged in already."""
        await self._client_task
        await self.protocol.greeted.wait()
        self._check()
        return bool(self.protocol.state == aioimaplib.AUTH)

    async def command(
        self, name: str, *arguments: str, uid: bool = False, kind: str = "", state: str = ""
    ) -> Answer:
        """Give one, and collect the untagged responses of a kind. OK leads to `state`."""
        self._check()
        collected = self.protocol.collect(kind.encode())
        prefix = "UID" if uid else ""
        command = aioimaplib.Command(name, self.protocol.new_tag(), *arguments, prefix=prefix)
        reply = await self.protocol.execute(command)
        if state and reply.result == "OK":
            self.protocol.state = state
        return Answer(reply.result, reply.lines[-1], collected)

    async def login(self, username: str, password: str) -> Answer:
        return await self.command(
            "LOGIN", quoted(username), quoted(password), state=aioimaplib.AUTH
        )

    async def authenticate(
        self, mechanism: str, response: bytes, farewell: bytes = b""
    ) -> tuple[Answer, bytes]:
        """SASL of one response (RFC 9051 §6.2.2). What the server says beyond it is told besides:
        it refuses, and comes to its end when it has heard `farewell`."""
        # RFC 4959. There are servers that take nothing else (GreenMail).
        initial = (response.decode(),) if self.has_capability("SASL-IR") else ()
        answered = await self.begin("AUTHENTICATE", mechanism, *initial, state=aioimaplib.AUTH)
        if not initial and not answered.done():
            await self._go_on(answered, response)
        challenge = b""
        if not answered.done():
            challenge = self.protocol.challenge
            await self._go_on(answered, farewell)
        return await answered, challenge

    async def begin(self, name: str, *arguments: str, state: str = "") -> asyncio.Task[Answer]:
        """Give a command that is gone on with: return when the server waits for that, or has
        refused."""
        protocol = self.protocol
        protocol.continued.clear()
        answered = asyncio.ensure_future(self.command(name, *arguments, state=state))
        # Its failure shows when it is awaited; if the caller is cancelled first, nobody asks.
        answered.add_done_callback(lambda task: task.cancelled() or task.exception())
        await self._awaited(answered)
        return answered

    async def _go_on(self, answered: asyncio.Task[Answer], line: bytes) -> None:
        self.protocol.continued.clear()
        self.protocol.transport.write(line + b"\r\n")
        await self._awaited(answered)

    async def _awaited(self, answered: asyncio.Task[Answer]) -> None:
        continued = asyncio.ensure_future(self.protocol.continued.wait())
        try:
            await asyncio.wait({answered, continued}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            continued.cancel()

    def abort(self) -> None:
        self._client_task.cancel()
        self.protocol.end("the session has ended")

    def _check(self) -> None:
        if self.protocol.lost:
            raise aioimaplib.Abort(self.protocol.fault)
