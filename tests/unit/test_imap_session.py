"""What real servers do not do on demand: an IMAP session against a server that speaks a script."""

import asyncio
import time
from contextlib import asynccontextmanager

import pytest

from mail.errors import MailAuth, MailUnavailable
from mail.imap import ImapServer, ImapSession
from tests.imap_script import Script


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
