"""Delivery reports as mail servers write them, to the people they are about."""

import pytest

from mail.reply import Decision, Reply
from tests.unit.incoming import multipart, reading

HUMAN = ("text/plain", "Your message could not be delivered.")
RETURNED = "From: agent@shop.test\r\nTo: Ines <ines@example.com>\r\nSubject: x\r\n\r\nAPPROVE"


def report(status: str, returned: str = "", kind: str = "message/rfc822") -> bytes:
    parts = [HUMAN, ("message/delivery-status", f"Reporting-MTA: dns; x\r\n\r\n{status}")]
    return multipart("report", *parts, *([(kind, returned)] if returned else []))


def said(raw: bytes) -> Reply:
    reply = reading(raw)
    assert reply.decision is Decision.BOUNCE, reply
    return reply


@pytest.mark.parametrize(
    ("status", "people"),
    [
        ("Final-Recipient: rfc822; Ines@Example.com\r\nAction: failed", ("ines@example.com",)),
        ("final-recipient:RFC822;<ines@example.com>", ("ines@example.com",)),
        (
            "Original-Recipient: rfc822;ines@example.com\r\nFinal-Recipient: rfc822;i@y.test",
            ("ines@example.com", "i@y.test"),
        ),
        ("Final-Recipient: x-local; ines", ()),
        ("Final-Recipient: rfc822; not an address", ()),
    ],
)
def test_whom_a_report_names(status, people):
    assert said(report(status)).unreached == people


@pytest.mark.parametrize("kind", ["message/rfc822", "text/rfc822-headers"])
def test_whom_the_returned_message_was_for(kind):
    assert said(report("", RETURNED, kind)).unreached == ("ines@example.com",)


@pytest.mark.parametrize(
    ("status", "permanent"),
    [
        ("Final-Recipient: rfc822; a@x.test\r\nAction: failed\r\nStatus: 5.1.1", True),
        ("Final-Recipient: rfc822; a@x.test\r\nAction: delayed\r\nStatus: 4.4.1", False),
        ("Final-Recipient: rfc822; a@x.test\r\nAction: failed\r\nStatus: 4.4.7", False),
        ("Final-Recipient: rfc822; a@x.test\r\nAction: delivered\r\nStatus: 2.0.0", False),
    ],
)
def test_only_what_has_failed_for_good_is_permanent(status, permanent):
    assert said(report(status)).permanent is permanent
