"""`post_webhook` against a server that answers byte by byte as a test wants."""

import asyncio
import json
import ssl
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest

from agent.errors import OutcomeUnknown, ToolError
from agent.tools import webhook
from agent.tools.registry import Tool, ToolContext, collect
from tests.unit.agent_samples import settings

KEY = "AR-7K2M9QXD4T"
SECRET = "whsec_" + "a2tr" * 12
Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@dataclass
class Server:
    """Records whole requests; what it then says is the test's."""

    port: int = 0
    requests: list[bytes] = field(default_factory=list)

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@asynccontextmanager
async def serving(talk: Talk, **options) -> AsyncIterator[Server]:
    server = Server()

    async def serve(reader, writer):
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r")[0])
            server.requests.append(head + await reader.readexactly(length))
            await talk(reader, writer)
        except ConnectionError:
            pass  # the client has gone, as it may
        finally:
            writer.close()

    listening = await asyncio.start_server(serve, "127.0.0.1", 0, **options)
    server.port = listening.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listening.close()


def says(status: str, body: str = "", *headers: str) -> Talk:
    async def talk(_, writer):
        lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body.encode())}", *headers]
        writer.write("\r\n".join([*lines, "", body]).encode())
        await writer.drain()

    return talk


def tool_for(*origins: str, **changes) -> Tool:
    (made,) = webhook.make_tools(settings(webhook_allowed=",".join(origins), **changes))
    (found,) = collect(made)
    return found


async def posted(server: Server, body: str = '{"order": 1042}', attempt: int = 1, **changes) -> str:
    found = tool_for(server.origin, **changes)
    call = found.parse(json.dumps({"url": f"{server.origin}/refunds?now=1", "body": body}))
    return str(await found.call(call.arguments, ToolContext(KEY, attempt)))


async def test_what_was_shown_is_what_is_sent(monkeypatch):
    # A proxy, or a login, of whoever started the worker.
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    async with serving(says("201 Created", "done: ü")) as server:
        given = '{"b": [1.0, "ü"],  "a": 1e2}'
        assert await posted(server, given) == "201 Created: done: ü"
        (request,) = server.requests
    head, _, body = request.decode().partition("\r\n\r\n")
    first, *fields = head.split("\r\n")
    assert first == "POST /refunds?now=1 HTTP/1.1"
    headers = {name.lower(): value for name, _, value in (f.partition(": ") for f in fields)}
    assert headers["idempotency-key"] == KEY
    assert headers["content-type"] == "application/json"
    assert headers.keys().isdisjoint({"authorization", "cookie", "webhook-signature"})
    shown = tool_for(server.origin).parse(json.dumps({"url": server.origin, "body": given}))
    assert body == shown.arguments["body"] == '{"a":100,"b":[1,"ü"]}'


async def test_with_a_secret_it_is_signed_anew_on_every_try(monkeypatch):
    signed = []
    async with serving(says("200 OK")) as server:
        for now in (1_000.9, 2_000.0):
            monkeypatch.setattr("agent.tools.webhook.time.time", lambda now=now: now)
            await posted(server, webhook_secret=SECRET)
        for request in server.requests:
            lines = request.decode().partition("\r\n\r\n")[0].lower().split("\r\n")
            signed.append({line for line in lines if line.startswith("webhook-")})
    assert {f"webhook-id: {KEY}".lower(), "webhook-timestamp: 1000"} < signed[0]
    assert "webhook-timestamp: 2000" in signed[1]
    assert len(signed[0] ^ signed[1]) == 4  # the time of each, and the signature


NOT_DONE = ["400 Bad Request", "401 Unauthorized", "403 Forbidden", "404 Not Found", "409 Conflict"]
NOT_DONE += ["410 Gone", "422 Unprocessable Content", "307 Temporary Redirect"]
NOT_DONE += ["308 Permanent Redirect"]
LATER = ["408 Request Timeout", "425 Too Early", "429 Too Many Requests"]
UNCLEAR = ["301 Moved Permanently", "302 Found", "303 See Other", "304 Not Modified"]
UNCLEAR += ["500 Internal Server Error", "501 Not Implemented", "502 Bad Gateway"]
UNCLEAR += ["503 Service Unavailable", "504 Gateway Timeout"]


@pytest.mark.parametrize("status", ["200 OK", "202 Accepted", "204 No Content"])
async def test_a_yes_is_a_result(status):
    async with serving(says(status)) as server:
        assert (await posted(server)).startswith(f"{status}: ")
        assert (await posted(server, attempt=2)).startswith(f"{status}: ")


@pytest.mark.parametrize("status", NOT_DONE)
async def test_a_no_is_a_no(status):
    async with serving(says(status, '{"error": "no such order"}')) as server:
        with pytest.raises(ToolError, match=f"has refused it: {status}: .*no such order"):
            await posted(server)


