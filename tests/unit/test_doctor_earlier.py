"""What earlier runs have left is looked for on servers that are not as they should be."""

from datetime import UTC, datetime, timedelta

from agent.doctor.earlier import Left, take_away
from agent.doctor.place import Kind, Place
from agent.doctor.probe import SUBJECT, compose_probe
from mail.imap import ImapServer
from tests.imap_script import OK, Script, capabilities, serving
from tests.planted import PASSWORD
from tests.unit.mail_samples import REQUEST_ID, SENDER

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
PROBE = compose_probe(SENDER, REQUEST_ID, NOW, plus=True, until=NOW)
HEAD = PROBE.outgoing.raw.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
HEADER = b"* 1 FETCH (UID 7 BODY[HEADER.FIELDS (X)]<0> {%d}\r\n%b)\r\n" % (len(HEAD), HEAD) + OK
NOTHING, SEVEN = b"* SEARCH\r\n{tag} OK\r\n", b"* SEARCH 7\r\n{tag} OK\r\n"
PLACES = [Place("INBOX", Kind.INBOX), Place("Trash", Kind.TRASH)]


async def taken_away(script: Script) -> Left:
    async with serving(script) as port:
        server = ImapServer("127.0.0.1", "agent", PASSWORD, "none", port)
        return await take_away(server, PLACES, SENDER, NOW + timedelta(hours=1))


async def test_where_deleting_only_takes_a_label_away_it_is_taken_from_the_trash_as_well():
    script = Script(
        CAPABILITY=capabilities("UIDPLUS", "MOVE"),
        SEARCH=[SEVEN, NOTHING, NOTHING, SEVEN],
        FETCH=HEADER,
        MOVE=OK,
    )
    assert await taken_away(script) == Left(frozenset({REQUEST_ID}))
    assert f'UID SEARCH UNDELETED SUBJECT "{SUBJECT}"' in script.lines
    removing = [line for line in script.lines if "MOVE" in line or "EXPUNGE" in line]
    assert removing == ['UID MOVE 7 "Trash"', "UID EXPUNGE 7"]


async def test_a_server_that_cannot_search_for_it_spoils_nothing():
    refused = await taken_away(Script(SEARCH=b"{tag} NO not here\r\n"))
    assert refused == Left()
    closed = await taken_away(Script(SEARCH=None))
    assert closed.fault.startswith("the IMAP server cannot be reached")
