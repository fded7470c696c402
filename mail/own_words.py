"""Knows the words of our own mail, however a reply brings them back without quote marks.

Wrapped anew, indented, with bars or stars, its columns joined, glued to the answer: what stays are
several words in a row. So many words in a row that are ours are no answer; fewer may be anybody's.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import groupby

from mail.quote_heads import is_ours
from mail.quote_marks import is_blank, is_marked, is_quoted, without_mark
from mail.text import FENCE

_GRAM = 4
# In one line, and over several: `REJECT` above `do not do it` may be an answer and its reason.
_IN_LINE, _OVER_LINES = 5, 8
# A dictionary's words, not sums and dates, make a row of words ours.
_FEW = 3  # lines in a row
_LETTERED = 4
_PLACES = 4
_NEAR = 8
# Chinese, Japanese: no blanks part the words, and a line may break between any two characters.
_UNPARTED = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
_WORD = re.compile(rf"[{_UNPARTED}]|[^\W_{_UNPARTED}]+")
_ASCII_WORD = re.compile(r"[a-z0-9]+")
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
# One character a line: whether it is blank, bears a mark, or neither.
_BLANK_LINE, _MARKED_LINE, _OPEN_LINE = " >o"
_OPEN = re.compile(r"o|>(?=o)|(?<=o)>")
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
        indexes = (_index(text) for text in texts)
        self._indexes: tuple[_Index, ...] = (
            *indexes,
            *(i for other in more for i in other._indexes),
        )

    def find(self, lines: Sequence[str]) -> Found:
        # Most of a reply is a quote with its marks, by which alone it is known.
        rest = [at for at, line in enumerate(lines) if line[:1] != ">"]
        found = Found({at for at in rest if _is_ours_alone(lines[at])})
        words = _candidates(lines)
        runs = self._runs(words)
        if runs:
            for line, inside in words.inside.items():
                _sort(found, line, lines[line], inside, runs)
        # A quote that bears marks needs nothing else to be known by, and answers stand inside it.
        found.whole = {at for at in found.whole if not is_quoted(lines[at])}
        found.below |= {at: lines[at] for at in rest if FENCE in lines[at]}
        if found.whole:
            texts = words.texts
            row = {at: tuple(texts[i.start : i.stop]) for at, i in words.inside.items()}
            self._add_short_lines(found.whole, lines, row)
            self._doubt_few(found, lines)
        return found

    def find_to(self, lines: Sequence[str], at: int) -> Found | None:
        """The same for the lines to `at`, of which that one is not ours, without a look at all that
        follows; None where it cannot be told from a few of them."""
        shown = lines[: at + _NEAR]
        words = _candidates(shown)
        inside = words.inside.get(at)
        if inside is None or inside.stop + _GRAM > len(words.texts) or _is_ours_alone(lines[at]):
            return None
        # Nothing goes on over it: no row of ours holds one of its words, and it is no such line.
        near = words.texts[max(0, inside.start - _GRAM + 1) : inside.stop + _GRAM - 1]
        row = tuple(words.texts[inside.start : inside.stop])
        if self._starts(list(_grams(near))) or self._is_fact(lines[at], row):
            return None
        return self.find(lines[: at + 1])

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
        grams = list(_grams(texts))
        runs: dict[int, tuple[int, int]] = {}
        behind = 0
        for at in self._starts(grams):
            if at < behind:
                continue
            length = self._longest(grams[at], texts, at)
            end = at + length
            if _is_enough(texts[at:end], lines[at:end]):
                runs |= dict.fromkeys(range(at, end), (lines[at], lines[end - 1]))
                behind = end
            else:
                behind = end - _GRAM + 1
        return runs

    def _starts(self, grams: Sequence[tuple[str, ...]]) -> Sequence[int]:
        """Where rows of ours may begin."""
        ours = (index.places for index in self._indexes)
        found = [[at for at, gram in enumerate(grams) if gram in places] for places in ours]
        return found[0] if len(found) == 1 else sorted({at for starts in found for at in starts})

    def _longest(self, gram: tuple[str, ...], texts: list[str], at: int) -> int:
        places = ((index, place) for index in self._indexes for place in index.places.get(gram, ()))
        return max(_length(index.words, place, texts, at) for index, place in places)

    def _add_short_lines(
        self, whole: set[int], lines: Sequence[str], tokens: Mapping[int, tuple[str, ...]]
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

    def _is_heading(self, line: str, tokens: tuple[str, ...]) -> bool:
        if not tokens:
            return not line.strip(_DRAWN)
        return len(tokens) > 1 and any(tokens in index.lines for index in self._indexes)

    def _is_fact(self, line: str, tokens: tuple[str, ...]) -> bool:
        if not tokens:
            return not _without_addresses(line).strip(_DRAWN)
        return bool(_FACT.match(line)) or any(tokens in index.lines for index in self._indexes)


def _grams(words: Sequence[str]) -> Iterator[tuple[str, ...]]:
    return zip(*(words[i:] for i in range(_GRAM)), strict=False)


def _is_ours_alone(line: str) -> bool:
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


def _is_enough(texts: Sequence[str], lines: Sequence[int]) -> bool:
    if len(texts) < (_IN_LINE if lines.count(lines[0]) >= _GRAM else _OVER_LINES):
        return False
    # A character of a script without blanks is half a word.
    lettered = sum(0.5 if _UNPARTED_LETTER.match(text) else text.isalpha() for text in texts)
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


def _candidates(lines: Sequence[str]) -> _Words:
    """The words of unmarked lines, and of marked ones right beside them: a line that was wrapped
    anew goes on without its mark."""
    kinds = "".join([_MARKED_LINE if line[:1] == ">" else _kind(line) for line in lines])
    words = _Words()
    last = -1
    for match in _OPEN.finditer(kinds):
        at = match.start()
        if last >= 0 and kinds[last + 1 : at].strip(_BLANK_LINE):
            words.add([_END], -1)
        last = at
        words.add(_words_of(_body(lines[at])), at)
    return words


def _kind(line: str) -> str:
    if is_blank(line):
        return _BLANK_LINE
    return _MARKED_LINE if is_marked(line) else _OPEN_LINE


def _words_of(text: str) -> list[str]:
    if text.isascii():
        return _ASCII_WORD.findall(text.lower())
    return [word.casefold() for word in _WORD.findall(text)]


def _places_in(line: str) -> list[tuple[int, int]]:
    """Where each of its words begins and ends."""
    body = _body(line)
    before = len(line) - len(body)
    return [(before + match.start(), before + match.end()) for match in _WORD.finditer(body)]


def _body(line: str) -> str:
    return _without_addresses(without_mark(line))


def _without_addresses(line: str) -> str:
    return _ADDRESS.sub(lambda match: " " * len(match[0]), line) if "@" in line else line


@lru_cache(maxsize=64)
def _index(text: str) -> _Index:
    text = _ADDRESS.sub(" ", text)
    words = tuple(_words_of(text))
    places: dict[tuple[str, ...], list[int]] = {}
    for at, gram in enumerate(_grams(words)):
        known = places.setdefault(gram, [])
        if len(known) < _PLACES:
            known.append(at)
    ours = (line for line in text.split("\n") if FENCE not in line)
    lines = (tuple(_words_of(line)) for line in ours)
    return _Index(
        words,
        {gram: tuple(at) for gram, at in places.items()},
        frozenset(line for line in lines if line and not _DECIDES.match(line[0])),
    )
