"""A person's own lines to a decision: the strict rules, in one place to widen.

Approval needs the word and nothing that takes it back; a rejection stands whatever is said with it.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from mail.carriers import without_tokens
from mail.doubt import find_aside_doubt, find_doubt, find_signature_doubt
from mail.quotes import OwnText
from mail.reply import Decision

NOTE = 4_000
REASON = 200

# The first own line: all of it, or how it starts. To ignore case lets in look-alikes of I, K and S
# only, which neither word has.
_APPROVES = re.compile(r"approved?[.!]?", re.IGNORECASE)
_REJECTS = re.compile(r"reject(?:ed)?(?!\w)", re.IGNORECASE)
_LETTERS = re.compile(r"[^\W\d_]")
_PUNCTUATION = " \t\xa0.,:;!-–—"
_UNPRINTED = frozenset({"Cc", "Cs"})
_BIDI = frozenset("\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@dataclass(frozen=True, slots=True)
class Verdict:
    decision: Decision
    note: str
    reason: str


def decide(own: OwnText, beside: str = "", signed: tuple[str, ...] = ()) -> Verdict:
    """`beside` is other text of the message, `signed` lines of a signature: they decide nothing,
    but a doubt in them counts."""
    if not own.lines:
        return _unclear("", "no words of the sender's own")
    first, below = own.lines[0], "\n".join(own.lines[1:])
    if match := _REJECTS.match(first):
        return _reject(first, first[match.end() :].strip(_PUNCTUATION), below)
    if not _APPROVES.fullmatch(first):
        return _unclear("\n".join(own.lines), _why_undecided(first))
    doubt = find_doubt(below) or find_doubt(beside) or _first(find_aside_doubt, own.aside)
    if doubt := doubt or _first(find_signature_doubt, signed):
        return _unclear("\n".join(own.lines), doubt)
    return Verdict(Decision.APPROVE, clean_note(below), _shown(first))


def clean_note(text: str) -> str:
    kept = (
        char
        for char in text
        if char in "\n\t" or (unicodedata.category(char) not in _UNPRINTED and char not in _BIDI)
    )
    # A token in a note would reach everybody whom the note is shown to.
    return without_tokens("".join(kept)).strip()[:NOTE].rstrip()


def _reject(first: str, rest: str, below: str) -> Verdict:
    note = "\n".join(part for part in (rest, below) if part)
    return Verdict(Decision.REJECT, clean_note(note), _shown(first))


def _first(find: Callable[[str], str], lines: tuple[str, ...]) -> str:
    return next(filter(None, map(find, lines)), "")


def _unclear(note: str, reason: str) -> Verdict:
    return Verdict(Decision.UNCLEAR, clean_note(note), _shown(reason))


def _why_undecided(first: str) -> str:
    if not _LETTERS.search(first):
        return "the first line holds no word"
    if any(not char.isprintable() for char in first):
        return "the first line holds invisible characters"
    if "~~" in first:
        return "the first line is struck through"
    if not first.isascii():
        return f"the first line is not APPROVE or REJECT (characters beyond ASCII): {first}"
    return f"the first line is not APPROVE or REJECT alone: {first}"


def _shown(text: str) -> str:
    return clean_note(text.replace("\n", " "))[:REASON]
