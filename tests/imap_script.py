"""An IMAP server that speaks a script: for faults that no real one produces on demand."""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass

from mail.imap import ImapServer, ImapSession
from tests.planted import PASSWORD

GREETING = b"* OK hello\r\n"
CAPABILITIES = b"* CAPABILITY IMAP4rev1 IDLE MOVE UIDPLUS\r\n"
OK = b"{tag} OK\r\n"
SILENCE = b""
DATE = b'INTERNALDATE "24-Nov-2026 10:00:00 +0000"'


@dataclass(frozen=True)
class Endless:
    """Sent over and over until the client has had enough."""

    data: bytes
    first: bytes = b""


@dataclass(frozen=True)
class Last:
    """Sent, and then the connection is closed."""

    data: bytes


Single = bytes | Endless | Last | None | Callable[[str], bytes]
Answer = Single | Sequence[Single]


def capabilities(*names: str) -> bytes:
    return f"* CAPABILITY IMAP4rev1 {' '.join(names)}\r\n{{tag}} OK\r\n".encode()


def fetched(raw: bytes, uid: int = 1) -> bytes:
    """FETCH's answer as most servers give it."""
    item = b"* %d FETCH (UID %d %b BODY[]<0> {%d}\r\n%b)\r\n"
    return item % (uid, uid, DATE, len(raw), raw) + OK


class Script:
    """Answers each command by its name; `{tag}` is filled in. None closes the connection, of
    several answers each serves once and the last for ever. A function is given the command."""

    def __init__(self, **answers: Answer) -> None:
        self.answers: dict[str, Answer] = {
            "CAPABILITY": CAPABILITIES + OK,
            "LOGIN": OK,
            "AUTHENTICATE": b"+ \r\n",
            "SASL": OK,
            "SELECT": b"* 2 EXISTS\r\n* OK [UIDVALIDITY 7] x\r\n{tag} OK\r\n",
            "LIST": OK,
            "NOOP": OK,
            "SEARCH": b"* SEARCH 1 2\r\n{tag} OK\r\n",
            "STORE": OK,
            "EXPUNGE": OK,
            "IDLE": b"+ idling\r\n",
            "DONE": OK,
            "LOGOUT": b"* BYE\r\n{tag} OK\r\n",
            **answers,
        }
        self.heard: list[str] = []
        self.lines: list[str] = []
        """What the client has sent, without tags."""
        self.greeting: bytes | Endless = GREETING
        self.sent = 0
        self.left = asyncio.Event()
        """Whether a connection has come to its end."""
        self.cut: Callable[[bytes], list[bytes]] = lambda data: [data]
        """How what is sent at once is cut into packets."""
        self.pause = 0.0
        """Seconds between them."""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            # The client leaves as it likes: a reset is one way of it.
            with contextlib.suppress(ConnectionError):
                await self._answer(reader, writer)
        finally:
            self.left.set()
            writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self._send(writer, self.greeting, b"")
        begun = b""
        while line := await reader.readline():
            words = line.split()
            if len(words) < 2:
                # The rest of a command that is gone on with: DONE, or what proves who one is.
                tag, name = begun, "DONE" if words == [b"DONE"] else "SASL"
            else:
                tag, name = words[0], _name(words)
                line = line.partition(b" ")[2]
                begun = tag
            self.heard.append(name)
            self.lines.append(line.decode("utf-8").rstrip())
            answer = self._next(name)
            if answer is None:
                return
            if callable(answer):
                answer = answer(self.lines[-1])
            await self._send(writer, answer, tag)
            if isinstance(answer, Last):
                return

    async def _send(
        self, writer: asyncio.StreamWriter, answer: bytes | Endless | Last, tag: bytes
    ) -> None:
        if isinstance(answer, Endless):
            writer.write(answer.first)
            while True:
                writer.write(answer.data)
                self.sent += len(answer.data)
                await writer.drain()
        data = answer.data if isinstance(answer, Last) else answer
        for packet in self.cut(data.replace(b"{tag}", tag)):
            writer.write(packet)
            await writer.drain()
            await asyncio.sleep(self.pause)

    def _next(self, name: str) -> Single:
        answer = self.answers.get(name)
        if not isinstance(answer, Sequence) or isinstance(answer, bytes):
            return answer
        first, *rest = answer
        self.answers[name] = rest or first
        return first


def _name(words: list[bytes]) -> str:
    return (words[2] if words[1].upper() == b"UID" else words[1]).decode().upper()


@contextlib.asynccontextmanager
async def serving(script: Script, tls: ssl.SSLContext | None = None) -> AsyncIterator[int]:
    """The port at which it is served."""
    server = await asyncio.start_server(script.serve, "127.0.0.1", 0, ssl=tls)
    async with server:
        yield int(server.sockets[0].getsockname()[1])
        await asyncio.sleep(0)  # the transports' own closing callbacks


@contextlib.asynccontextmanager
async def session(
    script: Script, username: str = "agent@x.test", password: str = PASSWORD
) -> AsyncIterator[ImapSession]:
    async with serving(script) as port:
        address = ImapServer("127.0.0.1", username, password, security="none", port=port)
        async with await ImapSession.open(address) as opened:
            yield opened
