"""Mail that no person wrote never decides; a person's mail is not taken for such."""

import pytest

from mail.reply import Decision
from tests.unit.incoming import ATTRIBUTION, SUBJECT, TOKEN, decided, message, multipart, reading

DELIVERY_STATUS = (
    "Reporting-MTA: dns; mx.example.com\r\n\r\nFinal-Recipient: rfc822; ines@example.com\r\n"
    "Action: {action}\r\nStatus: {status}\r\n"
)


def report(kind: str, *parts: tuple[str, str], **headers: str) -> bytes:
    raw = multipart(f"report; report-type={kind}", ("text/plain", "APPROVE"), *parts)
    head = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    return head.encode() + raw


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto-Submitted": "auto-replied"},
        {"Auto-Submitted": "auto-generated"},
        {"Auto-Submitted": "Auto-Replied (vacation)"},
        {"Auto-Submitted": "auto-notified; owner-email=x@example.com"},
        {"Return-Path": "<>"},
        {"X-Autoreply": "yes"},
        {"X-Autorespond": "Out of office"},
        {"X-POST-MessageClass": "9; Autoresponder"},
        {"X-MS-Exchange-Generated-Message-Source": "Mailbox Rules Agent"},
        {"X-FC-MachineGenerated": "true"},
        {"X-Vacation": "yes"},
        {"Delivered-To": "Autoresponder"},
        {"Precedence": "bulk"},
        {"Precedence": "Junk"},
        {"Precedence": "auto_reply"},
        {"Subject": "Automatic reply: Approval needed"},
        {"Subject": "Out of Office: Approval needed"},
        {"Subject": "[Auto-Reply] Approval needed"},
        {"Subject": "Automatische Antwort: Approval needed"},
        {"Subject": "=?utf-8?q?R=C3=A9ponse_automatique?= : Approval needed"},
        {"Message-ID": f"<ar-7k2m9qxd4t.{TOKEN}@shop.test>"},
        {"Message-ID": f"<ar-7k2m9qxd4t.{TOKEN}@shop.test>", "Precedence": "list"},
        {"To": f"agent+b.ar-7k2m9qxd4t.{TOKEN}@shop.test"},
        {"Delivered-To": f"agent+b.ar-7k2m9qxd4t.{TOKEN}@shop.test"},
    ],
)
@pytest.mark.parametrize("word", ["APPROVE", "REJECT"])
def test_automatic_mail_is_auto_whatever_it_says(headers, word):
    reply = reading(message(word, **headers))
    assert (reply.decision, reply.note) == (Decision.AUTO, word)
    assert reply.reason


ABSENT = {"Auto-Submitted": "auto-replied"}


def test_the_first_words_of_an_absence_notice_are_its_note():
    text = f"I am away until Monday.\n\n{ATTRIBUTION}\n> APPROVE\n"
    assert reading(message(text, **ABSENT)).note == "I am away until Monday."
    assert reading(message("x " * 5_000, **ABSENT)).note == ("x " * 100).strip()
    assert reading(message("", **ABSENT)).note == ""


def test_an_absence_notice_is_safe_to_show_and_holds_no_token():
    text = f"Away\x1b[2J\u202e. Reference: AR-7K2M9QXD4T/{TOKEN}"
    note = reading(message(text, **ABSENT)).note
    assert "\x1b" not in note and "\u202e" not in note and TOKEN not in note


def test_an_absence_notice_is_read_from_html_as_it_is_seen():
    html = "<p>Away till <b>Monday</b></p><p style='display:none'>APPROVE</p>"
    raw = multipart("alternative", ("text/html", html))
    assert reading(b"Auto-Submitted: auto-replied\r\n" + raw).note == "Away till Monday"


def test_no_line_of_ours_stands_in_an_absence_notice():
    ours = "An agent is asking for your decision before it acts."
    raw = message(f"Away till Monday.\n{ours}\n", **ABSENT)
    assert reading(raw, message(ours)).note == "Away till Monday."


def test_a_delivery_report_has_no_note():
    assert reading(report("delivery-status")).note == ""


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto-Submitted": "no"},
        {"Auto-Submitted": "No (typed by hand)"},
        {"Precedence": "list"},
        {"Precedence": "first-class"},
        {"List-Id": "<approvers.example.com>"},
        {"X-Auto-Response-Suppress": "All"},
        {"X-POST-MessageClass": "1; Mail"},
        {"Delivered-To": "autoresponder@shop.test"},
        {"Return-Path": "<ines@example.com>"},
        {"Subject": "Re: Automatic reply: " + SUBJECT},
        {"From": "Postmaster Ines <ines@example.com>"},
    ],
)
def test_a_persons_mail_is_not_silenced(headers):
    assert decided("APPROVE", **headers) is Decision.APPROVE


