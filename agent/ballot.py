"""Pure: the votes of one approval, and the moment they amount to an outcome."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from agent.models import ApprovalDecision, Channel, Outcome, Stage, Vote
from agent.policy import tally
from mail.address import without_detail
from mail.identity import approver_claim

Arrival = tuple[datetime, int]
"""When a mail came, and its UID: INTERNALDATE counts whole seconds."""
CLOCK_SKEW = timedelta(minutes=10)
"""How far an approver's clock may be behind ours."""


class Ruling(StrEnum):
    """What became of a decision; every one but `counted` changes nothing."""

    COUNTED = "counted"
    REPEATED = "repeated"
    DUPLICATE = "duplicate"
    WRONG_REQUEST = "wrong-request"
    EARLY = "early"
    LATE = "late"
    ALREADY_DECIDED = "already-decided"
    WITHDRAWN = "withdrawn"
    OPERATOR_DENIED = "operator-denied"
    NOT_AN_APPROVER = "not-an-approver"
    REQUESTER = "requester"
    TOKEN_MISMATCH = "token-mismatch"
    IN_DOUBT = "in-doubt"
    TAKEN_BACK = "taken-back"
    OLDER_THAN_QUESTION = "older-than-question"

    @property
    def impersonates(self) -> bool:
        """Whether its sender was not shown to mean this: somebody may have tried in their name."""
        return self in (Ruling.OLDER_THAN_QUESTION, Ruling.TAKEN_BACK)


