"""Programs of other people's, in the languages of `examples/`, beside an office whose worker runs
as it comes: on the default task queue, in a Temporal server that nobody else uses."""

import asyncio
import json
import os
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from temporalio.client import WorkflowHandle

from demo.children import Child, child
from demo.letter import Letter, read_letter
from tests.integration.office import Finished, Office
from tests.integration.run import APPROVER, Run, words
from tests.planted import secrets_in
from tests.servers.examples import Language
from tests.waiting import PATIENCE_SECONDS, until

PAYEE = "Müller & Söhne <Köln>"


@dataclass
class Program:
    """A command that waits for people."""

    process: asyncio.subprocess.Process
    first: str
    """The line that it wrote before it began to wait."""

    async def end(self) -> Finished:
        async with asyncio.timeout(PATIENCE_SECONDS):
            out, err = await self.process.communicate()
        finished = Finished(self.process.returncode or 0, out.decode().strip(), err.decode())
        assert not secrets_in(finished.out + finished.err)
        return finished


@dataclass
class Elsewhere:
    """Where the programs of one language run, with what there is to be paid."""

    language: Language
    office: Office
    directory: Path

    @asynccontextmanager
    async def worker(self) -> AsyncIterator[Child]:
        command = self.language.programs["worker"]
        async with child(command, self._environ, self.directory) as worker:
            yield worker

    @asynccontextmanager
    async def runs(self, program: str, *arguments: str) -> AsyncIterator[Program]:
        """A command that has begun to wait, or has ended."""
        process = await asyncio.create_subprocess_exec(
            *self.language.programs[program],
            *arguments,
            cwd=self.directory,
            env=self._environ,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        assert process.stdout is not None
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                first = await process.stdout.readline()
            yield Program(process, first.decode().strip())
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()

    async def payout(self, payout_id: str, seconds: float = 300) -> Run:
        """Start one, and wait for nothing. The approval that it asks for is not known yet."""
        handle: WorkflowHandle[Any, Any] = await self.office.temporal.client.start_workflow(
            self.language.workflow,
            {"payout_id": payout_id, "timeout_seconds": seconds},
            id=f"payout-{payout_id}",
            task_queue="payouts",
            result_type=str,
        )
        return Run(self.office, handle)

    def owes(self, payout_id: str, amount: str = "250.00", payee: str = PAYEE) -> None:
        """Somebody enters a payout, or changes it."""
        known = json.loads(self._payouts.read_text()) if self._payouts.exists() else {}
        known[payout_id] = {"payee": payee, "amount": amount, "currency": "EUR"}
        fresh = self._payouts.with_suffix(".new")
        fresh.write_text(json.dumps(known))
        fresh.replace(self._payouts)

    def paid(self, payout_id: str) -> list[dict[str, Any]]:
        lines = self._paid.read_text("utf-8").splitlines() if self._paid.exists() else []
        payments = [json.loads(line) for line in lines]
        return [payment for payment in payments if payment["payout_id"] == payout_id]

    @property
    def _payouts(self) -> Path:
        return self.directory / "payouts.json"

    @property
    def _paid(self) -> Path:
        return self.directory / "paid.jsonl"

    @property
    def _environ(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        return {
            **kept,
            "TEMPORAL_ADDRESS": self.office.temporal.address,
            "PAYOUTS": str(self._payouts),
            "PAID": str(self._paid),
        }


async def asked_about(office: Office, text: str) -> Letter:
    """The mail that asks APPROVER about something, once it is there."""

    async def letter() -> Letter | None:
        letters = [read_letter(raw) for raw in await office.mail.messages(APPROVER)]
        return next((each for each in letters if each.asks and text in words(each)), None)

    found = await until(letter, f"a request about {text!r}")
    assert found is not None
    return found


def request_id_in(letter: Letter) -> str:
    found = re.search(r"\[(AR-[0-9A-HJKMNP-TV-Z]{10})\]", letter.subject)
    assert found is not None, letter.subject
    return found[1]
