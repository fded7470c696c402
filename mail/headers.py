"""Header fields of our mail: what makes a reply find its way back, and robots keep silent."""

import re
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from urllib.parse import quote as percent_encode

from mail import carriers
from mail.approval import Approval, Sender
from mail.identity import MARK_FIELD, bounce_token, own_mark, reply_token
from mail.message import encoded_date, encoded_mailbox, encoded_text
from mail.text import one_line, undecided, visible

Fields = list[tuple[str, str]]

SUBJECT_CHARACTERS = 200
RESULT_CHARACTERS = 60
# Outlook takes no link of more than about 2,000 characters, and one letter may cost twelve.
_LINK_SUBJECT_CHARACTERS = 110
_NAME_CHARACTERS = 80
# RFC 5322 §3.6.4, and no longer than any program makes one.
_MESSAGE_ID = re.compile(
    r"(?=.{3,250}\Z)[\w!#$%&'*+/=?^`{|}~.-]+@[\w!#$%&'*+/=?^`{|}~.:\[\]-]+", re.ASCII
)


@dataclass(frozen=True, slots=True)
class Ticket:
    """What one approver's answer brings back; nobody else may see any of it."""

    reply_to: str
    message_id: str
    """Of the request mail; those of answers are made of it."""
    token: str
    reference: str


def ticket(sender: Sender, approval: Approval, approver: str) -> Ticket:
    mailbox, request_id = sender.mailbox, approval.request_id
    token = reply_token(sender.keyring, request_id, approver, approval.digest)
    plus = carriers.reply_address(mailbox, request_id, token)
    return Ticket(
        reply_to=plus if sender.plus_address else mailbox,
        message_id=carriers.message_id(mailbox, request_id, token),
        token=token,
        reference=carriers.reference_line(request_id, token),
    )


def envelope_sender(sender: Sender, approval: Approval, approver: str) -> str:
    """Where a bounce of the request goes to."""
    if not sender.plus_address:
        return sender.mailbox
    token = bounce_token(sender.keyring, approval.request_id, approver)
    return carriers.bounce_address(sender.mailbox, approval.request_id, token)


def subject(approval: Approval, longest: int = SUBJECT_CHARACTERS) -> str:
    """The code stands last, and always stands: replies are recognised by it."""
    if not carriers.is_request_id(approval.request_id):
        raise ValueError("a request's id cannot hold this value")
    start, code = carriers.SUBJECT, f" [{approval.request_id}]"
    room = longest - len(start) - len(code)
    return start + one_line(approval.summary or approval.action_type, room) + code


def result_subject(request: str) -> str:
    words = " ".join(visible(request.strip()[: 4 * RESULT_CHARACTERS]).split())
    return "Result: " + undecided(words[:RESULT_CHARACTERS])


def message_id_of(sender: Sender, stem: str, kind: str, *distinction: str) -> str:
    """A Message-ID without a token: for mail to somebody who is no approver."""
    tail = _hash("\0".join(distinction))[:16]
    return f"<{stem.lower()}.{kind}.{tail}@{sender.mailbox.rpartition('@')[2]}>"


def answer_suffix(kind: str, key: str) -> str:
    return f"{kind}.{_hash(key)[:12]}"


def common_fields(
    sender: Sender, to: str, subject_text: str, message_id: str, date: datetime
) -> Fields:
    name = one_line(sender.display_name, _NAME_CHARACTERS)
    return [
        ("From", encoded_mailbox(name, sender.mailbox)),
        ("To", to),
        ("Subject", encoded_text("Subject", subject_text)),
        ("Date", encoded_date(date)),
        ("Message-ID", message_id),
        (MARK_FIELD, own_mark(sender.keyring, message_id)),
    ]


def request_marks() -> Fields:
    # Not "All": that would suppress bounces and absence notes, too (MS-OXCMAIL), and a person who
    # cannot be reached must be noticed.
    return [
        ("Auto-Submitted", "auto-generated"),
        ("X-Auto-Response-Suppress", "DR, RN, NRN, AutoReply"),
    ]


def answer_marks() -> Fields:
    return [("Auto-Submitted", "auto-replied"), ("X-Auto-Response-Suppress", "All")]


def threading(*ancestors: str) -> Fields:
    """The last ancestor is the message that is answered."""
    return [("In-Reply-To", ancestors[-1]), ("References", " ".join(ancestors))]


def answered(message_id: str) -> tuple[str, ...]:
    """The Message-ID of somebody's mail, to refer to it; nothing if it is odd, or holds a carrier,
    which the answer to ours would bring back."""
    plain = _MESSAGE_ID.fullmatch(message_id) is not None
    if not plain or carriers.find_carriers(message_id, carriers.Where.MESSAGE_ID):
        return ()
    return (f"<{message_id}>",)


def reply_link(approval: Approval, answer: Ticket, decision: str) -> str:
    """A mailto: link to a ready reply. It has neither In-Reply-To nor a quote, so its body brings
    the reference line."""
    body = f"{decision}\r\n\r\n{answer.reference}\r\n"
    reply_subject = f"Re: {subject(approval, _LINK_SUBJECT_CHARACTERS)}"
    # The first letter percent-encoded: a program that prints links as text, and breaks them
    # anywhere, must not make a line that starts with the decision.
    encoded_body = f"%{ord(decision[0]):02X}" + percent_encode(body[1:], safe="")
    return (
        f"mailto:{percent_encode(answer.reply_to, safe='@')}"
        f"?subject={percent_encode(reply_subject, safe='')}&body={encoded_body}"
    )


def _hash(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
