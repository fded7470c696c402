"""Several messages in one answer of a server that speaks a script."""

from tests.imap_script import OK, Script, session


async def test_sizes_are_read_off_one_answer():
    told = b"* 1 FETCH (UID 4 RFC822.SIZE 1200)\r\n* 2 FETCH (RFC822.SIZE 7 UID 5)\r\n"
    script = Script(FETCH=told + b"* 9 FETCH (FLAGS (\\Seen) UID 9)\r\n{tag} OK\r\n")
    async with session(script) as imap:
        assert await imap.sizes([4, 5, 9]) == {4: 1200, 5: 7}


async def test_sizes_of_many_are_asked_for_in_lines_that_every_server_takes():
    async with session(script := Script(FETCH=b"{tag} OK\r\n")) as imap:
        await imap.sizes(range(1, 10_001))
    asked = [line.split()[2].split(",") for line in script.lines if "RFC822.SIZE" in line]
    assert [int(uid) for uids in asked for uid in uids] == list(range(1, 10_001))
    assert max(map(len, script.lines)) < 1_000


async def test_messages_of_one_answer_are_told_apart():
    line = b'* %d FETCH (UID %d INTERNALDATE "25-Nov-2026 07:01:00 +0000" BODY[]<0> {%d}\r\n%b)\r\n'
    raws = {4: b"Subject: a\r\n\r\nUID 7", 7: b"Subject: b\r\n\r\nx"}
    told = b"".join(line % (uid, uid, len(raw), raw) for uid, raw in raws.items())
    other = line % (9, 9, 1, b"x")
    script = Script(FETCH=told + other + b"{tag} OK\r\n")
    async with session(script) as imap:
        found = await imap.fetch([4, 7, 8])
    assert {uid: message.raw for uid, message in found.items()} == raws


async def test_what_is_looked_at_is_not_marked_as_seen():
    async with session(script := Script(FETCH=OK)) as imap:
        await imap.fetch([4])
        await imap.fetch_headers([4, 5], ["to"])
        await imap.sizes([4, 5])
    asked = [line for line in script.lines if "FETCH" in line]
    assert len(asked) == 3
    assert ["BODY.PEEK[" in line for line in asked] == [True, True, False]
    assert not any("BODY[" in line or "RFC822 " in line for line in asked)


async def test_headers_of_many_are_told_apart():
    fields = b"* %d FETCH (UID %d BODY[HEADER.FIELDS (TO)] {%d}\r\n%b)\r\n"
    heads = {4: b"To: a@x.test\r\n\r\n", 7: b"To: b@x.test\r\n\r\n"}
    told = b"".join(fields % (uid, uid, len(head), head) for uid, head in heads.items())
    script = Script(FETCH=told + b"* 9 FETCH (FLAGS (\\Seen))\r\n{tag} OK\r\n")
    async with session(script) as imap:
        assert await imap.fetch_headers([4, 7, 9], ["to"]) == heads
