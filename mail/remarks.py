"""What is said beside an approval: every word of it has to be known for harmless.

Nobody can list all that restricts one (`my manager has the final say`, `in two instalments`, `as a
trial`, `mit Auflagen`), so the contrary is listed: the words of thanks, of checks that were made
and of papers to be filed. One that is missing there costs a mail; one that is missing among
doubts would cost an action that nobody wanted.
"""

import re
from collections.abc import Iterator, Set
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
    r"sent (?:from|with|via|using) (?:my|a|the) (?!.*\b(?:of|by|account)\b)[\w' ]{1,30}"
    r"|sent from an? (?!.*\b(?:account|behalf|desk|name|phone)\b)[a-z ]{1,30} of [a-z]{2,15}s",
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
    if "-" in text and "ar-" in text.lower():
        text = without_codes(text)
    if "://" in text:
        text = _LINK.sub(" ", text)
    for written in text.split("\n"):
        line = written.strip(_EDGES)
        if line and (found := _strange_words(line, words, names)):
            return found
    return ""


def _strange_words(line: str, words: Vocabulary, names: Set[str]) -> str:
    drawn = _DRAWN.sub(";", line)
    row = tokens(drawn)
    unknown = (word for word in set(row) - words.plain_words if word[0].isalnum())
    if words.little.qualifier.isdisjoint(row) and not any(unknown):
        return ""
    remark = _Remark(drawn, row, words, names)
    found = remark.clauses()
    # What is not strange needs no excuse.
    if not any(map(remark.strange_words, found)):
        return ""
    clauses = list(filter(remark.holds_word, found))
    if _WROTE.fullmatch(line) or is_named(line, names):
        return ""
    if _INITIALS.fullmatch(line) and is_writer(line, names):
        return ""
    if clauses and _SENT.fullmatch(remark.text(clauses[0])):
        clauses = [clause for clause in clauses[1:] if not _EXCUSE.search(remark.text(clause))]
    # `Thanks for your patience, Tom.`
    if len(clauses) > 1 and remark.is_name_of(clauses[-1]) and remark.is_courteous(clauses[-2]):
        clauses = clauses[:-1]
    return next(filter(None, map(remark.strange_words, clauses)), "")


class _Remark:
    """One line. Its clauses are rows of places among its tokens."""

    def __init__(self, line: str, row: list[str], words: Vocabulary, names: Set[str]) -> None:
        """`row` are its tokens."""
        self._line = line
        self._row = row
        self._words = words
        self._names = names
        # A harmless phrase may go on over a comma.
        self._unsure = words.harmless_phrases.outside(row)
        self._found: Iterator[tuple[int, int]] | None = None
        self._places: list[tuple[int, int]] = []

    def clauses(self) -> list[range]:
        found, start = [], 0
        for at, word in enumerate(self._row):
            if word in _MARKS and self._parts(at):
                found.append(range(start, at))
                start = at + 1
        return [*found, range(start, len(self._row))]

    def holds_word(self, clause: range) -> bool:
        return any(self._row[at][0].isalnum() for at in clause)

    def text(self, clause: range) -> str:
        return self._line[self._place(clause.start)[0] : self._place(clause.stop - 1)[1]]

    def strange_words(self, clause: range) -> str:
        """From the first word on that may change something; '' if none does."""
        row, plain, qualifier = self._row, self._words.plain_words, self._words.little.qualifier
        said = [
            at
            for at in clause
            if at in self._unsure and (row[at] not in plain or row[at] in qualifier)
        ]
        if not said:
            return ""
        courteous = self.is_courteous(clause)
        for at in said:
            # `for March`, `as a trial`, `is for March`: it restricts, but for whom thanks are.
            restricts = row[at] in qualifier and (at == clause.start or not courteous)
            if row[at][0].isalnum() and (restricts or not self._is_known(at, courteous)):
                shown = range(at, min(at + _SHOWN, clause.stop))
                return "" if self._is_phone(clause) else self.text(shown)
        return ""

    def is_courteous(self, clause: range) -> bool:
        said = self._row[clause.start : clause.stop]
        return not self._words.little.courteous.isdisjoint(said)

    def is_name_of(self, clause: range) -> bool:
        """Whether it is one word with a capital letter, behind a comma, that can be a name only."""
        at = clause.start
        alone = len(clause) == 1 and self._row[at].isalpha() and self._has_capital(at)
        return alone and self._row[at - 1] == "," and self._row[at] not in self._words.all_words

    def _parts(self, at: int) -> bool:
        """Whether a mark there parts two clauses: not the colon of a time, or of `cc: Dana`."""
        if at not in self._unsure:
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
        before = self._before(at)
        if any(map(str.isdecimal, word)):
            return before in words.numbered
        # Nouns begin with capital letters in German, and titles everywhere: only behind some words
        # is what begins so a name.
        joined = before in words.little.joining and (courteous or at - 1 not in self._unsure)
        named = before in words.little.naming or joined
        return named and not self._line.isupper() and self._has_capital(at)

    def _before(self, at: int) -> str:
        """The word before, or before a colon there; '' if it is none."""
        if at > 1 and self._row[at - 1] == ":":
            at -= 1
        return self._row[at - 1] if at and self._row[at - 1] != ":" else ""

    def _has_capital(self, at: int) -> bool:
        return self._line[self._place(at)[0]].isupper()

    def _place(self, at: int) -> tuple[int, int]:
        if at >= len(self._places):
            self._found = self._found or places(self._line)
            self._places.extend(islice(self._found, at + 1 - len(self._places)))
        return self._places[at]
