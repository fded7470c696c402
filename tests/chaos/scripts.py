"""Pure: what the approvers of one request will write, and the only right end of it."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from random import Random

APPROVE = "APPROVE"
REJECT = "REJECT too expensive"
UNCLEAR = "what is this?"
STOP = "Stop! That is the wrong order."


class Kind(StrEnum):
    """What a letter to a person is, by its Message-ID."""

    REQUEST = "request"
    HELP = "help"
    RECEIPT = "receipt"
    NEWS = "news"
    LATE = "late"
    UNKNOWN = "unknown"
    RESULT = "result"


class Manner(StrEnum):
    """How a reply is sent, and so what it is to the agent."""

    VOTE = "vote"
    TWICE = "twice"
    """A vote whose very bytes arrive a second time."""
    UNCLEAR = "unclear"
    ABSENT = "absent"
    STRANGER = "stranger"
    """The approver's reply, sent by somebody else."""


@dataclass(frozen=True, slots=True)
class Step:
    """One reply: `who` answers their newest letter of the kind `after`, once `of` has `count`."""

    who: int
    words: str = APPROVE
    manner: Manner = Manner.VOTE
    after: Kind = Kind.REQUEST
    count: int = 1
    of: int | None = None
    pause: float = 0.0


Votes = tuple[tuple[int, bool], ...]
"""Approver by number, and whether they agreed."""


@dataclass(frozen=True, slots=True)
class Script:
    """One request from its words to its end."""

    name: str
    action: str
    steps: tuple[Step, ...]
    outcome: str | None
    """None: no approval is asked for."""
    votes: tuple[Votes, ...] = ((),)
    """What may stand in an audit trail as counted; more than one where a race decides."""
    people: int = 1
    require: str = "any"
    approvals: int = 1
    once: bool = False
    """The tool is not idempotent: a lost worker may leave an unknown outcome."""

    @property
    def expires(self) -> bool:
        return self.outcome == "expired"


_YES: tuple[Votes, ...] = (((0, True),),)
_NO: tuple[Votes, ...] = (((0, False),),)
_BOTH: tuple[Votes, ...] = (((0, True), (1, True)),)
_AFTER_RECEIPT = Kind.RECEIPT


def _approve(action: str) -> Script:
    return Script("approve", action, (Step(0),), "approved", _YES)


def _reject(action: str) -> Script:
    return Script("reject", action, (Step(0, REJECT),), "rejected", _NO)


def _unclear_then_approve(action: str) -> Script:
    steps = (Step(0, UNCLEAR, Manner.UNCLEAR), Step(0, after=Kind.HELP))
    return Script("unclear, then approve", action, steps, "approved", _YES)


def _unclear_alone(action: str) -> Script:
    steps = (Step(0, UNCLEAR, Manner.UNCLEAR),)
    return Script("unclear alone", action, steps, "expired")


def _both_approve(action: str) -> Script:
    return Script(
        "both approve", action, (Step(0), Step(1)), "approved", _BOTH, people=2, require="all"
    )


def _one_of_two_rejects(action: str) -> Script:
    votes = (((0, True), (1, False)),)
    steps = (Step(0), Step(1, REJECT, after=_AFTER_RECEIPT, of=0))
    return Script("one rejects", action, steps, "rejected", votes, people=2, require="all")


def _race(action: str) -> Script:
    # Whose reply is read first is the mailbox's business; found together, the rejection is.
    votes = (((1, False),), ((0, True), (1, False)))
    steps = (Step(0), Step(1, REJECT))
    return Script("both in a race", action, steps, "rejected", votes, people=2, require="all")


def _one_is_enough(action: str) -> Script:
    return Script("one is enough", action, (Step(0),), "approved", _YES, people=2)


def _twice(action: str) -> Script:
    steps = (Step(0, manner=Manner.TWICE),)
    return Script("delivered twice", action, steps, "approved", _YES)


def _absent_then_approve(action: str) -> Script:
    steps = (Step(0, "I am away until Monday.", Manner.ABSENT), Step(0))
    return Script("absent, then approve", action, steps, "approved", _YES)


def _silent(action: str) -> Script:
    return Script("silent", action, (), "expired")


def _change_of_mind(action: str) -> Script:
    votes = (((0, True), (0, False)),)
    steps = (Step(0), Step(0, REJECT, after=_AFTER_RECEIPT))
    return Script("change of mind", action, steps, "rejected", votes, people=2, require="all")


def _stop_then_approve(action: str) -> Script:
    votes = (((0, True), (0, True), (1, True)),)
    steps = (
        Step(0),
        Step(0, STOP, Manner.UNCLEAR, after=_AFTER_RECEIPT),
        Step(0, after=Kind.HELP),
        Step(1, after=_AFTER_RECEIPT, count=2, of=0),
    )
    return Script("consent taken back", action, steps, "approved", votes, people=2, require="all")


def _stranger(action: str) -> Script:
    steps = (Step(0, manner=Manner.STRANGER), Step(0, REJECT, pause=1.0))
    return Script("a stranger approves", action, steps, "rejected", _NO)


def _unasked(action: str) -> Script:
    return Script("no approval needed", action, (), None, approvals=0)


_COMMON: tuple[Callable[[str], Script], ...] = (
    _approve,
    _reject,
    _unclear_then_approve,
    _unclear_alone,
    _both_approve,
    _one_of_two_rejects,
    _race,
    _one_is_enough,
    _twice,
    _absent_then_approve,
    _silent,
    _change_of_mind,
    _stop_then_approve,
    _stranger,
)


def draw(rng: Random, count: int) -> list[Script]:
    """Every way about as often as any other, in a random order."""
    scripts: list[Script] = []
    while len(scripts) < count:
        makers: list[Callable[[str], Script] | str] = [*_COMMON, "once", "twofold", "unasked"]
        rng.shuffle(makers)
        scripts += [_script(rng, maker, len(scripts) + n) for n, maker in enumerate(makers)]
    return scripts[:count]


def _script(rng: Random, maker: Callable[[str], Script] | str, number: int) -> Script:
    order = 1001 + number % 50
    refund = f"Refund {number + 1}.{rng.randrange(100):02d} EUR for order {order}"
    cancel = f"Cancel order {order}"
    if maker == "unasked":
        return _unasked(f"Look up order {order}")
    if maker == "once":
        action = f"Delete all test data from the stage{number} database"
        return Script(
            "not idempotent", action, _paced(rng, (Step(0),)), "approved", _YES, once=True
        )
    if maker == "twofold":
        steps = _paced(rng, (Step(0), Step(0, count=2)))
        action = f"{cancel} and then {refund.lower()}"
        return Script("two approvals", action, steps, "approved", _YES, approvals=2)
    assert not isinstance(maker, str)
    script = maker(rng.choice((refund, refund, cancel)))
    steps = _paced(rng, script.steps)
    return Script(
        script.name,
        script.action,
        steps,
        script.outcome,
        script.votes,
        script.people,
        script.require,
    )


def _paced(rng: Random, steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """With the time that each writer takes, in seconds."""
    return tuple(
        Step(s.who, s.words, s.manner, s.after, s.count, s.of, s.pause + rng.uniform(0, 2))
        for s in steps
    )
