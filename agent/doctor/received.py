"""Pure: what of a probe has come through, and what the servers on its way have written on it."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from agent.doctor.probe import Probe
from mail.auth_results import FIELD, results_of, server_of
from mail.carriers import Where
from mail.dates import parse_date
from mail.dkim_fields import signatures_of
from mail.identity import MARK_FIELD
from mail.reply import Refusal, Reply
from mail.structure import Message, parse

_INTERNAL = "x-ms-exchange-organization-authas"
_TOLD = ("dkim", "spf", "dmarc", "arc")
_DATE = re.compile(r";\s*([^;]+)$")
_YEAR = range(2000, 2200)


@dataclass(frozen=True, slots=True)
class Told:
    """One Authentication-Results field."""

    server: str
    """'' if it cannot be taken apart."""
    results: str
    """`dkim=pass, spf=pass`"""

    def __str__(self) -> str:
        name = self.server or "(unreadable)"
        return f"{name} ({self.results})" if self.results else name


@dataclass(frozen=True, slots=True)
class Received:
    """A probe as it lay in the mailbox."""

    reply: Reply | Refusal
    """What the reader makes of it."""
    internal_date: datetime
    received_at: datetime | None
    """When the last server on the way took it, by that server's clock."""
    found_in: frozenset[Where]
    """Where the reader has found its token."""
    message_id_kept: bool
    in_reply_to_kept: bool
    references_kept: bool
    mark_kept: bool
    reply_to_kept: bool
    sender: str
    """'' if there is not exactly one."""
    told: tuple[Told, ...]
    """The top-most first."""
    internal: bool
    """Whether Exchange says that it never left the tenant."""
    signers: tuple[str, ...]
    """The domains of its signatures, good or not."""


def received(raw: bytes, internal_date: datetime, reply: Reply | Refusal, probe: Probe) -> Received:
    message = parse(raw)
    senders = reply.senders if isinstance(reply, Reply) else ()
    return Received(
        reply=reply,
        internal_date=internal_date,
        received_at=_received_at(message),
        found_in=_found_in(reply, probe),
        message_id_kept=probe.outgoing.message_id in message.get_all("message-id"),
        in_reply_to_kept=probe.question in "".join(message.get_all("in-reply-to")).split(),
        references_kept=probe.question in " ".join(message.get_all("references")).split(),
        mark_kept=probe.mark in message.get_all(MARK_FIELD.lower()),
        reply_to_kept=any(probe.reply_to in v.lower() for v in message.get_all("reply-to")),
        sender=senders[0] if len(senders) == 1 else "",
        told=tuple(told_in(message)),
        internal=message.get_all(_INTERNAL) == ["Internal"],
        signers=tuple(dict.fromkeys(s.domain for s in signatures_of(message.head))),
    )


def told_in(message: Message) -> list[Told]:
    return [Told(server_of(value), _results(value)) for value in message.get_all(FIELD)]


def _results(value: str) -> str:
    found = results_of(value, server_of(value) or None) or []
    return ", ".join(f"{r.method}={r.result}" for r in found if r.method in _TOLD)


def _found_in(reply: Reply | Refusal, probe: Probe) -> frozenset[Where]:
    if isinstance(reply, Refusal):
        return frozenset()
    wanted = probe.request_id, probe.token
    return frozenset(c.where for c in reply.carriers if (c.request_id, c.token) == wanted)


def _received_at(message: Message) -> datetime | None:
    """Of the top-most Received field that has a date (RFC 5321 §4.4)."""
    for value in message.get_all("received"):
        if match := _DATE.search(value):
            date = parse_date(match[1].strip())
            if date is not None and date.year in _YEAR:
                return date.astimezone(UTC)
    return None