@dataclass(slots=True)
class Ballot:
    """Mutable, but it sees no clock: every moment is passed in."""

    request_id: str
    claim: str
    stages: Sequence[Stage]
    expires_at: datetime
    operators_count: bool = True
    operators_veto: bool = False
    """Where they do not count: whether an operator's rejection does."""
    requester: str | None = None
    """Never counted, whatever the policy says: an alias may be listed after the asking."""
    asked_at: datetime | None = None
    """Nobody can have agreed before; None: not known."""
    outcome: Outcome | None = None
    decided_at: datetime | None = None
    decider: str | None = None
    """Whose vote made the outcome; None if a deadline, a bounce or a withdrawal did."""
    votes: dict[str, Vote] = field(default_factory=dict)
    stage: int = 0
    _seen: set[tuple[str, str]] = field(default_factory=set)
    _unreachable: set[str] = field(default_factory=set)
    _doubts: dict[str, Arrival] = field(default_factory=dict)
    _doubted_at: dict[str, datetime] = field(default_factory=dict)
    _arrivals: dict[str, Arrival] = field(default_factory=dict)

    def cast(self, decision: ApprovalDecision, now: datetime) -> tuple[Ruling, Vote]:
        """Count a decision, or say why it does not count."""
        vote = _vote_of(decision, now)
        ruling = self._rule(decision, vote)
        if ruling is Ruling.COUNTED:
            self.votes[vote.approver] = vote
            self._arrivals[vote.approver] = (vote.received_at, decision.uid)
            if vote.channel is Channel.OPERATOR:
                self.close(Outcome.APPROVED if vote.approved else Outcome.REJECTED, now)
            else:
                self._settle(now)
            if self.outcome is not None:
                self.decider = vote.approver
        return ruling, vote

    def known(self, message_id: str, content_hash: str) -> bool:
        """Whether this message was already taken, and remember it: mail arrives more than once."""
        # Both together: a Message-ID alone is anybody's to choose, and a refused mail that bears
        # the one of a rejection to come must not swallow it.
        key = (message_id, content_hash)
        if key in self._seen:
            return True
        self._seen.add(key)
        return False

    def unreachable(self, approver: str, now: datetime) -> None:
        """Nobody can be asked there; ends the approval if too few are left."""
        self._unreachable.add(approver)
        self._settle(now)

    def reached(self, approver: str) -> None:
        """A server has taken their mail, this time."""
        self._unreachable.discard(approver)

    def reachable(self, approver: str) -> bool:
        return approver not in self._unreachable

    def claimed(self, claim: str) -> str | None:
        """The approver whom a bounce's token names; None if it is nobody here."""
        people = (approver for stage in self.stages for approver in stage.approvers)
        return next((person for person in people if approver_claim(person) == claim), None)

    def is_approver(self, person: str) -> bool:
        return any(person in stage.approvers for stage in self.stages)

    def precedes(self, signed_at: datetime | None) -> bool:
        """Whether something signed then is older than the question: about another one."""
        if signed_at is None or self.asked_at is None:
            return False
        return signed_at < self.asked_at - CLOCK_SKEW

    def doubt(
        self, approver: str, arrival: Arrival, now: datetime, signed_at: datetime | None = None
    ) -> bool:
        """Somebody wrote a mail that is no decision: a consent of theirs that came before it, or
        that they signed before it, does not count, for it may say "stop". Return whether one had
        been counted."""
        self._doubts[approver] = max(arrival, self._doubts.get(approver, arrival))
        written = signed_at or arrival[0]
        self._doubted_at[approver] = max(written, self._doubted_at.get(approver, written))
        vote = self.votes.get(approver)
        if self.outcome is not None or vote is None or vote.channel is not Channel.MAIL:
            return False
        if not self._in_doubt(vote, self._arrivals[approver]):
            return False
        del self.votes[approver]
        self._settle(now)
        return True

    def close(self, outcome: Outcome, now: datetime) -> None:
        """Fix the outcome; the first one stays."""
        if self.outcome is None:
            self.outcome, self.decided_at = outcome, now

    def withdraw(self, now: datetime) -> None:
        """Over a consent that nobody was told of yet; the votes stay on record."""
        self.outcome, self.decided_at, self.decider = Outcome.WITHDRAWN, now, None

    def notes(self) -> str:
        """What the people whose votes made the outcome wrote beside them."""
        rejected = self.outcome is Outcome.REJECTED
        wanted = [v.note for v in self.votes.values() if v.approved is not rejected and v.note]
        return "\n".join(wanted)

    def _settle(self, now: datetime) -> None:
        standing = {person: vote.approved for person, vote in self.votes.items()}
        result = tally(self.stages, standing, self._unreachable)
        self.stage = result.stage
        if result.outcome is not None:
            self.close(result.outcome, now)

    def _rule(self, decision: ApprovalDecision, vote: Vote) -> Ruling:
        mail = vote.channel is Channel.MAIL
        checks = (
            (decision.request_id.strip().upper() != self.request_id, Ruling.WRONG_REQUEST),
            (
                mail and self.known(decision.message_id, decision.content_hash),
                Ruling.DUPLICATE,
            ),
            (mail and decision.claim != self.claim, Ruling.TOKEN_MISMATCH),
            (mail and not self.is_approver(vote.approver), Ruling.NOT_AN_APPROVER),
            (mail and self.precedes(decision.signed_at), Ruling.OLDER_THAN_QUESTION),
            (mail and self._made_the_request(vote.approver, decision), Ruling.REQUESTER),
            (not mail and not self._operator_counts(vote), Ruling.OPERATOR_DENIED),
            (self.outcome is Outcome.WITHDRAWN, Ruling.WITHDRAWN),
            (self.outcome is not None, Ruling.ALREADY_DECIDED),
            (vote.received_at > self.expires_at, Ruling.LATE),
            (mail and self._in_doubt(vote, (vote.received_at, decision.uid)), Ruling.IN_DOUBT),
            (mail and self._is_taken_back(vote, decision.signed_at), Ruling.TAKEN_BACK),
            (mail and self._repeats(vote), Ruling.REPEATED),
        )
        return next((ruling for failed, ruling in checks if failed), Ruling.COUNTED)

    def _made_the_request(self, approver: str, decision: ApprovalDecision) -> bool:
        if self.requester is None:
            return False
        known = map(without_detail, (approver, *decision.addresses))
        return without_detail(self.requester) in known

    def _operator_counts(self, vote: Vote) -> bool:
        return self.operators_count or (self.operators_veto and not vote.approved)

    def _in_doubt(self, vote: Vote, arrival: Arrival) -> bool:
        since = self._doubts.get(vote.approver)
        return vote.approved and since is not None and arrival <= since

    def _is_taken_back(self, vote: Vote, signed_at: datetime | None) -> bool:
        """Whoever has a copy of a consent can send it again, with a blank more: not known, and
        still signed."""
        since = self._doubted_at.get(vote.approver)
        if since is None or signed_at is None:
            return False
        return vote.approved and signed_at <= since

    def _repeats(self, vote: Vote) -> bool:
        # An approver who rejected has ended the approval, so only the same word can come again.
        earlier = self.votes.get(vote.approver)
        return earlier is not None and earlier.approved is vote.approved


def _vote_of(decision: ApprovalDecision, now: datetime) -> Vote:
    """A signal without an approver is an operator's and counts from the moment it is handled."""
    note = decision.reviewer_notes or ""
    # Some languages write an absent text as an empty one; a mail's decision has more than that.
    bare = not (decision.approver or decision.claim or decision.message_id)
    if decision.approver is None or bare:
        return Vote(
            approver=decision.operator or "operator",
            approved=decision.approved,
            note=note,
            received_at=now,
            channel=Channel.OPERATOR,
        )
    return Vote(
        approver=decision.approver,
        approved=decision.approved,
        note=note,
        received_at=decision.received_at or now,
        channel=Channel.MAIL,
        seal=decision.seal,
    )
