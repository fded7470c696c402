"""The tools, against a service of their own on this machine."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import httpx2
import pytest

from agent.errors import BadArguments, ToolError
from agent.tools.registry import Registry, ToolContext, collect
from examples.tools.accounts import Accounts

CONTEXT = ToolContext("AR-7K2M9QXD4T")


class Service(BaseHTTPRequestHandler):
    """Knows one account, and closes it once for each key."""

    closed: set[str]

    def do_GET(self) -> None:
        known = self.path == "/accounts/rosa.diaz"
        self.answer(200 if known else 404, {"owner": "Rosa Díaz", "opened": "2019-04-01"})

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.closed.add(self.headers["Idempotency-Key"])
        self.answer(200, {})

    def answer(self, status: int, body: dict[str, str]) -> None:
        text = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, format: str, *args: object) -> None:
        """Not among the tests' own words."""


@pytest.fixture
def tools() -> Iterator[Registry]:
    Service.closed = set()
    with ThreadingHTTPServer(("127.0.0.1", 0), Service) as server:
        Thread(target=server.serve_forever).start()
        url = f"http://127.0.0.1:{server.server_port}"
        with httpx2.Client(base_url=url, trust_env=False) as client:
            yield Registry(collect(Accounts(client)))
        server.shutdown()


def call(tools: Registry, name: str, arguments: dict[str, str]) -> object:
    """As the worker does it with what a model has written."""
    found = tools.get(name)
    assert found is not None
    return found.call(found.parse(json.dumps(arguments)).arguments, CONTEXT)


def test_an_account_is_found(tools: Registry) -> None:
    assert "Rosa Díaz" in str(call(tools, "find_account", {"login": "rosa.diaz"}))


def test_an_account_that_is_not_there_is_a_plain_no(tools: Registry) -> None:
    with pytest.raises(ToolError, match="there is no account ben"):
        call(tools, "find_account", {"login": "ben"})


def test_a_model_cannot_reach_another_path(tools: Registry) -> None:
    with pytest.raises(BadArguments, match="login"):
        call(tools, "find_account", {"login": "../admin"})


def test_an_account_is_closed_once_however_often_it_is_tried(tools: Registry) -> None:
    for _ in range(2):
        call(tools, "close_account", {"login": "rosa.diaz", "reason": "asked by letter"})
    assert Service.closed == {CONTEXT.request_id}


def test_people_are_asked_in_these_words(tools: Registry) -> None:
    close = tools.get("close_account")
    assert close is not None
    line = close.summarize({"login": "rosa.diaz", "reason": "asked by letter"})
    assert line == "Close the account rosa.diaz for good: asked by letter"
