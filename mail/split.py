"""Sorts the lines of a text, one after the other: own, perhaps own, and what stands around them."""

import re
from collections.abc import Sequence, Set

from mail.attribution_words import GROUPWISE
from mail.attributions import Attribution, attribution
from mail.banners import below_banners
from mail.footers import Footers, Sorted
from mail.lines import BLANK, MARKED, WEAKLY_MARKED, Lines
from mail.ordinary import ORDINARY, SPECIAL
from mail.own_words import NOTHING, OwnWords
from mail.quote_heads import (
    NOTES_LINES,
    begins_original,
    header_blocks,
    heads_mail,
    is_cut,
    leads_to_ours,
    notes_block,
)
from mail.quote_marks import (
    BLANKS,
    FOLLOWING,
    following,
    is_marked,
    weak_mark,
)
from mail.rare import Rare, rare_lines
from mail.text import FENCE

_QUOTING = (MARKED, WEAKLY_MARKED)
# A program that wraps a quote anew does so at 60 characters or later.
_WRAPPED = 60


class Split:
    def __init__(
        self, lines: Sequence[str], shown: Sequence[str], ours: OwnWords, names: Set[str]
    ) -> None:
        """`shown` are the same lines with marks of direction, as they are kept; `names` those of
        the writer."""
        self.lines = lines
        self.shown = shown
        self.ours = ours
        self.names = names
        self.into = Sorted()
        self._footers = Footers(lines, names, self.into)
        # What of the lines to `reach` is ours.
        self._found = NOTHING
        self._reach = -1
        # Whether an original was announced, and neither marked nor known for ours.
        self._doubtful = False
        self._wraps = False
        # The weak mark of the quote that goes on here.
        self._mark: re.Pattern[str] | None = None
        # The lines that rules are tried for.
        self._told = Rare()
        self._heads: Set[int] = frozenset()
        self._rare: Set[int] = frozenset()
        # Whether our mail stood above without marks, below an answer.
        self._below_ours = False

    def run(self) -> Sorted:
        # Most mail without quote marks has a header block above it, and ends there for us.
        blocks = header_blocks(self.lines)
        head = next(blocks, -1)
        ends = head >= 0 and begins_original(self.lines, head)
        end = head + 1 if ends else len(self.lines)
        self._sort(Lines(self.lines[: end + NOTES_LINES]))
        if ends and (found := self.ours.find_to(self._sorted, head)):
            self._found, self._reach = found, head
        self._heads = {head} if ends or head < 0 else {head, *blocks}
        self._told = told = rare_lines(self._sorted, end, self.names)
        self._rare = told.begun | told.attributing | told.named | self._heads
        if told.notes:
            self._rare = set(range(len(self.lines)))
        at, count = self._below_banners(), len(self.lines)
        while at < count and (length := self._take(at)):
            at += length
        return self.into

    def _below_banners(self) -> int:
        first = len(self._kinds) - len(self._kinds.lstrip(BLANK))
        # No ordinary line begins one.
        return first if self._kinds[first : first + 1] == ORDINARY else below_banners(self.lines)

    def _take(self, at: int) -> int:
        """Sort what begins with the line at `at`; return how many lines, 0 if nothing follows."""
        if at > self._reach:
            self._find_all()
        line, kind = self.lines[at], self._kinds[at]
        if kind == BLANK and not (self._mark and self._mark.match(line)):
            self._wraps = False
            self.into.own.append("")
            return 1
        if at in self._found.whole:
            return self._take_ours(at, line)
        if (kind in _QUOTING or self._mark) and self._is_quoted(line, kind):
            end = self._sorted.below_marks(at + 1)
            # Below a quote people go on, whatever stood above it.
            self._footers.end()
            self._wraps = len(self.lines[end - 1]) >= _WRAPPED
            return end - at
        if self._wraps:
            self._wraps = len(line) >= _WRAPPED
            self.into.beside.append(line)
            return 1
        self._mark = None
        if at in self._rare or (self._footers.disclaimed and self._footers.chained()):
            return self._take_rare(at, line, kind)
        self._keep(at)
        return 1

    def _sort(self, lines: Lines) -> None:
        self._sorted, self._kinds = lines, lines.kinds

    def _find_all(self) -> None:
        if len(self._sorted) < len(self.lines):
            self._sort(Lines(self.lines))
        self._found, self._reach = self.ours.find(self._sorted), len(self.lines)

    def _is_quoted(self, line: str, kind: str) -> bool:
        if kind in _QUOTING:
            return not (line.lstrip(BLANKS).startswith(">>>") and GROUPWISE.match(line))
        return self._mark is not None and self._mark.match(line) is not None

    def _take_ours(self, at: int, line: str) -> int:
        self._footers.end()
        self._wraps = FENCE in line and len(line) >= _WRAPPED
        # Inside a quote that bears marks it is the rest of a line that was wrapped anew.
        near = self.lines[max(0, at - 1) : at + 2]
        self._below_ours |= self.into.answered and not any(map(is_marked, near))
        return 1

    def _take_rare(self, at: int, line: str, kind: str) -> int:
        told = self._told
        if at in self._heads:
            return 0
        if told.notes and notes_block(self.lines, at):
            return 0
        if at in told.begun and kind == SPECIAL and is_cut(self.lines, at):
            self.into.aside.append(line)
            return 0 if heads_mail(self.lines, at + 1) or self._ends_at(at + 1) else 1
        if at in told.attributing and (found := attribution(self.lines, at)):
            return self._take_attribution(at, found)
        footers = self._footers
        if at in told.begun or footers.chained():
            length = footers.take(at, kind)
            if length:
                return length
        if at in told.named and footers.take_name(line):
            return 1
        self._keep(at)
        return 1

    def _take_attribution(self, at: int, found: Attribution) -> int:
        below = at + found.lines
        self.into.aside.extend(self.lines[at:below])
        if self._kinds[below : below + FOLLOWING].lstrip(BLANK)[:1] == MARKED:
            return found.lines
        quote = following(self.lines, below)
        self._mark = weak_mark(quote)
        quoted = self._mark is not None or any(map(is_marked, quote[:1]))
        return 0 if not quoted and self._ends_at(below, through=found.complete) else found.lines

    def _ends_at(self, below: int, *, through: bool = False) -> bool:
        """Whether all is quoted below: without marks nobody can tell where our mail ends."""
        tried, self._doubtful = self._doubtful, True
        if tried:
            return False
        if self._reach < len(self.lines):
            self._find_all()
        next_ours = min((at for at in self._found.whole if at >= below), default=len(self.lines))
        if next_ours < len(self.lines) and (
            through or not following(self.lines[:next_ours], below)
        ):
            return True
        return leads_to_ours(self.lines, below, through=through)

    def _keep(self, at: int) -> None:
        line, into = self.shown[at], self.into
        if at in self._found.below:
            into.beside.append(self._found.below[at])
            return
        if at in self._found.above:
            line = self._found.above[at]
        footers = self._footers
        if footers.left and footers.keep(line):
            return
        if self._doubtful or footers.closed or self._below_ours:
            into.beside.append(line)
        else:
            into.own.append(line)
            into.answered = True
