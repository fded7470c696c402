"""What real servers do not do on demand: an IMAP session against a server that speaks a script."""

import random
import time
from typing import Any

import pytest

from mail.errors import MailAuth, MailRefused, MailUnavailable
from mail.imap import FETCH_LIMIT, HEADER_LIMIT
from tests.imap_script import Script, fetched, session


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
    assert time.monotonic() - start < 15


async def test_thousands_of_lines_in_one_answer_are_read():
    lines = b"".join(b"* %d FETCH (FLAGS ())\r\n" % n for n in range(1, 3_001))
    async with session(Script(NOOP=lines + b"{tag} OK\r\n")) as imap:
        assert await imap.search() == [1, 2]


async def test_thousands_of_lines_beside_a_message_take_no_time():
    raw = b"Subject: x\r\n\r\n"
    lines = b"".join(b"* %d FETCH (FLAGS (\\Seen) UID %d)\r\n" % (n, n) for n in range(2, 5_000))
    start = time.monotonic()
    async with session(Script(FETCH=lines + fetched(raw))) as imap:
        message = (await imap.fetch([1]))[1]
    assert message is not None
    assert message.raw == raw
    assert time.monotonic() - start < 15


async def test_a_line_of_megabytes_is_repeated_in_a_few_words():
    start = time.monotonic()
    with pytest.raises(MailUnavailable) as caught:
        async with session(Script(NOOP=b"* BYE " + b"so long " * 1_000_000 + b"\r\n")) as imap:
            await imap.search()
    assert len(str(caught.value)) < 300
    assert time.monotonic() - start < 15


async def test_numbers_of_thousands_of_digits_are_none():
    many = b"9" * 5_000
    noise = b"* %b EXISTS\r\n* OK [UIDVALIDITY %b] x\r\n* SEARCH %b 1\r\n" % (many, many, many)
    async with session(Script(SEARCH=noise + b"{tag} OK\r\n")) as imap:
        assert await imap.search() == [1]
        assert imap.uidvalidity == 7


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
    assert time.monotonic() - start < 15


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
            await imap.fetch([1])
    assert time.monotonic() - start < 15


async def test_a_farewell_in_idle_ends_the_wait():
    script = Script(IDLE=b"+ idling\r\n* BYE idle too long\r\n")
    with pytest.raises(MailUnavailable, match="idle too long"):
        async with session(script) as imap:
            await imap.search()
            await imap.idle(30)


async def test_new_mail_told_of_beside_the_invitation_to_wait_ends_the_wait():
    start = time.monotonic()
    async with session(Script(IDLE=b"+ idling\r\n* 3 EXISTS\r\n")) as imap:
        await imap.search()
        await imap.idle(30)
    assert time.monotonic() - start < 15


async def test_new_mail_told_of_at_the_end_of_a_wait_is_not_waited_for_again():
    script = Script(DONE=b"* 3 EXISTS\r\n{tag} OK\r\n")
    async with session(script) as imap:
        await imap.search()
        await imap.idle(0.05)
        await imap.idle(30)
    assert script.heard.count("IDLE") == 1


async def test_new_mail_told_of_beside_a_refused_move_is_not_waited_for():
    script = Script(MOVE=b"* 3 EXISTS\r\n{tag} NO gone\r\n", CREATE=b"{tag} NO\r\n")
    script.answers["SEARCH"] = [b"* SEARCH 1\r\n{tag} OK\r\n", b"* SEARCH\r\n{tag} OK\r\n"]
    async with session(script) as imap:
        await imap.search()
        await imap.move([1], "Processed")
        await imap.idle(30)
    assert "IDLE" not in script.heard


async def test_a_sign_of_life_is_no_news():
    script = Script(IDLE=b"+ idling\r\n* OK Still here\r\n")
    async with session(script) as imap:
        await imap.search()
        start = time.monotonic()
        await imap.idle(0.3)
        assert time.monotonic() - start >= 0.3


async def test_a_wait_that_the_server_ends_itself_is_over():
    start = time.monotonic()
    script = Script(IDLE=b"+ idling\r\n{tag} OK enough\r\n")
    script.cut = lambda data: data.splitlines(keepends=True)
    async with session(script) as imap:
        await imap.search()
        await imap.idle(30)
        assert await imap.search() == [1, 2]
    assert "DONE" not in script.heard
    assert time.monotonic() - start < 15


@pytest.mark.parametrize("answer", [b"{tag} NO not here\r\n", b"{tag} BAD\r\n", b"{tag} OK\r\n"])
async def test_a_server_that_will_not_tell_is_not_asked_again(answer):
    async with session(Script(IDLE=answer)) as imap:
        await imap.search()
        assert imap.can_idle
        await imap.idle(30)
        assert not imap.can_idle
        assert await imap.search() == [1, 2]


async def test_warnings_and_what_nobody_asked_for_are_no_answers():
    noise = (
        b"* NO [ALERT] disk nearly full {99}\r\n* BAD your last command\r\n\r\n"
        b"* OK [ALERT] maintenance at noon\r\n* XLIST whatever (((\r\n* FLAGS (\\Seen)\r\n"
        b'* OK [PERMANENTFLAGS ()] no keywords\r\n* 1 FETCH (FLAGS ("\r\n'
    )
    names = ("SELECT", "NOOP", "SEARCH", "FETCH", "LOGIN", "CAPABILITY")
    usual: Any = {**Script().answers, "FETCH": b"{tag} OK\r\n"}
    async with session(Script(**{name: noise + usual[name] for name in names})) as imap:
        assert await imap.search() == [1, 2]
        assert await imap.fetch([1]) == {}
        assert imap.uidvalidity == 7


