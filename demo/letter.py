"""One message as a mail program shows it, and the reply that a mail program writes to it.

Pure: bytes in, values and bytes out; the time of the reply is given.
"""

import email
import email.policy
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid

# Longer header lines would be folded inside an id, which Python then encodes beyond recognition.
_WIRE = email.policy.SMTP.clone(max_line_length=998)


@dataclass(frozen=True, slots=True)
class Letter:
    """What matters of a message to somebody who reads it and may answer."""

    sender: str
    recipient: str
    reply_to: str
    subject: str
    date: str
    message_id: str
    references: str
    auto_submitted: str
    text: str

    @property
    def asks(self) -> bool:
        """Whether this is a request for approval, and not what follows it in the thread."""
        return self.auto_submitted == "auto-generated" and self.subject.startswith(
            "Approval needed"
        )


def read_letter(raw: bytes) -> Letter:
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    body = message.get_body(preferencelist=("plain", "html"))
    return Letter(
        sender=_header(message, "From"),
        recipient=_header(message, "To"),
        reply_to=_header(message, "Reply-To") or _header(message, "From"),
        subject=_header(message, "Subject"),
        date=_header(message, "Date"),
        message_id=_header(message, "Message-ID"),
        references=_header(message, "References"),
        auto_submitted=_header(message, "Auto-Submitted").lower(),
        text=str(body.get_content()) if body is not None else "",
    )


def write_reply(letter: Letter, author: str, words: str, now: datetime) -> bytes:
    """The words on top, the attribution, the original quoted below: what most programs do."""
    reply = EmailMessage(policy=_WIRE)
    reply["From"] = author
    reply["To"] = letter.reply_to
    reply["Subject"] = (
        letter.subject if letter.subject.startswith("Re:") else f"Re: {letter.subject}"
    )
    reply["Date"] = format_datetime(now)
    reply["Message-ID"] = make_msgid(domain=author.rpartition("@")[2])
    reply["In-Reply-To"] = letter.message_id
    reply["References"] = f"{letter.references} {letter.message_id}".strip()
    quoted = [f"> {line}".rstrip() for line in letter.text.splitlines()]
    attribution = f"On {letter.date}, {letter.sender} wrote:"
    reply.set_content("\n".join([words, "", attribution, *quoted, ""]), cte="quoted-printable")
    return reply.as_bytes()


def _header(message: EmailMessage, name: str) -> str:
    return " ".join(str(message.get(name, "")).split())
