"""Where every bench takes place: one Temporal, one SMTP sink, one agent worker for both sides."""

import asyncio
import os
import secrets
import sys
import uuid
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.progress import Progress
from temporalio.client import Client
from temporalio.common import SearchAttributeKey

from agent.connect import SEARCH_ATTRIBUTES
from bench.replies import AGENT
from bench.sink import HOST, Sink, sink
from demo.children import Child, child
from demo.temporal_server import Temporal, start_temporal
from mail.identity import Keyring
from tests.waiting import logged, until

ROOT = Path(__file__).resolve().parents[1]


@dataclass
class Place:
    """What a bench needs: the servers, and worker processes that know them."""

    temporal: Temporal
    sink: Sink
    directory: Path
    environ: dict[str, str]
    progress: Progress

    @property
    def client(self) -> Client:
        return self.temporal.client

    @property
    def keyring(self) -> Keyring:
        return Keyring.from_secrets([self.environ["APPROVAL_SECRET"]])

    @property
    def queue(self) -> str:
        return self.environ["TEMPORAL_TASK_QUEUE"]

    @asynccontextmanager
    async def agent_worker(self) -> AsyncIterator[Child]:
        """Runs the approvals, whoever reads their mail."""
        async with self._worker("--no-inbox", "worker started", {}) as worker:
            yield worker

    @asynccontextmanager
    async def inbox_worker(self, reach: Mapping[str, str]) -> AsyncIterator[Child]:
        async with self._worker("--inbox-only", "reading the inbox", reach) as worker:
            yield worker

    @asynccontextmanager
    async def bare(self, mode: str, reach: Mapping[str, str]) -> AsyncIterator[Child]:
        """The bare program, once it is ready; it begins when it is written a line."""
        command = [sys.executable, "-m", "bench.bare", mode]
        process = await asyncio.create_subprocess_exec(
            *command,
            cwd=ROOT,
            env={**self.environ, **reach},
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        try:
            assert process.stdout is not None
            async with asyncio.timeout(30):
                assert await process.stdout.readline() == b"ready\n"
            yield Child("bare", process, self.directory)
        finally:
            if process.returncode is None:
                process.kill()
            await process.wait()

    async def quiet(self, messages: int, seconds: float = 600.0) -> None:
        """Until the approvals have mailed so much in all."""

        async def mailed() -> bool:
            return self.sink.messages >= messages

        await until(mailed, f"{messages} messages in the sink", seconds)

    @asynccontextmanager
    async def _worker(
        self, option: str, ready: str, changes: Mapping[str, str]
    ) -> AsyncIterator[Child]:
        directory = self.directory / f"worker-{uuid.uuid4().hex[:6]}"
        directory.mkdir()
        command = [sys.executable, str(ROOT / "worker.py"), option]
        async with child(command, {**self.environ, **changes}, directory) as worker:
            await logged(worker, ready)
            yield worker


@asynccontextmanager
async def place(temporal: Temporal, directory: Path, progress: Progress) -> AsyncIterator[Place]:
    """A sink, and settings for workers of our own on a server that is there."""
    async with sink() as taking:
        yield Place(temporal, taking, directory, _environ(temporal, taking), progress)


@asynccontextmanager
async def own_temporal(console: Console) -> AsyncIterator[Temporal]:
    attributes = [SearchAttributeKey.for_keyword(name) for name in SEARCH_ATTRIBUTES]
    async with start_temporal(console, attributes) as temporal:
        yield temporal


def _environ(temporal: Temporal, taking: Sink) -> dict[str, str]:
    ours = ("SMTP_", "IMAP_", "MAIL_", "APPROV", "EXPIRY_", "METRICS_", "OPERATOR_", "TEMPORAL_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return {
        **kept,
        "PYTHONUNBUFFERED": "1",
        "TEMPORAL_ADDRESS": temporal.address,
        "TEMPORAL_NAMESPACE": temporal.client.namespace,
        "TEMPORAL_TASK_QUEUE": f"bench-{secrets.token_hex(4)}",
        "OPENAI_API_KEY": "none",
        "SMTP_HOST": HOST,
        "SMTP_PORT": str(taking.port),
        "SMTP_SECURITY": "none",
        "MAIL_FROM": f"Approval agent <{AGENT}>",
        "MAIL_AUTH": "off",
        "APPROVER_DOMAINS": "bench.test",
        "APPROVAL_SECRET": secrets.token_hex(32),
    }
