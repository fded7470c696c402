"""Sorts the lines of a text, one after the other: own, perhaps own, and what stands around them."""

import re
from collections.abc import Sequence, Set

from mail.attribution_words import GROUPWISE
from mail.attributions import Attribution, attribution
from mail.banners import below_banners
from mail.boasts import is_boast
from mail.characters import lowered
from mail.disclaimers import (
    continues_disclaimer,
    is_disclaimer,
    is_label,
    paragraph,
    starts_disclaimer,
)
from mail.lines import BLANK, MARKED, WEAKLY_MARKED, Lines
from mail.ordinary import CLOSER, FOOTER, ORDINARY, SPECIAL
from mail.own_words import Found, OwnWords
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
from mail.separators import RULE
from mail.sign_offs import is_named, is_writer
from mail.signatures import (
    CLOSING,
    DASHES,
    ENVIRONMENT,
    POSTSCRIPT,
    PROGRAM,
    THANKS,
    lower_words,
)
from mail.text import FENCE

_SIGNATURE_LINES = 12
_QUOTING = (MARKED, WEAKLY_MARKED)
# A program that wraps a quote anew does so at 60 characters or later.
_WRAPPED = 60
# Only so many paragraphs are tried: a text of nothing but first lines would take quadratic time.
_DISCLAIMERS = 20


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
        self.own: list[str] = []
        self.beside: list[str] = []
        # Sentences below a closing: of a signature, or of a person who went on.
        self.below: list[str] = []
        # What stands where a name would, and is not the writer's.
        self.unsure: list[str] = []
        # Whether more lines stand below it.
        self.followed = False
        # Whether a disclaimer stands right below the writer's own.
        self.footed = False
        self.aside: list[str] = []
        # What of the lines to `reach` is ours.
        self.found = Found()
        self.reach = -1
        # How many lines still belong to a signature or footer.
        self._signature = 0
        # Whether the line is due that it begins with; false where that may be none.
        self._begins, self._sure = False, True
        # Whether an original was announced, and neither marked nor known for ours.
        self._doubtful = False
        self._disclaimed = False
        # Whether a signature or a footer stood above any answer: below it none begins.
        self._closed = False
        self._wraps = False
        # The weak mark of the quote that goes on here.
        self._mark: re.Pattern[str] | None = None
        self._tried = 0
        # The lines that rules are tried for.
        self._told = Rare()
        self._heads: Set[int] = frozenset()
        self._rare: Set[int] = frozenset()
        # Whether anything is the writer's own so far.
        self._answered = False
        # Whether our mail stood above without marks, below an answer.
        self._below_ours = False

    def run(self) -> None:
        # Most mail without quote marks has a header block above it, and ends there for us.
        blocks = header_blocks(self.lines)
        head = next(blocks, -1)
        ends = head >= 0 and begins_original(self.lines, head)
        end = head + 1 if ends else len(self.lines)
        self._sort(Lines(self.lines[: end + NOTES_LINES]))
        if ends and (found := self.ours.find_to(self._sorted, head)):
            self.found, self.reach = found, head
        self._heads = {head} if ends or head < 0 else {head, *blocks}
        self._told = rare_lines(self._sorted, end, self.names)
        told = self._told
        self._rare = told.begun | told.attributing | told.named | self._heads
        if told.notes:
            self._rare = set(range(len(self.lines)))
        at, count = self._below_banners(), len(self.lines)
        while at < count and (length := self._take(at)):
            at += length

    def _below_banners(self) -> int:
        first = len(self.kinds) - len(self.kinds.lstrip(BLANK))
        # No ordinary line begins one.
        return first if self.kinds[first : first + 1] == ORDINARY else below_banners(self.lines)

    def _take(self, at: int) -> int:
        """Sort what begins with the line at `at`; return how many lines, 0 if nothing follows."""
        if at > self.reach:
            self._find_all()
        line, kind = self.lines[at], self.kinds[at]
        if at in self.found.whole:
            return self._take_ours(at, line)
        if (kind in _QUOTING or self._mark) and self._is_quoted(line, kind):
            end = self._sorted.below_marks(at + 1)
            # Below a quote people go on, whatever stood above it.
            self._signature, self._begins = 0, False
            self._wraps = len(self.lines[end - 1]) >= _WRAPPED
            return end - at
        if kind == BLANK:
            self._wraps = False
            self.own.append("")
            return 1
        if self._wraps:
            self._wraps = len(line) >= _WRAPPED
            self.beside.append(line)
            return 1
        self._mark = None
        if at in self._rare or (self._disclaimed and self._chained()):
            return self._take_rare(at, line)
        self._keep(at)
        return 1

    def _sort(self, lines: Lines) -> None:
        self._sorted, self.kinds = lines, lines.kinds

    def _find_all(self) -> None:
        if len(self._sorted) < len(self.lines):
            self._sort(Lines(self.lines))
        self.found, self.reach = self.ours.find(self._sorted), len(self.lines)

    def _is_quoted(self, line: str, kind: str) -> bool:
        if kind in _QUOTING:
            return not (line.lstrip(BLANKS).startswith(">>>") and GROUPWISE.match(line))
        return self._mark is not None and self._mark.match(line) is not None

    def _chained(self) -> bool:
        """Whether a disclaimer goes on here, however it begins."""
        return self._disclaimed and self._signature > 0

    def _take_ours(self, at: int, line: str) -> int:
        self._signature, self._begins = 0, False
        self._wraps = FENCE in line and len(line) >= _WRAPPED
        # Inside a quote that bears marks it is the rest of a line that was wrapped anew.
        beside = self.lines[max(0, at - 1) : at + 2]
        self._below_ours = self._below_ours or (self._answered and not any(map(is_marked, beside)))
        return 1

    def _take_rare(self, at: int, line: str) -> int:
        told = self._told
        if at in self._heads:
            return 0
        if told.notes and notes_block(self.lines, at):
            return 0
        if self.kinds[at] == SPECIAL and is_cut(self.lines, at):
            self.aside.append(line)
            return 0 if heads_mail(self.lines, at + 1) or self._ends_at(at + 1) else 1
        if at in told.attributing and (found := attribution(self.lines, at)):
            return self._take_attribution(at, found)
        if (at in told.begun or self._chained()) and (length := self._take_footer(at, line)):
            return length
        unsigned = self._answered and not self._signature
        if unsigned and at in told.named and is_named(line, self.names):
            self._begin_signature(line)
            self._begins = False
            return 1
        self._keep(at)
        return 1

    def _take_footer(self, at: int, line: str) -> int:
        """The same for what stands below a person's words; 0 if it is none of that."""
        kind, low = self.kinds[at], lowered(line)
        if kind == CLOSER and not self._chained():
            return self._take_closing(line, low)
        if kind == FOOTER and not self._chained():
            return 1
        if length := self._disclaimer(at):
            self.footed = self.footed or not self._signature
            self._disclaimed = True
            self._begin_footer()
            return length
        signed = self._signature > 0
        boasts = (self._answered or signed) and is_boast(line, signed)
        if boasts or PROGRAM.match(low) or ENVIRONMENT.match(low):
            return 1
        if DASHES.match(line) or RULE.match(line):
            self._begin_footer()
            # People type two dashes, too; a signature starts with a name.
            self._sure = RULE.match(line) is not None or line.rstrip("\r") == "-- "
            return 1
        return self._take_closing(line, low)

    def _take_attribution(self, at: int, found: Attribution) -> int:
        below = at + found.lines
        self.aside.extend(self.lines[at:below])
        if self.kinds[below : below + FOLLOWING].lstrip(BLANK)[:1] == MARKED:
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
        if self.reach < len(self.lines):
            self._find_all()
        next_ours = min((at for at in self.found.whole if at >= below), default=len(self.lines))
        if next_ours < len(self.lines) and (
            through or not following(self.lines[:next_ours], below)
        ):
            return True
        return leads_to_ours(self.lines, below, through=through)

    def _take_closing(self, line: str, low: str) -> int:
        if not self._answered or self._signature:
            return 0
        if CLOSING.match(low):
            self._begin_signature(line)
            return 1
        if THANKS.match(low):
            self.own.append(line)
            self._signature, self._begins, self._sure = _SIGNATURE_LINES, True, False
            return 1
        return 0

    def _begin_signature(self, line: str) -> None:
        self.aside.append(line)
        self._signature, self._begins, self._sure = _SIGNATURE_LINES, True, True

    def _begin_footer(self) -> None:
        self._signature, self._begins = len(self.lines), True
        self._closed = self._closed or not self._answered

    def _keep(self, at: int) -> None:
        line = self.shown[at]
        if at in self.found.below:
            self.beside.append(self.found.below[at])
            return
        if at in self.found.above:
            line = self.found.above[at]
        if self._signature and self.kinds[at] == SPECIAL and POSTSCRIPT.match(lowered(line)):
            self._signature = 0
        if self._signature:
            self._signature -= 1
            self._keep_below(line)
        elif self._doubtful or self._closed or self._below_ours:
            self.beside.append(line)
        else:
            self.own.append(line)
            self._answered = True

    def _keep_below(self, line: str) -> None:
        """A signature is made of names and addresses: a sentence in it is doubted like a note."""
        unsure = self._begins and not self._sure
        self.followed = self.followed or bool(self.unsure)
        if unsure and not is_writer(line, self.names):
            self.unsure.append(line)
        elif not self._disclaimed and lower_words(line) >= (1 if self._begins else 2):
            self.below.append(line)
        else:
            self.aside.append(line)
        self._begins = False

    def _disclaimer(self, at: int) -> int:
        chained = self._chained()
        if not (chained or starts_disclaimer(self.lines[at])) or self._tried >= _DISCLAIMERS:
            return 0
        self._tried += 1
        text = paragraph(self.lines, at)
        # A heading alone: what it says of the next paragraph has to be so.
        headed = 2 if is_label(text) else 0
        if headed:
            text = paragraph(self.lines, at + headed)
        below = self._answered or self._signature > 0
        found = is_disclaimer(text, below) or (chained and continues_disclaimer(text))
        return headed + len(text) if found else 0
