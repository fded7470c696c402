"""Pure: whether mail that comes too late for an approval still needs an answer."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from agent.models import Channel, Outcome, Vote

# INTERNALDATE counts whole seconds: what came in the same one may have come after.
_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class LateMail:
    """An approver's mail that changes nothing any more."""

    approver: str
    received_at: datetime
    vote: Vote | None = None
    """None: it was no decision, and `reason` says why."""
    reason: str = ""
    read: str = ""
    """Its writer's own words."""


def told_already(
    mail: LateMail, outcome: Outcome, decided_at: datetime, votes: Iterable[Vote]
) -> bool:
    """Whether the receipt or the news that its writer got says all there is to say to it."""
    own = (v for v in votes if v.channel is Channel.MAIL and v.approver == mail.approver)
    counted = next(own, None)
    if counted is None:
        return False
    return _is_copy(mail, counted) or _is_settled(mail, outcome, decided_at, counted)


def _is_copy(mail: LateMail, counted: Vote) -> bool:
    """The mail that counted, read again after a crash or delivered once more."""
    vote = mail.vote
    if vote is None or vote.approved is not counted.approved:
        return False
    return vote.received_at == counted.received_at or vote.note == counted.note


def _is_settled(mail: LateMail, outcome: Outcome, decided_at: datetime, counted: Vote) -> bool:
    """Written before the outcome by somebody who made it: their receipt came after that."""
    if outcome not in (Outcome.APPROVED, Outcome.REJECTED):
        return False
    if counted.approved is not (outcome is Outcome.APPROVED):
        return False
    if mail.received_at + _SECOND > decided_at:
        return False
    # Against an action that runs now, whoever may have meant "stop" has to hear that it was not.
    return outcome is Outcome.REJECTED or (mail.vote is not None and mail.vote.approved)
