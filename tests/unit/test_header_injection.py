"""Whatever reaches a header of ours, the header fields are those that we meant, each once."""

import email
import re
from dataclasses import fields, replace
from email import policy
from email.header import decode_header, make_header
from email.message import Message

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mail import structure
from mail.address import parse_address
from mail.approval import Sender
from mail.carriers import subject_code
from mail.compose import Answer, AnswerKind, Approval, Outgoing, compose_answer, compose_request
from mail.compose import compose_result as result_of
from mail.message import LINE_OCTETS
from tests.unit.every_field import filled
from tests.unit.mail_samples import (
    APPROVAL,
    APPROVER,
    ASKED,
    REQUEST_ID,
    REQUESTER,
    SENDER,
)

COMMON = ["From", "To", "Subject", "Date", "Message-ID", "X-Approval-Agent"]
MARKS = ["Auto-Submitted", "X-Auto-Response-Suppress", "MIME-Version", "Content-Type"]
REQUEST = [*COMMON, "Reply-To", "References", *MARKS]
TO_APPROVER = [*COMMON, "Reply-To", "In-Reply-To", "References", *MARKS]
TO_OTHERS = [*COMMON, "In-Reply-To", "References", *MARKS]
ALONE = [*COMMON, *MARKS]

FIELD = "Bcc: eve@evil.example"
BREAKS = ["\r\n", "\n", "\r", "\0", "\u2028", "\u2029", "\x85", "\v", "\f", "\x1c", "\x1d", "\x1e"]
HOSTILE = st.sampled_from(
    [
        *(f"{mark}{FIELD}{mark}" for mark in BREAKS),
        *(f"{mark} {FIELD}" for mark in BREAKS),
        f"\r\n\r\n<p>{FIELD}",
        "=?utf-8?q?a=0D=0ABcc:=20eve@evil.example=0D=0A?=",
        "=?utf-8?b?DQpCY2M6IGV2ZUBldmlsLmV4YW1wbGU=?=",
        "=?utf-7?q?+AA0-+AAo-Bcc:eve@evil.example?=",
        "=?utf-8?q?=3D=3Futf-8=3Fq=3F=0A=3F=3D?=",
        "=?utf-8*en?q?=0A?=",
        *("=", "?", "=?", "?=", "q?", "=0A", "=\u200b?utf-8?q?=0A?=", "\uff1d\uff1futf-8?q?=0A?="),
        *(
            '"',
            "\\",
            "<eve@evil.example>",
            ",",
            ";",
            ":",
            "(",
            ")",
            "@",
            "[AR-0000000000]",
            "%0d%0a",
        ),
        *("\ud800", "\udfff", "\u202e", "\u200b", "\ufeff", "\U000e0041", "\xa0", "\t", " "),
        *("\u0560\u0a0d", "\u010d\u010a", "\u560a\u560d", "\u00e4", "\u4e16\u754c", "\U0001f600"),
        *("x" * 100_000, "\u00e4" * 100_000, "\U0001f600" * 300, "=?" * 500, " x" * 600),
        "x" * 990 + "\r\n" + FIELD,
    ]
)
TEXT = st.lists(HOSTILE | st.text(max_size=20), max_size=4).map("".join)
# Beside those that cannot hold anything: they are compared, or are addresses.
OPEN = {
    kind: [f.name for f in fields(kind) if f.type is str and f.name not in closed]
    for kind, closed in (
        (Approval, {"request_id", "digest"}),
        (Answer, set()),
        (Sender, {"mailbox", "timezone"}),
    )
}
SETTINGS = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))


def hostile(kind, sample) -> st.SearchStrategy:
    """The sample with texts of its own in any of its fields."""
    texts = st.fixed_dictionaries({}, optional=dict.fromkeys(OPEN[kind], TEXT))
    return texts.map(lambda changes: replace(sample, **changes))


APPROVALS = hostile(Approval, APPROVAL)
SENDERS = hostile(Sender, SENDER)
ANSWERS = st.sampled_from(AnswerKind).flatmap(lambda kind: hostile(Answer, Answer(kind)))


def subjects(raw: bytes) -> list[str]:
    """As three programs decode it, and once more: there are some that decode twice."""
    old: Message = email.message_from_bytes(raw, policy=policy.compat32)
    new = email.message_from_bytes(raw, policy=policy.default)
    once = [
        str(make_header(decode_header(old["Subject"]))),
        str(new["Subject"]),
        structure.parse(raw).text("subject"),
    ]
    return once + [str(make_header(decode_header(text))) for text in once]


