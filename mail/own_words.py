"""Knows the words of our own mail, however a reply brings them back without quote marks.

Wrapped anew, indented, with bars or stars, its columns joined, glued to the answer: what stays are
several words in a row. So many words in a row that are ours are no answer; fewer may be anybody's.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

from mail.quote_heads import is_ours
from mail.quote_marks import is_blank, is_marked, is_quoted, without_mark
from mail.text import FENCE

_GRAM = 4
# In one line, and over several: `REJECT` above `do not do it` may be an answer and its reason.
_IN_LINE, _OVER_LINES = 5, 8
# A dictionary's words, not sums and dates, make a row of words ours.
_LETTERED = 4
_PLACES = 4
# Chinese, Japanese: no blanks part the words, and a line may break between any two characters.
_UNPARTED = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
_WORD = re.compile(rf"[{_UNPARTED}]|[^\W_{_UNPARTED}]+")
_UNPARTED_LETTER = re.compile(f"[{_UNPARTED}]")
_DECIDES = re.compile(r"approv(?!al)|reject")
# Addresses differ from mail to mail, in the midst of sentences that do not.
_ADDRESS = re.compile(r"[^\s@<>,;]{1,64}@[^\s@<>,;]{1,255}")
_DIGEST = re.compile(r"\s{0,9}[0-9a-f]{32,64}\s*")
# The rows of our mail that name a thing, and its digest.
_FACT = re.compile(
    r"\W{0,8}(?:risk|answer by|asked at|needed|request id|reference)\s?:|\s{0,9}[0-9a-f]{8,64}\s*$",
    re.IGNORECASE,
)
_DRAWN = " \t\r\xa0,-_=*~.|\u2013\u2014\u2022"
# Between two texts: no row of words goes on from one to the other.
_END = "\n"


@dataclass(frozen=True, slots=True)
class _Index:
    """The words of one text, where each row of four begins, and its lines; of those that bear the
    fence only the words: they may be `no`."""

    words: tuple[str, ...]
    places: dict[tuple[str, ...], tuple[int, ...]]
    lines: frozenset[tuple[str, ...]]


@dataclass(slots=True)
class Found:
    """What of a text is ours: whole lines by their number, and what is left of others."""

    whole: set[int] = field(default_factory=set)
    above: dict[int, str] = field(default_factory=dict)
    """A person's words in front of ours, in one line."""
    below: dict[int, str] = field(default_factory=dict)
    """Words behind ours, in one line."""


class _Word(NamedTuple):
    text: str
    line: int
    start: int
    end: int


class OwnWords:
    """Of the texts that we have sent."""

    def __init__(self, texts: Iterable[str], *more: "OwnWords") -> None:
        indexes = (_index(text) for text in texts)
        self._indexes: tuple[_Index, ...] = (
            *indexes,
            *(i for other in more for i in other._indexes),
        )

    def find(self, lines: Sequence[str]) -> Found:
        found = Found({at for at, line in enumerate(lines) if _is_ours_alone(line)})
        words = _candidates(lines)
        runs = self._runs(words)
        by_line: dict[int, list[int]] = {}
        for at, word in enumerate(words):
            by_line.setdefault(word.line, []).append(at)
        for line, inside in by_line.items():
            if line >= 0:
                _sort(found, lines[line], inside, words, runs)
        # A quote that bears marks needs nothing else to be known by, and answers stand inside it.
        found.whole = {at for at in found.whole if not is_quoted(lines[at])}
        found.below |= {at: line for at, line in enumerate(lines) if FENCE in line}
        tokens = {line: tuple(words[at].text for at in inside) for line, inside in by_line.items()}
        self._add_short_lines(found.whole, lines, tokens)
        return found

    def _runs(self, words: Sequence[_Word]) -> dict[int, tuple[int, int]]:
        """By the number of a word, the first and the last line of the row of ours it is in."""
        texts = [word.text for word in words]
        runs: dict[int, tuple[int, int]] = {}
        at = 0
        while at <= len(words) - _GRAM:
            length = self._longest(texts, at)
            if length and _is_enough(words[at : at + length]):
                lines = (words[at].line, words[at + length - 1].line)
                runs |= dict.fromkeys(range(at, at + length), lines)
                at += length
            else:
                at += max(1, length - _GRAM + 1)
        return runs

    def _longest(self, texts: list[str], at: int) -> int:
        gram = tuple(texts[at : at + _GRAM])
        if not any(gram in index.places for index in self._indexes):
            return 0
        places = ((index, place) for index in self._indexes for place in index.places.get(gram, ()))
        return max((_length(index.words, place, texts, at) for index, place in places), default=0)

    def _add_short_lines(
        self, whole: set[int], lines: Sequence[str], tokens: Mapping[int, tuple[str, ...]]
    ) -> None:
        """Headings and what is drawn beside lines of ours; between two of them facts as well."""
        if not whole:
            return
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

    def _is_heading(self, line: str, tokens: tuple[str, ...]) -> bool:
        if not tokens:
            return not line.strip(_DRAWN)
        return len(tokens) > 1 and any(tokens in index.lines for index in self._indexes)

    def _is_fact(self, line: str, tokens: tuple[str, ...]) -> bool:
        if not tokens:
            return not _without_addresses(line).strip(_DRAWN)
        return bool(_FACT.match(line)) or any(tokens in index.lines for index in self._indexes)


