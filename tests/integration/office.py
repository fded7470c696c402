"""A whole deployment on loopback for tests: real mail, real worker processes, a scripted model.

Only the model is scripted; people are mail programs that send over SMTP.
"""

import asyncio
import json
import sys
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session
from temporalio.client import WorkflowHandle

from demo.children import Child, child
from demo.letter import Letter, write_reply
from demo.mail_program import Account, MailProgram
from demo.mail_server import MailServer
from demo.model import ScriptedModel
from demo.temporal_server import Temporal
from tests.integration.run import APPROVER, Run
from tests.planted import PASSWORD, secrets_in
from tests.servers.store import ImapProcess, ProcessStore
from tests.waiting import POLL_SECONDS, logged, until

ROOT = Path(__file__).resolve().parents[2]
APPROVER2 = "approver2@demo.test"
REQUESTER = "requester@demo.test"
STRANGER = "stranger@demo.test"
REFUND = "Refund 120.00 EUR for order 1042"


class Mail(MailServer):
    """The embedded server; to some it delivers and then says that it has not."""

    def __init__(self, agent: str, imap: ImapProcess | None = None, *others: str) -> None:
        addresses = [agent, *others, APPROVER, APPROVER2, REQUESTER, STRANGER]
        store = ProcessStore(imap, addresses, PASSWORD) if imap else None
        super().__init__(addresses, PASSWORD, mailboxes=store)
        self.doubting: set[str] = set()
        self.meanwhile: dict[str, bytes] = {}
        """What arrives for the agent while we take in somebody's next letter."""
        self.stalling: set[str] = set()
        """To these a message is taken in and not answered, as a server does that hangs."""
        self.stalled = asyncio.Event()
        self._agent = agent

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        while self.stalling & set(envelope.rcpt_tos):
            self.stalled.set()
            await asyncio.sleep(POLL_SECONDS)
        answer = await super().handle_DATA(server, session, envelope)
        for recipient in envelope.rcpt_tos:
            if raw := self.meanwhile.pop(recipient, None):
                await self.deliver(self._agent, raw)
        doubtful = self.doubting & set(envelope.rcpt_tos)
        return "451 4.3.0 Not sure whether I kept it" if doubtful else answer


@dataclass(frozen=True, slots=True)
class Finished:
    """What a command said and how it ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        assert self.code == 0, self.err
        return json.loads(self.out)


@dataclass
class Office:
    """One agent address and task queue of its own, so that no other test's worker takes part."""

    temporal: Temporal
    mail: Mail
    model: ScriptedModel
    directory: Path
    agent: str
    environ: dict[str, str]

    @asynccontextmanager
    async def worker(self, *options: str, ready: str = "", **changes: str) -> AsyncIterator[Child]:
        """`worker.py` as a process, once its log says `ready`."""
        directory = self.directory / f"worker-{uuid.uuid4().hex[:6]}"
        directory.mkdir()
        command = [sys.executable, str(ROOT / "worker.py"), *options]
        async with child(command, {**self.environ, **changes}, directory) as worker:
            default = "worker started" if "--no-inbox" in options else "reading the inbox"
            await logged(worker, ready or default)
            yield worker

    @property
    def inbox(self) -> WorkflowHandle[Any, Any]:
        """The workflow that keeps a reader on our mailbox."""
        return self.temporal.client.get_workflow_handle(f"inbox-{self.agent}")

    async def run(self, *arguments: str, **changes: str) -> Finished:
        """One of the project's commands, as a person would type it after `python`."""
        return await self.run_with(b"", *arguments, **changes)

    async def run_with(self, typed: bytes, *arguments: str, **changes: str) -> Finished:
        """The same with something on standard input."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *arguments,
            cwd=self.directory,
            env={**self.environ, "PYTHONPATH": str(ROOT), **changes},
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            async with asyncio.timeout(60):
                out, err = await process.communicate(typed)
        except TimeoutError:
            process.kill()
            await process.wait()
            raise
        finished = Finished(process.returncode or 0, out.decode(), err.decode())
        assert not secrets_in(finished.out + finished.err)
        return finished

    async def start(self, request: str = REFUND, **fields: Any) -> Run:
        """Start a request for APPROVER alone, unless `fields` name others."""
        wanted = {"user_request": request, "approval_timeout_seconds": 300, **fields}
        handle: WorkflowHandle[Any, Any] = await self.temporal.client.start_workflow(
            "HumanInTheLoopWorkflow",
            wanted,
            id=f"human-in-the-loop-{uuid.uuid4()}",
            task_queue=self.environ["TEMPORAL_TASK_QUEUE"],
            result_type=str,
        )
        return Run(self, handle)

    async def asked(self, request: str = REFUND, **fields: Any) -> tuple[Run, Letter]:
        """A request that waits, and the letter that asks APPROVER."""
        return await _waiting(await self.start(request, **fields))

    async def asked_of(self, workflow_id: str) -> tuple[Run, Letter]:
        """The same of a request that somebody else has started."""
        handle = self.temporal.client.get_workflow_handle(workflow_id, result_type=str)
        return await _waiting(Run(self, handle))

    async def send(self, author: str, recipient: str, raw: bytes) -> None:
        mail = self.mail
        account = Account(author, mail.password, mail.host, mail.smtp_port, mail.imap_port)
        await MailProgram(account).send(recipient, raw)

    async def reply(self, letter: Letter, words: str, author: str = APPROVER) -> bytes:
        """Answer a letter as a mail program does; return what was sent."""
        raw = write_reply(letter, author, words, datetime.now(UTC))
        await self.send(author, letter.reply_to, raw)
        return raw

    async def in_folder(self, folder: str, text: bytes) -> list[bytes]:
        """The agent's messages in a folder that hold a text, once there is one."""

        async def found() -> list[bytes]:
            messages = await self.mail.messages(self.agent, folder)
            return [raw for raw in messages if text in raw]

        return await until(found, f"{text!r} in {folder}")

    async def inbox_empty(self) -> None:
        async def empty() -> bool:
            return not await self.mail.messages(self.agent)

        await until(empty, "an empty inbox")


async def _waiting(run: Run) -> tuple[Run, Letter]:
    await run.request_id()
    return run, await run.request()