@pytest.mark.parametrize("status", [*LATER, *UNCLEAR])
async def test_an_answer_that_is_neither_is_no_answer(status):
    async with serving(says(status)) as server:
        with pytest.raises(OutcomeUnknown, match=f"has not said that it is done: {status}"):
            await posted(server)


@pytest.mark.parametrize(
    ("status", "headers", "seconds"),
    [
        ("503 Service Unavailable", ["Retry-After: 30"], 30),
        ("429 Too Many Requests", ["retry-after: 7"], 7),
        (
            "503 Service Unavailable",
            ["Date: Mon, 23 Nov 2026 07:00:00 GMT"]
            + ["Retry-After: Mon, 23 Nov 2026 07:02:00 GMT"],
            120,
        ),
        ("503 Service Unavailable", ["Retry-After: soon"], None),
        ("503 Service Unavailable", [], None),
    ],
)
async def test_a_server_that_asks_for_a_pause_is_heard(status, headers, seconds):
    async with serving(says(status, "", *headers)) as server:
        with pytest.raises(OutcomeUnknown) as caught:
            await posted(server)
    assert caught.value.retry_after == seconds


@pytest.mark.parametrize("status", NOT_DONE)
async def test_a_no_after_a_try_whose_answer_was_lost_may_mean_that_it_is_done(status):
    async with serving(says(status)) as server:
        with pytest.raises(OutcomeUnknown):
            await posted(server, attempt=2)


@pytest.mark.parametrize("status", ["302 Found", "307 Temporary Redirect"])
async def test_a_redirect_is_not_followed(status):
    async with (
        serving(says("200 OK")) as other,
        serving(says(status, "", f"Location: {other.origin}/")) as server,
    ):
        with pytest.raises((ToolError, OutcomeUnknown)):
            await posted(server)
        assert (len(server.requests), other.requests) == (1, [])


async def silent(reader, writer):
    await reader.read()


async def gone(_, writer):
    writer.transport.abort()


async def nonsense(_, writer):
    writer.write(b"SSH-2.0-OpenSSH\r\n\r\n")


@pytest.mark.parametrize(
    ("talk", "said"),
    [
        (silent, "has not answered within 1 s"),
        (gone, "has not answered: "),
        (nonsense, "has not answered: "),
    ],
)
async def test_nobody_knows_what_a_server_has_done_that_does_not_answer(monkeypatch, talk, said):
    if talk is silent:
        monkeypatch.setattr(webhook, "SECONDS", 1)
    async with serving(talk) as server, asyncio.timeout(10):
        with pytest.raises(OutcomeUnknown, match=said):
            await posted(server)


async def test_a_server_that_is_not_there_is_tried_again():
    async with serving(silent) as server:
        pass
    with pytest.raises(OutcomeUnknown, match="has not answered"):
        await posted(server)


async def test_of_an_endless_answer_64_KiB_are_read():
    async def talk(_, writer):
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n")
        while True:
            writer.write(b"x" * 10_000)
            await writer.drain()

    async with serving(talk) as server:
        said = await posted(server)
    assert said == "200 OK: " + "x" * 65_536 + "… [cut: only 65,536 bytes were read]"


async def trickling(_, writer):
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nrefunded")
    await writer.drain()
    await asyncio.sleep(60)


async def breaking_off(_, writer):
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nrefunded")
    await writer.drain()


@pytest.mark.parametrize("talk", [trickling, breaking_off])
async def test_an_answer_that_breaks_off_after_its_yes_is_a_yes(monkeypatch, talk):
    monkeypatch.setattr(webhook, "SECONDS", 1)
    async with serving(talk) as server, asyncio.timeout(10):
        assert await posted(server) == "200 OK: refunded… [its answer broke off here]"


async def test_an_answer_is_not_unpacked():
    """A few bytes may be gigabytes."""

    async def talk(_, writer):
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc")

    async with serving(talk) as server:
        assert await posted(server) == "200 OK: abc"
        assert b"Accept-Encoding: identity" in server.requests[0]


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    directory = tmp_path_factory.mktemp("tls")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
        + ["-nodes", "-keyout", "key.pem", "-out", "cert.pem", "-days", "2", "-subj", "/CN=x"]
        + ["-addext", "subjectAltName=IP:127.0.0.1"],
        cwd=directory,
        check=True,
        capture_output=True,
    )
    return directory


@pytest.mark.parametrize("trusted", [True, False])
async def test_a_server_must_prove_who_it_is(monkeypatch, certificate, trusted):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate / "cert.pem", certificate / "key.pem")
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate / "cert.pem"))
    async with serving(says("200 OK", "done"), ssl=context) as server:
        origin = f"https://127.0.0.1:{server.port}"
        call = tool_for(origin).call({"url": f"{origin}/", "body": "{}"}, ToolContext(KEY))
        if trusted:
            assert await call == "200 OK: done"
        else:
            with pytest.raises(OutcomeUnknown, match="CERTIFICATE_VERIFY_FAILED"):
                await call
            assert server.requests == []
