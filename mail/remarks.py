"""What is said beside an approval: every word of it has to be known for harmless.

Nobody can list all that restricts one (`my manager has the final say`, `in two instalments`, `as a
trial`, `mit Auflagen`), so the contrary is listed: the words of thanks, of checks that were made
and of papers to be filed. One that is missing there costs a mail; one that is missing among
doubts would cost an action that nobody wanted.
"""

import re
from collections.abc import Set
from itertools import islice

from mail.carriers import without_codes
from mail.phrases import places, tokens
from mail.sign_offs import is_named, is_writer
from mail.vocabulary import Vocabulary

# Between two clauses; a dash, a bar or a star only between blanks.
_MARKS = frozenset(".,;!?:()[]。，、；：！？")
_DRAWN = re.compile(r"(?:^|(?<=[ \t]))[-–—/|*•]+(?=[ \t]|$)")
_EDGES = " \t.,;-–—*_()/~"
# What people write like their phones (`mail.signatures` knows what phones write), and an excuse.
_SENT = re.compile(
    r"sent (?:from|with|via|using) (?:my|a|the) (?!.*\b(?:of|by|account)\b)[\w' ]{1,30}",
    re.IGNORECASE,
)
_EXCUSE = re.compile(r"\b(?:phone|mobile|keyboard|thumbs?|screen|typos?|brevity)\b", re.IGNORECASE)
_WROTE = re.compile(
    r"[\w .,'’-]{1,60}\b(?:wrote|schrieb|a écrit|escribió|escreveu|ha scritto|schreef|skrev)\s*:"
)
_LINK = re.compile(r"https?://\S{1,2000}")
_INITIALS = re.compile(r"[A-Za-z]{1,3}\.?")
_PHONE = range(7, 16)
"""Digits of a telephone number (ITU-T E.164)."""
_SHOWN = 3
"""Words of what is strange, for whoever wrote it."""
_AREA = 3
"""Digits that a national one begins with, the zero included, at least."""


def find_strange_remark(text: str, words: Vocabulary, names: Set[str] = frozenset()) -> str:
    """The first words of `text`, which follows an approval, that may change it; '' if there are
    none. `names` are the writer's, casefolded."""
    if not text or text.isspace():
        return ""
    if "ar-" in text.lower():
        text = without_codes(text)
    if "://" in text:
        text = _LINK.sub(" ", text)
    row = tokens(text)
    unknown = (word for word in set(row) - words.plain_words if word[0].isalnum())
    if words.little.qualifier.isdisjoint(row) and not any(unknown):
        return ""
    lines = (line.strip(_EDGES) for line in text.split("\n"))
    found = (_strange_words(line, words, names) for line in lines if line)
    return next(filter(None, found), "")


def _strange_words(line: str, words: Vocabulary, names: Set[str]) -> str:
    if _WROTE.fullmatch(line) or is_named(line, names):
        return ""
    if _INITIALS.fullmatch(line) and is_writer(line, names):
        return ""
    remark = _Remark(_DRAWN.sub(";", line), words, names)
    clauses = remark.clauses()
    if clauses and _SENT.fullmatch(remark.text(clauses[0])):
        clauses = [clause for clause in clauses[1:] if not _EXCUSE.search(remark.text(clause))]
    # `Thanks for your patience, Tom.`
    if len(clauses) > 1 and remark.is_name_of(clauses[-1]) and remark.is_courteous(clauses[-2]):
        clauses = clauses[:-1]
    return next(filter(None, map(remark.strange_words, clauses)), "")


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
        return [clause for clause in found if any(row[at][0].isalnum() for at in clause)]

    def text(self, clause: range) -> str:
        spans = list(islice(places(self._line), clause.start, clause.stop))
        return self._line[spans[0][0] : spans[-1][1]]

    def strange_words(self, clause: range) -> str:
        """From the first word on that may change something; '' if none does."""
        row, little = self._row, self._words.little
        said = [at for at in clause if at in self._unsure and row[at][0].isalnum()]
        if not said or self._is_phone(clause):
            return ""
        courteous = self.is_courteous(clause)
        for at in said:
            # `for March`, `as a trial`, `is for March`: it restricts, but for whom thanks are.
            restricts = row[at] in little.qualifier and (at == clause.start or not courteous)
            if restricts or not self._is_known(at, courteous):
                return self.text(range(at, min(at + _SHOWN, clause.stop)))
        return ""

    def is_courteous(self, clause: range) -> bool:
        little = self._words.little
        return any(
            self._row[at] in little.courtesy or self._row[at] in little.naming for at in clause
        )

    def is_name_of(self, clause: range) -> bool:
        """Whether it is one word with a capital letter, behind a comma, that can be a name only."""
        at = clause.start
        alone = len(clause) == 1 and self._row[at].isalpha() and self._has_capital(at)
        return alone and self._row[at - 1] == "," and self._row[at] not in self._words.all_words

    def _parts(self, at: int) -> bool:
        """Whether a mark there parts two clauses: not the colon of a time, or of `cc: Dana`."""
        if self._row[at] not in _MARKS or at not in self._unsure:
            return False
        behind = self._row[at + 1 : at + 2]
        joins = at > 0 and self._row[at - 1] in self._words.little.naming
        return self._row[at] != ":" or not (joins or (behind and behind[0][0].isdecimal()))

    def _is_phone(self, clause: range) -> bool:
        """`+49 30 1234567`, `tel 30/12345-67`, `030 1234567`"""
        said = [self._row[at] for at in clause if self._row[at][0].isalnum()]
        digits = [word for word in said if word.isdecimal()]
        named = set(said) & self._words.little.phone
        if len(digits) + len(named) < len(said) or sum(map(len, digits)) not in _PHONE:
            return False
        national = digits[0].startswith("0") and len(digits[0]) >= _AREA
        return national or bool(named) or "+" in [self._row[at] for at in clause]

    def _is_known(self, at: int, courteous: bool) -> bool:
        word, words = self._row[at], self._words
        if word in words.plain_words or word.casefold() in self._names:
            return True
        before = next((word for word in self._row[:at][:-3:-1] if word != ":"), "")
        if any(map(str.isdecimal, word)):
            return before in words.numbered
        # Nouns begin with capital letters in German, and titles everywhere: only behind some words
        # is what begins so a name.
        joined = before in words.little.joining and (courteous or at - 1 not in self._unsure)
        named = before in words.little.naming or joined
        return named and not self._line.isupper() and self._has_capital(at)

    def _has_capital(self, at: int) -> bool:
        start, _ = next(islice(places(self._line), at, None))
        return self._line[start].isupper()
