"""Finds the doubts of a vocabulary in a text: whole words where words are parted, else pieces."""

import re
from collections.abc import Iterable, Mapping

from mail.characters import script_of
from mail.phrases import variants

# Punctuation parts what is no phrase; a hyphen and a wrapped line do not.
_WORD = re.compile(r"[^\W\d_]+|[.,:;!?()]")
# Scripts that part no words, and Korean, whose endings are part of the word.
UNPARTED = re.compile(r"[\u1100-\u11ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]")

_Rests = dict[str, list[tuple[tuple[str, ...], str]]]


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
        self._safe = _by_first((tuple(_WORD.findall(phrase)), "") for phrase in safe)
        self._safe_pieces = [piece for piece in safe if UNPARTED.search(piece)]
        self.scripts = frozenset(script_of(char) for phrase in kinds for char in phrase) - {""}
        """First words of the Unicode names of letters that doubts are written in."""

    def find(self, plain: str) -> tuple[str, str]:
        """The kind and the words of a doubt in a text of the writer's own; '' twice for none."""
        return self._find(plain, self._rests)

    def find_aside(self, plain: str) -> tuple[str, str]:
        """The same where a line is probably a signature: by what signatures do not hold."""
        return self._find(plain, self._aside)

    def _find(self, plain: str, rests: _Rests) -> tuple[str, str]:
        words = _WORD.findall(plain)
        at = 0
        while at < len(words):
            if words[at] in self._safe and (length := _length(words, at, self._safe[words[at]])):
                at += length
                continue
            for rest, kind in rests.get(words[at], ()):
                if tuple(words[at + 1 : at + 1 + len(rest)]) == rest:
                    return kind, " ".join((words[at], *rest))
            at += 1
        return self._find_piece(plain) if rests is self._rests else ("", "")

    def _find_piece(self, plain: str) -> tuple[str, str]:
        if not self._pieces or not UNPARTED.search(plain):
            return "", ""
        for safe in self._safe_pieces:
            plain = plain.replace(safe, " ")
        match = self._pieces.search(plain + " ")
        return (str(match.lastgroup), match[0].strip()) if match else ("", "")


def _by_first(rows: Iterable[tuple[tuple[str, ...], str]]) -> _Rests:
    found: _Rests = {}
    for row, kind in rows:
        if row and not UNPARTED.search(row[0]):
            found.setdefault(row[0], []).append((row[1:], kind))
    return found


def _pieces(kinds: Mapping[str, str]) -> re.Pattern[str] | None:
    by_kind: dict[str, list[str]] = {}
    for phrase, kind in kinds.items():
        if UNPARTED.search(phrase):
            by_kind.setdefault(kind, []).append(re.escape(phrase))
    groups = [f"(?P<{kind}>{'|'.join(pieces)})" for kind, pieces in by_kind.items()]
    return re.compile("|".join(groups)) if groups else None


def _length(words: list[str], at: int, rests: list[tuple[tuple[str, ...], str]]) -> int:
    fitting = (rest for rest, _ in rests if tuple(words[at + 1 : at + 1 + len(rest)]) == rest)
    return max((len(rest) + 1 for rest in fitting), default=0)
