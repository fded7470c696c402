"""Pure: what a message that has come meanwhile has to do with a probe."""

from enum import StrEnum

from agent.doctor.probe import Probe
from mail.carriers import subject_code
from mail.identity import MARK_FIELD
from mail.reply import Decision, Refusal, Reply
from mail.structure import parse
from mail.triage import FIELDS as TRIAGE
from mail.triage import REPORT, named_approval

FIELDS = tuple(dict.fromkeys((MARK_FIELD.lower(), "message-id", *TRIAGE)))
"""What it is known by."""


class Kin(StrEnum):
    PROBE = "probe"
    BOUNCE = "bounce"
    """A report that the probe was not delivered."""
    ANSWER = "answer"
    """Some program's answer to it."""
    UNREAD = "unread"
    """Its fields do not tell: it has to be read."""
    STRANGER = "stranger"


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