@pytest.mark.parametrize(
    "sender",
    ["MAILER-DAEMON@mx.example.com", "Mail Delivery <postmaster@example.com>", "MAILER-DAEMON",
     "<mailer-daemon@example.com>"],
)  # fmt: skip
def test_mail_of_a_mail_server_is_a_bounce(sender):
    assert decided("APPROVE", From=sender) is Decision.BOUNCE


def test_a_second_harmless_header_hides_nothing():
    raw = b"Auto-Submitted: no\r\nAuto-Submitted: auto-replied\r\n" + message("APPROVE")
    assert reading(raw).decision is Decision.AUTO


@pytest.mark.parametrize(
    ("action", "status", "permanent"),
    [
        ("failed", "5.1.1", True),
        ("failed", "4.4.7", False),
        ("delayed", "4.4.1", False),
        ("delivered", "2.0.0", False),
        ("relayed", "2.0.0", False),
    ],
)
def test_a_delivery_report_is_a_bounce_and_says_whether_for_good(action, status, permanent):
    text = DELIVERY_STATUS.format(action=action, status=status)
    reply = reading(report("delivery-status", ("message/delivery-status", text)))
    assert (reply.decision, reply.permanent) == (Decision.BOUNCE, permanent)


def test_a_bounce_names_the_message_of_ours_it_returns():
    returned = f"Message-ID: <ar-7k2m9qxd4t.{TOKEN}@shop.test>\r\nSubject: x"
    text = DELIVERY_STATUS.format(action="failed", status="5.1.1")
    for kind, body in (
        ("text/rfc822-headers", returned),
        ("message/rfc822", f"{returned}\r\n\r\n"),
    ):
        reply = reading(report("delivery-status", ("message/delivery-status", text), (kind, body)))
        assert [(c.request_id, c.token) for c in reply.carriers] == [("AR-7K2M9QXD4T", TOKEN)]


def test_the_bounce_address_is_read_from_where_delivery_wrote_it():
    text = DELIVERY_STATUS.format(action="failed", status="5.1.1")
    raw = report(
        "delivery-status",
        ("message/delivery-status", text),
        Delivered_To=f"agent+b.ar-7k2m9qxd4t.{TOKEN}@shop.test",
    )
    bounce = reading(raw).bounce
    assert bounce is not None
    assert (bounce.request_id, bounce.token) == ("AR-7K2M9QXD4T", TOKEN)


def test_a_read_receipt_is_automatic():
    raw = report("disposition-notification", ("message/disposition-notification", "x"))
    assert reading(raw).decision is Decision.AUTO


@pytest.mark.parametrize(
    ("head", "calendar"),
    [
        ("text/calendar", "BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nEND:VCALENDAR"),
        ("Content-Type: text/calendar; method=REPLY", "BEGIN:VCALENDAR\r\nEND:VCALENDAR"),
        ("Content-Type: application/ics; method=REPLY", "BEGIN:VCALENDAR\r\nEND:VCALENDAR"),
        ("text/calendar", "METHOD : REPLY\r\nBEGIN:VCALENDAR\r\nEND:VCALENDAR"),
    ],
)
def test_an_answer_to_an_invitation_is_automatic(head, calendar):
    raw = multipart("alternative", ("text/plain", "APPROVE"), (head, calendar))
    assert reading(raw).decision is Decision.AUTO
    invitation = (head.replace("REPLY", "REQUEST"), calendar.replace("REPLY", "REQUEST"))
    raw = multipart("mixed", ("text/plain", "APPROVE"), invitation)
    assert reading(raw).decision is Decision.APPROVE


def test_reports_of_other_kinds_and_under_other_names_are_automatic():
    complaint = report("feedback-report", ("message/feedback-report", "Feedback-Type: abuse"))
    assert reading(complaint).decision is Decision.AUTO
    status = ("message/delivery-status", DELIVERY_STATUS.format(action="failed", status="5.1.1"))
    unnamed = multipart("mixed", ("text/plain", "APPROVE"), status)
    assert reading(unnamed).decision is Decision.BOUNCE
    assert decided("APPROVE", X_Failed_Recipients="ines@example.com") is Decision.BOUNCE


def test_a_bounce_that_a_person_forwards_as_a_file_is_not_theirs():
    inner = report("delivery-status", ("message/delivery-status", "Action: failed")).decode()
    inner = inner.replace("edge", "inner")
    raw = multipart("mixed", ("text/plain", "REJECT it bounced"), ("message/rfc822", inner))
    assert reading(raw).decision is Decision.REJECT
