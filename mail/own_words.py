"""Knows the words of our own mail, however a reply brings them back without quote marks.

Wrapped anew, indented, with bars or stars, its columns joined, glued to the answer: what stays are
several words in a row. So many words in a row that are ours are no answer; fewer may be anybody's.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from mail.lines import BLANK, KNOWN, OPEN, WEAKLY_MARKED, Lines
from mail.own_index import (
    ADDRESS,
    GRAM,
    UNPARTED_LETTER,
    WORD,
    Index,
    Row,
    grams,
    index,
    without_addresses,
    words_of,
)
from mail.quote_heads import is_ours
from mail.quote_marks import is_blank, is_marked, is_quoted, without_mark
from mail.text import FENCE

# In one line, and over several: `REJECT` above `do not do it` may be an answer and its reason.
_IN_LINE, _OVER_LINES = 5, 8
# A dictionary's words, not sums and dates, make a row of words ours.
_FEW = 3  # lines in a row
_LETTERED = 4
_NEAR = 4
_DIGEST = re.compile(r"\s{0,9}[0-9a-f]{32,64}\s*")
# The rows of our mail that name a thing, and its digest.
_FACT = re.compile(
    r"\W{0,8}(?:risk|answer by|asked at|needed|request id|reference)\s?:|\s{0,9}[0-9a-f]{8,64}\s*$",
    re.IGNORECASE,
)
_DRAWN = " \t\r\xa0,-_=*~.|\u2013\u2014\u2022"
# Between two texts: no row of words goes on from one to the other.
_END = "\n"
_MAY_BE_OURS = KNOWN + WEAKLY_MARKED


@dataclass(slots=True)
class Found:
    """What of a text is ours: whole lines by their number, and what is left of others."""

    whole: set[int] = field(default_factory=set)
    above: dict[int, str] = field(default_factory=dict)
    """A person's words in front of ours, in one line."""
    below: dict[int, str] = field(default_factory=dict)
    """Words behind ours, in one line."""


NOTHING = Found()
"""Of most texts; nobody changes it."""


@dataclass(slots=True)
class _Words:
    """In lower case, and the line that each stands in; by line, which ones those are."""

    texts: list[str] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    inside: dict[int, range] = field(default_factory=dict)

    def add(self, texts: Sequence[str], line: int) -> None:
        start = len(self.texts)
        self.texts += texts
        self.lines += [line] * len(texts)
        if texts and line >= 0:
            self.inside[line] = range(start, len(self.texts))


