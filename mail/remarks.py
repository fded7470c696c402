"""Short remarks beside an approval: each of their words has to be known for harmless.

A sentence says what it means, and a doubt in it is found (`mail.doubt`). A word or three may be
anything: `Approved, provisionally`, `tonight`, `as amended`; nobody can list them all.
"""

import re
from collections.abc import Iterator, Sequence, Set
from itertools import islice

from mail.carriers import without_codes
from mail.phrases import places, tokens
from mail.vocabulary import Vocabulary

TAIL = 5
"""Words of a clause in the sentence that approves; a longer one says what it means."""
BELOW = 3
"""The same behind that sentence."""

_CLAUSE = re.compile(r"(?:[.,;!()\[\]。，、；：！]|:(?!\s*\d))+|(?:^|[ \t])[-–—/|*•]+(?:[ \t]|$)")
_SENTENCE_END = re.compile(r"[.!。！\n]")
_ENDS = frozenset(".!?。！？\n")
_SENTENCE = re.compile(r"[.!?。！？\n]")
_EDGES = " \t.,;-–—*_()"
_NAME = re.compile(r"(?:[^\W\d_]\.?|[^\W_]{2,40}|&)(?:[-'’][^\W_]{1,40})*")
_PHONE = re.compile(r"[\d+ ()/.-]{7,30}")
# What phones and programs write, and people in their manner.
_SENT = re.compile(r"(?:sent (?:from|with|via|using)|get [\w ]{1,20} for) ", re.IGNORECASE)
_WROTE = re.compile(r"(?:wrote|schrieb|a écrit|escribió|escreveu|ha scritto|schreef|skrev)\s*:\s*$")
_LINK = re.compile(r"https?://\S{1,2000}")
_CALLED = re.compile(r"[A-Z][a-z]+")
_SIGNED = re.compile(r"\s*[-–—/]\s*[A-Z]{1,2}\.?\s*")
_INITIALS = re.compile(r"[A-Z]{1,2}\.?")


def find_strange_remark(text: str, words: Vocabulary) -> str:
    """The first short clause of `text`, which follows an approval, that has a word which is not
    known for harmless; '' if there is none."""
    if not text or text.isspace():
        return ""
    if "ar-" in text.lower():
        text = without_codes(text)
    if "://" in text:
        text = _LINK.sub(" ", text)
    row = tokens(text)
    unknown = {word for word in set(row) - words.plain_words if word[0].isalnum()}
    if not unknown and words.little.whose.isdisjoint(row):
        return ""
    # Fewer are never most of a sentence that is longer than BELOW.
    enough = 2 * len([word for word in row if word in unknown]) > BELOW + 1
    if enough and (sentence := _unknown_sentence(text, row, words)):
        return sentence
    end = _SENTENCE_END.search(text)
    tail, below = (text[: end.start()], text[end.start() :]) if end else (text, "")
    if _is_strange_tail(tail, unknown, words):
        return tail.strip(_EDGES)
    return _in_lines(below.split("\n"), unknown, words)


def _unknown_sentence(text: str, row: Sequence[str], words: Vocabulary) -> str:
    """One of which fewer than half of the words are known, be it in a language that is not."""
    for said, sentence in zip(_SENTENCE.split(text), _sentences(row), strict=True):
        if _is_unknown(sentence, words) and not _SENT.match(said.lstrip(_EDGES)):
            return said.strip()
    return ""


def _sentences(row: Sequence[str]) -> Iterator[Sequence[str]]:
    """Parted where _SENTENCE parts their text: each of its characters is a token."""
    start = 0
    for at, word in enumerate(row):
        if word in _ENDS:
            yield row[start:at]
            start = at + 1
    yield row[start:]


def _is_unknown(sentence: Sequence[str], words: Vocabulary) -> bool:
    if len(sentence) <= BELOW:
        return False
    said = [sentence[at] for at in _unsure(sentence, words) if sentence[at].isalpha()]
    return len(said) > BELOW and 2 * sum(word in words.plain_words for word in said) < len(said)


def _is_strange_tail(tail: str, unknown: Set[str], words: Vocabulary) -> bool:
    if not tail or _SENT.match(tail.lstrip(_EDGES)) or _SIGNED.fullmatch(tail):
        return False
    clauses = map(str.strip, _CLAUSE.split(tail))
    return any(_is_strange(clause, TAIL, unknown, words) for clause in clauses)


def _in_lines(lines: list[str], unknown: Set[str], words: Vocabulary) -> str:
    for line in lines:
        line = line.strip(_EDGES)
        if not line or _is_name(line, words) or _SENT.match(line) or _introduces(line):
            continue
        clauses = [clause.strip() for clause in _CLAUSE.split(line)]
        for clause in clauses:
            if not _is_strange(clause, BELOW, unknown, words) or _INITIALS.fullmatch(clause):
                continue
            if not (clause == clauses[0] and len(clauses) > 1 and _is_called(clause, words)):
                return clause
    return ""


def _introduces(line: str) -> bool:
    return line.rstrip().endswith(":") and _WROTE.search(line) is not None


def _is_strange(clause: str, longest: int, unknown: Set[str], words: Vocabulary) -> bool:
    """`unknown`: the words of the whole text that are not plain."""
    row = tokens(clause)
    if unknown.isdisjoint(row) and words.little.whose.isdisjoint(row):
        return False
    said = _unsure(row, words)
    if not said or len(said) > longest or _PHONE.fullmatch(clause):
        return False
    if _is_somebodys(clause, words):
        return True
    for number, at in enumerate(said):
        word = row[at]
        if word in words.plain_words:
            continue
        if any(char.isdecimal() for char in word):
            known = any(row[before] in words.numbered for before in said[:number])
        else:
            known = number > 0 and not clause.isupper() and _has_capital(clause, at)
        if not known:
            return True
    return False


def _is_somebodys(clause: str, words: Vocabulary) -> bool:
    """`by Finance`"""
    said = clause.lower().split(maxsplit=2)
    little = words.little
    return len(said) > 1 and said[0] in little.whose and said[1] not in little.ourselves


def _is_called(clause: str, words: Vocabulary) -> bool:
    """`Dana` of `Dana, please file it`: a name, and no adverb."""
    no_name = clause.endswith(words.little.no_name_endings)
    return not no_name and _CALLED.fullmatch(clause) is not None


def _has_capital(clause: str, at: int) -> bool:
    start, _ = next(islice(places(clause), at, None))
    return clause[start].isupper()


def _unsure(row: Sequence[str], words: Vocabulary) -> list[int]:
    """Where its words stand, but for phrases that are harmless as a whole."""
    return [at for at in words.harmless_phrases.outside(row) if row[at][0].isalnum()]


def _is_name(line: str, words: Vocabulary) -> bool:
    """`Marta Keller`, `Head of Finance`, `ACME GmbH & Co. KG`; one word may be anything."""
    said = line.strip(" \t-–—/~*_,.").split()
    for word in said:
        if word not in words.little.particle and (
            word[0].islower() or not _NAME.fullmatch(word.rstrip(",."))
        ):
            return False
    return len([word for word in said if word[0].isupper()]) > 1 and not line.isupper()
