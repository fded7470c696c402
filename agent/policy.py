"""Pure: which actions need consent, whose, and what a set of votes amounts to.

Addresses are compared by one rule. Case is folded, in the domain as in the part before the @; dots
count. Who may vote: an address listed as an approver, or in APPROVER_ALIASES as one of theirs, to
the letter; a subaddress (`a+x@…`) is another address. Who is one person: whoever an alias or a
subaddress leads to, through any number of both. So a subaddress gives nobody a vote, and a second
one to nobody; and whoever asked under any address of theirs does not agree under another.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from agent.errors import NotAllowed
from agent.models import Outcome, Policy, Require, Risk, Stage
from mail.address import parse_address, without_detail

MAIL_SERVERS = frozenset({"mailer-daemon", "postmaster"})
_RANK = {Risk.LOW: 0, Risk.MEDIUM: 1, Risk.HIGH: 2}


@dataclass(frozen=True, slots=True)
class Bounds:
    """What the settings allow; a request moves within them."""

    approvers: tuple[str, ...] = ()
    domains: frozenset[str] = frozenset()
    aliases: Mapping[str, str] = field(default_factory=dict)
    """alias -> approver, both folded."""
    require: Require = "any"
    mailbox: str = ""
    requester_domains: frozenset[str] = frozenset()
    """Where requests may come from; empty: from anywhere."""
    people: Mapping[str, str] = field(init=False, repr=False, compare=False)
    """Of every address that an alias is about, without its detail: one that stands for all of the
    same person."""

    def __post_init__(self) -> None:
        # Once, not at each comparison: it follows from `aliases`, and both are frozen.
        object.__setattr__(self, "people", _same_people(self.aliases))


@dataclass(frozen=True, slots=True)
class Tally:
    """Where an approval stands: the stage being asked, and the outcome once there is one."""

    stage: int
    outcome: Outcome | None


def effective_risk(declared: Risk, model_says_risky: bool | None) -> Risk:
    """The model may raise a risk, never lower it."""
    return max(declared, Risk.MEDIUM if model_says_risky else Risk.LOW, key=_RANK.__getitem__)


def needs_approval(risk: Risk, minimum: Risk) -> bool:
    return _RANK[risk] >= _RANK[minimum]


def needed(stage: Stage) -> int:
    """How many of a stage's approvers must agree."""
    match stage.require:
        case "any":
            return 1
        case "all":
            return len(stage.approvers)
        case number:
            return number


def bounded_policy(asked: Policy | None, requester: str | None, bounds: Bounds) -> Policy:
    """The policy an approval really has. Raises NotAllowed, naming who or what is out of bounds.

    Approvers lie within the settings, the quorum can only be raised, the requester never counts.
    """
    named = bool(asked and any(stage.approvers for stage in asked.stages))
    stages = asked.stages if asked and asked.stages else (Stage(approvers=(), require="any"),)
    stages = tuple(_bounded_stage(stage, requester, bounds, named) for stage in stages)
    left_out = _left_out(requester, bounds) if not named else ()
    if bounds.require == "all":
        stages = tuple(stage.model_copy(update={"require": "all"}) for stage in stages)
    elif isinstance(bounds.require, int):
        stages = _raised(stages, bounds.require, bounds)
    for stage in stages:
        if needed(stage) > len(stage.approvers):
            raise NotAllowed(
                f"{needed(stage)} approvers must agree, but only {len(stage.approvers)} eligible"
                + (f": {', and '.join(left_out)}" if left_out else "")
            )
    return Policy(stages=stages)


def check_requester(requester: str | None, bounds: Bounds) -> None:
    """Raises NotAllowed unless a request may come from here; called again before the result is
    mailed."""
    if not bounds.requester_domains:
        return
    if not requester:
        raise NotAllowed("who makes the request has to be named, in a domain of REQUESTER_DOMAINS")
    try:
        domain = parse_address(requester).rpartition("@")[2]
    except ValueError as error:
        raise NotAllowed(f"REQUESTER_DOMAINS: {error}") from error
    if domain not in bounds.requester_domains:
        raise NotAllowed(f"no request is taken from {requester}: not in REQUESTER_DOMAINS")


def check_approver(approver: str, requester: str | None, bounds: Bounds) -> None:
    """Raises NotAllowed unless this person may be asked; called again before each mail."""
    if fault := unfit(approver, bounds.mailbox):
        raise NotAllowed(f"{approver} {fault} and cannot approve")
    # Both through today's aliases: one may have been listed after the approver was chosen.
    if requester is not None and person_of(approver, bounds) == person_of(requester, bounds):
        raise NotAllowed(f"{_asked_by(approver, requester)} and cannot approve it")
    if approver in bounds.approvers or approver.rpartition("@")[2] in bounds.domains:
        return
    raise NotAllowed(f"{approver} is not an allowed approver (APPROVERS, APPROVER_DOMAINS)")


def canonical_person(address: str, bounds: Bounds) -> str:
    """An alias's owner, else the address itself, folded."""
    folded = address.strip().lower()
    return bounds.aliases.get(folded, folded)


