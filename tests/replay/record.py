"""`python -m tests.replay.record [CASE]…`: plays the cases on a real server, keeps their histories.

Needed when a workflow has changed in a way that running ones need not survive, or a case is new.
"""

import json
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from rich.console import Console
from temporalio import activity
from temporalio.client import Client, WorkflowHandle
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from agent.activations import SerialExecutor
from agent.activities.assess import AssessActivities
from agent.approval import ApprovalWorkflow
from agent.command import DONE, run_command
from agent.inbox import InboxWorkflow
from agent.jobs import Cursor
from agent.public import REQUEST_ID, STATUS
from agent.resolution import ResolutionWorkflow
from agent.settings import Settings
from agent.tools.registry import Registry, collect
from agent.tools.shop import Shop
from agent.workflow import HumanInTheLoopWorkflow
from demo.temporal_server import start_temporal
from tests.planted import APPROVAL_SECRET
from tests.replay.cases import CASES, finish
from tests.virtual.world import A, B, C, World

HISTORIES = Path(__file__).parent / "histories"
INBOX_QUEUE = "inbox-agent@x.test"
# Its own name stands in every event; the default would be that of the machine.
IDENTITY = "recorder"
SETTINGS: dict[str, Any] = {
    "approvers": f"{A},{B},{C}",
    "mail_from": "agent@x.test",
    "mail_auth": "off",
    "approval_secret": APPROVAL_SECRET,
}
# A failure's trace holds paths and line numbers, and no replay looks at it; task ids are the
# server's book-keeping.
_DROPPED = {"stackTrace", "taskId"}


class Recording(World):
    """The world of the tests in virtual time, on a real server with all that it can do."""

    @activity.defn(name="watch_inbox")
    async def watch_inbox(self, cursor: Cursor) -> Cursor:
        return Cursor(uidvalidity=1, counts={"Processed": cursor.counts.get("Processed", 0) + 1})

    @asynccontextmanager
    async def worker(self) -> AsyncIterator[None]:
        settings = Settings(_env_file=None, **SETTINGS)
        registry = Registry(collect(Shop(self.tmp_path / "shop.sqlite3")))
        assess = AssessActivities(settings, registry, search_attributes=True)
        acting: list[Any] = [self.notify, self.answer, self.tell, self.execute, self.propose]
        async with (
            Worker(
                self.env.client,
                task_queue=self.queue,
                workflows=[ApprovalWorkflow, HumanInTheLoopWorkflow, ResolutionWorkflow],
                activities=[assess.assess, assess.prepare, *acting],
                workflow_task_executor=SerialExecutor(),
            ),
            Worker(
                self.env.client,
                task_queue=INBOX_QUEUE,
                workflows=[InboxWorkflow],
                activities=[self.sweep, self.watch_inbox],
                workflow_task_executor=SerialExecutor(),
            ),
        ):
            yield


async def record(client: Client, name: str) -> None:
    with tempfile.TemporaryDirectory() as directory:
        world = Recording(WorkflowEnvironment.from_client(client), Path(directory))
        async with world.worker():
            handle = await CASES[name](world)
            await finish(handle)
    text = await _portable(handle)
    (HISTORIES / f"{name}.json").write_text(text)
    print(f"{name}: {len(text) // 1024} KiB")


async def _portable(handle: WorkflowHandle[Any, Any]) -> str:
    """One line an event: small, and a change of it can still be read."""
    history = await handle.fetch_history()
    events = _stripped(history.to_json_dict()["events"])
    lines = (json.dumps(event, ensure_ascii=False, separators=(",", ":")) for event in events)
    return '{"events":[\n' + ",\n".join(lines) + "\n]}\n"


def _stripped(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _stripped(v) for name, v in value.items() if name not in _DROPPED}
    return [_stripped(v) for v in value] if isinstance(value, list) else value


async def main(names: Sequence[str]) -> int:
    HISTORIES.mkdir(exist_ok=True)
    async with start_temporal(Console(stderr=True), [STATUS, REQUEST_ID]) as temporal:
        client = await Client.connect(
            temporal.address,
            namespace=temporal.client.namespace,
            data_converter=pydantic_data_converter,
            identity=IDENTITY,
        )
        for name in names or CASES:
            await record(client, name)
    return DONE


if __name__ == "__main__":
    run_command(main(sys.argv[1:]), debug=True)
