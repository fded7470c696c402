"""A worker that has no password at all: access tokens on both protocols, from start to revocation,
on a Dovecot and an SMTP server that check them."""

import asyncio
import contextlib
import secrets
import tempfile
from base64 import b64decode
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from agent.tools.shop import Shop
from demo.model import ScriptedModel
from tests.helper_command import HelperCommand
from tests.integration.conftest import environment
from tests.integration.office import Mail, Office
from tests.integration.proxy import Proxy
from tests.planted import ACCESS_TOKEN, PASSWORD, secrets_in
from tests.servers.dovecot import executable, prepared
from tests.servers.dovecot_tokens import Issuer
from tests.servers.store import ImapProcess, started, stop
from tests.waiting import logged

pytestmark = pytest.mark.asyncio(loop_scope="module")

OLD, NEW = f"{ACCESS_TOKEN}-old", f"{ACCESS_TOKEN}-new"


class TokenMail(Mail):
    """Takes nothing from the agent but from whoever has logged in with the token of today."""

    def __init__(self, agent: str, imap: ImapProcess) -> None:
        super().__init__(agent, imap)
        self.good = OLD

    async def auth_XOAUTH2(self, server: SMTP, arguments: list[str]) -> AuthResult:
        expected = f"user={self._agent}\x01auth=Bearer {self.good}\x01\x01".encode()
        if b64decode(arguments[1]) == expected:
            return AuthResult(success=True)
        await server.challenge_auth(b'{"status": "invalid_token"}')
        return AuthResult(success=False, handled=False)

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        ours = not address.strip("<>") or address.startswith(self._agent.partition("@")[0])
        if ours and not session.authenticated:
            return "530 5.7.0 Authentication required"
        envelope.mail_from = address
        return "250 OK"


class Store:
    """A Dovecot that can be started anew."""

    def __init__(self, home: Path, issuer: Issuer) -> None:
        self._out = home / "out"
        self.server, self._command = prepared(home, PASSWORD, more=issuer.configuration)
        self._process = started(self._command, self._out, self.server)

    def restart(self) -> None:
        self.stop()
        self._process = started(self._command, self._out, self.server)

    def stop(self) -> None:
        stop(self._process)


@dataclass
class Tokens:
    """Who gives tokens out, and the commands that ask for them."""

    issuer: Issuer
    store: Store
    mail: TokenMail
    imap: HelperCommand
    smtp: HelperCommand


@contextlib.contextmanager
def stored(issuer: Issuer) -> Iterator[Store]:
    if executable() is None:
        pytest.skip("no Dovecot: on Debian, apt-get install dovecot-imapd")
    with tempfile.TemporaryDirectory(prefix="dovecot-") as directory:
        Path(directory).chmod(0o711)
        store = Store(Path(directory), issuer)
        try:
            yield store
        finally:
            store.stop()


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def place(temporal, tmp_path_factory) -> AsyncIterator[tuple[Office, Tokens]]:
    agent = f"agent-{secrets.token_hex(4)}@demo.test"
    directory = tmp_path_factory.mktemp("office")
    helpers = [HelperCommand(tmp_path_factory.mktemp(name)) for name in ("imap", "smtp")]
    issuer = Issuer()
    with stored(issuer) as store:
        async with TokenMail(agent, store.server) as mail, ScriptedModel() as model:
            environ = environment(temporal, mail, agent, model.base_url, directory, store.server)
            del environ["SSL_CERT_FILE"]
            environ |= {
                **dict.fromkeys(("SMTP_PASSWORD", "IMAP_PASSWORD"), ""),
                "IMAP_TOKEN_COMMAND": helpers[0].command,
                "SMTP_TOKEN_COMMAND": helpers[1].command,
                "IMAP_CA_FILE": str(store.server.certificate),
            }
            Shop(directory / "shop.sqlite3").prepare()
            office = Office(temporal, mail, model, directory, agent, environ)
            yield office, Tokens(issuer, store, mail, *helpers)


