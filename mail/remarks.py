"""What is said beside an approval: every word of it has to be known for harmless.

Nobody can list all that restricts one (`my manager has the final say`, `in two instalments`, `as a
trial`, `mit Auflagen`), so the contrary is listed: the words of thanks, of checks that were made
and of papers to be filed. One that is missing there costs a mail; one that is missing among
doubts would cost an action that nobody wanted.
"""

import re
from collections.abc import Sequence, Set
from itertools import islice

from mail.carriers import without_codes
from mail.phrases import places, tokens
from mail.sign_offs import is_writer
from mail.vocabulary import Vocabulary

# Between two clauses; a dash, a bar or a star only between blanks.
_MARKS = frozenset(".,;!?:()[]。，、；：！？")
_DRAWN = re.compile(r"(?:^|(?<=[ \t]))[-–—/|*•]+(?=[ \t]|$)")
_EDGES = " \t.,;-–—*_()/~"
# What phones and programs write, and people in their manner.
_SENT = re.compile(
    r"(?:sent (?:from|with|via|using)|get [\w ]{1,20} for (?:ios|android))\b", re.IGNORECASE
)
_LINK = re.compile(r"https?://\S{1,2000}")
_INITIALS = re.compile(r"[A-Za-z]{1,3}\.?")
_PHONE = range(7, 16)
"""Digits of a telephone number (ITU-T E.164)."""
_SAID_TO_SOMEBODY = 3
"""Words of what a name stands before, at least."""


def find_strange_remark(text: str, words: Vocabulary, names: Set[str] = frozenset()) -> str:
    """The first line of `text`, which follows an approval, that may change it; '' if there is
    none. `names` are the writer's, casefolded."""
    if not text or text.isspace():
        return ""
    if "ar-" in text.lower():
        text = without_codes(text)
    if "://" in text:
        text = _LINK.sub(" ", text)
    row = tokens(text)
    if words.little.qualifier.isdisjoint(row) and not any(
        word[0].isalnum() for word in set(row) - words.plain_words
    ):
        return ""
    lines = (line.strip(_EDGES) for line in text.split("\n"))
    return next((line for line in lines if line and _is_strange(line, words, names)), "")


def _is_strange(line: str, words: Vocabulary, names: Set[str]) -> bool:
    if _SENT.match(line) or (_INITIALS.fullmatch(line) and is_writer(line, names)):
        return False
    remark = _Remark(_DRAWN.sub(";", line), words, names)
    return not all(map(remark.is_harmless, remark.clauses()))


class _Remark:
    """One line. Its clauses are rows of places among its tokens."""

    def __init__(self, line: str, words: Vocabulary, names: Set[str]) -> None:
        self._line = line
        self._words = words
        self._names = names
        self._row = tokens(line)
        # A harmless phrase may go on over a comma.
        self._unsure = frozenset(words.harmless_phrases.outside(self._row))

    def clauses(self) -> list[range]:
        row, found, start = self._row, [], 0
        for at in range(len(row) + 1):
            if at == len(row) or self._parts(at):
                found.append(range(start, at))
                start = at + 1
        clauses = [clause for clause in found if any(row[at][0].isalnum() for at in clause)]
        # `Dana, please file it`
        return clauses[1:] if self._is_called(clauses) else clauses

    def is_harmless(self, clause: range) -> bool:
        said = [at for at in clause if at in self._unsure and self._row[at][0].isalnum()]
        if not said or self._is_phone(clause):
            return True
        # `for March`, `as a trial`: whatever follows, it restricts.
        if said[0] == clause.start and self._row[said[0]] in self._words.little.qualifier:
            return False
        return all(self._is_known(at, said) for at in said)

    def _parts(self, at: int) -> bool:
        """Whether a mark there parts two clauses: not the colon of a time."""
        if self._row[at] not in _MARKS or at not in self._unsure:
            return False
        behind = self._row[at + 1 : at + 2]
        return self._row[at] != ":" or not (behind and behind[0][0].isdecimal())

    def _is_called(self, clauses: Sequence[range]) -> bool:
        """Whether the first clause is a name, and no adverb."""
        if len(clauses) < 2 or len(clauses[0]) > 1 or len(clauses[1]) < _SAID_TO_SOMEBODY:
            return False
        word = self._row[clauses[0].start]
        no_name = word.endswith(self._words.little.no_name_endings) or not word.isalpha()
        return not no_name and self._has_capital(clauses[0].start)

    def _is_phone(self, clause: range) -> bool:
        """`+49 30 1234567`, `tel 030/12345-67`"""
        said = [self._row[at] for at in clause if self._row[at][0].isalnum()]
        digits = [word for word in said if word.isdecimal()]
        others = set(said) - set(digits) - set(self._words.numbered)
        return sum(map(len, digits)) in _PHONE and not others

    def _is_known(self, at: int, said: Sequence[int]) -> bool:
        word, words = self._row[at], self._words
        if word in words.plain_words or word.casefold() in self._names:
            return True
        if any(map(str.isdecimal, word)):
            return any(self._row[before] in words.numbered for before in said if before < at)
        # Nouns begin with capital letters in German, and titles everywhere: only behind some words
        # is what begins so a name.
        named = at > 0 and self._row[at - 1] in words.little.naming
        return named and not self._line.isupper() and self._has_capital(at)

    def _has_capital(self, at: int) -> bool:
        start, _ = next(islice(places(self._line), at, None))
        return self._line[start].isupper()
