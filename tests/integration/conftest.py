"""Deployments for the integration tests: one a module, which its tests share."""

import secrets
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from rich.console import Console

from agent.tools.shop import Shop
from demo.build_step import BuildError
from demo.children import Child
from demo.model import ScriptedModel
from demo.setting import demo_environment
from demo.temporal_server import NoTemporalError, Temporal, find_temporal
from tests.integration.elsewhere import Elsewhere
from tests.integration.office import Mail, Office
from tests.planted import APPROVAL_SECRET, MODEL_KEY, PASSWORD
from tests.servers.dovecot import dovecot, executable
from tests.servers.examples import LANGUAGES, Language, build
from tests.servers.greenmail import greenmail, prepared
from tests.servers.store import ImapProcess
from tests.servers.temporal import TemporalProcess


def environment(
    temporal: Temporal,
    mail: Mail,
    agent: str,
    model_url: str,
    directory: Path,
    imap: ImapProcess | None,
) -> dict[str, str]:
    reach = {"TEMPORAL_TASK_QUEUE": f"test-{secrets.token_hex(4)}"}
    if temporal.throwaway:
        reach |= {"TEMPORAL_ADDRESS": temporal.address, "TEMPORAL_NAMESPACE": "default"}
    environ = demo_environment(mail, reach, temporal.throwaway, model_url, directory)
    ours = {
        "MAIL_FROM": f"Approval agent <{agent}>",
        "IMAP_USERNAME": agent,
        "IMAP_PASSWORD": mail.password,
        "APPROVERS": "approver@demo.test",
        "APPROVER_DOMAINS": "demo.test",
        "EXPIRY_GRACE": "10s",
        # Whatever could leak, at the level that tells most: tests/leaks.py looks for it.
        "APPROVAL_SECRET": APPROVAL_SECRET,
        "SMTP_USERNAME": agent,
        "SMTP_PASSWORD": mail.password,
        "OPENAI_API_KEY": MODEL_KEY,
        "LOG_LEVEL": "DEBUG",
    }
    return {**environ, **ours, **(imap.reach if imap else {})}


@pytest.fixture
async def temporal_process(tmp_path: Path) -> TemporalProcess:
    """A server of the test's own, which it may stop, kill and start again."""
    try:
        return TemporalProcess(await find_temporal(Console(stderr=True)), tmp_path)
    except NoTemporalError as error:
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def dovecot_server() -> Iterator[ImapProcess]:
    if executable() is None:
        pytest.skip("no Dovecot: on Debian, apt-get install dovecot-imapd")
    with dovecot(PASSWORD) as server:
        yield server


@pytest.fixture(scope="session")
def greenmail_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ImapProcess]:
    if prepared() is None:
        pytest.skip("no GreenMail: `python -m tests.servers.greenmail` says what is missing")
    with greenmail(tmp_path_factory.mktemp("greenmail")) as server:
        yield server


@pytest.fixture(scope="module")
def imap(request: pytest.FixtureRequest) -> ImapProcess | None:
    """None for the embedded server. A module that asks for it by `every_server` gets all three."""
    name = getattr(request, "param", "embedded")
    return None if name == "embedded" else request.getfixturevalue(f"{name}_server")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def office(
    temporal: Temporal, tmp_path_factory: pytest.TempPathFactory, imap: ImapProcess | None
) -> AsyncIterator[Office]:
    """Servers and settings; no worker runs yet."""
    agent = f"agent-{secrets.token_hex(4)}@demo.test"
    directory = tmp_path_factory.mktemp("office")
    async with Mail(agent, imap) as mail, ScriptedModel() as model:
        environ = environment(temporal, mail, agent, model.base_url, directory, imap)
        Shop(directory / "shop.sqlite3").prepare()
        yield Office(temporal, mail, model, directory, agent, environ)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def worker(office: Office) -> AsyncIterator[Child]:
    """One worker for all tests of a module that do not start one of their own."""
    async with office.worker() as worker:
        yield worker


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def default_office(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Office]:
    """An office whose worker runs, with the task queue that it has by itself; so the Temporal
    server is its own, too."""
    directory = tmp_path_factory.mktemp("office")
    try:
        server = TemporalProcess(await find_temporal(Console(stderr=True)), directory)
    except NoTemporalError as error:
        pytest.skip(str(error))
    agent = "agent@demo.test"
    async with server.running() as temporal, Mail(agent) as mail, ScriptedModel() as model:
        environ = environment(temporal, mail, agent, model.base_url, directory, None)
        del environ["TEMPORAL_TASK_QUEUE"]
        office = Office(temporal, mail, model, directory, agent, environ)
        async with office.worker():
            yield office


@pytest.fixture(scope="module", params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> Language:
    found = LANGUAGES[request.param]
    if found.fault:
        pytest.skip(f"{found.fault}: see examples/{found.name}/README.md")
    return found


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def built(language: Language) -> Language:
    try:
        await build(language, Console(stderr=True))
    except BuildError as error:
        pytest.fail(f"examples/{language.name}: {error}")
    return language


@pytest.fixture(scope="module")
def elsewhere(
    default_office: Office, built: Language, tmp_path_factory: pytest.TempPathFactory
) -> Elsewhere:
    return Elsewhere(built, default_office, tmp_path_factory.mktemp(built.name))