def _is_ours_alone(line: str) -> bool:
    if line[:1] == ">":
        return False
    return (
        line.lstrip(_DRAWN).startswith(FENCE)
        or is_ours(line)
        or (len(line) > 31 and bool(_DIGEST.fullmatch(line)))
    )


def _length(ours: Sequence[str], place: int, texts: Sequence[str], at: int) -> int:
    length = _GRAM
    while (
        at + length < len(texts)
        and place + length < len(ours)
        and texts[at + length] == ours[place + length]
    ):
        length += 1
    return length


def _is_enough(run: Sequence[_Word]) -> bool:
    first = sum(word.line == run[0].line for word in run)
    if len(run) < (_IN_LINE if first >= _GRAM else _OVER_LINES):
        return False
    # A character of a script without blanks is half a word.
    lettered = sum(0.5 if _UNPARTED_LETTER.match(w.text) else w.text.isalpha() for w in run)
    return lettered >= _LETTERED


def _sort(
    found: Found,
    line: str,
    inside: Sequence[int],
    words: Sequence[_Word],
    runs: Mapping[int, tuple[int, int]],
) -> None:
    at = words[inside[0]].line
    others = [number for number in inside if number not in runs]
    if not others:
        found.whole.add(at)
    elif inside[-1] in runs and runs[inside[-1]][1] > at:
        found.above[at] = line[: words[others[-1]].end]
    elif inside[0] in runs and runs[inside[0]][0] < at:
        found.below[at] = line[words[others[0]].start :]


def _candidates(lines: Sequence[str]) -> list[_Word]:
    """The words of unmarked lines, and of marked ones right beside them: a line that was wrapped
    anew goes on without its mark."""
    open_lines = [not is_blank(line) and not is_marked(line) for line in lines]
    words: list[_Word] = []
    last = -1
    for at, line in enumerate(lines):
        if is_blank(line) or not any(open_lines[max(0, at - 1) : at + 2]):
            continue
        if last >= 0 and not all(map(is_blank, lines[last + 1 : at])):
            words.append(_Word(_END, -1, 0, 0))
        last = at
        words += _words_of(line, at)
    return words


def _words_of(line: str, at: int) -> list[_Word]:
    body = _without_addresses(without_mark(line) if is_marked(line) else line)
    before = len(line) - len(body)
    return [
        _Word(match[0].casefold(), at, before + match.start(), before + match.end())
        for match in _WORD.finditer(body)
    ]


def _without_addresses(line: str) -> str:
    return _ADDRESS.sub(lambda match: " " * len(match[0]), line) if "@" in line else line


@lru_cache(maxsize=64)
def _index(text: str) -> _Index:
    text = _ADDRESS.sub(" ", text)
    words = tuple(word.casefold() for word in _WORD.findall(text))
    places: dict[tuple[str, ...], list[int]] = {}
    for at, gram in enumerate(zip(*(words[i:] for i in range(_GRAM)), strict=False)):
        known = places.setdefault(gram, [])
        if len(known) < _PLACES:
            known.append(at)
    ours = (line for line in text.split("\n") if FENCE not in line)
    lines = (tuple(word.casefold() for word in _WORD.findall(line)) for line in ours)
    return _Index(
        words,
        {gram: tuple(at) for gram, at in places.items()},
        frozenset(line for line in lines if line and not _DECIDES.match(line[0])),
    )
