"""One request and the people around it: it is started, answered, and waited for to its end."""

import asyncio
import contextlib
import smtplib
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from temporalio.client import WorkflowExecutionStatus, WorkflowHandle
from temporalio.common import WorkflowIDConflictPolicy
from temporalio.exceptions import TemporalError
from temporalio.service import RPCError

from demo.letter import Letter, write_reply
from demo.mail_program import Account, MailProgram
from tests.chaos.post import message_id_of
from tests.chaos.scripts import Kind, Manner, Script, Step
from tests.chaos.stage import QUEUE, Stage, new_run_id
from tests.planted import PASSWORD

AGAIN_SECONDS = 0.5  # a mail host's queue, and whoever asks a server that is away
ASK_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Sent:
    """A reply that the agent's mail host has taken in."""

    step: Step
    message_id: str
    author: str
    at: datetime


@dataclass
class Played:
    """One request with all that was sent for it, and how it ended."""

    number: int
    script: Script
    timeout_seconds: float
    workflow_id: str = ""
    started_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    ended_at: datetime | None = None
    result: str = ""
    failure: str = ""
    sent: list[Sent] = field(default_factory=list)

    @property
    def approvers(self) -> list[str]:
        return [f"approver-{self.number}-{n}@demo.test" for n in range(self.script.people)]

    @property
    def requester(self) -> str:
        return f"requester-{self.number}@demo.test"

    @property
    def stranger(self) -> str:
        return f"stranger-{self.number}@demo.test"

    @property
    def people(self) -> list[str]:
        return [*self.approvers, self.requester]

    @property
    def waited_seconds(self) -> float:
        """From the last word of anybody, or the deadline, to the end."""
        if self.ended_at is None:
            return 0.0
        since = max([self.started_at, *(sent.at for sent in self.sent)])
        if self.script.expires:
            since = max(since, self.started_at + timedelta(seconds=self.timeout_seconds))
        return (self.ended_at - since).total_seconds()


class Play:
    """Plays one script on a stage."""

    def __init__(self, stage: Stage, played: Played) -> None:
        self._stage = stage
        self._played = played
        self._ended = False

    async def run(self) -> None:
        """Return when the request has ended and everybody has said what they had to say."""
        played = self._played
        played.workflow_id = new_run_id(played.number)
        played.started_at = datetime.now(UTC)
        handle = await self._start()
        writing = asyncio.create_task(self._write())
        try:
            await self._end(handle)
            self._ended = True
            async with self._stage.boxes.arrived:
                self._stage.boxes.arrived.notify_all()
            await writing
        finally:
            writing.cancel()

    async def _start(self) -> WorkflowHandle[Any, Any]:
        played, script = self._played, self._played.script
        request = {
            "user_request": script.action,
            "approval_timeout_seconds": played.timeout_seconds,
            "approvers": played.approvers,
            "require": script.require,
            "requested_by": played.requester,
        }
        while True:
            try:
                return await self._stage.client.start_workflow(
                    "HumanInTheLoopWorkflow",
                    request,
                    id=played.workflow_id,
                    task_queue=QUEUE,
                    result_type=str,
                    id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
                )
            except RPCError:
                await asyncio.sleep(AGAIN_SECONDS)

    async def _end(self, handle: WorkflowHandle[Any, Any]) -> None:
        """Asks now and then, as a person would: a server that is away is asked again."""
        played = self._played
        running = True
        while running:
            await asyncio.sleep(ASK_SECONDS)
            with contextlib.suppress(RPCError):
                described = await handle.describe()
                if described.status is WorkflowExecutionStatus.RUNNING:
                    continue
                played.ended_at = described.close_time
                try:
                    played.result = str(await handle.result())
                except RPCError:
                    continue
                except TemporalError as error:
                    played.failure = f"{described.status}: {error.__cause__ or error}"
                running = False

    async def _write(self) -> None:
        for step in self._played.script.steps:
            letter = await self._letter(step)
            if letter is None:
                return
            await asyncio.sleep(step.pause)
            await self._reply(step, letter)

    async def _letter(self, step: Step) -> Letter | None:
        """What `step` answers, once it is there; None if all is over before."""
        boxes, approvers = self._stage.boxes, self._played.approvers
        author = approvers[step.who]
        awaited = approvers[step.who if step.of is None else step.of]

        own = step.after if step.of is None else Kind.REQUEST

        def there() -> bool:
            enough = len(boxes.letters(awaited, step.after)) >= step.count
            return enough and bool(boxes.letters(author, own))

        async with boxes.arrived:
            await boxes.arrived.wait_for(lambda: there() or self._ended)
            return boxes.letters(author, own)[-1] if there() else None

    async def _reply(self, step: Step, letter: Letter) -> None:
        stranger = step.manner is Manner.STRANGER
        author = self._played.stranger if stranger else self._played.approvers[step.who]
        raw = write_reply(letter, author, step.words, datetime.now(UTC))
        if step.manner is Manner.ABSENT:
            raw = b"Auto-Submitted: auto-replied\r\n" + raw
        for _ in range(2 if step.manner is Manner.TWICE else 1):
            await self._send(author, letter.reply_to, raw)
        sent = Sent(step, message_id_of(raw), author, datetime.now(UTC))
        self._played.sent.append(sent)

    async def _send(self, author: str, recipient: str, raw: bytes) -> None:
        post = self._stage.post
        program = MailProgram(Account(author, PASSWORD, post.host, post.smtp_port, 0))
        while True:
            try:
                return await program.send(recipient, raw)
            except (OSError, smtplib.SMTPException):
                await asyncio.sleep(AGAIN_SECONDS)
