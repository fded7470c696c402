"""What real servers do not do on demand: an IMAP session against a server that speaks a script."""

import asyncio
import contextlib
import time
from contextlib import asynccontextmanager

import pytest

from mail.errors import MailAuth, MailUnavailable
from mail.imap import ImapServer, ImapSession

GREETING = b"* OK hello\r\n"
CAPABILITIES = b"* CAPABILITY IMAP4rev1 IDLE MOVE UIDPLUS\r\n"


class Script:
    """Answers each command by its name; `{tag}` is filled in. None closes the connection."""

    def __init__(self, **answers: bytes | None) -> None:
        self.answers: dict[str, bytes | None] = {
            "CAPABILITY": CAPABILITIES + b"{tag} OK\r\n",
            "LOGIN": b"{tag} OK\r\n",
            "SELECT": b"* 2 EXISTS\r\n* OK [UIDVALIDITY 7] x\r\n{tag} OK\r\n",
            "NOOP": b"{tag} OK\r\n",
            "SEARCH": b"* SEARCH 1 2\r\n{tag} OK\r\n",
            "IDLE": b"+ idling\r\n",
            "LOGOUT": b"* BYE\r\n{tag} OK\r\n",
            **answers,
        }
        self.heard: list[str] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            # The client leaves as it likes: a reset is one way of it.
            with contextlib.suppress(ConnectionError):
                await self._answer(reader, writer)
        finally:
            writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(GREETING)
        idle_tag = b""
        while line := await reader.readline():
            words = line.split()
            tag, name = (idle_tag, "DONE") if words == [b"DONE"] else (words[0], _name(words))
            self.heard.append(name)
            if name == "IDLE":
                idle_tag = tag
            answer = b"{tag} OK\r\n" if name == "DONE" else self.answers.get(name)
            if answer is None:
                return
            writer.write(answer.replace(b"{tag}", tag))


def _name(words: list[bytes]) -> str:
    return (words[2] if words[1].upper() == b"UID" else words[1]).decode().upper()


@asynccontextmanager
async def session(script: Script):
    server = await asyncio.start_server(script.serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server:
        address = ImapServer("127.0.0.1", "agent@x.test", "secret", security="none", port=port)
        async with await ImapSession.open(address) as opened:
            yield opened
        await asyncio.sleep(0)  # the transports' own closing callbacks


async def test_new_mail_told_of_inside_another_answer_is_not_waited_for():
    script = Script(SEARCH=b"* SEARCH 1 2\r\n* 3 EXISTS\r\n{tag} OK\r\n")
    async with session(script) as imap:
        assert await imap.search() == [1, 2]
        await imap.idle(30)
    assert "IDLE" not in script.heard


async def test_what_was_there_before_the_search_is_waited_on():
    async with session(Script()) as imap:
        await imap.search()
        start = time.monotonic()
        await imap.idle(0.2)
        assert time.monotonic() - start >= 0.2


async def test_a_message_put_away_and_one_that_came_is_new_mail():
    moved = b"* 1 EXPUNGE\r\n* 2 EXISTS\r\n{tag} OK\r\n"
    script = Script(MOVE=moved)
    async with session(script) as imap:
        await imap.search()
        await imap.move([1], "Processed")
        await imap.idle(30)
    assert "IDLE" not in script.heard


async def test_a_connection_dropped_in_idle_is_noticed_at_once():
    script = Script(IDLE=None)
    start = time.monotonic()
    with pytest.raises(MailUnavailable):
        async with session(script) as imap:
            await imap.search()
            await imap.idle(30)
    assert time.monotonic() - start < 5


async def test_thousands_of_lines_in_one_answer_are_read():
    lines = b"".join(b"* %d FETCH (FLAGS ())\r\n" % n for n in range(1, 3_001))
    async with session(Script(NOOP=lines + b"{tag} OK\r\n")) as imap:
        assert await imap.search() == [1, 2]


async def test_a_refused_login_is_told_apart_from_a_server_that_is_away():
    with pytest.raises(MailAuth):
        async with session(Script(LOGIN=b"{tag} NO wrong password\r\n")):
            pass
    with pytest.raises(MailUnavailable):
        async with session(Script(SELECT=None)):
            pass
