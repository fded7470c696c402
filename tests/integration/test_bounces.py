"""Delivery reports about our requests: noted, or the end of what nobody can be asked about."""

import email
import email.policy
from typing import NamedTuple

import pytest

from tests.integration.office import APPROVER2, REQUESTER
from tests.integration.run import APPROVER, words
from tests.servers import every_server

pytestmark = [every_server, pytest.mark.asyncio(loop_scope="module")]


class Sent(NamedTuple):
    envelope_sender: str
    raw: bytes


async def sent_to(office, address, letter) -> Sent:
    """A request as the approver's server took it in."""
    (raw,) = [
        raw
        for raw in await office.mail.messages(address)
        if letter.message_id.encode() in raw and b"auto-generated" in raw
    ]
    parsed = email.message_from_bytes(raw, policy=email.policy.default)
    return Sent(parsed["Return-Path"], raw)


async def bounce(office, sent, recipient, action="failed", status="5.1.1") -> None:
    fields = f"Final-Recipient: rfc822; {recipient}\r\nAction: {action}\r\nStatus: {status}\r\n"
    report = (
        b"From: MAILER-DAEMON@demo.test\r\nSubject: Undelivered\r\nMIME-Version: 1.0\r\n"
        b'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        b"--b\r\nContent-Type: text/plain\r\n\r\nAPPROVE\r\n"
        b"--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; demo.test\r\n\r\n"
        + fields.encode()
        + b"--b\r\nContent-Type: message/rfc822\r\n\r\n"
        + sent.raw
        + b"\r\n--b--\r\n"
    )
    await office.send("", sent.envelope_sender, report)


async def test_a_delay_is_noted_and_no_vote(office):
    async with office.worker():
        run, letter = await office.asked()
        await bounce(office, await sent_to(office, APPROVER, letter), APPROVER, "delayed", "4.4.1")
        noted = await run.event("notice")
        assert (noted["notice"], noted["approver"]) == ("bounce", APPROVER)
        await office.reply(letter, "APPROVE")
        assert (await run.result()).startswith("Action completed successfully")


@pytest.mark.parametrize("plus", ["on", "off"])
async def test_when_nobody_is_left_it_is_undeliverable_at_once_and_told(office, plus):
    async with office.worker(MAIL_PLUS_ADDRESS=plus):
        asking = {"approvers": [APPROVER, APPROVER2], "requested_by": REQUESTER}
        run, first = await office.asked(**asking)
        second = await run.request(APPROVER2)
        await bounce(office, await sent_to(office, APPROVER, first), APPROVER)
        assert (await run.event("notice"))["approver"] == APPROVER
        assert (await run.approval.query("status"))["status"] == "waiting"
        await bounce(office, await sent_to(office, APPROVER2, second), APPROVER2)
        assert await run.outcome() == "undeliverable"
        reason = "could not be delivered to any approver"
        assert reason in await run.result()
        assert reason in words(await run.letter(REQUESTER, "The agent has finished"))
    assert run.effects() == []
