"""Putting mail away on servers with folders of another name, and without MOVE or UIDPLUS."""

import pytest

from mail.errors import MailRefused
from tests.imap_script import OK, Script, capabilities, session

NO = b"{tag} NO no\r\n"
NOT_THERE = b"{tag} NO [TRYCREATE] no such folder\r\n"
FOUND = b'* LIST () "/" Processed\r\n' + OK
PROCESSED = "Processed"


async def put_away(script: Script, folder: str = PROCESSED, uids: tuple[int, ...] = (1, 2)) -> None:
    async with session(script) as imap:
        await imap.create_folders([folder])
        await imap.move([*uids], folder)


def said(script: Script, *names: str) -> list[str]:
    """These commands in their order."""
    return [line for line in script.lines if line.removeprefix("UID ").startswith(names)]


@pytest.mark.parametrize(
    ("namespace", "name"),
    [
        (b'(("" "/")) NIL NIL', "Processed"),
        (b'(("INBOX." ".")) NIL (("Public." "."))', "INBOX.Processed"),
        (b'(("INBOX/" "/")) NIL NIL', "INBOX/Processed"),
        (b'(("my \\"mail\\\\" "/")) NIL NIL', r"my \"mail\\Processed"),
        (b"({6}\r\nINBOX. NIL) NIL NIL", "Processed"),
        (b'(({6}\r\nINBOX. "."))', "INBOX.Processed"),
        (b"NIL NIL NIL", "Processed"),
    ],
)
async def test_folders_stand_below_the_users_own_namespace(namespace, name):
    script = Script(
        CAPABILITY=capabilities("NAMESPACE", "MOVE"),
        NAMESPACE=b"* NAMESPACE " + namespace + b"\r\n" + OK,
        CREATE=OK,
        MOVE=OK,
    )
    await put_away(script)
    assert said(script, "CREATE", "MOVE") == [f'CREATE "{name}"', f'UID MOVE 1,2 "{name}"']


async def test_a_server_that_refuses_to_tell_its_namespace_has_none():
    script = Script(CAPABILITY=capabilities("NAMESPACE", "MOVE"), NAMESPACE=NO, CREATE=OK, MOVE=OK)
    await put_away(script)
    assert said(script, "CREATE") == ['CREATE "Processed"']


async def test_without_namespace_a_folder_that_cannot_be_made_is_made_in_the_inbox():
    script = Script(
        CREATE=[NO, OK],
        LIST=[OK, b'* LIST (\\Noselect) "." ""\r\n' + OK],
        MOVE=OK,
    )
    await put_away(script)
    assert said(script, "CREATE", "LIST", "MOVE") == [
        'CREATE "Processed"',
        'LIST "" "Processed"',
        'LIST "" ""',
        'CREATE "INBOX.Processed"',
        'UID MOVE 1,2 "INBOX.Processed"',
    ]


async def test_a_folder_that_is_in_the_inbox_already_is_used():
    script = Script(
        CREATE=NO,
        LIST=[
            OK,
            b'* LIST (\\Noselect) "." ""\r\n' + OK,
            b'* LIST () "." INBOX.Processed\r\n' + OK,
        ],
        MOVE=OK,
    )
    await put_away(script)
    assert said(script, "MOVE") == ['UID MOVE 1,2 "INBOX.Processed"']


@pytest.mark.parametrize(
    "answers",
    [
        {"CREATE": b"{tag} NO [ALREADYEXISTS] is there\r\n"},
        {"CREATE": NO, "LIST": FOUND},
        {"CREATE": b"{tag} BAD\r\n", "LIST": NO},
        {"CREATE": NO, "LIST": b'* LIST (\\Noselect) NIL ""\r\n' + OK},
        {"CREATE": NO, "LIST": OK},
    ],
)
async def test_a_folder_that_is_there_or_cannot_be_made_keeps_its_name(answers):
    script = Script(MOVE=OK, **answers)
    await put_away(script)
    assert said(script, "MOVE") == ['UID MOVE 1,2 "Processed"']


@pytest.mark.parametrize("verb", ["MOVE", "COPY"])
@pytest.mark.parametrize("refusal", [NOT_THERE, b"{tag} NO Mailbox does not exist\r\n"])
async def test_a_folder_that_was_deleted_meanwhile_is_made_again(verb, refusal):
    script = Script(
        CAPABILITY=capabilities(*(["MOVE"] if verb == "MOVE" else [])),
        CREATE=OK,
        **{verb: [refusal, OK]},
    )
    await put_away(script)
    assert said(script, "CREATE", verb) == [
        'CREATE "Processed"',
        f'UID {verb} 1,2 "Processed"',
        'CREATE "Processed"',
        f'UID {verb} 1,2 "Processed"',
    ]


async def test_a_refusal_that_stays_is_told_and_the_session_goes_on():
    full = b"{tag} NO [OVERQUOTA] full\r\n"
    script = Script(CREATE=b"{tag} NO [ALREADYEXISTS]\r\n", MOVE=full)
    async with session(script) as imap:
        with pytest.raises(MailRefused, match="MOVE: NO .OVERQUOTA. full"):
            await imap.move([1, 2], PROCESSED)
        assert await imap.search() == [1, 2]
    assert script.heard.count("MOVE") == 1


