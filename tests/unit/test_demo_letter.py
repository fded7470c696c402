"""The reply that the demo's approver writes, taken apart by Python's own parser."""

import email
import email.policy
from datetime import UTC, datetime
from email.message import EmailMessage

from demo.letter import read_letter, write_reply

TOKEN_ID = "<ar-7k2m9qxd4t.abcdefghijklmnopqrstuvwxyz23@a-rather-long-domain.example.demo.test>"
THREAD_ID = "<ar-7k2m9qxd4t.thread@a-rather-long-domain.example.demo.test>"
REQUEST = (
    b"From: Approval agent <agent@demo.test>\r\nTo: approver@demo.test\r\n"
    b"Reply-To: agent+ar-7k2m9qxd4t.token@demo.test\r\n"
    b"Subject: Approval needed: Refund [AR-7K2M9QXD4T]\r\nDate: Mon, 23 Nov 2026 07:00:00 +0000\r\n"
    b"Auto-Submitted: auto-generated\r\n"
    + f"Message-ID: {TOKEN_ID}\r\nReferences: {THREAD_ID}\r\n".encode()
    + b"\r\nRefund 120.00 EUR\r\n\r\nReference: AR-7K2M9QXD4T/token\r\n"
)


def reply() -> tuple[bytes, EmailMessage]:
    raw = write_reply(
        read_letter(REQUEST),
        "approver@demo.test",
        "REJECT zu teuer – nein",
        datetime(2026, 11, 23, 8, tzinfo=UTC),
    )
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return raw, message


def test_reply_goes_to_the_reply_address_in_the_same_thread():
    _, message = reply()
    assert message["To"] == "agent+ar-7k2m9qxd4t.token@demo.test"
    assert message["From"] == "approver@demo.test"
    assert message["Subject"] == "Re: Approval needed: Refund [AR-7K2M9QXD4T]"


def test_ids_stay_whole_on_the_wire():
    raw, _ = reply()
    assert f"In-Reply-To: {TOKEN_ID}\r\n".encode() in raw
    assert f"References: {THREAD_ID} {TOKEN_ID}\r\n".encode() in raw


def test_words_stand_on_top_and_the_original_is_quoted():
    _, message = reply()
    lines = message.get_content().splitlines()
    assert lines[0] == "REJECT zu teuer – nein"
    assert lines[2].startswith("On Mon, 23 Nov 2026 07:00:00 +0000, Approval agent")
    assert lines[2].endswith("wrote:")
    assert lines[3:] == ["> Refund 120.00 EUR", ">", "> Reference: AR-7K2M9QXD4T/token"]


def test_only_a_request_asks():
    assert read_letter(REQUEST).asks
    help_mail = REQUEST.replace(b"Subject: ", b"Subject: Re: ")
    assert not read_letter(help_mail).asks
    assert not read_letter(REQUEST.replace(b"auto-generated", b"auto-replied")).asks
