"""A whole deployment on loopback for tests: real mail, real worker processes, a scripted model.

Only the model is scripted; people are mail programs that send over SMTP.
"""

import asyncio
import json
import secrets
import sqlite3
import sys
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from aiosmtpd.smtp import SMTP, Envelope, Session
from temporalio.client import WorkflowHandle, WorkflowQueryFailedError
from temporalio.service import RPCError

from demo.children import Child, child
from demo.letter import Letter, read_letter, write_reply
from demo.mail_program import Account, MailProgram
from demo.mail_server import MailServer
from demo.model import ScriptedModel
from demo.setting import demo_environment
from demo.temporal_server import Temporal

ROOT = Path(__file__).resolve().parents[2]
APPROVER = "approver@demo.test"
APPROVER2 = "approver2@demo.test"
REQUESTER = "requester@demo.test"
STRANGER = "stranger@demo.test"
REFUND = "Refund 120.00 EUR for order 1042"
POLL_SECONDS = 0.05
PATIENCE_SECONDS = 20.0

T = TypeVar("T")
Event = dict[str, Any]


class Mail(MailServer):
    """The embedded server; to some it delivers and then says that it has not."""

    def __init__(self, agent: str) -> None:
        super().__init__([agent, APPROVER, APPROVER2, REQUESTER, STRANGER], "open-sesame-4711")
        self.doubting: set[str] = set()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        answer = await super().handle_DATA(server, session, envelope)
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


def words(letter: Letter) -> str:
    """A letter as one line: where it is wrapped and quoted makes no difference to a reader."""
    return " ".join(f"{letter.subject} {letter.text}".replace("┆", " ").split())


async def until(
    found: Callable[[], Awaitable[T]], what: str, seconds: float = PATIENCE_SECONDS
) -> T:
    """The first result that is true, asked for until patience ends."""
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds
    while loop.time() < end:
        # A workflow that is about to start is no error yet, nor is one whose worker changes.
        with suppress(RPCError, WorkflowQueryFailedError):
            if result := await found():
                return result
        await asyncio.sleep(POLL_SECONDS)
    raise AssertionError(f"never came: {what}")


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

    async def run(self, *arguments: str, **changes: str) -> Finished:
        """One of the project's commands, as a person would type it after `python`."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *arguments,
            cwd=self.directory,
            env={**self.environ, "PYTHONPATH": str(ROOT), **changes},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            async with asyncio.timeout(60):
                out, err = await process.communicate()
        except TimeoutError:
            process.kill()
            await process.wait()
            raise
        return Finished(process.returncode or 0, out.decode(), err.decode())

    async def start(self, request: str = REFUND, **fields: Any) -> "Run":
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

    async def asked(self, request: str = REFUND, **fields: Any) -> tuple["Run", Letter]:
        """A request that waits, and the letter that asks APPROVER."""
        return await _waiting(await self.start(request, **fields))

    async def asked_of(self, workflow_id: str) -> tuple["Run", Letter]:
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


@dataclass
class Run:
    """A request on its way, with the approval that it has asked for."""

    office: Office
    handle: WorkflowHandle[Any, Any]
    known: str = ""

    async def request_id(self) -> str:
        async def first() -> str:
            status = await self.handle.query("status")
            return status["approvals"][0]["request_id"] if status["approvals"] else ""

        self.known = self.known or await until(first, "an approval")
        return self.known

    @property
    def approval(self) -> WorkflowHandle[Any, Any]:
        return self.office.temporal.client.get_workflow_handle(f"approval-{self.known}")

    async def letters(self, address: str, text: str = "") -> list[Letter]:
        """Mail about this approval that somebody has, whose text or subject holds `text`."""
        letters = [read_letter(raw) for raw in await self.office.mail.messages(address)]
        about = [letter for letter in letters if f"[{self.known}]" in letter.subject]
        return [letter for letter in about if text in words(letter)]

    async def letter(self, address: str, text: str) -> Letter:
        """The newest letter that holds `text`, once there is one."""

        async def newest() -> Letter | None:
            return next(reversed(await self.letters(address, text)), None)

        found = await until(newest, f"{text!r} at {address}")
        assert found is not None
        return found

    async def result(self) -> str:
        async with asyncio.timeout(PATIENCE_SECONDS):
            return str(await self.handle.result())

    async def outcome(self) -> str:
        async with asyncio.timeout(PATIENCE_SECONDS):
            return str((await self.approval.result())["outcome"])

    async def events(self, kind: str = "") -> list[Event]:
        trail = await self.approval.query("audit_trail", 0)
        return [event for event in trail["events"] if kind in ("", event["kind"])]

    async def event(self, kind: str, **fields: str) -> Event:
        """The first event of a kind with these fields, once it is there."""

        async def first() -> Event | None:
            return next((e for e in await self.events(kind) if fields.items() <= e.items()), None)

        found = await until(first, f"{kind} {fields}")
        assert found is not None
        return found

    def effects(self) -> list[tuple[str, Mapping[str, Any]]]:
        """What the shop did for this approval."""
        with closing(sqlite3.connect(self.office.environ["SHOP_DATABASE"])) as shop:
            rows = shop.execute(
                "select tool, arguments from effects where request_id = ?", [self.known]
            ).fetchall()
        return [(tool, json.loads(arguments)) for tool, arguments in rows]


async def _waiting(run: Run) -> tuple[Run, Letter]:
    await run.request_id()
    return run, await run.letter(APPROVER, "Approval needed")


async def logged(worker: Child, text: str, seconds: float = PATIENCE_SECONDS) -> str:
    """The first line of a worker's log with this text, once it is there."""

    async def line() -> str | None:
        lines = (line for line in worker.log_text().splitlines() if text in line)
        return next(lines, None) or _ended(worker, text)

    return str(await until(line, f"{text!r} in the worker's log", seconds))


def _ended(worker: Child, text: str) -> None:
    code = worker.process.returncode
    assert code is None, f"the worker ended with {code} before {text!r}:\n{worker.log_text()}"


def office_environment(
    temporal: Temporal, mail: MailServer, agent: str, model_url: str, directory: Path
) -> dict[str, str]:
    reach = {"TEMPORAL_TASK_QUEUE": f"test-{secrets.token_hex(4)}"}
    if temporal.throwaway:
        reach |= {"TEMPORAL_ADDRESS": temporal.address, "TEMPORAL_NAMESPACE": "default"}
    environ = demo_environment(mail, reach, temporal.throwaway, model_url, directory)
    ours = {
        "MAIL_FROM": f"Approval agent <{agent}>",
        "IMAP_USERNAME": agent,
        "IMAP_PASSWORD": mail.password,
        "APPROVERS": APPROVER,
        "APPROVER_DOMAINS": "demo.test",
        "EXPIRY_GRACE": "10s",
    }
    return {**environ, **ours}