class OwnWords:
    """Of the texts that we have sent."""

    def __init__(self, texts: Iterable[str], *more: "OwnWords") -> None:
        others = (known for other in more for known in other._indexes)
        self._indexes: tuple[Index, ...] = (*map(index, texts), *others)

    def find(self, lines: Lines) -> Found:
        ours = self._hold_row(_words_in(lines.near_texts()))
        return self._found(lines, _candidates(lines) if ours else None)

    def _found(self, lines: Lines, words: _Words | None) -> Found:
        """`words`: those of `lines`, where a row of ours stands among them."""
        # Most of a reply is a quote with its marks, by which alone it is known.
        texts = lines.texts
        noted = [at for at, kind in enumerate(lines.kinds) if kind in _MAY_BE_OURS]
        if not (words or noted):
            return NOTHING
        fenced = [at for at in noted if FENCE in texts[at]]
        found = Found({at for at in noted if _is_ours_alone(texts[at])})
        if not (words or found.whole or fenced):
            return found
        if words and (runs := self._runs(words)):
            for line, inside in words.inside.items():
                _sort(found, line, texts[line], inside, runs)
        # A quote that bears marks needs nothing else to be known by, and answers stand inside it.
        found.whole = {at for at in found.whole if not is_quoted(texts[at])}
        found.below |= {at: texts[at] for at in fenced}
        if found.whole:
            words = words or _candidates(lines)
            row = {at: tuple(words.texts[i.start : i.stop]) for at, i in words.inside.items()}
            self._add_short_lines(found.whole, texts, row)
            self._doubt_few(found, texts)
        return found

    def _hold_row(self, words: Sequence[str]) -> bool:
        """Whether any row of ours stands in the words."""
        return any([not known.places.keys().isdisjoint(grams(words)) for known in self._indexes])

    def find_to(self, lines: Lines, at: int) -> Found | None:
        """The same for the lines to `at`, of which that one is not ours, without a look at all that
        follows; None where it cannot be told from a few of them."""
        if lines.kinds[at] not in OPEN:
            return None
        near, above = lines.to(at + _NEAR), lines.to(at + 1)
        line = lines.texts[at]
        below = _words_in(near.near_texts(at + 1))
        # A row of ours that goes on over it would hold words below it.
        if (
            len(below) < GRAM
            or _is_ours_alone(line)
            or self._is_fact(line, tuple(_words_in([line])))
        ):
            return None
        if not self._hold_row([*_words_in(above.near_texts()), *below]):
            return self._found(above, None)
        words = _candidates(near)
        if (inside := words.inside.get(at)) is None:
            return None
        # No row of ours holds one of its words.
        around = words.texts[max(0, inside.start - GRAM + 1) : inside.stop + GRAM - 1]
        return None if self._starts(list(grams(around))) else self.find(above)

    def _doubt_few(self, found: Found, lines: Sequence[str]) -> None:
        """A line or two of ours alone may be said by the person, of whom nobody knows what they
        read: they decide nothing, and are doubted."""
        full = [at for at, line in enumerate(lines) if not is_blank(line)]
        for ours, group in groupby(full, found.whole.__contains__):
            few = list(group)
            near = [lines[i] for at in few for i in (at - 1, at + 1) if 0 <= i < len(lines)]
            sure = any(_is_ours_alone(lines[at]) for at in few) or any(map(is_marked, near))
            if ours and len(few) < _FEW and not sure:
                found.whole -= set(few)
                found.below |= {at: lines[at] for at in few}

    def _runs(self, words: _Words) -> dict[int, tuple[int, int]]:
        """By the number of a word, the first and the last line of the row of ours it is in."""
        texts, lines = words.texts, words.lines
        rows = list(grams(texts))
        runs: dict[int, tuple[int, int]] = {}
        behind = 0
        for at in self._starts(rows):
            if at < behind:
                continue
            length = self._longest(rows[at], texts, at)
            end = at + length
            if _is_enough(texts[at:end], lines[at:end]):
                runs |= dict.fromkeys(range(at, end), (lines[at], lines[end - 1]))
                behind = end
            else:
                behind = end - GRAM + 1
        return runs

    def _starts(self, rows: Sequence[Row]) -> Sequence[int]:
        """Where rows of ours may begin."""
        ours = (known.places for known in self._indexes)
        found = [[at for at, row in enumerate(rows) if row in places] for places in ours]
        return found[0] if len(found) == 1 else sorted({at for starts in found for at in starts})

    def _longest(self, gram: Row, texts: list[str], at: int) -> int:
        places = ((known, place) for known in self._indexes for place in known.places.get(gram, ()))
        return max(_length(known.words, place, texts, at) for known, place in places)

    def _add_short_lines(
        self, whole: set[int], lines: Sequence[str], tokens: Mapping[int, Row]
    ) -> None:
        """Headings and what is drawn beside lines of ours; between two of them facts as well."""
        full = [at for at, line in enumerate(lines) if not is_blank(line)]
        for order in (full, full[::-1]):
            last = -1
            for at in order:
                if last in whole and self._is_heading(lines[at], tokens.get(at, ())):
                    whole.add(at)
                last = at
        known = whole | {at for at in full if self._is_fact(lines[at], tokens.get(at, ()))}
        for _, group in groupby(full, known.__contains__):
            between = list(group)
            inner = [number for number, at in enumerate(between) if at in whole]
            if inner:
                whole |= set(between[inner[0] : inner[-1]])

    def _is_heading(self, line: str, tokens: Row) -> bool:
        if not tokens:
            return not line.strip(_DRAWN)
        return len(tokens) > 1 and any(tokens in known.lines for known in self._indexes)

    def _is_fact(self, line: str, tokens: Row) -> bool:
        if not tokens:
            return not without_addresses(line).strip(_DRAWN)
        return bool(_FACT.match(line)) or any(tokens in known.lines for known in self._indexes)


def _is_ours_alone(line: str) -> bool:
    if FENCE in line and _is_fenced(line):
        return True
    if "/" in line and is_ours(line):
        return True
    return " " not in line.strip() and _DIGEST.fullmatch(line) is not None


def _is_fenced(line: str) -> bool:
    return line.lstrip(_DRAWN).startswith(FENCE)


def _length(ours: Sequence[str], place: int, texts: Sequence[str], at: int) -> int:
    length = GRAM
    while (
        at + length < len(texts)
        and place + length < len(ours)
        and texts[at + length] == ours[place + length]
    ):
        length += 1
    return length


def _is_enough(texts: Sequence[str], lines: Sequence[int]) -> bool:
    if len(texts) < (_IN_LINE if lines.count(lines[0]) >= GRAM else _OVER_LINES):
        return False
    # A character of a script without blanks is half a word.
    lettered = sum(0.5 if UNPARTED_LETTER.match(text) else text.isalpha() for text in texts)
    return lettered >= _LETTERED


def _sort(
    found: Found, at: int, line: str, inside: range, runs: Mapping[int, tuple[int, int]]
) -> None:
    first, last = inside.start, inside.stop - 1
    others = [number for number in inside if number not in runs]
    if not others:
        found.whole.add(at)
    elif last in runs and runs[last][1] > at:
        found.above[at] = line[: _places_in(line)[others[-1] - first][1]]
    elif first in runs and runs[first][0] < at:
        found.below[at] = line[_places_in(line)[others[0] - first][0] :]


def _candidates(lines: Lines) -> _Words:
    """The words of open lines, and of marked ones right beside them."""
    words = _Words()
    last = -1
    for at in lines.near_open():
        if last >= 0 and lines.kinds[last + 1 : at].strip(BLANK):
            words.add([_END], -1)
        last = at
        words.add(words_of(without_addresses(lines.unmarked(at))), at)
    return words


def _words_in(texts: Sequence[str]) -> list[str]:
    """In one go, for most texts hold nothing of ours."""
    return words_of("\n".join([ADDRESS.sub(" ", text) if "@" in text else text for text in texts]))


def _places_in(line: str) -> list[tuple[int, int]]:
    """Where each of its words begins and ends."""
    body = without_addresses(without_mark(line))
    before = len(line) - len(body)
    return [(before + match.start(), before + match.end()) for match in WORD.finditer(body)]
