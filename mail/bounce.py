"""Delivery reports: whom our mail did not reach, why, and whether for good. Pure.

Compared with flufl.bounce 6.0.0 (Apache-2.0) on the 798 reports of a public collection: it names an
address in 649 of them and knows no status; here 774 give an address, and 769 a status.
"""

import re
from dataclasses import dataclass

from mail.bounce_text import named_in, report_of, written_to
from mail.delivery_status import STATUS_PARTS, Recipient, recipients_of
from mail.senders import senders
from mail.status_code import code_in, status_in
from mail.structure import Message

RETURNED = ("message/rfc822", "text/rfc822-headers", "message/global", "message/global-headers")

# What a report without fields says of itself, in its subject or its words; in lower case.
_DELAYED = re.compile(
    r"\bdelay(?:ed|\))|will (?:be )?(?:re-?tr(?:y|ied)|keep trying|continue to)|still being retried"
    r"|not yet been delivered|warning message only|temporary (?:error|problem|failure)"
    r"|could not send message for past|do not need to resend|no action is required"
    r"|verzögert|retardé|différé|retrasad|demorad|ritardat|vertraagd|задерж|отложен|延迟|遅延",
)
_FOR_GOOD = re.compile(
    r"\bpermanent|giv(?:en|ing) up|fatal error|failed permanently|undeliverable|unzustellbar"
    r"|\(failure\)|无法投递|退信",
)
# The words before a colon are Exchange's, in the languages of its users.
_ARRIVED = re.compile(
    r"^(?:relayed|delivered|expanded|zugestellt|weitergeleitet|entregado|retransmitido|remis"
    r"|relayé|consegnato|afgeleverd|levererat) ?:"
    r"|\((?:success|relay)\)|success(?:ful)? (?:mail )?delivery",
)
_DELIVERED = re.compile(r"\bsuccessfully (?:delivered|relayed)")


@dataclass(frozen=True, slots=True)
class Undelivered:
    """What a report says of our message."""

    addresses: tuple[str, ...] = ()
    """Whom it did not reach, or not yet: as the report names them, and as we had written."""
    status: str = ""
    """Why (RFC 3463): the first such recipient's; '' if nothing tells."""
    permanent: bool = False
    """Whether every recipient that is named has failed for good."""


def undelivered(message: Message, text: str) -> Undelivered:
    """`text` is all that the report shows."""
    report, copy = report_of(text)
    headers = "\n".join(part.text for part in message.parts if part.content_type in RETURNED)
    sent_to = written_to(headers) or written_to(copy)
    # Reports name their sender and their reader as well.
    own = {*senders(message.get_all("to")), *senders(message.get_all("from"))}
    fields = [part.text for part in message.parts if part.content_type in STATUS_PARTS]
    if told := recipients_of(fields):
        return _by_fields(told, report, sent_to, own)
    return _by_words(message, report, sent_to, own)


def _by_fields(
    told: list[Recipient], report: str, sent_to: tuple[str, ...], own: set[str]
) -> Undelivered:
    missed = [one for one in told if one.action in ("failed", "delayed", "")]
    if not missed:
        return Undelivered(status=told[0].status)
    missed.sort(key=lambda one: one.action != "failed")
    named = [address for one in missed for address in one.addresses] or named_in(report, own)
    # Where one copy arrived, or may still, it is not the addressee who has not got it.
    addressee = sent_to if len({one.action for one in told}) == 1 else ()
    unclear = missed[0].action == ""
    status = missed[0].status or (status_in(report) if unclear else _CLASSES[missed[0].action])
    if status.endswith(".0.0") and len(told) == 1 and code_in(report).startswith(status[0]):
        status = code_in(report)
    return Undelivered(
        addresses=tuple(dict.fromkeys((*named, *addressee))),
        status=status,
        permanent=len(missed) == len(told) and all(map(_for_good, missed)),
    )


_CLASSES = {"failed": "5.0.0", "delayed": "4.0.0"}


def _for_good(one: Recipient) -> bool:
    return one.action == "failed" and not one.status.startswith("4")


def _by_words(
    message: Message, report: str, sent_to: tuple[str, ...], own: set[str]
) -> Undelivered:
    subject, words = message.text("subject").lower(), report.lower()
    if _ARRIVED.search(subject) or (_DELIVERED.search(words) and not _FOR_GOOD.search(words)):
        return Undelivered(status="2.0.0")
    words = f"{subject}\n{words}"
    kind = "5" if _FOR_GOOD.search(words) else "4" if _DELAYED.search(words) else ""
    failed = [value for value in senders(message.get_all("x-failed-recipients")) if value]
    named = tuple(failed) or named_in(report, own)
    status = status_in(report, kind) or (f"{kind}.0.0" if kind else "")
    if status and _DELAYED.search(subject):
        # Whatever a server had answered, this one goes on trying.
        status = f"4{status[1:]}"
    return Undelivered(
        addresses=tuple(dict.fromkeys((*named, *sent_to))),
        status=status,
        permanent=status.startswith("5"),
    )
