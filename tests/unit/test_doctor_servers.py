"""Checks of single servers: what a configuration is made of, TLS, and the folders of a mailbox."""

import asyncio
import ssl
import subprocess
from datetime import UTC, datetime, timedelta

import pytest
from temporalio.api.taskqueue.v1 import PollerInfo

from agent.doctor.configuration import load, names_of
from agent.doctor.examination import Step, examine
from agent.doctor.finding import State, ok
from agent.doctor.place import Kind, Place, Sight
from agent.doctor.places import places_of, remove
from agent.doctor.show import Silent
from agent.doctor.tls import Tls as Seen
from agent.doctor.tls import finding_of, look
from agent.doctor.workers import inbox_finding, serving_finding
from agent.jobs import Cursor
from agent.reader import Reader
from mail.tls import Tls
from tests.imap_script import OK, Script, capabilities, serving, session
from tests.unit.smtp_server import ScriptedSmtp

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)


# ---- the settings


@pytest.fixture
def bare(monkeypatch, tmp_path):
    """No setting at all."""
    monkeypatch.chdir(tmp_path)
    for name in ("SMTP_HOST", "MAIL_FROM", "OPENAI_API_KEY", "APPROVAL_SECRET", "IMAP_HOST"):
        monkeypatch.delenv(name, raising=False)


def test_of_nothing_each_missing_setting_is_a_fault(bare):
    known = load("all")
    wanted = {"MAIL_FROM", "APPROVAL_SECRET", "SMTP_HOST", "IMAP_HOST", "OPENAI_API_KEY"}
    assert wanted <= known.wrong
    assert all("is not set" in fault for fault in known.faults)


def test_a_setting_of_no_use_stands_with_its_default_and_is_named_once(bare, monkeypatch):
    monkeypatch.setenv("SMTP_HOST", "localhost")
    monkeypatch.setenv("SMTP_PORT", "0")
    monkeypatch.setenv("MAIL_FROM", "nobody")
    known = load("all")
    assert known.settings.smtp_port is None and known.settings.smtp_host == "localhost"
    assert [fault for fault in known.faults if fault.startswith("MAIL_FROM")] == [
        "MAIL_FROM: not an e-mail address: 'nobody': there is no @"
    ]


def test_a_fault_names_its_settings():
    fault = "SMTP_USERNAME and SMTP_PASSWORD: set both, or neither for no login"
    assert names_of(fault) == ["SMTP_USERNAME", "SMTP_PASSWORD"]
    assert names_of("APPROVERS: x@y is the agent's own address") == ["APPROVERS"]
    assert names_of("APPROVAL_SECRET is not set") == ["APPROVAL_SECRET"]


# ---- the order of things


async def hanging():
    yield ok("first", "fine")
    await asyncio.Event().wait()


async def breaking():
    raise RuntimeError("words that nobody may read")
    yield


async def quick():
    yield ok("quick", "fine")


async def test_a_check_that_hangs_or_breaks_keeps_nothing_else_from_running():
    steps = [
        Step("a", ("first", "second"), hanging, 0.1),
        Step("b", ("third",), breaking, 5),
        Step("c", ("fourth",), quick, 5, after=("second",)),
        Step("d", ("quick",), quick, 5, ("SMTP_",)),
        Step("e", ("quick",), quick, 5),
    ]
    found = await examine(steps, {"SMTP_PORT"}, Silent())
    assert [(f.check, f.state) for f in found] == [
        ("first", State.OK),
        ("second", State.FAILED),
        ("third", State.FAILED),
        ("fourth", State.SKIPPED),
        ("quick", State.SKIPPED),
        ("quick", State.OK),
    ]
    assert found[2].detail == "the check broke: RuntimeError"
    assert found[3].detail == "not checked: it needs second"
    assert found[4].detail == "not checked: first mend SMTP_PORT"


# ---- TLS


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    directory = tmp_path_factory.mktemp("tls")
    pem, key = directory / "server.pem", directory / "key.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "400"),
            *("-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"),
            *("-keyout", str(key), "-out", str(pem)),
        ],
        check=True,
        capture_output=True,
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem, key)
    return pem, context


async def test_tls_is_seen_from_the_start_and_after_starttls(certificate):
    pem, server = certificate
    mine = Tls(pem).context("SMTP")
    async with ScriptedSmtp(tls=server) as smtp:
        seen = await look("localhost", smtp.port, mine, starttls=True)
    assert seen.version.startswith("TLSv1.")
    async with serving(Script(), server) as port:
        seen = await look("localhost", port, mine)
    assert timedelta(days=398) < seen.ends_at - datetime.now(UTC) < timedelta(days=401)


async def test_where_there_is_no_tls_nothing_is_made_up(certificate):
    mine = Tls(certificate[0]).context("SMTP")
    async with ScriptedSmtp() as smtp:
        with pytest.raises(OSError):
            await look("localhost", smtp.port, mine, starttls=True)


@pytest.mark.parametrize(("days", "state"), [(3, State.WARNING), (90, State.OK)])
def test_a_certificate_that_ends_soon_is_warned_of(days, state):
    seen = Seen("TLSv1.3", NOW + timedelta(days=days, hours=1))
    row = finding_of("smtp-tls", seen, NOW)
    assert (row.state, row.detail) == (state, f"TLS 1.3, certificate valid for {days} days")


