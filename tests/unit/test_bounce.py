"""Delivery reports as mail servers write them, to the people they are about."""

from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mail.reply import Decision, Reply
from tests.unit.incoming import message, multipart, reading

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


def words(text: str, subject: str = "failure notice") -> Reply:
    return said(message(text, From="MAILER-DAEMON@mx.test", Subject=subject))


QMAIL = """Hi. This is the qmail-send program at mx.test.
This is a permanent error; I've given up. Sorry it didn't work out.

<ines@example.com>:
Sorry, no mailbox here by that name. (#5.1.1)

--- Below this line is a copy of the message.

To: tom@example.com, ada@example.com

<eve@example.com>: 550 5.7.1"""


def test_a_report_in_words_names_whom_and_why():
    reply = words(QMAIL)
    assert (reply.unreached, reply.status, reply.permanent) == (
        ("ines@example.com",),
        "5.1.1",
        True,
    )


@pytest.mark.parametrize(
    "text",
    [
        "Write to postmaster@mx.test for help.\n\n<postmaster@mx.test>: 550 no",
        "550 5.7.1 <agent@shop.test>: Sender rejected",
        "Ask anna@x.test or ben@y.test.",
        "--- Below this line is a copy of the message.\n\n<eve@example.com>: 550 5.1.1 unknown",
    ],
)
def test_words_that_name_nobody_who_was_not_reached(text):
    assert words(text).unreached == ()


def test_our_message_come_back_tells_whom_only_if_it_was_for_one():
    copy = "\n\n--- Below this line is a copy of the message.\n\nFrom: agent@shop.test\nTo: {}\n"
    assert words("It failed." + copy.format("Ines <ines@x.test>")).unreached == ("ines@x.test",)
    assert words("It failed." + copy.format("ines@x.test, tom@x.test")).unreached == ()


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("<a@x.test>: 550 5.1.1 unknown", "Delayed Mail (still being retried)"),
        ("<a@x.test>: user unknown. The message will be retried for 4 days.", "Mail problem"),
        ("<a@x.test>: it could not be delivered.", "failure notice"),
    ],
)
def test_words_that_do_not_say_for_good_are_not_permanent(text, subject):
    assert words(text, subject).permanent is False


def test_a_report_of_success_is_about_nobody_who_was_not_reached():
    reply = words("<a@x.test>: it was successfully delivered", "Successful Mail Delivery Report")
    assert (reply.unreached, reply.status, reply.permanent) == ((), "2.0.0", False)


def test_a_report_of_failure_that_speaks_of_success_as_well_stays_one():
    reply = words(
        "This is a permanent error.\n\n<a@x.test>: user unknown\n\nsuccessfully delivered: b"
    )
    assert (reply.unreached, reply.status, reply.permanent) == (("a@x.test",), "5.1.1", True)


def recipient(name: str, action: str, status: str) -> str:
    return f"Final-Recipient: rfc822; {name}@x.test\r\nAction: {action}\r\nStatus: {status}\r\n"


def test_where_one_of_several_may_have_got_it_nothing_is_for_good():
    one, other = recipient("a", "failed", "5.1.1"), recipient("b", "{}", "{}")
    for action, status in (("delayed", "4.4.1"), ("relayed", "2.0.0"), ("expanded", "2.0.0")):
        reply = said(report(f"{one}\r\n{other.format(action, status)}", RETURNED))
        assert reply.permanent is False
        assert "ines@example.com" not in reply.unreached
        assert reply.unreached[0] == "a@x.test"
    assert said(report(f"{other.format('delayed', '4.4.1')}\r\n{one}")).status == "5.1.1"
    reply = said(report(f"{one}\r\n{other.format('failed', '5.2.2')}", RETURNED))
    assert (reply.permanent, reply.status) == (True, "5.1.1")
    assert reply.unreached == ("a@x.test", "b@x.test", "ines@example.com")


def test_groups_without_a_blank_line_between_them_are_told_apart():
    both = recipient("a", "failed", "5.1.1") + recipient("b", "relayed", "2.0.0")
    reply = said(report(both))
    assert (reply.unreached, reply.permanent) == (("a@x.test",), False)


def test_an_action_that_is_none_leaves_it_to_the_status():
    reply = said(report(recipient("a", "deliverable", "2.1.5")))
    assert (reply.unreached, reply.status) == ((), "2.1.5")
    assert said(report(recipient("a", "undeliverable", "5.1.1"))).permanent is True


@pytest.mark.parametrize(
    ("status", "code"),
    [
        ("Status: 5.0.0\r\nDiagnostic-Code: smtp; 550 5.7.26 no", "5.7.26"),
        ("Status: 5.0.0\r\nDiagnostic-Code: smtp; 450 4.7.1 no", "5.0.0"),
        ("Status: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.7.1 no", "5.1.1"),
        ("Diagnostic-Code: smtp; 552 mailbox full", "5.2.2"),
        ("Action: failed", "5.0.0"),
        ("Action: delayed", "4.0.0"),
        ("Status: 5.2.2 (mailbox full)", "5.2.2"),
    ],
)
def test_the_most_exact_status_counts(status, code):
    assert said(report(f"Final-Recipient: rfc822; a@x.test\r\n{status}")).status == code


PIECES = st.sampled_from(
    ["<a@x.test>:", "b@y.test", "To: c@z.test", "\n", "\n\n", " ", "550 5.1.1", "agent@shop.test"]
    + [
        "--- Below this line is a copy of the message.",
        "Final-Recipient: rfc822; d@w.test",
        "<",
        ":",
    ]
)


@given(st.lists(PIECES | st.text(max_size=5), max_size=30).map("".join), st.booleans())
def test_a_report_never_names_who_does_not_stand_in_it(text, fields):
    raw = report(text) if fields else message(text, From="MAILER-DAEMON@mx.test")
    reply = said(raw)
    for address in reply.unreached:
        # A domain is folded (RFC 5895): `x.test¹` is `x.test1`.
        assert address in normalize("NFKC", text).lower()
        assert fields or address != "agent@shop.test"
    assert not (reply.permanent and reply.status.startswith(("2", "4")))
