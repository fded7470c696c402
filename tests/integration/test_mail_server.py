"""The embedded mail server, used by the clients that the project and people use."""

import asyncio
import imaplib
import smtplib
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import aiosmtplib
import pytest
from aioimaplib import IMAP4

from demo.mail_server import MailServer

AGENT = "agent@demo.test"
APPROVER = "approver@demo.test"
MAIL = b"From: approver@demo.test\r\nSubject: Re: hello\r\n\r\nAPPROVE\r\n"


@pytest.fixture
async def server() -> AsyncIterator[MailServer]:
    async with MailServer() as running:
        yield running


async def send(server: MailServer, sender: str, recipient: str, raw: bytes = MAIL) -> None:
    client = aiosmtplib.SMTP(hostname=server.host, port=server.smtp_port, start_tls=False)
    async with client:
        await client.sendmail(sender, [recipient], raw)


async def login(server: MailServer, address: str = AGENT) -> IMAP4:
    client = IMAP4(host=server.host, port=server.imap_port, timeout=5)
    await client.wait_hello_from_server()
    assert (await client.login(address, server.password)).result == "OK"
    assert (await client.select("INBOX")).result == "OK"
    return client


async def search(client: IMAP4) -> list[str]:
    await client.noop()
    answer = await client.uid_search("ALL", charset=None)
    assert answer.result == "OK"
    return bytes(answer.lines[0]).decode().split()


async def test_plus_address_reaches_the_mailbox_and_says_how(server):
    await send(server, "approver+tag@demo.test", "Agent+ar-7k2m9qxd4t.token@demo.test")
    (raw,) = await server.messages(AGENT)
    head = (
        b"Return-Path: <approver+tag@demo.test>\r\n"
        b"Delivered-To: Agent+ar-7k2m9qxd4t.token@demo.test\r\n"
    )
    assert raw == head + MAIL


async def test_null_sender_is_accepted_and_recorded(server):
    await send(server, "", APPROVER)
    (raw,) = await server.messages(APPROVER)
    assert raw.startswith(b"Return-Path: <>\r\n")


async def test_unknown_recipient_is_refused_for_good(server):
    with pytest.raises(aiosmtplib.SMTPRecipientsRefused) as caught:
        await send(server, AGENT, "nobody@demo.test")
    assert caught.value.recipients[0].code == 550


async def test_refusals_can_be_set_and_taken_back(server):
    server.refuse(APPROVER, "451 4.3.0 Come back later")
    with pytest.raises(aiosmtplib.SMTPRecipientsRefused) as caught:
        await send(server, AGENT, APPROVER)
    assert caught.value.recipients[0].code == 451
    server.accept(APPROVER)
    await send(server, AGENT, APPROVER)
    assert len(await server.messages(APPROVER)) == 1


async def test_wrong_password_is_refused(server):
    client = IMAP4(host=server.host, port=server.imap_port, timeout=5)
    await client.wait_hello_from_server()
    assert (await client.login(AGENT, "wrong")).result == "NO"
    await client.logout()


async def test_everything_the_inbox_needs_works_with_aioimaplib(server):
    arrived = datetime(2026, 11, 23, 7, 0, 0, tzinfo=UTC)
    await server.deliver(AGENT, MAIL, internal_date=arrived)
    client = await login(server)
    (uid,) = await search(client)
    size = await client.uid("FETCH", uid, "(UID INTERNALDATE RFC822.SIZE BODY.PEEK[HEADER])")
    assert b'INTERNALDATE "23-Nov-2026 07:00:00 +0000"' in size.lines[0]
    assert f"RFC822.SIZE {len(MAIL)}".encode() in size.lines[0]
    assert bytes(size.lines[1]) == MAIL.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
    part = await client.uid("FETCH", uid, "(UID BODY.PEEK[]<0.10>)")
    assert bytes(part.lines[1]) == MAIL[:10]
    assert (await client.create("Processed")).result == "OK"
    assert (await client.uid("MOVE", uid, "Processed")).result == "OK"
    assert await search(client) == []
    assert await server.messages(AGENT, "Processed") == [MAIL]
    await client.logout()


async def test_idle_pushes_to_every_connection(server):
    clients = [await login(server), await login(server)]
    idles = [await client.idle_start(timeout=10) for client in clients]
    await send(server, "approver@demo.test", AGENT)
    for client, idle in zip(clients, idles, strict=True):
        lines = await client.wait_server_push(timeout=5)
        assert any(b"EXISTS" in line for line in lines)
        client.idle_done()
        await asyncio.wait_for(idle, 5)
        assert len(await search(client)) == 1
        await client.logout()


async def test_a_client_in_idle_does_not_hold_up_the_end():
    async with MailServer() as server:
        client = await login(server)
        await client.idle_start(timeout=10)
        smtp = aiosmtplib.SMTP(hostname=server.host, port=server.smtp_port, start_tls=False)
        await smtp.connect()
        stopping = asyncio.get_running_loop().time()
    assert asyncio.get_running_loop().time() - stopping < 2
    smtp.close()


def use_stdlib_clients(server: MailServer) -> bytes:
    with smtplib.SMTP(server.host, server.smtp_port) as smtp:
        smtp.login(APPROVER, server.password)
        smtp.sendmail(APPROVER, [AGENT], MAIL)
    with imaplib.IMAP4(server.host, server.imap_port) as imap:
        imap.login(AGENT, server.password)
        imap.select("INBOX")
        _, (numbers,) = imap.uid("SEARCH", "ALL")
        _, data = imap.uid("FETCH", numbers.split()[0].decode(), "(BODY.PEEK[])")
        return bytes(data[0][1])


async def test_ordinary_mail_programs_can_send_and_read(server):
    raw = await asyncio.to_thread(use_stdlib_clients, server)
    assert raw.endswith(MAIL)
