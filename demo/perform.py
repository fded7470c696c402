"""One request on its whole way: worker and starter as real programs, the approver as a real client.

Everything is shown as it happens; what the programs wrote is shown when they fail.
"""

import asyncio
import secrets
import sys
import time
from collections.abc import Coroutine
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from demo.accounts import DEMO_PASSWORD
from demo.approver import Approver, fixed_words, typed_words
from demo.children import Child, child
from demo.mail_program import Account, MailProgram
from demo.mail_server import MailServer
from demo.options import Options
from demo.result import needed_no_action, overall_outcome, read_result
from demo.setting import APPROVER, REQUESTER
from demo.temporal_server import Temporal
from demo.view import View
from demo.watch import Watch

ROOT = Path(__file__).resolve().parent.parent
LOG_TAIL_LINES = 30
# Receipts and the result may still be on their way when the run has ended.
LAST_MAIL_SECONDS = 3.0


class DemoError(Exception):
    """The way was not completed; the text says where it broke."""


@dataclass(frozen=True, slots=True)
class Stage:
    """The servers that run, and what the worker and the starter need to know of them."""

    view: View
    options: Options
    temporal: Temporal
    mail: MailServer
    environ: dict[str, str]
    directory: Path

    def mail_program(self, address: str) -> MailProgram:
        mail = self.mail
        account = Account(address, DEMO_PASSWORD, mail.host, mail.smtp_port, mail.imap_port)
        return MailProgram(account)


async def perform(stage: Stage) -> str:
    key = f"demo-{datetime.now():%Y%m%d-%H%M%S}-{secrets.token_hex(2)}"
    view = stage.view
    watch = Watch(stage.temporal.client, f"human-in-the-loop-{key}", view.event, view.release)
    reply = stage.options.reply
    words = fixed_words(reply) if reply is not None else typed_words(view, watch.undecided)
    approver = Approver(stage.mail_program(APPROVER), view, words)
    worker_command = [sys.executable, str(ROOT / "worker.py")]
    async with child(worker_command, stage.environ, stage.directory) as worker:
        view.stage("worker started (worker.py)")
        command = _starter(stage.options, key)
        async with child(command, stage.environ, stage.directory, read_output=True) as starter:
            view.stage(f"request started (start_workflow.py): {stage.options.request}")
            with view.in_order():
                output = await _until_the_end(starter, worker, [watch.follow(), approver.live()])
                await _last_words(stage, watch, approver)
    result = read_result(output)
    view.audit_trail(watch.story())
    view.stage(f"result: {result['result']}")
    if needed_no_action(result):
        view.stage("no action was needed: nothing was run, and nobody had to agree")
    return overall_outcome(result)


def _starter(options: Options, key: str) -> list[str]:
    script = [sys.executable, str(ROOT / "start_workflow.py"), options.request, "--json"]
    return [
        *script,
        *("--requester", REQUESTER),
        *("--timeout", str(options.timeout_seconds)),
        *("--id", key),
    ]


async def _until_the_end(
    starter: Child, worker: Child, beside: list[Coroutine[Any, Any, None]]
) -> str:
    """Return what the starter printed; the worker's end, or an error beside it, comes first."""
    reading = asyncio.create_task(starter.process.communicate())
    serving = asyncio.create_task(worker.process.wait())
    others = [asyncio.create_task(work) for work in beside]
    tasks = {reading, serving, *others}
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks - {reading}:
            task.cancel()
        await asyncio.gather(*others, serving, return_exceptions=True)
    for task in others:
        if task in done:
            await task
    if reading not in done:
        reading.cancel()
        raise DemoError(_failure(worker, worker))
    output, _ = await reading
    if starter.process.returncode:
        raise DemoError(_failure(starter, worker))
    return output.decode(errors="replace")


async def _last_words(stage: Stage, watch: Watch, approver: Approver) -> None:
    """Show the mail and the events that the end of the run brought with it."""
    requester = Approver(stage.mail_program(REQUESTER), stage.view, fixed_words(""))
    deadline = time.monotonic() + LAST_MAIL_SECONDS
    while True:
        await watch.poll()
        await approver.look(answering=False)
        shown = await requester.look(answering=False)
        if shown or time.monotonic() > deadline:
            return
        await asyncio.sleep(0.3)


def _failure(broken: Child, worker: Child) -> str:
    code = broken.process.returncode
    logs = {one.name: one.log_text() for one in (broken, worker)}
    tails = [
        f"--- {name}, last lines ---\n" + "\n".join(text.splitlines()[-LOG_TAIL_LINES:])
        for name, text in logs.items()
    ]
    return "\n".join([f"{broken.name} ended with exit code {code}", *tails])
