"""An approver's reply as bytes, in the forms that mail programs give it, with a valid token."""

from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

from mail.carriers import message_id, reference_line, reply_address
from mail.identity import Keyring, reply_token
from tests.unit.agent_samples import APPROVER, DIGEST, MAILBOX, REQUEST_ID, SECRET

KEYS = Keyring.from_secrets([SECRET])
WRITTEN = datetime(2026, 11, 23, 7, 1, tzinfo=UTC)
TOKEN = reply_token(KEYS, REQUEST_ID, APPROVER, DIGEST)
REPLY_TO = reply_address(MAILBOX, REQUEST_ID, TOKEN)
ASKED_IN = message_id(MAILBOX, REQUEST_ID, TOKEN)
REFERENCE = reference_line(REQUEST_ID, TOKEN)
SUBJECT = f"Re: Approval needed: Refund 120.00 EUR [{REQUEST_ID}]"


def letter(
    text: str = "APPROVE",
    *,
    sender: str = APPROVER,
    body: str | None = None,
    written: datetime = WRITTEN,
    **fields: Any,
) -> bytes:
    """`fields` replace header fields (`in_reply_to=…`); '' leaves one out."""
    head = {
        "From": sender,
        "To": REPLY_TO,
        "Subject": SUBJECT,
        "Date": format_datetime(written),
        "Message-ID": "<1@mail.test>",
        "In-Reply-To": ASKED_IN,
        "References": ASKED_IN,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=utf-8",
    }
    given = {name.replace("_", "-"): value for name, value in fields.items()}
    head = {name: given.pop(name.lower(), value) for name, value in head.items()}
    head |= {name.title(): value for name, value in given.items()}
    lines = [f"{name}: {value}" for name, value in head.items() if value]
    below = body if body is not None else f"{text}\r\n\r\n> {REFERENCE}\r\n"
    return ("\r\n".join(lines) + "\r\n\r\n" + below).encode()


def without_carriers(text: str = "APPROVE", **fields: Any) -> bytes:
    """A mail of theirs about something else."""
    fields = {"to": MAILBOX, "subject": "Lunch", "in_reply_to": "", "references": "", **fields}
    return letter(text, body=f"{text}\r\n", written=WRITTEN, **fields)
