"""Composes our mail: values in, bytes out. Reads no clock; the same input gives the same bytes."""

from datetime import datetime

from mail import carriers, headers
from mail.address import parse_address
from mail.approval import Answer, AnswerKind, Approval, Sender
from mail.letter import Letter, Link, as_html, as_text
from mail.message import Outgoing, serialise
from mail.wording import answer_letter, request_letter, result_letter

__all__ = [
    "Answer",
    "AnswerKind",
    "Approval",
    "Outgoing",
    "Sender",
    "compose_answer",
    "compose_request",
    "compose_result",
]

NULL_SENDER = ""


def compose_request(sender: Sender, approval: Approval, approver: str, date: datetime) -> Outgoing:
    """The mail that asks one approver."""
    approver = parse_address(approver)
    ticket = headers.ticket(sender, approval, approver)
    subject = headers.subject(approval)
    links = _links(approval, ticket)
    letter = request_letter(approval, subject, ticket.reference, sender.timezone, links)
    fields = [
        *headers.common_fields(sender, approver, subject, ticket.message_id, date),
        ("Reply-To", ticket.reply_to),
        ("References", carriers.thread_id(sender.mailbox, approval.request_id)),
        *headers.request_marks(),
    ]
    envelope_sender = headers.envelope_sender(sender, approval, approver)
    return _outgoing(envelope_sender, approver, ticket.message_id, fields, letter)


def compose_answer(
    sender: Sender, approval: Approval, to: str, answer: Answer, date: datetime
) -> Outgoing:
    """Mail about an approval after it was asked: to one of its approvers, with their token; to
    anybody else (the requester) without."""
    to = parse_address(to)
    thread = carriers.thread_id(sender.mailbox, approval.request_id)
    subject = f"Re: {headers.subject(approval)}"
    if to in approval.approvers:
        ticket = headers.ticket(sender, approval, to)
        suffix = headers.answer_suffix(answer.kind, answer.key)
        message_id = carriers.message_id(sender.mailbox, approval.request_id, ticket.token, suffix)
        way_back = [
            ("Reply-To", ticket.reply_to),
            *headers.threading(thread, ticket.message_id, *headers.answered(answer.in_reply_to)),
        ]
        reference, links = ticket.reference, _links(approval, ticket)
    else:
        message_id = headers.message_id_of(sender, approval.request_id, answer.kind, to, answer.key)
        way_back, reference, links = headers.threading(thread), "", ()
    letter = answer_letter(approval, answer, subject, reference, sender.timezone, links)
    fields = [
        *headers.common_fields(sender, to, subject, message_id, date),
        *way_back,
        *headers.answer_marks(),
    ]
    return _outgoing(NULL_SENDER, to, message_id, fields, letter, sender.mailbox)


def compose_result(
    sender: Sender,
    to: str,
    request: str,
    result: str,
    key: str,
    last_approval: Approval | None,
    date: datetime,
) -> Outgoing:
    """The result of a run, for who asked: in the thread of its last approval, if it had one.

    `key` is the run's own (its workflow id): the Message-ID is made of it. No token stands here.
    """
    to = parse_address(to)
    if last_approval is None:
        subject, stem, way_back = headers.result_subject(request), "run", []
    else:
        subject, stem = f"Re: {headers.subject(last_approval)}", last_approval.request_id
        thread = carriers.thread_id(sender.mailbox, last_approval.request_id)
        way_back = headers.threading(thread)
    message_id = headers.message_id_of(sender, stem, "result", to, key)
    fields = [
        *headers.common_fields(sender, to, subject, message_id, date),
        *way_back,
        *headers.answer_marks(),
    ]
    letter = result_letter(request, result, subject)
    return _outgoing(NULL_SENDER, to, message_id, fields, letter, sender.mailbox)


def _links(approval: Approval, ticket: headers.Ticket) -> tuple[Link, ...]:
    return (
        Link("Open an approving reply", headers.reply_link(approval, ticket, "APPROVE"), "go"),
        Link("Open a rejecting reply", headers.reply_link(approval, ticket, "REJECT"), "stop"),
    )


def _outgoing(
    envelope_sender: str,
    recipient: str,
    message_id: str,
    fields: headers.Fields,
    letter: Letter,
    author: str = "",
) -> Outgoing:
    """`author`: who stands in where a server refuses the null sender."""
    raw = serialise(fields, as_text(letter), as_html(letter))
    return Outgoing(envelope_sender, recipient, message_id, raw, author)
