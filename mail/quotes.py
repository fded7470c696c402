"""A text's own lines, apart from quotes, signatures and disclaimers.

A line that may be a quote is not the
writer's own: what is left out approves nothing, and a doubt in it is kept (`aside`).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import takewhile

from mail.quote_marks import (
    ADDRESSED,
    CUTS,
    DISCLAIMER,
    FIELD,
    MARKED,
    PROGRAM,
    SIGNATURE,
    STAMPED,
    STARTS,
    WROTE,
)

LINES = 5_000


@dataclass(frozen=True, slots=True)
class OwnText:
    lines: tuple[str, ...]
    """The writer's own, with blank ones between paragraphs, none at the ends."""
    aside: tuple[str, ...] = ()
    """Lines taken for an attribution, a phone's signature or a signature's first line."""


_BLANKS = " \t\r\xa0\ufeff"
_ATTRIBUTION_LINES = 4
_BLOCK_LINES = 8


def own_text(text: str) -> OwnText:
    lines = text.split("\n")[:LINES]
    split = _Split(lines)
    split.run()
    return OwnText(_trimmed(split.own), tuple(split.aside))


def introduces_quote(text: str) -> bool:
    """Whether what comes below `text` is not its writer's own: by its last lines, or because a line
    above has ended what is."""
    above, with_more = own_text(text), own_text(f"{text}\n\nx")
    return len(with_more.lines) == len(above.lines) or own_text(f"{text}\n> x").aside != above.aside


def signature_lines(text: str) -> tuple[str, ...]:
    """The lines of a signature above the disclaimer that companies put into it."""
    lines = text.split("\n")[:LINES]
    return _trimmed(list(takewhile(lambda line: not DISCLAIMER.match(line), lines)))


def is_blank(line: str) -> bool:
    return not line.strip(_BLANKS)


@dataclass(slots=True)
class _Split:
    lines: Sequence[str]
    own: list[str] = field(default_factory=list)
    aside: list[str] = field(default_factory=list)

    def run(self) -> None:
        at = 0
        below_quote = False
        while at < len(self.lines):
            line = self.lines[at]
            if MARKED.match(line):
                below_quote = True
            elif is_blank(line):
                below_quote = False
                self.own.append("")
            # A program that wraps a quote anew leaves the mark off the overhanging words.
            elif not below_quote:
                length = self._take(at)
                if not length:
                    return
                at += length
                continue
            at += 1

    def _take(self, at: int) -> int:
        """Sort the unmarked line at `at`; return how many lines that were, 0 if nothing follows."""
        line = self.lines[at]
        if self._ends_here(at):
            return 0
        if length := self._attribution(at):
            self.aside.extend(self.lines[at : at + length])
            # Without quote marks nobody can tell where the original ends.
            return length if self._quoted_at(at + length) else 0
        if PROGRAM.match(line):
            self.aside.append(line)
        else:
            self.own.append(line)
        return 1

    def _ends_here(self, at: int) -> bool:
        line = self.lines[at]
        if SIGNATURE.match(line):
            # People type two dashes, too; a signature starts with a name.
            self.aside.extend(self._following(at + 1)[:1])
            return True
        return bool(CUTS.match(line) or DISCLAIMER.match(line)) or self._header_block(at)

    def _attribution(self, at: int) -> int:
        """How many lines the attribution takes that starts here, if one does."""
        joined = ""
        longest = _ATTRIBUTION_LINES if STARTS.match(self.lines[at]) else 1
        for count, line in enumerate(self.lines[at : at + longest], start=1):
            if is_blank(line) or MARKED.match(line):
                return 0
            joined = f"{joined} {line[:1_000].strip(_BLANKS)}"
            if self._is_attribution(joined, at + count):
                return count
        return 0

    def _is_attribution(self, text: str, following: int) -> bool:
        dated = STARTS.match(text) and any(map(str.isdigit, text))
        if WROTE.search(text[-200:]) and (dated or STAMPED.search(text)):
            return True
        addressed = ADDRESSED.search(text[-300:])
        return bool(addressed and (dated or addressed[1])) and self._quoted_at(following)

    def _quoted_at(self, at: int) -> bool:
        return any(MARKED.match(line) for line in self._following(at)[:1])

    def _following(self, at: int) -> list[str]:
        return [line for line in self.lines[at : at + 4] if not is_blank(line)]

    def _header_block(self, at: int) -> bool:
        """`From: … Sent: … To: …`, in any order and language; wrapped lines may stand between."""
        if not FIELD.match(self.lines[at]):
            return False
        block = [line for line in self.lines[at : at + _BLOCK_LINES] if not is_blank(line)]
        fields = [match for match in map(FIELD.match, block) if match]
        return len(fields) >= 3 and any(match[1] for match in fields)


def _trimmed(lines: list[str]) -> tuple[str, ...]:
    stripped = [line.strip(_BLANKS) for line in lines]
    full = [index for index, line in enumerate(stripped) if line]
    if not full:
        return ()
    kept: list[str] = []
    for line in stripped[full[0] : full[-1] + 1]:
        if line or kept[-1]:
            kept.append(line)
    return tuple(kept)
