"""An IMAP server that speaks a script: for faults that no real one produces on demand."""

import asyncio
import contextlib
from collections.abc import Sequence

GREETING = b"* OK hello\r\n"
CAPABILITIES = b"* CAPABILITY IMAP4rev1 IDLE MOVE UIDPLUS\r\n"


Answer = bytes | None | Sequence[bytes]


class Script:
    """Answers each command by its name; `{tag}` is filled in. None closes the connection, of
    several answers each serves once and the last for ever."""

    def __init__(self, **answers: Answer) -> None:
        self.answers: dict[str, Answer] = {
            "CAPABILITY": CAPABILITIES + b"{tag} OK\r\n",
            "LOGIN": b"{tag} OK\r\n",
            "SELECT": b"* 2 EXISTS\r\n* OK [UIDVALIDITY 7] x\r\n{tag} OK\r\n",
            "NOOP": b"{tag} OK\r\n",
            "SEARCH": b"* SEARCH 1 2\r\n{tag} OK\r\n",
            "IDLE": b"+ idling\r\n",
            "LIST": b"{tag} OK\r\n",
            "LOGOUT": b"* BYE\r\n{tag} OK\r\n",
            **answers,
        }
        self.heard: list[str] = []
        self.greeting = GREETING

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            # The client leaves as it likes: a reset is one way of it.
            with contextlib.suppress(ConnectionError):
                await self._answer(reader, writer)
        finally:
            writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(self.greeting)
        idle_tag = b""
        while line := await reader.readline():
            words = line.split()
            tag, name = (idle_tag, "DONE") if words == [b"DONE"] else (words[0], _name(words))
            self.heard.append(name)
            if name == "IDLE":
                idle_tag = tag
            answer = b"{tag} OK\r\n" if name == "DONE" else self._next(name)
            if answer is None:
                return
            writer.write(answer.replace(b"{tag}", tag))

    def _next(self, name: str) -> bytes | None:
        answer = self.answers.get(name)
        if answer is None or isinstance(answer, bytes):
            return answer
        first, *rest = answer
        self.answers[name] = rest or first
        return first


def _name(words: list[bytes]) -> str:
    return (words[2] if words[1].upper() == b"UID" else words[1]).decode().upper()
