"""What crosses Temporal: one frozen model a message, every later field with a default."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from mail.carriers import without_tokens

Require = Literal["any", "all"] | Annotated[int, Field(ge=1)]


Moment = Annotated[
    datetime, AfterValidator(lambda m: m if m.tzinfo is not None else m.replace(tzinfo=UTC))
]
"""Aware: a time without a zone, as other languages' clients may send it, is taken as UTC."""


def rfc3339(moment: datetime) -> str:
    """`2026-11-23T07:00:00Z`, with a fraction where there is one."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


class Model(BaseModel):
    """Frozen; unknown fields are ignored, so that old workers can read what newer ones wrote."""

    # An error that repeats what it could not read would put notes and arguments into logs.
    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    @model_validator(mode="before")
    @classmethod
    def _absent(cls, given: Any) -> Any:
        """Other languages' clients write an optional field that is not set as null."""
        if not isinstance(given, dict):
            return given
        fields = cls.model_fields
        return {
            name: value
            for name, value in given.items()
            if value is not None or name not in fields or fields[name].is_required()
        }


class Risk(StrEnum):
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class Outcome(StrEnum):
    """How an approval ended."""

    APPROVED = "approved"
    REJECTED = "rejected"
    EXPIRED = "expired"
    UNDELIVERABLE = "undeliverable"
    WITHDRAWN = "withdrawn"


class Channel(StrEnum):
    MAIL = "mail"
    OPERATOR = "operator"


class NoticeKind(StrEnum):
    """Mail about an approval that is no vote."""

    UNCLEAR = "unclear"
    AUTO = "auto"
    BOUNCE = "bounce"
    REFUSED = "refused"


class WorkflowInput(Model):
    """Starts `HumanInTheLoopWorkflow`."""

    user_request: str
    approval_timeout_seconds: float = 259_200
    approvers: tuple[str, ...] = ()
    require: Require | None = None
    requested_by: str | None = None


class Action(Model):
    """What is to be done: a tool (`action_type`) with its arguments, and the words about it."""

    action_type: str
    description: str
    arguments: dict[str, Any]
    reasoning: str = ""
    risky_action: bool | None = None
    risk: Risk | None = None
    digest: str | None = None

    @property
    def summary(self) -> str:
        """One line for people, at most 120 characters."""
        # It stands where anybody may read it; what somebody has copied of our mail does not.
        line = without_tokens(" ".join((self.description or self.action_type).split()))
        return line if len(line) <= 120 else line[:119] + "…"


class Stage(Model):
    """People asked at the same time, and how many of them must agree."""

    approvers: tuple[str, ...]
    require: Require = "any"


class Policy(Model):
    """Who must agree, stage after stage."""

    stages: tuple[Stage, ...] = ()

    @property
    def approvers(self) -> tuple[str, ...]:
        """Everybody who may be asked, each once, in the order of the stages."""
        return tuple(dict.fromkeys(a for stage in self.stages for a in stage.approvers))


class ApprovalRequest(Model):
    """Starts `ApprovalWorkflow`; needs `expires_at` or `timeout_seconds`.

    `request` is what the person asked the agent for, in their words.
    """

    request_id: str
    action: Action
    expires_at: Moment | None = None
    timeout_seconds: float | None = None
    requested_by: str | None = None
    requested_at: Moment | None = None
    policy: Policy | None = None
    mailbox: str | None = None
    language: str | None = None
    request: str = ""


class Vote(Model):
    """One approver's decision, or an operator's (then `approver` is their name, or `operator`)."""

    approver: str
    approved: bool
    note: str = ""
    received_at: Moment
    channel: Channel = Channel.MAIL
    seal: str = ""
    """Of a mail: what its reader vouches for (`mail.identity.vote_seal`)."""


class ApprovalOutcome(Model):
    request_id: str
    outcome: Outcome
    decided_at: Moment
    votes: tuple[Vote, ...] = ()
    reviewer_notes: str = ""
    digest: str = ""


class ApprovalDecision(Model):
    """The signal `approval_decision`. With only the first four fields it is an operator's;
    the inbox adds the rest."""

    request_id: str
    approved: bool
    reviewer_notes: str | None = None
    decided_at: str = ""
    approver: str | None = None
    received_at: Moment | None = None
    uid: int = 0
    """In the mailbox: the order of arrival within a second, which INTERNALDATE does not tell."""
    message_id: str = ""
    content_hash: str = ""
    claim: str = ""
    authentication: str = ""
    """How its sender was proven: `dkim d=example.com`, `off`."""
    signed_at: Moment | None = None
    """The date that its sender's signature covers."""
    seal: str = ""
    addresses: tuple[str, ...] = ()
    """The approver's, as far as the inbox knew of several when it read this mail."""
    operator: str | None = None


class ReplyNotice(Model):
    """The signal `reply_received`: mail that belongs to an approval and is no vote."""

    request_id: str
    kind: NoticeKind
    approver: str = ""
    reason: str = ""
    note: str = ""
    received_at: Moment | None = None
    uid: int = 0
    message_id: str = ""
    content_hash: str = ""
    claim: str = ""
    permanent: bool = False
    """Of a bounce: whether it will not come right by itself."""
    status: str = ""
    """Of a bounce: the RFC 3463 code, such as `5.1.1`; '' if there is none."""
    failed: str = ""
    """Of a bounce: the address it is about, which may be one that the approver's leads to."""
    signed_at: Moment | None = None
    """The date that its sender's signature covers."""
    absence: bool = False
    """Of automatic mail: whether it may say that its sender is away."""
