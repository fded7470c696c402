"""What workflows and their own activities hand each other: nobody outside relies on it."""

from enum import StrEnum
from typing import Any

from pydantic import Field

from agent.models import (
    Action,
    ApprovalRequest,
    Model,
    Moment,
    Outcome,
    Policy,
    Require,
    Vote,
)


class ProposeInput(Model):
    """One turn of the model: the request and everything said since."""

    user_request: str
    items: tuple[dict[str, Any], ...] = ()


class ToolCall(Model):
    call_id: str
    name: str
    arguments: str
    """JSON text as the model wrote it: not validated yet."""


class Proposal(Model):
    """What the model answered: items to send back next time, calls, or closing words."""

    items: tuple[dict[str, Any], ...] = ()
    calls: tuple[ToolCall, ...] = ()
    text: str = ""
    failure: str = ""
    """Why no next turn makes sense: a refusal, a truncated output."""


class Verdict(StrEnum):
    ALLOW = "allow"
    ASK = "ask"
    REFUSE = "refuse"


class AssessInput(Model):
    request_id: str
    call: ToolCall
    requested_by: str | None = None
    approvers: tuple[str, ...] = ()
    require: Require | None = None


class Assessment(Model):
    """What is to happen with a call, with all that later steps need of the settings."""

    verdict: Verdict
    reason: str = ""
    action: Action | None = None
    fingerprint: str = ""
    idempotent: bool = False
    policy: Policy | None = None
    max_approvals: int = 0


class PrepareInput(Model):
    """An approval as somebody asked for it; `at` is now by the workflow's clock."""

    request: ApprovalRequest
    at: Moment


class Plan(Model):
    """An approval as it will be asked, with what its workflow needs of the worker's settings."""

    request: ApprovalRequest
    """Completed: with digest, risk and a bounded policy."""
    claim: str
    """What a valid token of this action carries of the digest."""
    mailbox: str
    inbox_queue: str
    operator_decisions: bool = True
    operator_vetoes: bool = False
    """Where operators do not decide: whether one may still reject."""
    expiry_grace_seconds: float = 60
    search_attributes: bool = False
    authentication: str = "off"


class NotifyInput(Model):
    """One request mail to one approver. The request is complete."""

    request: ApprovalRequest
    approver: str
    stage: int


class NotifyResult(Model):
    accepted: bool
    detail: str = ""


class ResendInput(Model):
    """An operator's wish: the request mail once more, to one approver or to all waited for."""

    to: str | None = None
    operator: str = "operator"


class AnswerKind(StrEnum):
    """Mail about an approval after it was asked."""

    HELP = "help"
    RECEIPT = "receipt"
    NEWS = "news"
    LATE = "late"
    UNKNOWN = "unknown"
    RESOLVED = "resolved"
    WARNING = "warning"


class AnswerInput(Model):
    """One message to one approver; `key` makes its Message-ID differ from others of its kind."""

    request: ApprovalRequest
    stage: int
    to: str
    kind: AnswerKind
    key: str
    outcome: Outcome | None = None
    vote: Vote | None = None
    votes: tuple[Vote, ...] = ()
    reason: str = ""
    read: str = ""
    """help, late: the person's own words, as they were read."""
    in_reply_to: str = ""
    """help: the Message-ID of the mail that is answered, without angle brackets; not trusted."""
    voided: bool = False
    """help: a consent of theirs does not count any more."""
    last: bool = False
    """help: no other is sent to this person."""
    missed_deadline: bool = False
    """What is answered arrived after the deadline, whenever it was read."""
    unread: bool = False
    """The inbox could not be read at the deadline."""
    done: bool = False
    """An operator found that the action was carried out; `operator` is who."""
    operator: str = ""
    at: Moment


class ExecuteInput(Model):
    """`policy` and `votes` are those of its approval; None and none if it needed no consent."""

    request_id: str
    action: Action
    digest: str
    policy: Policy | None = None
    votes: tuple[Vote, ...] = ()


class ExecuteResult(Model):
    """`done` is False for a tool's own no: then nothing was done."""

    done: bool
    text: str


class TellInput(Model):
    """The result of a run, for the requester."""

    workflow_id: str
    to: str
    user_request: str
    result: str
    last: ApprovalRequest | None = None
    at: Moment


class Resolution(Model):
    """What an operator found out about an action of which nobody knew whether it ran.

    `approval` is as much of the request as its memo tells; None for a call that needed no consent.
    """

    request_id: str
    workflow_id: str
    summary: str
    done: bool
    note: str = ""
    operator: str = "operator"
    requested_by: str | None = None
    approval: ApprovalRequest | None = None

    @property
    def words(self) -> str:
        """One line a person."""
        found = "carried out" if self.done else "not carried out"
        note = f": {self.note}" if self.note else ""
        return f"{self.summary}: {found}, as {self.operator} has found out{note}"


class SweepInput(Model):
    mailbox: str


class Cursor(Model):
    """Where the reading of a mailbox stands; travels in heartbeats, so: no mail text, no tokens."""

    uidvalidity: int = 0
    reading: tuple[int, ...] = ()
    """UIDs of the messages being read: should they never be done, one of them is to blame."""
    expected: int = 0
    """The first of the next few UIDs: those may be being read without standing in `reading`."""
    tries: dict[str, int] = Field(default_factory=dict)
    """UID of a suspect -> how often its reading was begun."""
    swept_at: Moment | None = None
    told: tuple[str, ...] = ()
    """Whom we told after the end of which approval: hashes and times (`agent.ledger`)."""
    counts: dict[str, int] = Field(default_factory=dict)
