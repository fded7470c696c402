"""A deployment of real processes on loopback, each of which can be killed and started again."""

import secrets
import sys
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from rich.console import Console
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.runtime import Runtime, TelemetryConfig

from agent.tools.shop import Shop
from demo.mailboxes import Mailboxes, MailStore
from demo.model import Answer, ScriptedModel
from demo.model_rules import ApiError
from demo.setting import demo_environment
from demo.temporal_server import find_temporal
from tests.chaos.post import Letterboxes, Post
from tests.chaos.processes import Program
from tests.planted import APPROVAL_SECRET, MODEL_KEY, PASSWORD
from tests.servers import dovecot
from tests.servers.store import ImapProcess, ProcessStore, free_port
from tests.waiting import until

ROOT = Path(__file__).resolve().parents[2]
AGENT = "agent@demo.test"
QUEUE = "chaos"
# Two of each role, in one process or two: whoever is killed, another can take over.
WORKERS: tuple[tuple[str, ...], ...] = ((), ("--no-inbox",), ("--inbox-only",))


class Model(ScriptedModel):
    """The scripted model, which can be away for a while."""

    def __init__(self) -> None:
        super().__init__(self._away)
        self.away = False

    def _away(self, request: object) -> Answer | ApiError | None:
        return ApiError(503, "The server is overloaded or not ready yet.") if self.away else None


@dataclass
class Stage:
    """Everything that runs, and what may be killed of it."""

    directory: Path
    client: Client
    temporal: Program
    imap: Program | None
    """None: the embedded server, whose mail would be gone with its process."""
    workers: list[Program]
    boxes: Letterboxes
    post: Post
    model: Model

    @property
    def programs(self) -> list[Program]:
        return [self.temporal, *self.workers, *([self.imap] if self.imap else [])]

    @property
    def shop(self) -> Path:
        return self.directory / "shop.sqlite3"


@asynccontextmanager
async def set_up(
    directory: Path, people: Iterable[str], grace: str, console: Console
) -> AsyncIterator[Stage]:
    """Servers and workers, all of them up."""
    async with AsyncExitStack() as stack:
        imap, server = _imap(directory)
        if imap:
            stack.push_async_callback(imap.close)
            await imap.start()
        boxes = Letterboxes(AGENT, people, _store(server))
        post = await stack.enter_async_context(Post(boxes, PASSWORD))
        model = await stack.enter_async_context(Model())
        temporal = _temporal(await find_temporal(console), directory)
        stack.push_async_callback(temporal.close)
        await temporal.start()
        address = f"127.0.0.1:{temporal.port}"
        client = await until(lambda: _connected(address), "a Temporal server")
        assert client is not None
        environ = {
            **demo_environment(post, {}, True, model.base_url, directory),
            "TEMPORAL_ADDRESS": address,
            "TEMPORAL_NAMESPACE": "default",
            "TEMPORAL_TASK_QUEUE": QUEUE,
            "IMAP_PASSWORD": PASSWORD,
            "APPROVAL_SECRET": APPROVAL_SECRET,
            "OPENAI_API_KEY": MODEL_KEY,
            "APPROVER_DOMAINS": "demo.test",
            "EXPIRY_GRACE": grace,
            **(server.reach if server else {}),
        }
        Shop(directory / "shop.sqlite3").prepare()
        workers = [_worker(n, options, environ, directory) for n, options in enumerate(WORKERS, 1)]
        for worker in workers:
            stack.push_async_callback(worker.close)
            await worker.start()
        for worker in workers:
            await until(partial(_started, worker), f"{worker.name}: worker started")
        yield Stage(directory, client, temporal, imap, workers, boxes, post, model)


def _store(server: ImapProcess | None) -> MailStore:
    return ProcessStore(server, [AGENT], PASSWORD) if server else Mailboxes([AGENT], PASSWORD)


def _imap(directory: Path) -> tuple[Program | None, ImapProcess | None]:
    if dovecot.executable() is None:
        return None, None
    home = directory / "dovecot"
    home.mkdir(mode=0o711)
    server, command = dovecot.prepared(home, PASSWORD)
    return Program("dovecot", command, {}, directory, server.port), server


def _temporal(path: str, directory: Path) -> Program:
    port = free_port()
    command = [path, "server", "start-dev", "--ip", "127.0.0.1", "--headless"]
    command += ["--port", str(port), "--db-filename", str(directory / "temporal.db")]
    # HOME: no configuration of the user's own takes part.
    return Program("temporal", command, {"HOME": str(directory)}, directory, port)


def _worker(
    number: int, options: tuple[str, ...], environ: dict[str, str], directory: Path
) -> Program:
    home = directory / f"worker-{number}"
    home.mkdir()
    command = [sys.executable, str(ROOT / "worker.py"), *options]
    return Program(f"worker-{number}", command, environ, home)


async def _started(worker: Program) -> bool:
    return "worker started" in worker.log.read_text(errors="replace")


async def _connected(address: str) -> Client | None:
    try:
        return await Client.connect(
            address,
            data_converter=pydantic_data_converter,
            # It is away often enough: a line a try would hide everything else.
            runtime=Runtime(telemetry=TelemetryConfig(logging=None)),
        )
    except RuntimeError:
        return None


def new_run_id(number: int) -> str:
    return f"human-in-the-loop-{number}-{secrets.token_hex(4)}"
