"""Finds the doubts of a vocabulary in a text: whole words where words are parted, else pieces."""

import re
from collections.abc import Iterable, Mapping, Sequence, Set
from itertools import pairwise
from typing import NamedTuple

from mail.characters import script_of
from mail.phrases import Tree, grow, longest, variants

# Punctuation parts what is no phrase; a hyphen and a wrapped line do not.
_WORD = re.compile(r"[^\W\d_]+|[.,:;!?()]")
# Scripts that part no words, and Korean, whose endings are part of the word.
UNPARTED = re.compile(r"[\u1100-\u11ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]")

_NOTHING = ("", "")
_LIMITING = frozenset({"condition", "restriction"})
_Rests = dict[str, list[tuple[list[str], str]]]


def words_of(plain: str) -> list[str]:
    """The runs of letters of a casefolded text, and what may end a sentence."""
    return _WORD.findall(plain)


class Hints(NamedTuple):
    """What a text has something of if it holds one of some rows of words, and may have without."""

    words: frozenset[str]
    """The rows of one word."""
    pairs: frozenset[tuple[str, str]]
    """The first two words of the longer ones."""

    def are_in(self, words: Sequence[str]) -> bool:
        return not (self.words.isdisjoint(words) and self.pairs.isdisjoint(pairwise(words)))


def hints(rows: Iterable[Sequence[str]]) -> Hints:
    rows = [row for row in rows if row]
    return Hints(
        frozenset(row[0] for row in rows if len(row) == 1),
        frozenset((row[0], row[1]) for row in rows if len(row) > 1),
    )


class DoubtWords:
    def __init__(
        self, kinds: Mapping[str, str], harmless: Iterable[str], in_signatures: Iterable[str]
    ) -> None:
        """`kinds` names the kind of every doubt, in lower case."""
        rows = {phrase: tuple(_WORD.findall(phrase.casefold())) for phrase in kinds}
        aside = {tuple(_WORD.findall(phrase.casefold())) for phrase in in_signatures}
        self._pieces = _pieces(kinds)
        self._rests = _by_first((row, kinds[phrase]) for phrase, row in rows.items())
        self._aside = _by_first(
            (row, kinds[phrase]) for phrase, row in rows.items() if row not in aside
        )
        safe = [" ".join(row) for phrase in harmless for row in variants(phrase)]
        self._safe: Tree = {}
        for row in map(_WORD.findall, safe):
            # Only what holds a doubt can hide one.
            if not self._rests.keys().isdisjoint(row):
                grow(self._safe, row)
        self._hints = hints(self.rows)
        self._limit_hints = hints(_rows(self._rests, _LIMITING))
        self._begins = self._rests.keys() | self._safe.keys()
        pieces = self._pieces or re.compile(r"(?!)")
        # The longest first, for one may be a part of another.
        unparted = filter(UNPARTED.search, safe)
        self._safe_pieces = sorted(filter(pieces.search, unparted), key=len, reverse=True)
        self.scripts = frozenset(script_of(char) for phrase in kinds for char in phrase) - {""}
        """First words of the Unicode names of letters that doubts are written in."""

    def find(self, plain: str, words: list[str]) -> tuple[str, str]:
        """The kind and the words of a doubt in a text of the writer's own; '' twice for none.
        `words` are those of `plain`."""
        found = self._find(words, self._rests) if self._hints.are_in(words) else _NOTHING
        return self._find_piece(plain) if found == _NOTHING and not plain.isascii() else found

    def limit(self, plain: str) -> bool:
        """Whether the first doubt in it is a condition or a restriction."""
        words = words_of(plain)
        # In ASCII text doubts are found by their words.
        if plain.isascii() and not self._limit_hints.are_in(words):
            return False
        return self.find(plain, words)[0] in _LIMITING

    def find_aside(self, words: list[str]) -> tuple[str, str]:
        """The same where a line is probably a signature: by what signatures do not hold."""
        return self._find(words, self._aside)

    @property
    def rows(self) -> list[list[str]]:
        """Of the doubts that are found by words."""
        return _rows(self._rests)

    @property
    def rows_aside(self) -> list[list[str]]:
        """The same of those that count where a line is probably a signature."""
        return _rows(self._aside)

    def _find(self, words: list[str], rests: _Rests) -> tuple[str, str]:
        if rests.keys().isdisjoint(words):
            return _NOTHING
        behind = 0
        for at, word in enumerate(words):
            if word not in self._begins or at < behind:
                continue
            if end := longest(self._safe, words, at):
                behind = end
                continue
            for rest, kind in rests.get(word, ()):
                if not rest or words[at + 1 : at + 1 + len(rest)] == rest:
                    return kind, " ".join((word, *rest))
        return _NOTHING

    def _find_piece(self, plain: str) -> tuple[str, str]:
        if not self._pieces or not UNPARTED.search(plain):
            return _NOTHING
        for safe in self._safe_pieces:
            plain = plain.replace(safe, " ")
        match = self._pieces.search(plain + " ")
        return (str(match.lastgroup), match[0].strip()) if match else _NOTHING


def _rows(rests: _Rests, kinds: Set[str] | None = None) -> list[list[str]]:
    found = ((word, row, kind) for word, rows in rests.items() for row, kind in rows)
    return [[word, *row] for word, row, kind in found if kinds is None or kind in kinds]


def _by_first(rows: Iterable[tuple[tuple[str, ...], str]]) -> _Rests:
    found: _Rests = {}
    for row, kind in rows:
        if row and not UNPARTED.search(row[0]):
            found.setdefault(row[0], []).append((list(row[1:]), kind))
    return found


def _pieces(kinds: Mapping[str, str]) -> re.Pattern[str] | None:
    by_kind: dict[str, list[str]] = {}
    for phrase, kind in kinds.items():
        if UNPARTED.search(phrase):
            by_kind.setdefault(kind, []).append(re.escape(phrase))
    groups = [f"(?P<{kind}>{'|'.join(pieces)})" for kind, pieces in by_kind.items()]
    return re.compile("|".join(groups)) if groups else None
