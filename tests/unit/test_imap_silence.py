"""Servers that hang, drip, flood or hang up: every step ends by our own deadline, and in bounds."""

import asyncio
import time
from contextlib import suppress

import pytest

from mail import imap as imap_module
from mail.errors import MailUnavailable
from mail.imap import ImapServer, ImapSession
from tests.imap_script import (
    DATE,
    OK,
    SILENCE,
    Endless,
    Last,
    Script,
    capabilities,
    fetched,
    session,
)
from tests.waiting import until

RAW = b"Subject: x\r\n\r\n"
STEPS = [
    "CAPABILITY",
    "LOGIN",
    "ID",
    "SELECT",
    "NAMESPACE",
    "CREATE",
    "LIST",
    "NOOP",
    "SEARCH",
    "FETCH",
    "COPY",
    "STORE",
    "EXPUNGE",
    "IDLE",
    "DONE",
]


@pytest.fixture
def quick(monkeypatch):
    monkeypatch.setattr(imap_module, "STEP_SECONDS", 0.2)


def willing(**answers) -> Script:
    """Does everything that `whole` asks for."""
    usual = {
        "CAPABILITY": capabilities("IDLE", "UIDPLUS", "NAMESPACE", "ID"),
        "ID": OK,
        "NAMESPACE": b'* NAMESPACE (("" "/")) NIL NIL\r\n' + OK,
        "CREATE": b"{tag} NO\r\n",
        "FETCH": fetched(RAW),
        "COPY": OK,
    }
    return Script(**{**usual, **answers})


async def whole(script: Script) -> None:
    """A session with every command."""
    async with session(script) as imap:
        await imap.create_folders(["Processed"])
        await imap.search()
        await imap.fetch([1])
        await imap.move([1], "Processed")
        await imap.idle(0.01)


async def test_the_whole_session_gives_every_command():
    script = willing()
    await whole(script)
    assert set(STEPS) < set(script.heard)


@pytest.mark.parametrize("step", STEPS)
async def test_silence_at_any_step_ends_the_session(step, quick):
    script = willing(**{step: SILENCE})
    with pytest.raises(MailUnavailable, match="no answer within"):
        await whole(script)
    assert script.heard[-1] == step


@pytest.mark.parametrize("step", STEPS)
async def test_a_connection_that_drops_at_any_step_is_noticed_at_once(step):
    start = time.monotonic()
    with pytest.raises(MailUnavailable, match="closed the connection"):
        await whole(willing(**{step: None}))
    assert time.monotonic() - start < 15


@pytest.mark.parametrize("step", STEPS)
async def test_a_farewell_at_any_step_ends_the_session_with_its_words(step):
    with pytest.raises(MailUnavailable, match="down for repairs"):
        await whole(willing(**{step: b"* bye down for repairs\r\n"}))


@pytest.mark.parametrize("step", ["LOGIN", "SELECT", "NOOP", "SEARCH", "FETCH", "IDLE", "DONE"])
async def test_untagged_answers_alone_are_silence(step, quick):
    with pytest.raises(MailUnavailable, match="no answer within"):
        await whole(willing(**{step: b"* 1 FETCH (FLAGS ())\r\n* OK wait\r\n* SEARCH 1\r\n"}))


async def test_a_server_that_never_greets_is_silent(quick):
    script = Script()
    script.greeting = SILENCE
    with pytest.raises(MailUnavailable, match="no answer within"):
        await whole(script)