# ---- folders


LISTED = rb"""* LIST (\HasNoChildren) "/" INBOX
* LIST (\HasChildren \Noselect) "/" "[Gmail]"
* LIST (\HasNoChildren \Junk) "/" "[Gmail]/Ungewollt"
* LIST (\HasNoChildren \Sent) "/" "[Gmail]/Gesendet"
* LIST (\HasNoChildren \Trash) "/" "[Gmail]/Papierkorb"
* LIST (\HasNoChildren) "/" Spam
{tag} OK
""".replace(b"\n", b"\r\n")
ALL = ("IDLE", "MOVE", "UIDPLUS", "SPECIAL-USE", "LIST-EXTENDED", "X-GM-EXT-1")


def mailbox(*there: str, listed: bytes = LISTED, **answers) -> Script:
    return Script(CAPABILITY=capabilities(*there), LIST=listed, CREATE=OK, MOVE=OK, **answers)


async def test_folders_are_found_by_what_they_are_for():
    script = mailbox(*ALL)
    async with session(script) as imap:
        places = await places_of(imap)
    found = {place.folder: place.kind for place in places}
    assert found["[Gmail]/Ungewollt"] is Kind.JUNK
    assert found["[Gmail]/Gesendet"] is Kind.SENT
    assert found["[Gmail]/Papierkorb"] is Kind.TRASH
    assert "Spam" not in found
    assert all(place.above == 2 for place in places)
    assert 'LIST "" "*" RETURN (SPECIAL-USE)' in script.lines


async def test_elsewhere_they_are_found_by_name_and_no_trash_is_needed():
    listed = rb"""* LIST () "." INBOX.Spam
* LIST () "." "INBOX.Sent Items"
* LIST () "." Other.Junk
{tag} OK
""".replace(b"\n", b"\r\n")
    namespace = b'* NAMESPACE (("INBOX." ".")) NIL NIL\r\n{tag} OK\r\n'
    script = mailbox("UIDPLUS", "NAMESPACE", listed=listed, NAMESPACE=namespace)
    async with session(script) as imap:
        found = {place.folder: place.kind for place in await places_of(imap)}
    assert found["Spam"] is Kind.JUNK and found["Sent Items"] is Kind.SENT
    assert Kind.TRASH not in found.values() and "Other.Junk" not in found
    assert 'SELECT "INBOX.Spam"' in script.lines


async def removed(*there: str, kind: Kind = Kind.INBOX) -> tuple[bool, list[str]]:
    inbox, trash = Place("INBOX", kind), Place("Trash", Kind.TRASH)
    places = [inbox, trash] if "X-GM-EXT-1" in there else [inbox]
    script = mailbox(*there)
    async with session(script) as imap:
        gone = await remove(imap, places, [Sight(inbox, 7, b"")])
    return gone, script.lines


async def test_a_message_is_deleted_by_its_uid_alone():
    gone, said = await removed("UIDPLUS")
    assert gone
    assert said[-3:-1] == [r"UID STORE 7 +FLAGS.SILENT (\Deleted)", "UID EXPUNGE 7"]


async def test_without_uidplus_no_mail_of_others_is_expunged():
    gone, said = await removed()
    assert not gone
    assert not any("EXPUNGE" in line for line in said)


async def test_where_deleting_only_takes_a_label_away_it_goes_by_way_of_the_trash():
    _, said = await removed("UIDPLUS", "MOVE", "X-GM-EXT-1")
    assert 'UID MOVE 7 "Trash"' in said
    assert not any("EXPUNGE" in line for line in said)


# ---- who works, and who reads the mailbox


@pytest.mark.parametrize(("seconds", "state"), [(70, State.OK), (90, State.WARNING)])
def test_a_worker_that_has_gone_is_known_before_temporal_forgets_it(seconds, state):
    gone = PollerInfo(identity="1@host")
    gone.last_access_time.FromDatetime(NOW - timedelta(seconds=seconds))
    row = serving_finding("agent-worker", "a-queue", [gone], NOW)
    assert row.state is state
    assert ("1@host" in row.detail) is (state is State.OK)


@pytest.mark.parametrize(
    ("reader", "served", "state", "words"),
    [
        (None, False, State.WARNING, "does not run"),
        (Reader("", Cursor(swept_at=NOW)), False, State.WARNING, "nobody reads"),
        (Reader("1@host", Cursor()), True, State.WARNING, "has not swept"),
        (
            Reader("1@host", Cursor(swept_at=NOW - timedelta(minutes=30))),
            True,
            State.FAILED,
            "see the log of 1@host",
        ),
        (Reader("1@host", Cursor(swept_at=NOW)), True, State.OK, "1@host reads the mailbox"),
    ],
)
def test_of_the_inbox_it_is_said_who_reads_it_and_since_when_not(reader, served, state, words):
    row = inbox_finding(reader, "inbox-agent@demo.test", served, NOW)
    assert row.state is state
    assert words in f"{row.detail} {row.advice}"