@pytest.mark.parametrize("code", ["[NONEXISTENT]", "[EXPUNGEISSUED]", "some are gone"])
async def test_where_one_message_has_vanished_the_others_are_put_away(code):
    gone = f"{{tag}} NO {code}\r\n".encode()
    script = Script(
        CREATE=b"{tag} NO [ALREADYEXISTS]\r\n",
        MOVE=[gone, OK],
        SEARCH=b"* SEARCH 2 3\r\n{tag} OK\r\n",
    )
    await put_away(script)
    assert said(script, "MOVE") == ['UID MOVE 1,2 "Processed"', 'UID MOVE 2 "Processed"']


async def test_messages_that_have_all_vanished_are_no_failure():
    script = Script(
        CREATE=b"{tag} NO [ALREADYEXISTS]\r\n",
        MOVE=b"{tag} NO [NONEXISTENT]\r\n",
        SEARCH=b"* SEARCH\r\n{tag} OK\r\n",
    )
    await put_away(script)
    assert script.heard.count("MOVE") == 1


async def test_without_move_mail_is_copied_and_the_original_deleted():
    script = Script(CAPABILITY=capabilities("UIDPLUS"), CREATE=OK, COPY=OK)
    await put_away(script)
    assert said(script, "COPY", "STORE", "EXPUNGE") == [
        'UID COPY 1,2 "Processed"',
        r"UID STORE 1,2 +FLAGS.SILENT (\Deleted)",
        "UID EXPUNGE 1,2",
    ]


async def test_without_uidplus_nothing_is_expunged_that_others_have_deleted():
    script = Script(CAPABILITY=capabilities(), CREATE=OK, COPY=OK)
    await put_away(script)
    assert script.heard[-2:] == ["STORE", "LOGOUT"]
    assert "EXPUNGE" not in script.heard


async def test_what_is_deleted_and_not_expunged_is_not_found_again():
    script = Script()
    async with session(script) as imap:
        await imap.search()
    assert said(script, "SEARCH") == ["UID SEARCH UNDELETED"]


@pytest.mark.parametrize("refusal", [NO, b"{tag} BAD\r\n", NOT_THERE, None])
async def test_what_could_not_be_copied_is_not_deleted(refusal):
    script = Script(CAPABILITY=capabilities("UIDPLUS"), CREATE=NO, COPY=refusal)
    with pytest.raises(Exception, match="IMAP server"):
        await put_away(script)
    assert "STORE" not in script.heard
    assert "EXPUNGE" not in script.heard


@pytest.mark.parametrize("name", ['a"b', r"a\b", "with space", "a(b)*%{3}"])
async def test_odd_names_are_quoted(name):
    script = Script(CREATE=OK, MOVE=OK)
    await put_away(script, name)
    quoted = name.replace("\\", "\\\\").replace('"', '\\"')
    assert said(script, "CREATE", "MOVE") == [f'CREATE "{quoted}"', f'UID MOVE 1,2 "{quoted}"']


async def test_many_messages_are_moved_in_lines_of_bearable_length():
    script = Script(CREATE=OK, MOVE=OK)
    await put_away(script, uids=tuple(range(4_294_967_000, 4_294_967_250)))
    moves = said(script, "MOVE")
    assert len(moves) == 3
    assert max(map(len, moves)) < 2_000


async def test_a_folder_that_was_not_asked_for_first_is_found_below_the_namespace():
    script = Script(
        CAPABILITY=capabilities("NAMESPACE", "MOVE"),
        NAMESPACE=b'* NAMESPACE (("INBOX." ".")) NIL NIL\r\n' + OK,
        MOVE=OK,
    )
    async with session(script) as imap:
        await imap.move([1], PROCESSED)
    assert said(script, "MOVE") == ['UID MOVE 1 "INBOX.Processed"']


async def test_a_folder_in_the_inbox_that_was_not_asked_for_first_is_found():
    listed = b'* LIST (\\Noselect) "." ""\r\n' + OK
    there = b'* LIST () "." INBOX.Processed\r\n' + OK
    script = Script(CREATE=NO, LIST=[OK, listed, there], MOVE=[NO, OK])
    async with session(script) as imap:
        await imap.move([1], PROCESSED)
    assert said(script, "MOVE") == ['UID MOVE 1 "Processed"', 'UID MOVE 1 "INBOX.Processed"']


async def test_no_keyword_is_ever_asked_for():
    script = Script(
        CAPABILITY=capabilities(),
        SELECT=b"* 2 EXISTS\r\n* FLAGS ()\r\n* OK [PERMANENTFLAGS (\\Deleted)] x\r\n" + OK,
        CREATE=OK,
        COPY=OK,
    )
    await put_away(script)
    assert said(script, "STORE") == [r"UID STORE 1,2 +FLAGS.SILENT (\Deleted)"]
