"""One request on its way through an office, with the approval that it has asked for."""

import asyncio
import json
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from temporalio.client import WorkflowHandle

from demo.letter import Letter, read_letter
from tests.waiting import PATIENCE_SECONDS, until

if TYPE_CHECKING:
    from tests.integration.office import Office

APPROVER = "approver@demo.test"
Event = dict[str, Any]


def words(letter: Letter) -> str:
    """A letter as one line: how it is wrapped, quoted and defused makes no difference here."""
    text = f"{letter.subject} {letter.text}".replace("┆", " ").replace("·", "")
    return " ".join(text.split())


@dataclass
class Run:
    """A request on its way, with the approval that it has asked for."""

    office: "Office"
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

    async def requests(self, address: str) -> list[Letter]:
        """The mail that asks somebody, as often as it arrived."""
        return [letter for letter in await self.letters(address) if letter.asks]

    async def request(self, address: str = APPROVER) -> Letter:
        """The mail that asks somebody, once it is there."""
        return (await until(lambda: self.requests(address), f"a request at {address}"))[0]

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
