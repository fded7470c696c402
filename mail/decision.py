"""A person's own lines to a decision.

Approval needs a whole statement and nothing beside it that takes it back; a rejection stands
whatever is said with it.
"""

import re
from collections.abc import Sequence, Set
from typing import NamedTuple

from mail.carriers import REQUEST_ID, without_tokens
from mail.characters import plain_word_text, strange
from mail.doubt import find_aside_doubt, find_doubt, find_sign
from mail.opening import Opening, find_opening, takes_back
from mail.quotes import OwnText
from mail.remarks import find_strange_remark
from mail.reply import Decision
from mail.vocabulary import DEFAULT, Vocabulary

NOTE = 4_000
REASON = 200

_CODE = re.compile(REQUEST_ID, re.IGNORECASE)
_LETTERS = re.compile(r"[^\W\d_]")
_PUNCTUATION = " \t\xa0.,:;!-–—―。，、；：！"
# Control characters but line breaks and tabs, halves of pairs, and what turns directions round.
_UNPRINTED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)


class Verdict(NamedTuple):
    decision: Decision
    note: str
    reason: str


class _Said(NamedTuple):
    """What a text of the writer's own says by itself."""

    opening: Opening | None
    doubt: str
    """Why what stands beside its approval voids it; '' if it does not."""


def decide(
    own: OwnText, beside: str = "", vocabulary: Vocabulary = DEFAULT, request_id: str = ""
) -> Verdict:
    """`beside` is other text of the message: it decides nothing, but a doubt in it counts.
    `request_id` is what the message is about: its writer may name it, and no other."""
    return decide_forms([own], beside, vocabulary, request_id)[0]


def decide_forms(
    forms: Sequence[OwnText],
    beside: str,
    vocabulary: Vocabulary,
    request_id: str,
    names: Set[str] = frozenset(),
) -> list[Verdict]:
    """The same for each form of one message; of nearly all mail they say the same words, which are
    looked at once. `names` are the writer's, casefolded."""
    texts = [plain_word_text("\n".join(own.lines)) for own in forms]
    said = {text: _said(text, vocabulary, request_id, names) for text in set(texts)}
    return [
        _verdict(own, text, said[text], beside, vocabulary, request_id, names)
        if own.lines
        else _unclear("", "no words of the sender's own")
        for own, text in zip(forms, texts, strict=True)
    ]


def _verdict(
    own: OwnText,
    text: str,
    found: _Said,
    beside: str,
    vocabulary: Vocabulary,
    request_id: str,
    names: Set[str],
) -> Verdict:
    opening = found.opening
    if not opening:
        return _unclear(text, _why_undecided(text))
    said, rest = text[: opening.end], text[opening.end :]
    if opening.decision is Decision.APPROVE:
        doubt = "longer than what is read" if own.cut else found.doubt
        doubt = doubt or _doubt_around(own, vocabulary, request_id, names)
        if doubt := doubt or find_doubt(beside, vocabulary):
            return _unclear(text, doubt)
    elif takes_back(rest, vocabulary):
        return _unclear(text, "the note takes the rejection back")
    tail, _, below = rest.partition("\n")
    line = said.strip().rpartition("\n")[2] + tail
    note = "\n".join(filter(None, (tail.lstrip(_PUNCTUATION), below.lstrip("\n"))))
    return Verdict(opening.decision, clean_note(note), shown(line))


def clean_note(text: str) -> str:
    """At most NOTE characters, none of them a control character; without our tokens."""
    if not text.replace("\n", " ").isprintable():
        text = _UNPRINTED.sub("", text)
    # A token in a note would reach everybody whom the note is shown to.
    if "ar-" in text.lower():
        text = without_tokens(text)
    return text.strip()[:NOTE].rstrip()


def _said(text: str, vocabulary: Vocabulary, request_id: str, names: Set[str]) -> _Said:
    opening = find_opening(text, vocabulary, request_id)
    if not opening or opening.decision is not Decision.APPROVE:
        return _Said(opening, "")
    said, rest = text[: opening.end], text[opening.end :]
    # A sign before the words or around them counts like one below.
    sign = "" if said.isascii() else find_sign(said)
    return _Said(opening, sign or find_doubt(rest, vocabulary) or _remark(rest, vocabulary, names))


def _doubt_around(own: OwnText, vocabulary: Vocabulary, request_id: str, names: Set[str]) -> str:
    around = "\n".join((*own.beside, *own.below, *own.signed))
    if doubt := _another(own, request_id) or find_doubt(around, vocabulary):
        return doubt
    # Below a closing stands a signature, and what people add there.
    below = (*own.below, *own.signed)
    remarks = (_remark(line, vocabulary, names) for line in below)
    doubts = (find_aside_doubt(line, vocabulary) for line in own.aside)
    return next(filter(None, (*remarks, *doubts)), "")


def _another(own: OwnText, request_id: str) -> str:
    text = "\n".join((*own.lines, *own.beside, *own.below)) if request_id else ""
    if "ar-" not in text.lower():
        return ""
    named = {code.upper() for code in _CODE.findall(text)}
    return "the note names another request" if named - {request_id} else ""


def _remark(rest: str, vocabulary: Vocabulary, names: Set[str]) -> str:
    found = find_strange_remark(rest, vocabulary, names)
    return f"the note may change it: {found[:60]}" if found else ""


def _unclear(note: str, reason: str) -> Verdict:
    return Verdict(Decision.UNCLEAR, clean_note(note), shown(reason))


def _why_undecided(text: str) -> str:
    first = text.partition("\n")[0]
    if not _LETTERS.search(first):
        return "the first line holds no word"
    if odd := strange(first):
        return f"the first line is not to be trusted: {odd}"
    if "~~" in first:
        return "the first line is struck through"
    return f"the first line is not APPROVE or REJECT: {first}"


def shown(text: str) -> str:
    """As a reason: one line of at most REASON characters, without control characters."""
    return clean_note(text.replace("\n", " "))[:REASON]