async def test_an_approval_goes_its_way_on_tokens_also_after_they_were_revoked(place):
    office, tokens = place
    tokens.imap.prints(tokens.issuer.token(office.agent, note=ACCESS_TOKEN))
    tokens.smtp.prints(f'{{"access_token": "{OLD}", "expires_in": 3600}}')
    port = tokens.store.server.port
    proxy = Proxy("localhost", port, b"", lambda: None)
    async with proxy.serving(), office.worker(IMAP_PORT=str(proxy.port)) as worker:
        first, letter = await office.asked()
        await office.reply(letter, "APPROVE")
        assert (await first.result()).startswith("Action completed successfully")
        assert (tokens.imap.runs, tokens.smtp.runs) == (1, 1)

        tokens.issuer.change_key()
        tokens.imap.prints(tokens.issuer.token(office.agent, note=ACCESS_TOKEN))
        tokens.mail.good = NEW
        tokens.smtp.prints(f'{{"access_token": "{NEW}", "expires_in": 3600}}')
        proxy.cut()
        await asyncio.to_thread(tokens.store.restart)

        second, letter = await office.asked()
        await office.reply(letter, "APPROVE")
        assert (await second.result()).startswith("Action completed successfully")
        assert (tokens.imap.runs, tokens.smtp.runs) == (2, 2)
        assert "Traceback" not in worker.log_text()
    for run in (first, second):
        for handle in (run.handle, run.approval):
            history = (await handle.fetch_history()).to_json()
            assert "the access token" not in secrets_in(history)


async def test_a_command_that_fails_for_now_is_one_line_a_try(place):
    office, tokens = place
    failing = "IMAP_TOKEN_COMMAND: the command ended with 6: curl: (6) Could not resolve host"
    ready = tokens.store.server.certificate.with_name("network")
    command = f"[ -e '{ready}' ] || {{ echo '{failing[46:]}' >&2; exit 6; }}; {tokens.imap.command}"
    tokens.imap.prints(tokens.issuer.token(office.agent))
    tokens.mail.good = OLD
    tokens.smtp.prints(OLD)
    async with office.worker(ready="next try in 2 s", IMAP_TOKEN_COMMAND=command) as worker:
        ready.touch()
        await logged(worker, "reading the inbox")
        tries = [line for line in worker.log_text().splitlines() if "next try" in line]
    assert len(tries) >= 2 and all(f"IMAP: {failing}; next try in" in line for line in tries)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"IMAP_TOKEN_COMMAND": "echo nonsense"}, "the IMAP server refused the token: 401, it"),
        ({"SMTP_TOKEN_COMMAND": "echo nonsense"}, "the SMTP server refused the token: 535 5.7.8"),
        (
            {"SMTP_TOKEN_COMMAND": "no-such-helper"},
            "SMTP_TOKEN_COMMAND: the command ended with 127",
        ),
        (
            {"IMAP_TOKEN_COMMAND": """echo '{"error": "invalid_grant"}'"""},
            "IMAP_TOKEN_COMMAND: it was answered invalid_grant",
        ),
    ],
)
async def test_what_only_people_can_mend_ends_the_worker_at_its_start(place, changes, said):
    office, tokens = place
    tokens.imap.prints(tokens.issuer.token(office.agent))
    tokens.mail.good = OLD
    tokens.smtp.prints(OLD)
    worker = str(Path(__file__).parents[2] / "worker.py")
    finished = await office.run(worker, **changes)
    assert finished.code == 1
    (line,) = [line for line in finished.err.splitlines() if line.startswith("error: ")]
    assert said in line


async def test_an_operator_looks_into_the_mailbox_with_a_token(place):
    office, tokens = place
    tokens.imap.prints(tokens.issuer.token(office.agent))
    row = (await office.run("-m", "agent", "inbox", "--json")).json
    assert row["backlog"] == 0