async def test_a_handshake_that_never_comes_to_its_end_is_silence(quick):
    gone = asyncio.Event()

    async def mute(reader, writer):
        with suppress(ConnectionError):
            while await reader.read(1000):
                pass
        writer.close()
        gone.set()

    server = await asyncio.start_server(mute, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server:
        with pytest.raises(MailUnavailable, match="no answer within"):
            await ImapSession.open(ImapServer("127.0.0.1", "a", "b", port=port))
        await asyncio.wait_for(gone.wait(), 5)


async def test_a_server_that_speaks_no_tls_is_told_from_one_that_does():
    server = await asyncio.start_server(Script().serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server:
        with pytest.raises(MailUnavailable, match="SSL"):
            await ImapSession.open(ImapServer("127.0.0.1", "a", "b", port=port))


HALF = b"* 1 FETCH (UID 1 %b BODY[] {10000000}\r\n" % DATE + bytes(5_000_000)


async def test_half_a_literal_and_then_silence_ends_the_session(quick):
    with pytest.raises(MailUnavailable, match="no answer within"):
        await whole(willing(FETCH=HALF))


async def test_half_a_literal_and_then_no_connection_is_noticed_at_once():
    start = time.monotonic()
    with pytest.raises(MailUnavailable, match="closed the connection"):
        await whole(willing(FETCH=Last(HALF)))
    assert time.monotonic() - start < 15


@pytest.mark.parametrize(
    ("endless", "fault"),
    [
        (Endless(b"x" * 65_536), "no end"),
        (Endless(b"{9}\r\n123456789" * 1_000, b"* 1 FETCH (X "), "no end"),
        (Endless(b"* 1 FETCH (UID 1 FLAGS (\\Seen))\r\n" * 1_000), "no end"),
        (Endless(bytes(65_536), b"* 1 FETCH (BODY[] {4000000000}\r\n"), "literal"),
    ],
)
async def test_an_answer_without_end_ends_the_session_before_the_memory_does(endless, fault):
    script = willing(FETCH=endless)
    with pytest.raises(MailUnavailable, match=fault):
        await whole(script)
    assert script.sent < 100_000_000


async def test_a_greeting_without_end_is_none():
    script = Script()
    script.greeting = Endless(b"x" * 65_536)
    with pytest.raises(MailUnavailable, match="no end"):
        await whole(script)


async def test_chatter_without_end_is_silence(quick):
    with pytest.raises(MailUnavailable, match="no answer within"):
        await whole(willing(NOOP=Endless(b"* OK Still here\r\n" * 100)))


async def test_what_is_dripped_is_no_answer_in_time(quick):
    script = willing(FETCH=fetched(bytes(1_000)))

    def drip(data: bytes) -> list[bytes]:
        script.pause = 0.01 if b"FETCH" in data else 0
        return [bytes([octet]) for octet in data] if script.pause else [data]

    script.cut = drip
    with pytest.raises(MailUnavailable, match="no answer within"):
        await whole(script)


@pytest.mark.parametrize("step", STEPS)
async def test_who_is_cancelled_leaves_no_connection_behind(step):
    script = willing(**{step: SILENCE})
    task = asyncio.ensure_future(whole(script))

    async def begun() -> bool:
        return step in script.heard

    await until(begun, step)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await asyncio.wait_for(script.left.wait(), 5)


async def test_a_session_that_has_failed_is_not_used_again(quick):
    script = willing(SEARCH=[SILENCE, OK])
    async with session(script) as imap:
        with pytest.raises(MailUnavailable):
            await imap.search()
        for again in (imap.search(), imap.fetch([1]), imap.move([1], "x"), imap.idle(1)):
            with pytest.raises(MailUnavailable):
                await again
    assert script.heard.count("SEARCH") == 1


async def test_a_session_that_was_cancelled_while_it_waited_is_not_used_again():
    async with session(willing()) as imap:
        await imap.search()
        waiting = asyncio.ensure_future(imap.idle(60))
        await asyncio.sleep(0.05)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        with pytest.raises(MailUnavailable):
            await imap.search()


@pytest.mark.parametrize("answer", [SILENCE, None, b"* BYE\r\n", b"{tag} NO stay\r\n"])
async def test_a_farewell_that_is_not_answered_holds_nobody_up(answer):
    start = time.monotonic()
    script = willing(LOGOUT=answer)
    await whole(script)
    assert time.monotonic() - start < 15
    await asyncio.wait_for(script.left.wait(), 5)


@pytest.mark.parametrize("host", ["no..such.host", f"{'a' * 64}.test"])
async def test_a_host_that_can_have_no_address_is_a_server_that_is_away(host):
    with pytest.raises(MailUnavailable, match="cannot be reached"):
        await ImapSession.open(ImapServer(host, "a", "b"))
