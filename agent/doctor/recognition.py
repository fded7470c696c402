"""Pure: what a message has to do with a probe: with this run's, or with an earlier one's."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from agent.doctor.probe import EXPIRES, QUESTION, Probe
from mail import carriers
from mail.approval import Sender
from mail.carriers import subject_code
from mail.dates import parse_date
from mail.identity import MARK_FIELD, is_own_mark, verify_probe
from mail.reply import Decision, Refusal, Reply
from mail.structure import parse
from mail.triage import FIELDS as TRIAGE
from mail.triage import REPORT, named_approval

FIELDS = tuple(dict.fromkeys((MARK_FIELD.lower(), "message-id", *TRIAGE)))
"""What it is known by."""
EARLIER_FIELDS = ("message-id", "in-reply-to", MARK_FIELD.lower(), EXPIRES.lower())


class Kin(StrEnum):
    PROBE = "probe"
    BOUNCE = "bounce"
    """A report that the probe was not delivered."""
    ANSWER = "answer"
    """Some program's answer to it."""
    UNREAD = "unread"
    """Its fields do not tell: it has to be read."""
    STRANGER = "stranger"


@dataclass(frozen=True, slots=True)
class Earlier:
    """A probe of some run for this mailbox."""

    request_id: str
    until: datetime | None
    """When nobody waits for it any more; None if it does not tell."""

    def is_over(self, now: datetime) -> bool:
        return self.until is None or self.until < now


def earlier(head: bytes, sender: Sender) -> Earlier | None:
    """None for everything else, also where it was made of a probe: an answer has a Message-ID and
    an In-Reply-To of its own, whatever else it has copied."""
    message = parse(head)
    ids, thread = message.get_all("message-id"), message.get_all("in-reply-to")
    marks = message.get_all(MARK_FIELD.lower())
    for text in (*ids, *thread):
        for request_id, token, _ in carriers.find_carriers(text, carriers.Where.MESSAGE_ID):
            if not verify_probe(sender.keyring, request_id, sender.mailbox, token):
                continue
            own = carriers.message_id(sender.mailbox, request_id, token)
            question = carriers.message_id(sender.mailbox, request_id, token, QUESTION)
            marked = any(is_own_mark(sender.keyring, own, mark) for mark in marks)
            # Some hosts give it another Message-ID.
            if ids == [own] or (thread == [question] and marked):
                return Earlier(request_id, parse_date(message.text(EXPIRES.lower())))
    return None


def by_fields(head: bytes, probe: Probe) -> Kin:
    """The keyed mark is known to nobody else, nor is the Message-ID; hosts may change either."""
    message = parse(head)
    marked = probe.mark in message.get_all(MARK_FIELD.lower())
    if marked or probe.outgoing.message_id in message.get_all("message-id"):
        return Kin.PROBE
    named = named_approval(head)
    coded = subject_code(message.text("subject")) == probe.request_id
    return Kin.UNREAD if coded or named in (REPORT, probe.request_id) else Kin.STRANGER


def by_reading(raw: bytes, reply: Reply | Refusal, probe: Probe) -> Kin:
    """Of what is UNREAD. Without its token it is somebody else's."""
    if isinstance(reply, Refusal):
        return Kin.STRANGER
    if (probe.request_id, probe.token) not in {(c.request_id, c.token) for c in reply.carriers}:
        return Kin.STRANGER
    if reply.decision is Decision.BOUNCE:
        return Kin.BOUNCE
    message = parse(raw)
    thread = " ".join((*message.get_all("in-reply-to"), *message.get_all("references")))
    return Kin.ANSWER if probe.outgoing.message_id in thread.split() else Kin.PROBE
