"""A person's own lines to a decision.

Approval needs a whole statement and nothing beside it that takes it back; a rejection stands
whatever is said with it.
"""

import re
import unicodedata
from dataclasses import dataclass

from mail.carriers import without_tokens
from mail.doubt import find_aside_doubt, find_doubt, find_sign
from mail.opening import find_opening
from mail.quotes import OwnText
from mail.reply import Decision
from mail.vocabulary import DEFAULT, Vocabulary

NOTE = 4_000
REASON = 200

_LETTERS = re.compile(r"[^\W\d_]")
_PUNCTUATION = " \t\n\xa0.,:;!-–—―。，、；：！"
_UNPRINTED = frozenset({"Cc", "Cs"})
_BIDI = frozenset("\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# Blanks of other keyboards, and the letters and marks of East Asian ones: the same to every eye.
_ALIKE = {0xA0: " ", 0x3000: " "} | {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
_SENTENCE_END = re.compile(r"(?<=[.!?。！？])\s|\n")


@dataclass(frozen=True, slots=True)
class Verdict:
    decision: Decision
    note: str
    reason: str


def decide(own: OwnText, beside: str = "", vocabulary: Vocabulary = DEFAULT) -> Verdict:
    """`beside` is other text of the message: it decides nothing, but a doubt in it counts."""
    if not own.lines:
        return _unclear("", "no words of the sender's own")
    text = "\n".join(own.lines)
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    opening = find_opening(text.translate(_ALIKE), vocabulary)
    said, rest = text[: opening.end], text[opening.end :]
    if opening.decision is None:
        return _unclear(text, _why_undecided(text, vocabulary))
    if opening.decision is Decision.APPROVE:
        doubt = "longer than what is read" if own.cut else _doubt(said, rest, own, vocabulary)
        if doubt := doubt or find_doubt(beside, vocabulary):
            return _unclear(text, doubt)
    line = said.strip().rpartition("\n")[2]
    return Verdict(opening.decision, clean_note(rest.lstrip(_PUNCTUATION)), _shown(line))


def clean_note(text: str) -> str:
    """At most NOTE characters, none of them a control character; without our tokens."""
    if not text.isascii() or not text.isprintable():
        text = "".join(
            char
            for char in text
            if char in "\n\t"
            or (unicodedata.category(char) not in _UNPRINTED and char not in _BIDI)
        )
    # A token in a note would reach everybody whom the note is shown to.
    return without_tokens(text).strip()[:NOTE].rstrip()


def _doubt(said: str, rest: str, own: OwnText, vocabulary: Vocabulary) -> str:
    doubts = (
        # A sign before the words or around them counts like one below.
        "" if said.isascii() else find_sign(said),
        find_doubt(rest, vocabulary),
        find_doubt("\n".join(own.beside), vocabulary),
        *(find_aside_doubt(line, vocabulary) for line in own.aside),
    )
    return next(filter(None, doubts), "")


def _unclear(note: str, reason: str) -> Verdict:
    return Verdict(Decision.UNCLEAR, clean_note(note), _shown(reason))


def _why_undecided(text: str, vocabulary: Vocabulary) -> str:
    first = text.partition("\n")[0]
    if not _LETTERS.search(first):
        return "the first line holds no word"
    if any(not char.isprintable() for char in first):
        return "the first line holds invisible characters"
    if "~~" in first:
        return "the first line is struck through"
    return f"the first line is not APPROVE or REJECT: {first}"


def _shown(text: str) -> str:
    return clean_note(text.replace("\n", " "))[:REASON]
