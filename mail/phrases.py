"""Phrases of a vocabulary, and where they stand in a row of words.

A phrase is written as people say it: `[I|we] approve (this|it)` is six of them, for what stands in
square brackets may be missing and of what stands in round ones one has to be there.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from math import prod

WORDS = 12
"""In a phrase, at most."""
_VARIANTS = 5_000

_SAID = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_TOKEN = re.compile(rf"{_SAID.pattern}|\n|[^\w\s]|_")
# The same of ASCII text, half as fast again.
_ASCII_TOKEN = re.compile(r"[A-Za-z0-9]+(?:'[A-Za-z0-9]+)*|[^A-Za-z0-9 \t\r\f\v\x1c-\x1f]")
_CHOICE = re.compile(r"\[([^\[\]()]*)\]|\(([^\[\]()]*)\)|([^\[\]()]+)")
# What keyboards and programs make of an apostrophe.
_APOSTROPHES = str.maketrans(dict.fromkeys("’ʼ`´＇", "'"))

Tree = dict[str | None, "Tree"]
"""Rows of words by their first ones; None in a branch tells that a row ends."""


def tokens(text: str) -> list[str]:
    """Its words in lower case, its marks and its line breaks."""
    if text.isascii():
        return _ASCII_TOKEN.findall(text.replace("`", "'").lower())
    return [word.lower() for word in _TOKEN.findall(text.translate(_APOSTROPHES))]


def words_in(text: str) -> list[str]:
    """Its tokens without the marks and line breaks."""
    if text.isascii():
        return _SAID.findall(text.replace("`", "'").lower())
    return [word.lower() for word in _SAID.findall(text.translate(_APOSTROPHES))]


def places(text: str) -> Iterator[tuple[int, int]]:
    """Where each of its tokens starts and ends."""
    if text.isascii():
        found = _ASCII_TOKEN.finditer(text.replace("`", "'"))
    else:
        found = _TOKEN.finditer(text.translate(_APOSTROPHES))
    return map(re.Match.span, found)


def grow(tree: Tree, row: Iterable[str]) -> None:
    for word in row:
        tree = tree.setdefault(word, {})
    tree[None] = {}


def longest(tree: Tree, row: Sequence[str], at: int) -> int:
    """Where the longest row of the tree that starts at `at` ends; 0 if none does."""
    end = 0
    length = len(row)
    while at < length and row[at] in tree:
        tree = tree[row[at]]
        at += 1
        if None in tree:
            end = at
    return end


class Phrases:
    """A set of phrases."""

    def __init__(self, written: Iterable[str] = ()) -> None:
        self._tree: Tree = {}
        last = set()
        for phrase in written:
            for variant in variants(phrase):
                grow(self._tree, variant)
                last.add(variant[-1])
        # A row that holds none of the first words, or none of the last, holds no phrase.
        self.first = frozenset(word for word in self._tree if word is not None)
        self.last = frozenset(last)
        self.alone = frozenset(word for word in self.first if None in self._tree[word])
        """The words that are phrases of their own."""

    def __contains__(self, word: str) -> bool:
        """Whether it is a phrase of its own."""
        return word in self.alone

    def ends(self, row: Sequence[str], at: int, over_lines: bool = False) -> list[int]:
        """Where the phrases that start at `at` end, the longest first; a line break parts the words
        of none, unless `over_lines`."""
        found: list[int] = []
        branch, length = self._tree, len(row)
        while at < length and row[at] in branch:
            branch = branch[row[at]]
            at += 1
            if None in branch:
                found.append(at)
            if over_lines and at < length and row[at] == "\n":
                at += 1
        return found[::-1]

    def end(self, row: Sequence[str], at: int) -> int:
        """Where the longest of them ends; 0 if none starts at `at`."""
        return longest(self._tree, row, at)

    def outside(self, row: Sequence[str]) -> set[int]:
        """The places in a row that belong to none of them."""
        found = set(range(len(row)))
        if self.first.isdisjoint(row) or self.last.isdisjoint(row):
            return found
        tree = self._tree
        behind = 0
        for at, word in enumerate(row):
            if at >= behind and word in tree and (behind := longest(tree, row, at)):
                found.difference_update(range(at, behind))
        return found


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
    rows = (tuple(tokens("".join(parts))) for parts in product(*choices))
    if prod(map(len, choices)) > _VARIANTS:
        raise ValueError(f"a phrase has at most {_VARIANTS:,} forms: {phrase!r}")
    found = list(dict.fromkeys(rows))
    if () in found or max(map(len, found)) > WORDS:
        raise ValueError(f"a phrase has 1 to {WORDS} words: {phrase!r}")
    return found
