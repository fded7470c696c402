"""Workflows in virtual time: the real ones, with activities that record instead of act."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from temporalio import activity
from temporalio.client import WorkflowHandle
from temporalio.exceptions import ApplicationError
from temporalio.worker import Worker

from agent.activations import SerialExecutor
from agent.activities.assess import AssessActivities
from agent.approval import ApprovalWorkflow
from agent.canonical import request_id_from
from agent.jobs import (
    AnswerInput,
    AnswerKind,
    ExecuteInput,
    ExecuteResult,
    NotifyInput,
    NotifyResult,
    Proposal,
    ProposeInput,
    SweepInput,
    TellInput,
    ToolCall,
)
from agent.resolution import ResolutionWorkflow
from agent.settings import Settings
from agent.tools.registry import Registry, collect
from agent.tools.shop import Shop
from agent.workflow import HumanInTheLoopWorkflow
from tests.planted import APPROVAL_SECRET
from tests.virtual.asked import REFUND, Asked
from tests.waiting import until

A, B, C = "a@x.test", "b@x.test", "c@x.test"
QUEUE = "virtual"
_numbers = iter(range(1, 1_000_000))


@dataclass
class World:
    """What the activities of a test do, and what they were asked."""

    env: Any
    tmp_path: Any
    queue: str = QUEUE
    settings: dict[str, Any] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    unreachable: set[str] = field(default_factory=set)
    answers_fail: bool = False
    on_sweep: Callable[[], Any] | None = None
    on_execute: Callable[[ExecuteInput], Any] | None = None
    on_answer: Callable[[], Any] | None = None
    approval: type = ApprovalWorkflow
    """What a run starts to ask people."""
    turns: list[Any] = field(default_factory=list)
    asked: list[NotifyInput] = field(default_factory=list)
    answers: list[AnswerInput] = field(default_factory=list)
    executed: list[ExecuteInput] = field(default_factory=list)
    told: list[TellInput] = field(default_factory=list)
    proposals: list[ProposeInput] = field(default_factory=list)
    tried: list[str] = field(default_factory=list)
    sweeps: int = 0

    @activity.defn(name="notify")
    async def notify(self, job: NotifyInput) -> NotifyResult:
        self.tried.append(job.approver)
        if job.approver in self.refused:
            return NotifyResult(accepted=False, detail=self.refused[job.approver])
        if job.approver in self.unreachable:
            raise ApplicationError("451 try again later", type="MailUnavailable")
        self.asked.append(job)
        return NotifyResult(accepted=True)

    @activity.defn(name="answer")
    async def answer(self, job: AnswerInput) -> None:
        if self.answers_fail:
            raise ApplicationError("550 no", type="MailRejected", non_retryable=True)
        if self.on_answer is not None:
            await self.on_answer()
        self.answers.append(job)

    @activity.defn(name="tell")
    async def tell(self, job: TellInput) -> None:
        self.told.append(job)

    @activity.defn(name="sweep")
    async def sweep(self, job: SweepInput) -> None:
        self.sweeps += 1
        if self.on_sweep is not None:
            await self.on_sweep()

    @activity.defn(name="execute")
    async def execute(self, job: ExecuteInput) -> ExecuteResult:
        self.executed.append(job)
        if self.on_execute is not None:
            result: ExecuteResult = await self.on_execute(job)
            return result
        return ExecuteResult(done=True, text=f"did {job.action.summary}")

    @activity.defn(name="propose")
    async def propose(self, job: ProposeInput) -> Proposal:
        self.proposals.append(job)
        turn: Proposal | Exception = self.turns[min(len(self.proposals), len(self.turns)) - 1]
        if isinstance(turn, Exception):
            raise turn
        return turn

    @asynccontextmanager
    async def worker(self) -> AsyncIterator[None]:
        base = {
            "approvers": f"{A},{B},{C}",
            "mail_from": "agent@x.test",
            "mail_auth": "off",
            "approval_secret": APPROVAL_SECRET,
            "expiry_grace": "60s",
        }
        settings = Settings(_env_file=None, **{**base, **self.settings})
        registry = Registry(collect(Shop(self.tmp_path / "shop.sqlite3")))
        assess = AssessActivities(settings, registry, search_attributes=False)
        acting: list[Any] = [self.notify, self.answer, self.tell, self.execute, self.propose]
        async with (
            Worker(
                self.env.client,
                task_queue=self.queue,
                workflows=[self.approval, HumanInTheLoopWorkflow, ResolutionWorkflow],
                activities=[assess.assess, assess.prepare, *acting],
                # Every task replays the whole history: what is not deterministic fails here.
                max_cached_workflows=0,
                max_concurrent_workflow_tasks=2,
                workflow_task_executor=SerialExecutor(),
            ),
            Worker(self.env.client, task_queue="inbox-agent@x.test", activities=[self.sweep]),
        ):
            yield

    async def ask(
        self, *approvers: str, require: Any = "any", seconds: float = 3600, **extra: Any
    ) -> Asked:
        request_id = request_id_from(next(_numbers))
        request = {
            "request_id": request_id,
            "action": {"action_type": "refund_order", "description": "Refund", "arguments": REFUND},
            "timeout_seconds": seconds,
            "policy": {"stages": [{"approvers": approvers or (A,), "require": require}]},
            **extra,
        }
        handle: WorkflowHandle[Any, Any] = await self.env.client.start_workflow(
            "ApprovalWorkflow", request, id=f"approval-{request_id}", task_queue=self.queue
        )
        return Asked(self, request_id, handle)

    async def run(self, request: str = "please", **fields: Any) -> WorkflowHandle[Any, Any]:
        handle: WorkflowHandle[Any, Any] = await self.env.client.start_workflow(
            "HumanInTheLoopWorkflow",
            {"user_request": request, "approval_timeout_seconds": 3600, **fields},
            id=f"human-in-the-loop-{next(_numbers)}",
            task_queue=self.queue,
        )
        return handle

    async def now(self) -> datetime:
        now: datetime = await self.env.get_current_time()
        return now

    async def passes(self, seconds: float) -> None:
        """Let virtual time pass; between these calls it goes at the speed of the real one."""
        await self.env.sleep(seconds)

    async def attempted(self, what: Callable[[], Any]) -> None:
        """Wait until an activity has left this trace of its first try."""

        async def left() -> Any:
            return what()

        await until(left, "a first try")


def call(tool: str, arguments: str, call_id: str = "c1") -> ToolCall:
    return ToolCall(call_id=call_id, name=tool, arguments=arguments)


def calls(*made: ToolCall) -> Proposal:
    return Proposal(
        items=tuple({"type": "function_call", "call_id": c.call_id} for c in made), calls=made
    )


def closing(text: str = "Done.") -> Proposal:
    return Proposal(text=text)


HOUR = timedelta(hours=1)


def kinds(world: World, to: str | None = None) -> list[AnswerKind]:
    """What was answered, to one person or to all."""
    return [job.kind for job in world.answers if to in (None, job.to)]
