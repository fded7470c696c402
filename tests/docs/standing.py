"""What a page may take for granted: servers and a worker, started once for all pages that do.

The mail server is at the ports of `python -m demo mail`, so that `python -m demo reply` finds it.
"""

import asyncio
import secrets
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from rich.console import Console

from demo.accounts import DEMO_IMAP_PORT, DEMO_PASSWORD, DEMO_SMTP_PORT, LOOPBACK
from demo.approver import Approver, fixed_words
from demo.children import child
from demo.mail_program import Account, MailProgram
from demo.mail_server import MailServer
from demo.model import ScriptedModel
from demo.setting import AGENT, APPROVER
from demo.temporal_server import find_temporal
from demo.view import View
from tests.docs.scratch import ROOT, environment
from tests.servers.temporal import TemporalProcess
from tests.waiting import logged

NAMES = ("temporal", "mail", "model", "worker")


class Standing:
    """Parts that are started when a page asks for them, and stay until `leave`."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._stack = AsyncExitStack()
        self._up: set[str] = set()
        self.settings: dict[str, str] = {}

    async def need(self, names: tuple[str, ...]) -> None:
        """Raises AssertionError for a name that nobody knows, and where a port is taken."""
        assert set(names) <= set(NAMES), f"what stands is one of {', '.join(NAMES)}"
        for name in NAMES:
            if name in names and name not in self._up:
                self._up.add(name)
                await getattr(self, f"_{name}")()

    @asynccontextmanager
    async def answering(self, words: str) -> AsyncIterator[None]:
        """An approver who answers whatever they are asked, as long as the block lasts."""
        account = Account(APPROVER, DEMO_PASSWORD, LOOPBACK, DEMO_SMTP_PORT, DEMO_IMAP_PORT)
        person = Approver(MailProgram(account), View(Console(quiet=True)), fixed_words(words))
        living = asyncio.create_task(person.live())
        try:
            yield
        finally:
            living.cancel()
            await asyncio.gather(living, return_exceptions=True)

    async def leave(self) -> None:
        await self._stack.aclose()
        self._up.clear()
        self.settings.clear()

    async def _temporal(self) -> None:
        # Of its own, whatever TEMPORAL_ADDRESS says: pages use the queue that everybody uses.
        process = TemporalProcess(await find_temporal(Console(stderr=True)), self._directory)
        server = await self._stack.enter_async_context(process.running())
        self.settings |= {"TEMPORAL_ADDRESS": server.address}

    async def _mail(self) -> None:
        server = MailServer(smtp_port=DEMO_SMTP_PORT, imap_port=DEMO_IMAP_PORT)
        try:
            await self._stack.enter_async_context(server)
        except OSError as error:
            raise AssertionError(f"pages need these ports for themselves: {error}") from None
        self.settings |= {
            "SMTP_HOST": server.host,
            "SMTP_PORT": str(server.smtp_port),
            "SMTP_SECURITY": "none",
            "SMTP_USERNAME": AGENT,
            "SMTP_PASSWORD": DEMO_PASSWORD,
            "IMAP_HOST": server.host,
            "IMAP_PORT": str(server.imap_port),
            "IMAP_SECURITY": "none",
            "IMAP_USERNAME": AGENT,
            "IMAP_PASSWORD": DEMO_PASSWORD,
            "MAIL_FROM": f"Approval agent <{AGENT}>",
            "MAIL_AUTH": "off",
            "MAIL_TIMEZONE": "UTC",
            "APPROVERS": "approver@demo.test, approver2@demo.test",
            "APPROVAL_SECRET": secrets.token_hex(32),
            "SHOP_DATABASE": str(self._directory / "shop.sqlite3"),
        }

    async def _model(self) -> None:
        model = await self._stack.enter_async_context(ScriptedModel())
        self.settings |= {"OPENAI_API_KEY": "scripted", "OPENAI_BASE_URL": model.base_url}

    async def _worker(self) -> None:
        (self._directory / "worker").mkdir(exist_ok=True)
        worker = await self._stack.enter_async_context(
            child(
                [sys.executable, str(ROOT / "worker.py")],
                environment(ROOT, self._directory, self.settings),
                self._directory / "worker",
            )
        )
        await logged(worker, "reading the inbox")
