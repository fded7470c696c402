"""The IMAP session on real servers: folders below a namespace or not, passwords of any letters."""

import asyncio
import imaplib
import secrets
from collections.abc import AsyncIterator, Iterator

import pytest

from demo.accounts import DEMO_PASSWORD
from demo.mail_server import MailServer
from mail.errors import MailAuth, MailUnavailable
from mail.imap import HEADER_LIMIT, ImapServer, ImapSession
from tests.planted import PASSWORD
from tests.servers.dovecot import dovecot, executable
from tests.servers.store import HOST, ImapProcess

AGENT = "agent@demo.test"
MAIL = b"From: approver@demo.test\r\nTo: agent@demo.test\r\nSubject: Re: hello\r\n\r\nAPPROVE\r\n"
LONG = b"To: " + b"someone@demo.test,\r\n " * 5_000 + b"x@demo.test\r\n\r\nmuch\r\n"
PREFIXES = {"embedded": "", "greenmail_server": "", "dovecot_server": "", "dotted": "INBOX."}


@pytest.fixture(scope="module")
def dotted() -> Iterator[ImapProcess]:
    """Folders stand below INBOX, as Courier and many a Dovecot have it."""
    if executable() is None:
        pytest.skip("no Dovecot: on Debian, apt-get install dovecot-imapd")
    with dovecot(DEMO_PASSWORD, "INBOX.") as server:
        yield server


@pytest.fixture
async def embedded() -> AsyncIterator[ImapProcess]:
    async with MailServer([AGENT], DEMO_PASSWORD) as server:
        yield ImapProcess("embedded", server.imap_port, {})


class Box:
    """A mailbox, new in every test where the server makes them as people log in."""

    def __init__(self, process: ImapProcess, password: str) -> None:
        fresh = process.name != "embedded"
        self.user = f"agent-{secrets.token_hex(4)}@demo.test" if fresh else AGENT
        self.password = password
        self._process = process

    async def session(self, password: str | None = None) -> ImapSession:
        tls = self._process.certificate is not None
        server = ImapServer(
            host="localhost" if tls else HOST,
            username=self.user,
            password=self.password if password is None else password,
            security="tls" if tls else "none",
            port=self._process.port,
        )
        return await ImapSession.open(server)

    async def put(self, *raws: bytes) -> None:
        await asyncio.to_thread(self._put, raws)

    async def count(self, folder: str) -> int:
        return await asyncio.to_thread(self._count, folder)

    async def delete(self, folder: str) -> None:
        await asyncio.to_thread(self._delete, folder)

    def _put(self, raws: tuple[bytes, ...]) -> None:
        with self._process.login(self.user, self.password) as client:
            for raw in raws:
                answer, said = client.append("INBOX", "", imaplib.Time2Internaldate(1.0), raw)
                assert answer == "OK", said

    def _count(self, folder: str) -> int:
        with self._process.login(self.user, self.password) as client:
            answer, (number,) = client.select(folder, readonly=True)
            assert answer == "OK", number
            return int(number or b"0")

    def _delete(self, folder: str) -> None:
        with self._process.login(self.user, self.password) as client:
            assert client.delete(folder)[0] == "OK"


@pytest.fixture(params=PREFIXES)
def prefix(request) -> str:
    return PREFIXES[request.param]


@pytest.fixture
def box(request, prefix, monkeypatch) -> Box:
    name = request.node.callspec.params["prefix"]
    process: ImapProcess = request.getfixturevalue(name)
    if process.certificate:
        monkeypatch.setenv("SSL_CERT_FILE", str(process.certificate))
    return Box(process, PASSWORD if name == "dovecot_server" else DEMO_PASSWORD)


async def test_mail_is_found_read_and_put_away_below_the_servers_namespace(box, prefix):
    await box.put(MAIL, LONG, MAIL)
    async with await box.session() as imap:
        await imap.create_folders(["Processed", "Quarantine"])
        uids = await imap.search()
        assert len(uids) == 3
        heads = await imap.fetch_headers(uids, ["to", "subject"])
        assert b"Re: hello" in heads[uids[0]]
        assert len(heads[uids[1]]) == HEADER_LIMIT
        message = (await imap.fetch(uids[:1]))[uids[0]]
        assert message is not None
        assert message.raw.endswith(MAIL)
        assert message.internal_date.year == 1970
        await imap.move(uids[:2], "Processed")
        await imap.move(uids[2:], "Quarantine")
        assert await imap.search() == []
    assert await box.count(f"{prefix}Processed") == 2
    assert await box.count(f"{prefix}Quarantine") == 1


async def test_a_second_session_finds_its_folders_and_one_that_is_gone_is_made_again(box, prefix):
    for _ in range(2):
        async with await box.session() as imap:
            await imap.create_folders(["Processed"])
    await box.put(MAIL)
    async with await box.session() as imap:
        await imap.create_folders(["Processed"])
        await box.delete(f"{prefix}Processed")
        await imap.move(await imap.search(), "Processed")
    assert await box.count(f"{prefix}Processed") == 1


async def test_what_has_vanished_is_neither_read_nor_missed(box):
    await box.put(MAIL, MAIL)
    async with await box.session() as imap, await box.session() as other:
        await imap.create_folders(["Processed"])
        uids = await imap.search()
        await other.search()
        await other.move(uids[:1], "Processed")
        assert await imap.search() == uids[1:]
        assert await imap.fetch(uids[:1]) == {}
        await imap.move(uids, "Processed")
        assert await imap.search() == []


async def test_new_mail_ends_a_wait(box):
    async with await box.session() as imap:
        await imap.search()
        assert imap.can_idle
        waiting = asyncio.ensure_future(imap.idle(60))
        await box.put(MAIL)
        await asyncio.wait_for(waiting, 30)
        assert len(await imap.search()) == 1


async def test_a_certificate_that_nobody_vouches_for_is_no_server(dotted):
    with pytest.raises(MailUnavailable, match="certificate"):
        await Box(dotted, DEMO_PASSWORD).session()


@pytest.mark.parametrize("password", ['p"ss\\w{5}', "päßwörd"])
async def test_passwords_of_any_letters_are_said(password, monkeypatch):
    if executable() is None:
        pytest.skip("no Dovecot: on Debian, apt-get install dovecot-imapd")
    with dovecot(password) as process:
        monkeypatch.setenv("SSL_CERT_FILE", str(process.certificate))
        box = Box(process, password)
        async with await box.session() as imap:
            assert await imap.search() == []
        for wrong in ("wrong", "wröng"):
            with pytest.raises(MailAuth):
                await box.session(wrong)
