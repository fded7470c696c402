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

_CLAUSE = re.compile(r"(?:[.,;!?()\[\]。，、；：！]|:(?!\s*\d))+|(?:^|[ \t])[-–—/|*•]+(?:[ \t]|$)")
_EDGES = " \t.,;-–—*_()/~"
_PHONE = re.compile(r"[\d+ ()/.-]{7,30}")
# What phones and programs write, and people in their manner.
_SENT = re.compile(r"(?:sent (?:from|with|via|using)|get [\w ]{1,20} for) ", re.IGNORECASE)
_LINK = re.compile(r"https?://\S{1,2000}")
_CALLED = re.compile(r"[^\W\d_a-zß-öø-ÿ][^\W\d_]+")
_INITIALS = re.compile(r"[A-Za-z]{1,3}\.?")
_SAID_TO_SOMEBODY = 3
"""Words of what a name stands before, at least."""


def find_strange_remark(text: str, words: Vocabulary, names: Set[str] = frozenset()) -> str:
    """The first clause of `text`, which follows an approval, that may change it; '' if there is
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
    found = (_strange_clause(line.strip(_EDGES), words, names) for line in text.split("\n"))
    return next(filter(None, found), "")


def _strange_clause(line: str, words: Vocabulary, names: Set[str]) -> str:
    if not line or _SENT.match(line) or (_INITIALS.fullmatch(line) and is_writer(line, names)):
        return ""
    clauses = [clause for part in _CLAUSE.split(line) if (clause := part.strip(_EDGES))]
    for number, clause in enumerate(clauses):
        called = number == 0 and _is_called(clause, clauses[1:], words)
        if not called and _is_strange(clause, words, names):
            return clause
    return ""


def _is_called(clause: str, behind: Sequence[str], words: Vocabulary) -> bool:
    """`Dana` of `Dana, please file it`: a name, and no adverb."""
    if not _CALLED.fullmatch(clause) or clause.endswith(words.little.no_name_endings):
        return False
    return bool(behind) and len(tokens(behind[0])) >= _SAID_TO_SOMEBODY


def _is_strange(clause: str, words: Vocabulary, names: Set[str]) -> bool:
    row = tokens(clause)
    said = _unsure(row, words)
    if not said or _PHONE.fullmatch(clause):
        return False
    # `for March`, `as a trial`: whatever follows, it restricts.
    if said[0] == 0 and row[0] in words.little.qualifier:
        return True
    return not all(
        _is_known(clause, row, said[:number], at, words, names) for number, at in enumerate(said)
    )


def _is_known(
    clause: str,
    row: Sequence[str],
    before: Sequence[int],
    at: int,
    words: Vocabulary,
    names: Set[str],
) -> bool:
    word = row[at]
    if word in words.plain_words or word.casefold() in names:
        return True
    if any(map(str.isdecimal, word)):
        return any(row[place] in words.numbered for place in before)
    # Nouns begin with capital letters in German, and titles everywhere: only behind some words
    # is what begins so a name.
    named = at > 0 and row[at - 1] in words.little.naming
    return named and not clause.isupper() and _has_capital(clause, at)


def _has_capital(clause: str, at: int) -> bool:
    start, _ = next(islice(places(clause), at, None))
    return clause[start].isupper()


def _unsure(row: Sequence[str], words: Vocabulary) -> list[int]:
    """Where its words stand, but for phrases that are harmless as a whole."""
    return [at for at in words.harmless_phrases.outside(row) if row[at][0].isalnum()]
