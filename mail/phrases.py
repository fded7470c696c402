"""Phrases of a vocabulary, and where they stand in a row of words.

A phrase is written as people say it: `[I|we] approve (this|it)` is six of them, for what stands in
square brackets may be missing and of what stands in round ones one has to be there.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from math import prod
from typing import NamedTuple

WORDS = 12
"""In a phrase, at most."""
_VARIANTS = 5_000

_TOKEN = re.compile(r"[^\W_]+(?:'[^\W_]+)*|\n|[^\w\s]|_")
_CHOICE = re.compile(r"\[([^\[\]()]*)\]|\(([^\[\]()]*)\)|([^\[\]()]+)")
# What keyboards and programs make of an apostrophe.
_APOSTROPHES = str.maketrans(dict.fromkeys("’ʼ`´＇", "'"))


class Token(NamedTuple):
    """A word in lower case, a mark, or a line break; and where it stands in its text."""

    text: str
    start: int
    end: int


def tokens(text: str) -> list[Token]:
    flat = text.translate(_APOSTROPHES)
    return [Token(m[0].lower(), m.start(), m.end()) for m in _TOKEN.finditer(flat)]


class Phrases:
    """A set of phrases, by their first word."""

    def __init__(self, written: Iterable[str] = ()) -> None:
        found: dict[str, set[tuple[str, ...]]] = {}
        for phrase in written:
            for variant in variants(phrase):
                found.setdefault(variant[0], set()).add(variant[1:])
        self._rest = {first: sorted(rests, key=len, reverse=True) for first, rests in found.items()}

    @property
    def alone(self) -> frozenset[str]:
        """The words that are phrases of their own."""
        return frozenset(first for first in self._rest if first in self)

    def __contains__(self, word: str) -> bool:
        """Whether it is a phrase of its own."""
        return () in self._rest.get(word, ())

    def ends(self, row: Sequence[Token], at: int, over_lines: bool = False) -> Iterator[int]:
        """Where the phrases that start at `at` end, the longest first; a line break parts the words
        of none, unless `over_lines`."""
        if at >= len(row):
            return
        for rest in self._rest.get(row[at].text, ()):
            end = _end(row, at + 1, rest, over_lines)
            if end:
                yield end


def variants(phrase: str) -> list[tuple[str, ...]]:
    """Every row of words that the phrase stands for; raises ValueError for what is none."""
    choices = []
    rest = _CHOICE.sub("", phrase)
    if rest:
        raise ValueError(f"a bracket is left open, or stands in another: {phrase!r}")
    for optional, required, plain in _CHOICE.findall(phrase):
        if plain:
            choices.append([plain])
        else:
            choices.append([*(optional or required).split("|"), *([""] if optional else [])])
    rows = (
        tuple(token.text for part in parts for token in tokens(part)) for parts in product(*choices)
    )
    if prod(map(len, choices)) > _VARIANTS:
        raise ValueError(f"a phrase has at most {_VARIANTS:,} forms: {phrase!r}")
    found = list(dict.fromkeys(rows))
    if () in found or max(map(len, found)) > WORDS:
        raise ValueError(f"a phrase has 1 to {WORDS} words: {phrase!r}")
    return found


def _end(row: Sequence[Token], at: int, rest: tuple[str, ...], over_lines: bool) -> int:
    for word in rest:
        if over_lines and at < len(row) and row[at].text == "\n":
            at += 1
        if at >= len(row) or row[at].text != word:
            return 0
        at += 1
    return at
