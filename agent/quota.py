"""Pure: how much mail that is no vote an approval is signalled, whoever sends it.

A run takes 10,000 signals and no more, and each stands in its history. What the workflow would not
record any more must not use them up: the vote that counts may still be on its way.
"""

from collections import OrderedDict

from agent.models import NoticeKind, ReplyNotice

MAX_NOTICES = 100  # an approval's share of other mail: a flood must not fill its history
MAX_REFUSED = 30  # of these for mail of people without right: it must not use up the others' share
_KEPT = 10_000  # series that are remembered: bounds the memory
_UNCLEAR = 1_000  # a person: each may say "stop", so far more than are recorded
_LIMITS = {
    NoticeKind.AUTO: 2,  # a person: a second one updates nothing
    NoticeKind.BOUNCE: MAX_NOTICES,
    NoticeKind.REFUSED: MAX_REFUSED,
    NoticeKind.UNCLEAR: _UNCLEAR,
}


class Quota:
    """Counts what Temporal has taken. It forgets at a restart, which lets a little more through."""

    def __init__(self) -> None:
        self._taken: OrderedDict[str, int] = OrderedDict()

    def used_up(self, notice: ReplyNotice) -> bool:
        return self._taken.get(_series(notice), 0) >= _LIMITS[notice.kind]

    def count(self, notice: ReplyNotice) -> None:
        series = _series(notice)
        self._taken[series] = self._taken.get(series, 0) + 1
        self._taken.move_to_end(series)
        while len(self._taken) > _KEPT:
            self._taken.popitem(last=False)


def _series(notice: ReplyNotice) -> str:
    """Nobody's mail uses up another's share; whoever has no right has none of their own."""
    refused = notice.kind is NoticeKind.REFUSED
    who = "" if refused else f"{notice.approver} {notice.claim} {notice.absence}"
    return f"{notice.request_id} {notice.kind} {who} {notice.permanent}"
