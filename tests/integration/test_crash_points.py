"""A worker killed with -9 where it hurts most, each time at exactly that point."""

import asyncio
import signal
import sqlite3
from contextlib import asynccontextmanager, closing

import pytest

from demo.children import Child
from tests.integration.office import APPROVER2
from tests.integration.proxy import Proxy
from tests.integration.run import APPROVER, words
from tests.waiting import PATIENCE_SECONDS, logged

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(240)]

# The dead worker's activities are missed by their heartbeats, after 20 or 30 s.
TAKEN_OVER_SECONDS = PATIENCE_SECONDS + 40


@asynccontextmanager
async def killed_at(office, command: bytes):
    """A worker that dies as it sends this IMAP command, before the server has heard it."""
    doomed: list[Child] = []
    proxy = Proxy(
        office.mail.host, office.mail.imap_port, command, lambda: doomed[0].process.kill()
    )
    async with proxy.serving(), office.worker(IMAP_PORT=str(proxy.port)) as worker:
        doomed.append(worker)
        yield proxy
        assert await worker.process.wait() == -signal.SIGKILL


@pytest.mark.parametrize("command", [b"BODY.PEEK[]", b"UID MOVE"], ids=["read", "signalled"])
async def test_a_reply_survives_its_reader_and_counts_once(office, command):
    async with killed_at(office, command) as proxy:
        run, letter = await office.asked(approvers=[APPROVER, APPROVER2], require="all")
        second = await run.request(APPROVER2)
        await office.reply(letter, "APPROVE")
        await proxy.fired.wait()
    left = await office.mail.messages(office.agent)
    assert any(run.known.encode() in raw for raw in left)
    async with office.worker(ready="worker started") as worker:
        await logged(worker, "reading the inbox", TAKEN_OVER_SECONDS)
        await office.in_folder("Processed", run.known.encode())
        await office.reply(second, "APPROVE", APPROVER2)
        assert (await run.result()).startswith("Action completed successfully")
        votes = [event["approver"] for event in await run.events("vote")]
    assert votes == [APPROVER, APPROVER2]
    assert len(await run.letters(APPROVER, "Your decision was recorded")) == 1
    assert len(run.effects()) == 1


@asynccontextmanager
async def killed_while_acting(office, request: str):
    """Approve a request, and kill the worker while its tool waits for the shop's database."""
    async with office.worker() as worker:
        run, letter = await office.asked(request, requested_by="requester@demo.test")
        with closing(sqlite3.connect(office.environ["SHOP_DATABASE"])) as shop:
            shop.execute("begin immediate")
            await office.reply(letter, "APPROVE")
            await logged(worker, f"executing {run_tool(request)}")
            worker.process.kill()
            assert await worker.process.wait() == -signal.SIGKILL
            shop.rollback()
    async with office.worker(ready="worker started"):
        yield run


def run_tool(request: str) -> str:
    return "refund_order" if request.startswith("Refund") else "delete_test_data"


async def ended(run) -> str:
    async with asyncio.timeout(TAKEN_OVER_SECONDS):
        return str(await run.handle.result())


async def test_an_idempotent_action_whose_worker_is_lost_is_done_once(office):
    async with killed_while_acting(office, "Refund 5.00 EUR for order 1042") as run:
        assert (await ended(run)).startswith("Action completed successfully")
    assert len(run.effects()) == 1


async def test_any_other_action_whose_worker_is_lost_is_not_tried_again_and_people_are_told(office):
    words = "Delete all test data from the production database"
    async with killed_while_acting(office, words) as run:
        assert (await ended(run)).startswith("Action outcome unknown")
        await run.letter(APPROVER, "Nobody knows whether this ran")
        await an_operator_finds_out(office, run)
    assert run.effects() == []


async def an_operator_finds_out(office, run) -> None:
    resolve = ("-m", "agent", "resolve")
    answer = await office.run(*resolve, run.known, "not-done", "--note", "all there", "--json")
    assert answer.json == {
        "request_id": run.known,
        "accepted": True,
        "reason": "",
        "told": [APPROVER, "requester@demo.test"],
    }
    for person in answer.json["told"]:
        letter = await run.letter(person, "What became of this action")
        assert "it was not carried out" in words(letter) and "all there" in words(letter)
    for name in (run.known, run.handle.id):
        trail = (await office.run("-m", "agent", "audit", name, "--json")).json
        assert (trail[-1]["kind"], trail[-1]["done"]) == ("resolved", False)
        assert trail[-1]["note"] == "all there" and trail[-1]["operator"]
    again = await office.run(*resolve, run.handle.id, "done", "--note", "no, gone")
    assert again.code == 1 and "resolved before, as not-done" in again.out
