"""Pure: how much mail an approval is signalled, whoever sends it.

A run takes 10,000 signals and no more, and each stands in its history. What the workflow would not
record any more must not use them up: the vote that counts may still be on its way.
"""

from collections import OrderedDict

from agent.models import ApprovalDecision, NoticeKind, ReplyNotice

MAX_NOTICES = 100  # an approval's share of other mail: a flood must not fill its history
MAX_REFUSED = 30  # of these for mail of people without right: it must not use up the others' share
MAX_ATTEMPTS = 30  # and for mail in one approver's name, which strangers cannot use up, either
_KEPT = 10_000  # series that are remembered: bounds the memory
_UNCLEAR = 1_000  # a person: each may say "stop", so far more than are recorded
_VOTES = 1_000  # a person and word: a program that repeats one must not keep the others' votes out
_LIMITS = {
    NoticeKind.AUTO: 2,  # a person: a second one updates nothing
    NoticeKind.BOUNCE: MAX_NOTICES,
    NoticeKind.REFUSED: MAX_REFUSED,
    NoticeKind.UNCLEAR: _UNCLEAR,
}


Signal = ReplyNotice | ApprovalDecision


class Quota:
    """Counts what Temporal has taken. It forgets at a restart, which lets a little more through."""

    def __init__(self) -> None:
        self._taken: OrderedDict[str, int] = OrderedDict()

    def used_up(self, signal: Signal) -> bool:
        return self._taken.get(_series(signal), 0) >= _limit(signal)

    def count(self, signal: Signal) -> None:
        series = _series(signal)
        self._taken[series] = self._taken.get(series, 0) + 1
        self._taken.move_to_end(series)
        while len(self._taken) > _KEPT:
            self._taken.popitem(last=False)


def _limit(signal: Signal) -> int:
    if isinstance(signal, ApprovalDecision):
        return _VOTES
    return MAX_ATTEMPTS if _in_a_name(signal) else _LIMITS[signal.kind]


def _in_a_name(notice: ReplyNotice) -> bool:
    """Refused mail that bears an approver's address and token: they are warned of it. A claim
    stands in it only if the inbox has verified that token."""
    return notice.kind is NoticeKind.REFUSED and notice.claim != ""


def _series(signal: Signal) -> str:
    """Nobody's mail uses up another's share; whoever has no right has none of their own."""
    if isinstance(signal, ApprovalDecision):
        return f"{signal.request_id} {signal.approved} {signal.approver} {signal.claim}"
    nobody = signal.kind is NoticeKind.REFUSED and not _in_a_name(signal)
    who = "" if nobody else f"{signal.approver} {signal.claim} {signal.absence}"
    return f"{signal.request_id} {signal.kind} {who} {signal.permanent}"