async def test_capital_letters_make_no_difference():
    script = Script(
        CAPABILITY=b"* capability imap4rev1 idle Move\r\n{tag} ok\r\n",
        SELECT=b"* 2 exists\r\n* ok [uidvalidity 7]\r\n{tag} Ok\r\n",
        SEARCH=b"* search 1 2\r\n{tag} oK done\r\n",
    )
    script.greeting = b"* ok hello\r\n"
    async with session(script) as imap:
        assert await imap.search() == [1, 2]
        assert imap.can_idle
        assert imap.uidvalidity == 7


async def test_a_hundred_thousand_messages_in_one_line_are_found():
    numbers = b" ".join(b"%d" % uid for uid in range(1_000_000, 1_100_000))
    async with session(Script(SEARCH=b"* SEARCH " + numbers + b"\r\n{tag} OK\r\n")) as imap:
        found = await imap.search()
    assert (len(found), found[0], found[-1]) == (100_000, 1_000_000, 1_099_999)


async def test_an_inbox_that_is_made_anew_ends_the_session():
    told = b"* OK [UIDVALIDITY 8] rebuilt\r\n{tag} OK\r\n"
    with pytest.raises(MailUnavailable, match="UIDVALIDITY"):
        async with session(Script(NOOP=told)) as imap:
            await imap.search()


async def test_an_answer_to_something_else_ends_the_session():
    with pytest.raises(MailUnavailable, match="not asked"):
        async with session(Script(NOOP=b"A999 OK\r\n")) as imap:
            await imap.search()


async def test_a_server_without_uidvalidity_is_read():
    async with session(Script(SELECT=b"* 2 EXISTS\r\n{tag} OK\r\n")) as imap:
        assert imap.uidvalidity == 0
        assert await imap.search() == [1, 2]


@pytest.mark.parametrize("command", ["CAPABILITY", "SELECT", "NOOP", "SEARCH", "FETCH"])
@pytest.mark.parametrize("result", ["NO", "BAD"])
async def test_a_refusal_is_told_with_the_servers_words(command, result):
    script = Script(**{command: f"{{tag}} {result} [INUSE] come back later\r\n".encode()})
    with pytest.raises(MailRefused, match=f"refused {command}: {result} .INUSE. come back later"):
        async with session(script) as imap:
            await imap.search()
            await imap.fetch([1])


async def test_after_a_refusal_the_session_goes_on():
    script = Script(FETCH=[b"{tag} NO [SERVERBUG]\r\n", fetched(b"Subject: x\r\n\r\n")])
    async with session(script) as imap:
        with pytest.raises(MailRefused):
            await imap.fetch([1])
        message = (await imap.fetch([1]))[1]
        assert message is not None
        assert message.raw == b"Subject: x\r\n\r\n"


@pytest.mark.parametrize("seed", range(12))
async def test_a_session_is_the_same_however_the_network_cuts_it(seed):
    dice = random.Random(seed)
    raw = b"Subject: x\r\n\r\nA1 OK\r\n* BYE\r\n+ {5}\r\n* SEARCH 9\r\n)\r\n"
    script = Script(FETCH=fetched(raw), SEARCH=b"* SEARCH 1\r\n* SEARCH 2 10\r\n{tag} OK\r\n")

    def cut(data: bytes) -> list[bytes]:
        at = [0, *sorted(dice.sample(range(1, len(data)), min(len(data) - 1, 20))), len(data)]
        return [data[a:b] for a, b in zip(at, at[1:], strict=False)]

    script.cut = cut
    async with session(script) as imap:
        assert await imap.search() == [1, 2, 10]
        message = (await imap.fetch([1]))[1]
        assert message is not None
        assert message.raw == raw
        await imap.idle(0.01)
        assert imap.uidvalidity == 7


async def test_a_server_that_sends_more_than_was_asked_for_is_cut_short():
    raw = b"Subject: x\r\n\r\n" + bytes(3 * FETCH_LIMIT)
    async with session(Script(FETCH=fetched(raw))) as imap:
        message = (await imap.fetch([1]))[1]
        assert message is not None
        assert message.raw == raw[:FETCH_LIMIT]
        assert await imap.search() == [1, 2]


async def test_headers_of_many_are_bounded_each():
    head = b"To: " + b"a@x.test, " * 10_000 + b"\r\n\r\n"
    lines = b"".join(
        b"* %d FETCH (UID %d BODY[HEADER.FIELDS (TO)] {%d}\r\n%b)\r\n" % (uid, uid, len(head), head)
        for uid in range(1, 101)
    )
    async with session(Script(FETCH=lines + b"{tag} OK\r\n")) as imap:
        heads = await imap.fetch_headers(range(1, 101), ["to"])
    assert len(heads) == 100
    assert {len(head) for head in heads.values()} == {HEADER_LIMIT}
