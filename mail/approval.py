"""What our mail is about: the approval, who sends, and the answer to be given. Values only."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from mail.address import parse_address
from mail.identity import Keyring


@dataclass(frozen=True, slots=True)
class Sender:
    """The agent as its mail shows it."""

    mailbox: str
    """Bare address, as `mail.address.parse_mailbox` gives it."""
    display_name: str
    plus_address: bool
    keyring: Keyring
    timezone: str
    """An IANA name: times are printed in it, and in UTC."""

    def __post_init__(self) -> None:
        # It goes into headers and the envelope, and what is made of it as well.
        if parse_address(self.mailbox) != self.mailbox:
            raise ValueError("the sender's mailbox is no bare address in lower case")


@dataclass(frozen=True, slots=True)
class Approval:
    """One risky action that waits for consent. All text is foreign: nothing here is trusted."""

    request_id: str
    summary: str
    action_type: str
    arguments: tuple[tuple[str, str], ...]
    """Every argument's name and its value as canonical JSON text."""
    description: str
    reasoning: str
    """Why, in the model's words."""
    requested_by: str
    request: str
    """What that person asked the agent, in their own words."""
    risk: str
    risky_action: bool | None
    """What the model itself thinks of the action; None if it did not say."""
    digest: str
    requested_at: datetime
    expires_at: datetime
    approvers: tuple[str, ...]
    require_text: str
    """How many must agree, in words: `any one of 2`."""


class AnswerKind(StrEnum):
    HELP = "help"
    """An approver's mail was no decision: what was read, why it does not count, how to answer."""
    RECEIPT = "receipt"
    """An approver's decision was recorded."""
    NEWS = "news"
    """The approval has ended; to those who did not decide, or to the requester."""
    LATE = "late"
    """An approver's mail came, or was read, after the approval had ended."""
    UNKNOWN = "unknown"
    """Whether the action ran is not known: somebody has to look."""
    RESOLVED = "resolved"
    """Somebody has looked."""
    WARNING = "warning"
    """Mail in the approver's name did not count: nothing shows that they sent it."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What an approver (or the requester) is told. Fields that a kind has no use for stay ''."""

    kind: AnswerKind
    key: str = ""
    """Tells two answers of one kind to one person apart (help: the mail that is answered)."""
    decision: str = ""
    """receipt, late: `approve` or `reject`, as it was read."""
    read: str = ""
    """help, late: the person's own words, as they were read."""
    reason: str = ""
    """help: why it does not count, in the reader's words; warning: the gate that it failed."""
    in_reply_to: str = ""
    """help: the Message-ID of the mail that is answered, without angle brackets."""
    voided: bool = False
    """help: a consent of theirs does not count any more."""
    last: bool = False
    """help: unclear mail that comes after this one is not answered."""
    note: str = ""
    """receipt, news: what the approver wrote beside the decision; unknown: what is known;
    resolved: what was found."""
    by: str = ""
    """news, late: who decided; resolved: who has looked."""
    outcome: str = ""
    """news, late: how the approval ended; receipt: if this decision ended it. Late alone knows
    `terminated` and `broken`: there will be no outcome."""
    done: bool = False
    """resolved: the action was carried out."""
    missed_deadline: bool = False
    """late: it arrived after the deadline, whenever it was read."""
    unread: bool = False
    """news, late: the inbox could not be read at the deadline."""
    progress: str = ""
    """receipt: what is still missing, such as `1 of 2 needed`."""
