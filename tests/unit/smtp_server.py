"""A scripted SMTP server: whatever a real one may answer, at any step of the conversation."""

import asyncio
import contextlib
import ssl
from collections.abc import Mapping
from types import TracebackType
from typing import Self


class ScriptedSmtp:
    """Answers each verb (`CONNECT`, `EHLO`, …, `END` for the end of data) as `answers` says, else
    politely. An empty answer closes the connection; None hangs until the server stops; of one in
    bytes, which is sent as it is, there is no end. With `inside` it leaves in the middle
    of a message. `senders` holds its answers to some of MAIL's."""

    def __init__(
        self,
        answers: Mapping[str, str | bytes | None] | None = None,
        *,
        auth: str = "",
        tls: ssl.SSLContext | None = None,
        inside: bool = False,
        senders: Mapping[str, str] | None = None,
    ) -> None:
        self.heard: list[str] = []
        self._answers = answers or {}
        self._tls = tls
        self._inside = inside
        self._senders = senders or {}
        self._sender = ""
        offers = [*(["STARTTLS"] if tls else []), *([f"AUTH {auth}"] if auth else [])]
        self._features = "\r\n".join(["250-scripted", *(f"250-{o}" for o in offers), "250 HELP"])
        self._open: dict[asyncio.Task[None], asyncio.StreamWriter] = {}
        self._stopping = asyncio.Event()

    @property
    def port(self) -> int:
        return int(self._server.sockets[0].getsockname()[1])

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._server.close()
        self._stopping.set()
        for writer in self._open.values():
            writer.transport.abort()
        await asyncio.gather(*self._open)
        await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._open[task] = writer
        # The client may leave at any step.
        with contextlib.suppress(ConnectionError, EOFError):
            await self._talk(reader, writer)
        del self._open[task]
        writer.close()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        verb, data = "CONNECT", False
        while True:
            answer = self._answers.get(verb, self._polite(verb))
            if verb == "MAIL":
                answer = self._senders.get(self._sender, answer)
            if answer is None:
                await self._stopping.wait()
            if not answer:
                return
            if isinstance(answer, bytes):
                await self._without_end(answer, writer)
                return
            writer.write(f"{answer}\r\n".encode("utf-8", "surrogateescape"))
            await writer.drain()
            if verb == "STARTTLS" and self._tls and answer.startswith("220"):
                await writer.start_tls(self._tls)
            data = verb == "DATA" and answer.startswith("354")
            if data and self._inside:
                await reader.readexactly(5)
                return
            line = await reader.readuntil(b"\r\n.\r\n" if data else b"\r\n")
            self.heard.append(line.decode())
            verb = "END" if data else line.decode().partition(" ")[0].strip().upper()
            if verb == "MAIL":
                self._sender = line.decode().partition("<")[2].partition(">")[0]

    async def _without_end(self, answer: bytes, writer: asyncio.StreamWriter) -> None:
        while not self._stopping.is_set():
            writer.write(answer)
            await writer.drain()
            await asyncio.sleep(0.01)

    def _polite(self, verb: str) -> str:
        return {
            "CONNECT": "220 scripted ESMTP",
            "EHLO": self._features,
            "STARTTLS": "220 go on" if self._tls else "502 not here",
            "AUTH": "235 welcome",
            "DATA": "354 go on",
            "QUIT": "221 bye",
        }.get(verb, "250 OK")
