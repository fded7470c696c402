"""A reply by MailHog: what is answered, and what is said where that cannot be. What answers here
is asked one thing only; the real MailHog is in tests/integration/test_mailhog.py."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from email import message_from_bytes
from typing import Any

import pytest
from rich.console import Console

from demo.http_server import HttpRequest, HttpResponse, HttpServer
from demo.mail_server import MailServer
from demo.reply_command import ReplyError, Way, reply_to_request
from tests.unit.test_demo_letter import REQUEST

REQUEST_ID = "AR-7K2M9QXD4T"
AGENT, FIRST, SECOND = "agent@demo.test", "approver@demo.test", "approver2@demo.test"
HELP = REQUEST.replace(b"Subject: ", b"Subject: Re: ")
ANOTHER = REQUEST.replace(b"Date: Mon, 23", b"Date: Tue, 24")
CLOSED = 9  # the port of `discard`: nobody listens


def item(raw: bytes, *recipients: str) -> dict[str, Any]:
    return {"ID": "x", "Raw": {"From": "", "To": list(recipients), "Data": raw.decode()}}


def holding(*items: Any) -> dict[str, Any]:
    """Newest first."""
    return {"total": len(items), "count": len(items), "start": 0, "items": list(items)}


@asynccontextmanager
async def mailhog(body: Mapping[str, Any], status: int = 200) -> AsyncIterator[str]:
    async def answer(request: HttpRequest) -> HttpResponse:
        return HttpResponse(status, body)

    server = HttpServer(answer)
    await server.start(0)
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        await server.stop()


async def replied(url: str, port: int, author: str = "", request_id: str = REQUEST_ID) -> None:
    way = Way.of(url, f"127.0.0.1:{port}")
    await reply_to_request(Console(quiet=True), request_id, "APPROVE fine", author, way)


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    monkeypatch.setattr("demo.reply_command.COMING_SECONDS", 0.0)
    monkeypatch.setattr("demo.reply_command.POLL_SECONDS", 0.05)


@pytest.fixture
async def mailbox() -> AsyncIterator[MailServer]:
    async with MailServer() as server:
        yield server


@pytest.mark.parametrize("request_id", [REQUEST_ID, REQUEST_ID.lower()])
async def test_the_newest_mail_that_asks_is_answered_as_whom_it_was_for(mailbox, request_id):
    async with mailhog(
        holding(item(HELP, FIRST), item(ANOTHER, FIRST), item(REQUEST, SECOND))
    ) as url:
        await replied(url, mailbox.smtp_port, request_id=request_id)
    (raw,) = await mailbox.messages(AGENT)
    reply = message_from_bytes(raw)
    assert reply["From"] == FIRST
    assert reply["To"] == "agent+ar-7k2m9qxd4t.token@demo.test"
    assert reply["In-Reply-To"] in reply["References"]
    text = reply.get_payload(decode=True)
    assert isinstance(text, bytes)
    lines = text.decode().splitlines()
    assert lines[0] == "APPROVE fine"
    assert lines[2].startswith("On Tue, 24")
    assert "> Refund 120.00 EUR" in lines


async def test_of_several_approvers_one_can_be_named(mailbox):
    async with mailhog(holding(item(REQUEST, FIRST), item(REQUEST, SECOND))) as url:
        await replied(url, mailbox.smtp_port, SECOND.upper())
    (raw,) = await mailbox.messages(AGENT)
    assert message_from_bytes(raw)["From"] == SECOND


async def test_mail_that_is_on_its_way_is_waited_for(mailbox, monkeypatch):
    monkeypatch.setattr("demo.reply_command.COMING_SECONDS", 30.0)
    there = holding()
    async with mailhog(there) as url:
        replying = asyncio.create_task(replied(url, mailbox.smtp_port))
        await asyncio.wait([replying], timeout=0.2)
        assert not replying.done()
        there |= holding(item(REQUEST, FIRST))
        await replying
    assert await mailbox.messages(AGENT)


async def said(url: str, port: int = CLOSED, author: str = "") -> str:
    with pytest.raises(ReplyError) as caught:
        await replied(url, port, author)
    assert "\n" not in str(caught.value)
    return str(caught.value)


async def test_an_approver_who_was_not_asked_is_told_apart_from_no_mail_at_all():
    async with mailhog(holding(item(REQUEST, FIRST))) as url:
        assert await said(url, author=SECOND) == (
            f"{REQUEST_ID} was not asked of {SECOND}, but of {FIRST}"
        )
    async with mailhog(holding(item(HELP, FIRST))) as url:
        assert await said(url) == f"no mail in MailHog asks for {REQUEST_ID}"


async def test_a_mailhog_that_is_away_is_named():
    assert "MailHog at http://127.0.0.1:9 gives no mail: " in await said("http://127.0.0.1:9")


@pytest.mark.parametrize("url", ["localhost:8025", "file:///etc"])
async def test_what_is_no_address_of_a_server_is_asked_nothing(url):
    assert await said(url) == f"MAILHOG_URL: {url} is no URL, such as http://localhost:8025"


@pytest.mark.parametrize(
    "body", [{}, {"total": 1, "items": [{}]}, {"total": 1, "items": 3}, {"total": "x", "items": []}]
)
async def test_what_speaks_another_language_is_no_mailhog(body):
    async with mailhog(body) as url:
        assert await said(url) == f"what answers at {url} is no MailHog; mend MAILHOG_URL"


async def test_a_server_that_knows_no_such_page_is_named_with_its_answer():
    async with mailhog({}, 404) as url:
        assert "gives no mail: Not Found" in await said(url)


async def test_a_server_of_the_mailbox_that_is_away_is_named():
    async with mailhog(holding(item(REQUEST, FIRST))) as url:
        assert await said(url, CLOSED) == (
            "the agent's mail server at 127.0.0.1:9 takes no reply: "
            "[Errno 111] Connection refused (REPLY_SMTP)"
        )


@pytest.mark.parametrize("smtp", ["localhost", ":3025", "localhost:smtp", "localhost:0"])
def test_an_address_that_is_none_is_a_fault_of_the_settings(smtp):
    with pytest.raises(ValueError, match="is not of the form HOST:PORT"):
        Way.of("http://localhost:8025", smtp)


def test_an_address_of_numbers_has_its_brackets_taken_off():
    assert Way.of("http://x", "[::1]:3025").host == "::1"
