"""What reading a message gives: a Reply, or the Refusal to have read it at all."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from mail.carriers import Carrier


class Decision(StrEnum):
    """What a message says, whoever sent it."""

    APPROVE = "approve"
    REJECT = "reject"
    UNCLEAR = "unclear"
    AUTO = "auto"
    BOUNCE = "bounce"


class Reply(NamedTuple):
    """A message that could be read. Whether it counts is not decided here (`mail.trust`)."""

    decision: Decision
    note: str
    """The person's own words beside the decision, at most 4,000 characters; empty if none."""
    reason: str
    """The line the decision was read from, or the rule that refused one."""
    senders: tuple[str, ...]
    """Every address of every From header as addr-spec, folded; an unusable one stands as ''."""
    message_id: str
    """The sender's Message-ID without angle brackets; '' if absent. Not unique, not trusted."""
    content_hash: str
    """SHA-256 (hex) over the decoded text parts and the From header: the same for a second copy."""
    carriers: tuple[Carrier, ...]
    """Every distinct pair of request id and token, from addresses, References and body."""
    bounce: Carrier | None
    """The pair of our envelope sender, if the message came to such an address."""
    request_id: str | None
    """The request id in the subject's brackets: names the approval, proves nothing."""
    permanent: bool = False
    """Whether a delivery report says that delivery has failed for good."""
    status: str = ""
    """Why mail was not delivered (RFC 3463: `5.1.1`); '' if no report says."""
    unreached: tuple[str, ...] = ()
    """The addresses that mail did not reach, or not yet, by a delivery report."""
    marks: tuple[str, ...] = ()
    """What could be the mark of our own mail; whether it is one, only the keys can tell."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A message that could not be read; the reason starts with `unreadable: `."""

    reason: str