def check(mail: Outgoing, names: list[str], to: str = APPROVER) -> None:
    raw = mail.raw
    assert raw.isascii() and not re.search(rb"(?<!\r)\n|\r(?!\n)|\0", raw)
    assert max(map(len, raw.split(b"\r\n"))) <= LINE_OCTETS
    for reading in (policy.compat32, policy.default):
        message = email.message_from_bytes(raw, policy=reading)
        assert message.keys() == names and not message.defects
        assert [part.get_content_type() for part in message.walk()] == [
            "multipart/alternative",
            "text/plain",
            "text/html",
        ]
    ours = structure.parse(raw)
    assert [name for name, _ in ours.headers] == [name.lower() for name in names]
    parsed = email.message_from_bytes(raw, policy=policy.default)
    assert [one.addr_spec for one in parsed["From"].addresses] == [SENDER.mailbox]
    assert [one.addr_spec for one in parsed["To"].addresses] == [to] == [mail.recipient]
    assert parsed["From"].addresses[0].display_name.isprintable()
    for subject in subjects(raw):
        assert subject.isprintable() and len(subject) <= 210
    assert parsed["Message-ID"] == mail.message_id


@SETTINGS
@given(sender=SENDERS, approval=APPROVALS)
def test_of_a_request(sender, approval):
    mail = compose_request(sender, approval, APPROVER, ASKED)
    check(mail, REQUEST)
    assert {subject_code(subject) for subject in subjects(mail.raw)} == {REQUEST_ID}


@SETTINGS
@given(sender=SENDERS, approval=APPROVALS, answer=ANSWERS)
def test_of_an_answer(sender, approval, answer):
    check(compose_answer(sender, approval, APPROVER, answer, ASKED), TO_APPROVER)
    check(compose_answer(sender, approval, REQUESTER, answer, ASKED), TO_OTHERS, REQUESTER)


@SETTINGS
@given(sender=SENDERS, approval=APPROVALS, request=TEXT, result=TEXT, key=TEXT)
def test_of_a_result(sender, approval, request, result, key):
    alone = result_of(sender, REQUESTER, request, result, key, None, ASKED)
    check(alone, ALONE, REQUESTER)
    threaded = result_of(sender, REQUESTER, request, result, key, approval, ASKED)
    check(threaded, TO_OTHERS, REQUESTER)


@SETTINGS
@given(before=st.sampled_from(["", "AR-7K2M9QXD4T", "ines@example.com"]), text=TEXT)
def test_an_id_or_an_address_that_is_none_is_refused(before, text):
    """Their fields are never made to fit: what is wrong in one of them is a fault of ours."""
    given = before + text
    try:
        to = parse_address(given)
    except ValueError:
        to = ""
    broken, news = replace(APPROVAL, request_id=given), Answer(AnswerKind.NEWS)
    told = TO_APPROVER if to in APPROVAL.approvers else TO_OTHERS
    is_an_id = APPROVER if given == REQUEST_ID else ""
    for compose, names, recipient in (
        (lambda: compose_request(SENDER, broken, APPROVER, ASKED), REQUEST, is_an_id),
        (lambda: compose_request(SENDER, APPROVAL, given, ASKED), REQUEST, to),
        (lambda: compose_answer(SENDER, APPROVAL, given, news, ASKED), told, to),
        (lambda: result_of(SENDER, given, "", "", "", None, ASKED), ALONE, to),
    ):
        if recipient:
            check(compose(), names, recipient)
        else:
            with pytest.raises(ValueError):
                compose()


@pytest.mark.parametrize("text", [f"<{FIELD}>", f"a@b\r\n{FIELD}", "a@b> <c@d", "a b@c", "x" * 999])
def test_a_message_id_that_is_none_is_not_repeated(text):
    mail = compose_answer(
        SENDER, APPROVAL, APPROVER, Answer(AnswerKind.HELP, in_reply_to=text), ASKED
    )
    check(mail, TO_APPROVER)
    message = email.message_from_bytes(mail.raw)
    assert message["In-Reply-To"] in message["References"].split()
    assert len(message["References"].split()) == 2


def test_every_field_of_text_is_tried():
    """Those that are none of the lists above are filled by no test here."""
    assert set(OPEN[Sender]) == {"display_name"}
    assert len(OPEN[Approval]) >= 8 and len(OPEN[Answer]) >= 9
    everywhere = filled(Approval, lambda path: f"\r\n{FIELD}")
    named = replace(everywhere, request_id=REQUEST_ID, approvers=(APPROVER, f"\r\n{FIELD}"))
    check(compose_request(SENDER, named, APPROVER, ASKED), REQUEST)
