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


@pytest.mark.parametrize("greeting", [b"220 mail ESMTP\r\n", b"* BYE too many of you\r\n"])
async def test_a_server_that_does_not_greet_is_named_at_once(greeting):
    script = Script()
    script.greeting = greeting
    start = time.monotonic()
    with pytest.raises(MailUnavailable, match=greeting.decode().strip().split()[-1]):
        async with session(script):
            pass
    assert time.monotonic() - start < 5


async def test_what_follows_a_greeting_in_the_same_packet_is_no_second_one():
    script = Script()
    script.greeting = b"* OK hello\r\n* CAPABILITY IMAP4rev1\r\n"
    async with session(script) as imap:
        assert await imap.search() == [1, 2]


@pytest.mark.parametrize("command", ["CAPABILITY", "LOGIN", "SELECT", "NOOP", "SEARCH", "FETCH"])
async def test_a_farewell_in_the_middle_ends_the_session_with_its_words(command):
    script = Script(**{command: b"* BYE down for repairs\r\n"})
    start = time.monotonic()
    with pytest.raises(MailUnavailable, match="down for repairs"):
        async with session(script) as imap:
            await imap.search()
            await imap.search()  # the first has no need of NOOP: SELECT has just told
            await imap.fetch_many([1])
    assert time.monotonic() - start < 5


async def test_a_farewell_in_idle_ends_the_wait():
    script = Script(IDLE=b"+ idling\r\n* BYE idle too long\r\n")
    with pytest.raises(MailUnavailable, match="idle too long"):
        async with session(script) as imap:
            await imap.search()
            await imap.idle(30)


async def test_sizes_are_read_off_one_answer():
    told = b"* 1 FETCH (UID 4 RFC822.SIZE 1200)\r\n* 2 FETCH (RFC822.SIZE 7 UID 5)\r\n"
    script = Script(FETCH=told + b"* 9 FETCH (FLAGS (\\Seen) UID 9)\r\n{tag} OK\r\n")
    async with session(script) as imap:
        assert await imap.sizes([4, 5, 9]) == {4: 1200, 5: 7}


async def test_messages_of_one_answer_are_told_apart():
    line = b'* %d FETCH (UID %d INTERNALDATE "25-Nov-2026 07:01:00 +0000" BODY[]<0> {%d}\r\n%b)\r\n'
    raws = {4: b"Subject: a\r\n\r\nUID 7", 7: b"Subject: b\r\n\r\nx"}
    told = b"".join(line % (uid, uid, len(raw), raw) for uid, raw in raws.items())
    other = line % (9, 9, 1, b"x")
    script = Script(FETCH=told + other + b"{tag} OK\r\n")
    async with session(script) as imap:
        found = await imap.fetch_many([4, 7, 8])
    assert {uid: message.raw for uid, message in found.items()} == raws


async def test_headers_of_many_are_told_apart():
    fields = b"* %d FETCH (UID %d BODY[HEADER.FIELDS (TO)] {%d}\r\n%b)\r\n"
    heads = {4: b"To: a@x.test\r\n\r\n", 7: b"To: b@x.test\r\n\r\n"}
    told = b"".join(fields % (uid, uid, len(head), head) for uid, head in heads.items())
    script = Script(FETCH=told + b"* 9 FETCH (FLAGS (\\Seen))\r\n{tag} OK\r\n")
    async with session(script) as imap:
        assert await imap.fetch_headers([4, 7, 9], ["to"]) == heads
