"""One approval under attack, and the mails that can be made about it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, make_msgid
from typing import Any

from demo.letter import Letter, write_reply
from mail.carriers import bounce_address, message_id, reference_line, reply_address
from mail.identity import Keyring, bounce_token, reply_token
from tests.redteam.people import BOB, CORP, NEW_SECRET, OLD_SECRET
from tests.signing import GMAIL, signed

KEYS = Keyring.from_secrets([NEW_SECRET, OLD_SECRET])
TRUE_NOTE = "Looks good to me."
Fields = dict[str, str]


@dataclass(frozen=True, slots=True)
class About:
    """An approval, as far as mail about it names it."""

    request_id: str
    digest: str

    def token(self, who: str = BOB, keys: Keyring = KEYS) -> str:
        return reply_token(keys, self.request_id, who, self.digest)


@dataclass(frozen=True, slots=True)
class Scene:
    mailbox: str
    this: About
    other: About
    """Another approval that waits, too, for the same people."""
    letters: dict[str, Letter] = field(default_factory=dict)
    """The requests that were really sent, by who got them."""

    def reply_to(self, token: str = "", about: About | None = None) -> str:
        about = about or self.this
        return reply_address(self.mailbox, about.request_id, token or about.token())

    def asked_in(self, token: str = "", about: About | None = None) -> str:
        about = about or self.this
        return message_id(self.mailbox, about.request_id, token or about.token())

    def reference(self, token: str = "", about: About | None = None) -> str:
        about = about or self.this
        return reference_line(about.request_id, token or about.token())

    def bounce_token(self, who: str = BOB) -> str:
        return bounce_token(KEYS, self.this.request_id, who)

    def bounce_to(self, who: str = BOB) -> str:
        return bounce_address(self.mailbox, self.this.request_id, self.bounce_token(who))

    @property
    def subject(self) -> str:
        return f"Re: Approval needed: Refund [{self.this.request_id}]"

    def mail(
        self,
        text: str = "APPROVE",
        *,
        sender: str = BOB,
        token: str = "",
        body: str | None = None,
        age: timedelta = timedelta(0),
        **fields: str,
    ) -> bytes:
        """Unsigned, with every carrier; `fields` replace header fields, '' leaves one out."""
        head = {
            "From": sender,
            "To": self.reply_to(token),
            "Subject": self.subject,
            "Date": format_datetime(datetime.now(UTC) - age),
            "Message-ID": make_msgid(domain=CORP),
            "In-Reply-To": self.asked_in(token),
            "References": self.asked_in(token),
            "MIME-Version": "1.0",
            "Content-Type": "text/plain; charset=utf-8",
        }
        head |= {
            name.replace("_", "-").title().replace("-Id", "-ID"): value
            for name, value in fields.items()
        }
        lines = [f"{name}: {value}" for name, value in head.items() if value]
        below = f"{text}\r\n\r\n> {self.reference(token)}\r\n" if body is None else body
        return ("\r\n".join(lines) + "\r\n\r\n" + below).encode()

    def elsewhere(self, text: str = "APPROVE", **fields: str) -> bytes:
        """Bob's mail to us about something else: nothing in it names this approval."""
        bare: dict[str, Any] = {"in_reply_to": "", "references": ""}
        about: dict[str, Any] = {"to": self.mailbox, "subject": "Lunch", **bare, **fields}
        return self.mail(text, body=f"{text}\r\n", **about)

    def true(self, who: str, words: str = f"APPROVE\n\n{TRUE_NOTE}") -> bytes:
        """The answer to the very letter that was sent, as a mail program writes it."""
        letter = self.letters[who]
        return write_reply(letter, who, words, datetime.now(UTC))


Sent = bytes | Sequence[bytes]
Make = Callable[[Scene], bytes]
MakeAll = Callable[[Scene], Sent]


@dataclass(frozen=True, slots=True)
class Attack:
    """What is put into the agent's mailbox, and what the audit trail must say of it."""

    name: str
    mail: MakeAll
    stands: tuple[str, ...] = ()
    """In the trail, each by its gate: `refused unauthenticated`, `ignored duplicate`, `auto`."""
    warns: tuple[str, ...] = ()
    """Who is told that mail in their name did not count."""
    desk: str = "dns"
    approvers: tuple[str, ...] = (BOB,)
    require: str = "any"
    requested_by: str = ""
    before: MakeAll | None = None
    """Mail that arrives first, and is the approvers' own."""
    voted: tuple[str, ...] = ()
    """Whose votes stand when the attack has been read."""


def bob(raw: bytes, covered: Sequence[str] = GMAIL) -> bytes:
    """As his mail provider sends it."""
    return signed(raw, CORP, covered)


def refused(reason: str) -> tuple[str, ...]:
    return (f"refused {reason}",)


def named(address: str, name: str) -> str:
    return f'"{name}" <{address}>'
