"""A text's own lines, apart from quotes, signatures and disclaimers.

A line that may be a quote is not the writer's own: what is left out approves nothing, and a doubt
in it is kept (`beside`, `aside`) unless a quote mark or a program's own words stand before it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from mail.disclaimers import banner, continues_disclaimer, is_disclaimer, starts_disclaimer
from mail.quote_heads import (
    BLANKS,
    INVISIBLE,
    attribution,
    following,
    header_block,
    is_blank,
    is_ours,
    quoted_at,
)
from mail.quote_marks import BARRED, CUTS, FIELD, MARKED, RULE
from mail.signatures import (
    CLOSING,
    DASHES,
    ENVIRONMENT,
    POSTSCRIPT,
    PROGRAM,
    THANKS,
    lower_words,
)

LINES = 5_000


@dataclass(frozen=True, slots=True)
class OwnText:
    lines: tuple[str, ...]
    """The writer's own, with blank ones between paragraphs, none at the ends."""
    beside: tuple[str, ...] = ()
    """Perhaps the writer's own, perhaps a quote without marks: no note, but doubted like one."""
    aside: tuple[str, ...] = ()
    """Lines taken for an attribution, a signature, a footer or the rest of a quoted line."""
    cut: bool = False
    """Whether there were more lines than are read."""


_SIGNATURE_LINES = 12
# A program that wraps a quote anew does so at 60 characters or later.
_WRAPPED = 60
# Longer than any disclaimer or warning.
_PARAGRAPH = 40
# Only so many paragraphs are tried: a text of nothing but first lines would take quadratic time.
_DISCLAIMERS = 20


def own_text(text: str) -> OwnText:
    lines = text.split("\n")
    split = _Split(lines[:LINES])
    split.run()
    beside, aside = (tuple(filter(None, kept)) for kept in (split.beside, split.aside))
    return OwnText(_trimmed(split.own), beside, aside, len(lines) > LINES)


def introduces_quote(text: str) -> bool:
    """Whether what comes below `text` is not its writer's own: by its last lines, or because a line
    above has ended what is."""
    above, with_more = own_text(text), own_text(f"{text}\n\nx")
    return len(with_more.lines) == len(above.lines) or own_text(f"{text}\n> x").aside != above.aside


@dataclass(slots=True)
class _Split:
    lines: Sequence[str]
    own: list[str] = field(default_factory=list)
    beside: list[str] = field(default_factory=list)
    aside: list[str] = field(default_factory=list)
    _signature: int = 0
    """How many lines still belong to a signature or footer."""
    _sure: bool = True
    """False where the line is due that a signature begins with, but it may be none."""
    _begins: bool = False
    """Whether that line is due at all."""
    _doubtful: bool = False
    """Whether an original was announced, and neither marked nor known for ours."""
    _disclaimed: bool = False
    _closed: bool = False
    """Whether a signature or a footer stood above any answer: below it none begins."""
    _wraps: bool = False
    _barred: bool = False
    _tried: int = 0

    def run(self) -> None:
        at = self._below_banners()
        while at < len(self.lines) and (length := self._take(at)):
            at += length

    def _below_banners(self) -> int:
        at = 0
        while at < len(self.lines):
            if not is_blank(self.lines[at]):
                length = banner(self._paragraph(at))
                if not length:
                    return at
                at += length
            else:
                at += 1
        return at

    def _take(self, at: int) -> int:
        """Sort what begins with the line at `at`; return how many lines, 0 if nothing follows."""
        line = self.lines[at]
        if MARKED.match(line) or (self._barred and BARRED.match(line)):
            # Below a quote people go on, whatever stood above it.
            self._signature, self._begins, self._wraps = 0, False, len(line) >= _WRAPPED
            return 1
        if is_blank(line):
            self._wraps = False
            self.own.append("")
            return 1
        if self._wraps:
            self._wraps = len(line) >= _WRAPPED
            self.aside.append(line)
            return 1
        self._barred = False
        return self._take_unmarked(at, line)

    def _take_unmarked(self, at: int, line: str) -> int:
        if header_block(self.lines, at):
            return 0
        if CUTS.match(line):
            self.aside.append(line)
            named = any(map(FIELD.match, following(self.lines, at + 1)))
            return 0 if named or self._ends_at(at + 1) else 1
        if length := attribution(self.lines, at):
            return self._take_attribution(at, length)
        if length := self._disclaimer(at):
            self._disclaimed = True
            self._begin_footer()
            return length
        if not (PROGRAM.match(line) or ENVIRONMENT.match(line) or self._opens_signature(line)):
            self._keep(line)
        return 1

    def _take_attribution(self, at: int, length: int) -> int:
        self.aside.extend(self.lines[at : at + length])
        below = at + length
        self._barred = any(map(BARRED.match, following(self.lines, below)[:1]))
        return 0 if not quoted_at(self.lines, below) and self._ends_at(below) else length

    def _ends_at(self, below: int) -> bool:
        """Whether all is quoted below: without marks nobody can tell where our mail ends."""
        tried, self._doubtful = self._doubtful, True
        return not tried and is_ours(self.lines, below)

    def _opens_signature(self, line: str) -> bool:
        if DASHES.match(line) or RULE.match(line):
            self._begin_footer()
            # People type two dashes, too; a signature starts with a name.
            self._sure = RULE.match(line) is not None or line.rstrip("\r") == "-- "
            return True
        if not any(self.own) or self._signature:
            return False
        if CLOSING.match(line):
            self.aside.append(line)
            self._signature, self._begins, self._sure = _SIGNATURE_LINES, True, True
            return True
        if THANKS.match(line):
            self.own.append(line)
            self._signature, self._begins, self._sure = _SIGNATURE_LINES, True, False
            return True
        return False

    def _begin_footer(self) -> None:
        self._signature, self._begins = LINES, True
        self._closed = self._closed or not any(self.own)

    def _keep(self, line: str) -> None:
        if POSTSCRIPT.match(line):
            self._signature = 0
        if self._signature:
            self._signature -= 1
            self._keep_below(line)
        elif self._doubtful or self._closed:
            self.beside.append(line)
        else:
            self.own.append(line)

    def _keep_below(self, line: str) -> None:
        """A signature is made of names and addresses: a sentence in it is doubted like a note."""
        unsure = self._begins and not self._sure
        stated = lower_words(line) >= (1 if self._begins else 2) and not self._disclaimed
        (self.beside if unsure or stated else self.aside).append(line)
        self._begins = False

    def _disclaimer(self, at: int) -> int:
        chained = self._disclaimed and self._signature > 0
        if not (chained or starts_disclaimer(self.lines[at])) or self._tried >= _DISCLAIMERS:
            return 0
        self._tried += 1
        paragraph = self._paragraph(at)
        found = is_disclaimer(paragraph) or (chained and continues_disclaimer(paragraph))
        return len(paragraph) if found else 0

    def _paragraph(self, at: int) -> list[str]:
        end = at
        while end < min(len(self.lines), at + _PARAGRAPH) and not is_blank(self.lines[end]):
            end += 1
        return list(self.lines[at:end])


def _trimmed(lines: list[str]) -> tuple[str, ...]:
    # What cannot be seen behind a word changes nothing of it; before it or inside, it may.
    stripped = [line.strip(BLANKS).rstrip(BLANKS + INVISIBLE) for line in lines]
    full = [index for index, line in enumerate(stripped) if line]
    if not full:
        return ()
    kept: list[str] = []
    for line in stripped[full[0] : full[-1] + 1]:
        if line or kept[-1]:
            kept.append(line)
    return tuple(kept)
