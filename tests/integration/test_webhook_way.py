"""The whole way of a webhook: approved by mail, sent by the worker, done once by the receiver that
the documentation shows, whatever happens on the way."""

import asyncio
import json
import os
import re
import signal
import sqlite3
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

import pytest

from demo.children import Child, child
from demo.model import Answer, function_call, message
from tests.integration.office import ROOT, Office
from tests.integration.proxy import Proxy
from tests.integration.run import APPROVER, words
from tests.planted import WEBHOOK_SECRET
from tests.unit.test_webhook import says, serving
from tests.waiting import logged

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(240)]

REFUND = '{"order": 1042, "amount": "12.50"}'
SHOWN = '{"amount":"12.50","order":1042}'
RECEIVER = str(ROOT / "examples" / "webhook" / "receiver.py")
LISTENING = "listening on 127.0.0.1:"
PAUSE_SECONDS = 4


@asynccontextmanager
async def receiver(directory: Path, port: int = 0) -> AsyncIterator[tuple[Child, int]]:
    """The example, as a process; its log would show whatever it may not tell."""
    environ = {**os.environ, "WEBHOOK_SECRET": WEBHOOK_SECRET}
    command = [sys.executable, RECEIVER, str(port), str(directory / "receiver.sqlite3")]
    async with child(command, environ, directory) as process:
        line = await logged(process, LISTENING)
        yield process, int(line.removeprefix(LISTENING))


def refunds(directory: Path) -> list[tuple[int, str]]:
    with closing(sqlite3.connect(directory / "receiver.sqlite3")) as connection:
        return connection.execute('select "order", amount from refunds').fetchall()


@pytest.fixture
def asks(office: Office):
    """Makes the model call `post_webhook` once, with this URL."""

    def asking(url: str) -> None:
        def script(request):
            outputs = [i for i in request["input"] if i.get("type") == "function_call_output"]
            if outputs:
                return Answer([message(f"It answered: {outputs[-1]['output']}")])
            view = {"reasoning": "the request asks for it", "risky_action": True}
            return Answer([function_call("post_webhook", {"url": url, "body": REFUND, **view})])

        office.model.script = script

    yield asking
    office.model.script = None


def worker(office: Office, origin: str, secret: str = WEBHOOK_SECRET):
    return office.worker(
        AGENT_TOOLS="agent.tools.webhook", WEBHOOK_ALLOWED=origin, WEBHOOK_SECRET=secret
    )


async def test_what_was_approved_is_sent_as_it_was_shown_and_done(office, asks, tmp_path):
    async with receiver(tmp_path) as (_, port):
        origin = f"http://127.0.0.1:{port}"
        asks(f"{origin}/refunds")
        async with worker(office, origin):
            run, letter = await office.asked("Give 12.50 back for order 1042, please")
            assert f"POST {len(SHOWN)} bytes of JSON to {origin}/refunds" in letter.subject
            said = words(letter)
            assert json.dumps(SHOWN)[1:-1] in said and f"{origin}/refunds" in said
            assert refunds(tmp_path) == []
            await office.reply(letter, "APPROVE")
            assert (await run.result()).startswith("Action completed successfully: 200 OK: ")
        assert refunds(tmp_path) == [(1042, "12.50")]


async def test_what_was_rejected_is_not_sent(office, asks, tmp_path):
    async with receiver(tmp_path) as (process, port):
        origin = f"http://127.0.0.1:{port}"
        asks(f"{origin}/refunds")
        async with worker(office, origin):
            run, letter = await office.asked("Give 12.50 back for order 1042, please")
            await office.reply(letter, "REJECT")
            assert (await run.result()).startswith("Action rejected")
        assert refunds(tmp_path) == []
        assert "POST" not in process.log_text()


async def test_a_receiver_that_does_not_know_us_does_nothing(office, asks, tmp_path):
    async with receiver(tmp_path) as (_, port):
        origin = f"http://127.0.0.1:{port}"
        asks(f"{origin}/refunds")
        async with worker(office, origin, secret=""):
            run, letter = await office.asked("Give 12.50 back for order 1042, please")
            await office.reply(letter, "APPROVE")
            result = await run.result()
            assert result.startswith(f"Action failed: {origin} has refused it: 401 Unauthorized")
        assert refunds(tmp_path) == []


async def test_a_receiver_that_asks_for_a_pause_gets_it_and_acts_then(office, asks):
    heard: list[float] = []

    async def busy_at_first(reader, writer):
        heard.append(asyncio.get_running_loop().time())
        busy = says("503 Service Unavailable", "", f"Retry-After: {PAUSE_SECONDS}")
        await (busy if len(heard) == 1 else says("200 OK", "refunded"))(reader, writer)

    async with serving(busy_at_first) as server, worker(office, server.origin):
        asks(f"{server.origin}/refunds")
        run, letter = await office.asked("Give 12.50 back for order 1042, please")
        await office.reply(letter, "APPROVE")
        assert (await run.result()).startswith("Action completed successfully: 200 OK: refunded")
    first, second = heard
    # By itself it would be a second.
    assert second - first >= PAUSE_SECONDS
    keys = {re.findall(rb"(?i)idempotency-key: (\S+)", request)[0] for request in server.requests}
    assert len(keys) == 1


async def test_a_receiver_lost_after_it_has_acted_is_asked_again_and_acts_once(
    office, asks, tmp_path
):
    first = tmp_path / "first"
    first.mkdir()
    doomed: list[Child] = []
    async with receiver(first) as (process, port):
        doomed.append(process)
        proxy = Proxy("127.0.0.1", port, b"", lambda: doomed[0].process.kill(), answer=b"HTTP/1.")
        async with proxy.serving(), worker(office, f"http://127.0.0.1:{proxy.port}"):
            asks(f"http://127.0.0.1:{proxy.port}/refunds")
            run, letter = await office.asked("Give 12.50 back for order 1042, please")
            await office.reply(letter, "APPROVE")
            await proxy.fired.wait()
            assert await process.process.wait() == -signal.SIGKILL
            # It has acted, and nobody has heard of it.
            assert refunds(first) == [(1042, "12.50")]
            async with receiver(first, port) as (second, _):
                result = await run.result()
                assert result.startswith("Action completed successfully: 200 OK: ")
                assert "POST /refunds 200" in second.log_text()
    assert refunds(first) == [(1042, "12.50")]
    assert await run.letters(APPROVER, "Nobody knows whether this ran") == []
