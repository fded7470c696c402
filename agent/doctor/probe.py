"""Pure: the mail that goes to ourselves, made like one that asks an approver.

Its token is of a purpose of its own, its Message-ID and its mark are ours, and it says that a
program has sent it: any one of these keeps an inbox worker that reads it from counting it as
anybody's vote, from telling an approval of it, and from answering it.
"""

from dataclasses import dataclass, field
from datetime import datetime
from html import escape

from mail import carriers
from mail.approval import Sender
from mail.headers import common_fields, request_marks, threading
from mail.identity import own_mark, probe_token
from mail.message import Outgoing, encoded_date, serialise

SUBJECT = "Probe of the approval agent's mailbox"
EXPIRES = "Expires"
QUESTION = "question"
"""The end of the Message-ID that it says it answers."""
_TEXT = """\
This mail tests the way from the approval agent to its own mailbox.
The command "python -m agent doctor" has sent it, and removes it again. Nobody has to answer it.
"""


@dataclass(frozen=True, slots=True)
class Probe:
    request_id: str
    token: str = field(repr=False)
    reply_to: str = field(repr=False)
    """The plus address, which it is sent to; without plus addresses the mailbox itself."""
    question: str = field(repr=False)
    """The Message-ID that it says it answers."""
    mark: str = field(repr=False)
    outgoing: Outgoing = field(repr=False)

    @property
    def address(self) -> str:
        """Whom it was sent to, fit to be shown."""
        return self.reply_to.replace(self.token, "<token>")


def compose_probe(
    sender: Sender, request_id: str, date: datetime, *, plus: bool, until: datetime
) -> Probe:
    """`until`: when nobody waits for it any more, so that whoever finds it may take it away."""
    mailbox = sender.mailbox
    token = probe_token(sender.keyring, request_id, mailbox)
    reply_to = carriers.reply_address(mailbox, request_id, token) if plus else mailbox
    message_id = carriers.message_id(mailbox, request_id, token)
    question = carriers.message_id(mailbox, request_id, token, QUESTION)
    thread = carriers.thread_id(mailbox, request_id)
    fields = [
        *common_fields(sender, reply_to, f"{SUBJECT} [{request_id}]", message_id, date),
        ("Reply-To", reply_to),
        *threading(thread, question),
        (EXPIRES, encoded_date(until)),
        *request_marks(),
    ]
    text = f"{_TEXT}\n{carriers.reference_line(request_id, token)}\n"
    html = "".join(f"<p>{escape(line)}</p>\n" for line in text.splitlines() if line)
    # A report that it cannot be delivered comes to the mailbox, whatever plus addresses do.
    outgoing = Outgoing(mailbox, reply_to, message_id, serialise(fields, text, html))
    mark = own_mark(sender.keyring, message_id)
    return Probe(request_id, token, reply_to, question, mark, outgoing)
