"""Which header fields name an approval."""

import pytest

from mail.reply import Decision
from mail.triage import REPORT, named_approval
from tests.unit.incoming import reading

ID, TOKEN = "AR-7K2M9QXD4T", "ab" * 14
LOW = ID.lower()


@pytest.mark.parametrize(
    "head",
    [
        f"To: Agent <agent+{LOW}.{TOKEN}@x.test>",
        f"To: agent@x.test\r\nDelivered-To: agent+{LOW}.{TOKEN}@x.test",
        f"To: agent+b.{LOW}.{TOKEN}@x.test",
        f"In-Reply-To: <{LOW}.{TOKEN}@x.test>",
        f"References: <1@y.test>\r\n <{LOW}.{TOKEN}@x.test>",
        f"Subject: Re: Approval needed: Refund [{ID}]",
        f"Subject: =?utf-8?q?AW=3A_x_=5B{LOW}=5D?=",
    ],
)
def test_an_approval_is_found_wherever_it_is_named(head):
    assert named_approval(f"{head}\r\n\r\n".encode()) == ID


@pytest.mark.parametrize(
    "head",
    [
        "Content-Type: multipart/report; report-type=delivery-status",
        "X-Failed-Recipients: a@x.test",
        "From: MAILER-DAEMON@mx.test (Mail Delivery System)",
        "From: <postmaster@mx.test>",
        "From: Admin <root@mx.test>\r\nSubject: failure notice",
    ],
)
def test_a_report_names_it_in_its_body(head):
    raw = f"{head}\r\n\r\nI wasn't able to deliver your message.".encode()
    assert named_approval(raw) == REPORT
    assert reading(raw).decision is Decision.BOUNCE


@pytest.mark.parametrize("head", ["", "Subject: Sale", "To: agent@x.test", f"Subject: {ID}"])
def test_what_names_none_is_read_later(head):
    assert named_approval(f"{head}\r\n\r\n".encode()) == ""
