"""Tools of somebody's own, as the documentation shows them: approved by mail, and with secrets."""

import json
import shutil
from contextlib import asynccontextmanager

import pytest

from demo.http_server import HttpRequest, HttpResponse, HttpServer
from tests.integration.office import ROOT
from tests.integration.run import APPROVER
from tests.planted import TOOL_TOKEN

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(240)]

CLOSE = 'Call close_account {"login": "rosa.diaz", "reason": "asked by letter"}'
"""As docs/tools.md tells whoever has no model to try their tools with."""


class Accounts:
    """The company's service."""

    def __init__(self) -> None:
        self.requests: list[HttpRequest] = []
        self.status = 200

    async def handle(self, request: HttpRequest) -> HttpResponse:
        self.requests.append(request)
        return HttpResponse(self.status, {})


@asynccontextmanager
async def served(handle):
    server = HttpServer(handle)
    await server.start(0)
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        await server.stop()


@asynccontextmanager
async def with_own_tools(office, tmp_path, module: str, **changes: str):
    own = {"AGENT_TOOLS": module, "PYTHONPATH": str(tmp_path), "ACCOUNTS_TOKEN": TOOL_TOKEN}
    async with office.worker(**own, **changes) as worker:
        yield worker


async def test_a_tool_of_ones_own_acts_when_it_is_approved_and_has_its_secret(office, tmp_path):
    shutil.copy(ROOT / "examples" / "tools" / "accounts.py", tmp_path)
    service = Accounts()
    async with (
        served(service.handle) as url,
        with_own_tools(office, tmp_path, "accounts", ACCOUNTS_URL=url) as worker,
    ):
        run, letter = await office.asked(CLOSE)
        assert "Close the account rosa.diaz for good: asked by letter" in letter.subject
        assert service.requests == []
        await office.reply(letter, "APPROVE")
        assert "Closed the account rosa.diaz" in await run.result()
        log = worker.log_text()
    (request,) = service.requests
    assert (request.method, request.path) == ("POST", "/accounts/rosa.diaz/close")
    assert json.loads(request.body) == {"reason": "asked by letter"}
    assert request.headers["idempotency-key"] == run.known
    assert request.headers["authorization"] == f"Bearer {TOOL_TOKEN}"
    assert "tool close_account: high risk, idempotent" in log and "refund_order" not in log


CARELESS = '''
import os

from agent.models import Risk
from agent.tools.registry import tool


@tool(risk=Risk.HIGH, summary="Close the account {login}")
def close_account(login: str, reason: str) -> str:
    """Close an account."""
    raise ConnectionError("refused: Bearer " + os.environ["ACCOUNTS_TOKEN"])
'''


async def test_the_words_of_a_tools_error_are_in_no_log(office, tmp_path):
    """Not even those of a tool that repeats its secret: tests/leaks.py looks for it, too."""
    (tmp_path / "careless.py").write_text(CARELESS)
    async with with_own_tools(office, tmp_path, "careless") as worker:
        run, letter = await office.asked(CLOSE)
        await office.reply(letter, "APPROVE")
        assert (await run.result()).startswith("Action outcome unknown: ")
        await run.letter(APPROVER, "Nobody knows whether this ran")
        log = worker.log_text()
    assert TOOL_TOKEN not in log
    assert "ConnectionError" in log and "careless.py" in log