def person_of(address: str, bounds: Bounds) -> str:
    """Who is behind an address, whatever alias or subaddress of theirs it is: for comparing."""
    base = without_detail(address.strip().lower())
    return bounds.people.get(base, base)


def addresses_of(address: str, bounds: Bounds) -> tuple[str, ...]:
    """Every address of whoever is behind this one, without details; () if no alias tells."""
    person = person_of(address, bounds)
    return tuple(sorted(known for known, owner in bounds.people.items() if owner == person))


def unfit(address: str, mailbox: str) -> str:
    """Why nobody can approve from this address, whatever the settings allow; '' if they can."""
    if without_detail(address) == without_detail(mailbox):
        return "is the agent's own address"
    if address.partition("@")[0] in MAIL_SERVERS:
        return "is a mail server's address, whose mail is never read as a person's"
    return ""


def tally(
    stages: Sequence[Stage], votes: Mapping[str, bool], unreachable: Collection[str] = ()
) -> Tally:
    """Any rejection rejects; the last stage's quorum approves; a stage that can no longer reach
    its quorum, because people cannot be reached, is undeliverable."""
    if not all(votes.values()):
        return Tally(_current_stage(stages, votes), Outcome.REJECTED)
    current = _current_stage(stages, votes)
    if current == len(stages):
        return Tally(current - 1, Outcome.APPROVED)
    stage = stages[current]
    reachable = [a for a in stage.approvers if a in votes or a not in unreachable]
    if len(reachable) < needed(stage):
        return Tally(current, Outcome.UNDELIVERABLE)
    return Tally(current, None)


def require_text(stage: Stage) -> str:
    """`any one of 3`, `all 2`, `2 of 3`, for people."""
    total = len(stage.approvers)
    if total == 1:
        return "you alone"
    if needed(stage) == total:
        return f"all {total}"
    return f"any {needed(stage) if needed(stage) > 1 else 'one'} of {total}"


def _current_stage(stages: Sequence[Stage], votes: Mapping[str, bool]) -> int:
    for number, stage in enumerate(stages):
        if sum(votes.get(approver, False) for approver in stage.approvers) < needed(stage):
            return number
    return len(stages)


def _bounded_stage(stage: Stage, requester: str | None, bounds: Bounds, named: bool) -> Stage:
    if not stage.approvers:
        if named:
            raise NotAllowed("a stage of the policy names no approver")
        # The default approvers: the requester is left out, not refused, since nobody named them.
        person = person_of(requester, bounds) if requester is not None else None
        listed = _each_once(bounds.approvers, bounds)
        eligible = tuple(a for a in listed if person_of(a, bounds) != person)
        if not eligible:
            why = ", and ".join(_left_out(requester, bounds)) or "APPROVERS is empty"
            raise NotAllowed(
                f"no approver is eligible: {why}; name one (--approver) or set APPROVERS"
            )
        return stage.model_copy(update={"approvers": eligible})
    people = _each_once(stage.approvers, bounds)
    for person in people:
        check_approver(person, requester, bounds)
    return stage.model_copy(update={"approvers": people})


def _left_out(requester: str | None, bounds: Bounds) -> tuple[str, ...]:
    """Who of the default approvers is not asked, and why."""
    if requester is None:
        return ()
    person = person_of(requester, bounds)
    return tuple(
        _asked_by(approver, requester)
        for approver in bounds.approvers
        if person_of(approver, bounds) == person
    )


def _asked_by(approver: str, requester: str) -> str:
    same = approver == requester.strip().lower()
    return f"{approver} made the request" + ("" if same else f" (as {requester})")


def _same_people(aliases: Mapping[str, str]) -> dict[str, str]:
    people: dict[str, str] = {}
    for pair in aliases.items():
        bases = [without_detail(address) for address in pair]
        first, second = (people.setdefault(base, base) for base in bases)
        if first != second:
            people = {base: first if one == second else one for base, one in people.items()}
    return people


def _each_once(addresses: Sequence[str], bounds: Bounds) -> tuple[str, ...]:
    """The address that each person is asked at: the first one named, or an alias's owner."""
    people: dict[str, str] = {}
    for address in addresses:
        people.setdefault(person_of(address, bounds), canonical_person(address, bounds))
    return tuple(people.values())


def _raised(stages: tuple[Stage, ...], minimum: int, bounds: Bounds) -> tuple[Stage, ...]:
    """With one stage its quorum is raised; several must ask for enough different people."""
    people = [person_of(approver, bounds) for stage in stages for approver in stage.approvers]
    disjoint = len(set(people)) == len(people)
    counts = [needed(stage) for stage in stages]
    if (sum(counts) if disjoint else max(counts)) >= minimum:
        return stages
    if len(stages) > 1:
        raise NotAllowed(f"the stages ask for fewer than {minimum} approvals (APPROVALS_REQUIRED)")
    return (stages[0].model_copy(update={"require": minimum}),)
