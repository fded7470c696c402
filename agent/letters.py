"""Pure: what crosses Temporal, as the values that mail is composed from."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from agent.canonical import canonical_json
from agent.errors import BadArguments
from agent.jobs import AnswerInput
from agent.jobs import AnswerKind as JobKind
from agent.models import ApprovalRequest, Outcome, Policy, Vote
from agent.policy import needed, require_text
from mail.approval import Answer, AnswerKind, Approval
from mail.passages import argument
from mail.text import ARGUMENT, exact

_NAME = 100
_ARGUMENTS = 20_000  # octets: a reply that quotes them has to stay within what is read
# A day into the epoch: printable in every time zone, which `datetime.min` is not.
_NEVER = datetime(1970, 1, 2, tzinfo=UTC)


def approval_of(request: ApprovalRequest, stage: int) -> Approval:
    action = request.action
    policy = request.policy or Policy()
    current = policy.stages[min(stage, len(policy.stages) - 1)] if policy.stages else None
    return Approval(
        request_id=request.request_id,
        summary=action.summary,
        action_type=action.action_type,
        arguments=tuple((name, canonical_json(v)) for name, v in action.arguments.items()),
        description=action.description,
        reasoning=action.reasoning,
        requested_by=request.requested_by or "",
        request=request.request,
        risk=action.risk or "",
        risky_action=action.risky_action,
        digest=action.digest or "",
        requested_at=request.requested_at or _NEVER,
        expires_at=request.expires_at or _NEVER,
        approvers=current.approvers if current else (),
        require_text=require_text(current) if current else "",
    )


def check_showable(tool: str, arguments: Mapping[str, Any]) -> None:
    """Raises BadArguments for an action that a mail cannot show whole: nobody could agree to it."""
    if len(tool) > _NAME:
        raise BadArguments(
            f"the tool's name is too long to be shown to whoever has to agree: {len(tool):,} "
            f"characters, at most {_NAME}"
        )
    shown = 0
    for name, value in arguments.items():
        text = canonical_json(value)
        length = len(exact(text).encode())
        row = argument(name, text)
        shown += length + len("".join((row.name, *row.value.names)).encode())
        if len(name) > _NAME or length > ARGUMENT:
            raise BadArguments(
                f"the argument {name[:40]!r} is too long to be shown to whoever has to agree: "
                f"{length:,} octets, at most {ARGUMENT:,}"
            )
    if shown > _ARGUMENTS:
        raise BadArguments(
            f"the arguments are too long to be shown to whoever has to agree: {shown:,} octets, "
            f"at most {_ARGUMENTS:,}"
        )


def stage_of(job: AnswerInput) -> int:
    """The stage in which this person is asked; mail about another one would carry no token."""
    stages = job.request.policy.stages if job.request.policy else ()
    asked = (number for number, stage in enumerate(stages) if job.to in stage.approvers)
    return next(asked, job.stage)


def answer_of(job: AnswerInput) -> Answer:
    """The words of an answer; who voted what stands in the job."""
    vote = job.vote
    return Answer(
        kind=AnswerKind(job.kind),
        key=job.key,
        decision=_decision(vote) if vote else "",
        read=job.read,
        missed_deadline=job.missed_deadline,
        unread=job.unread,
        reason=job.reason,
        in_reply_to=job.in_reply_to,
        voided=job.voided,
        last=job.last,
        note=_note(job),
        by=job.operator or _deciders(job),
        done=job.done,
        outcome=job.outcome or "",
        progress=_progress(job) if job.outcome is None else "",
    )


def _decision(vote: Vote) -> str:
    return "approve" if vote.approved else "reject"


def _note(job: AnswerInput) -> str:
    if job.vote is not None:
        return job.vote.note
    if job.kind in (JobKind.UNKNOWN, JobKind.RESOLVED):
        return job.reason
    wanted = job.outcome is Outcome.APPROVED
    notes = [v.note for v in job.votes if v.approved is wanted and v.note]
    return "\n".join(notes)


def _deciders(job: AnswerInput) -> str:
    if job.outcome not in (Outcome.APPROVED, Outcome.REJECTED):
        return ""
    wanted = job.outcome is Outcome.APPROVED
    return ", ".join(v.approver for v in job.votes if v.approved is wanted)


def _progress(job: AnswerInput) -> str:
    """`1 of 2 agreed`, as far as the stage that is being asked goes."""
    policy = job.request.policy
    if policy is None or not policy.stages:
        return ""
    stage = policy.stages[min(job.stage, len(policy.stages) - 1)]
    agreed = sum(1 for v in job.votes if v.approved and v.approver in stage.approvers)
    return f"{agreed} of {needed(stage)} needed"
