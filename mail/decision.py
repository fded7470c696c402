"""A person's own lines to a decision.

Approval needs a whole statement and nothing beside it that takes it back; a rejection stands
whatever is said with it.
"""

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass

from mail.carriers import REQUEST_ID, without_tokens
from mail.characters import plain_word_text, strange
from mail.doubt import find_doubt, find_doubt_aside, find_sign
from mail.opening import Opening, find_opening
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


@dataclass(frozen=True, slots=True)
class Verdict:
    decision: Decision
    note: str
    reason: str


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
    said: dict[str, tuple[Opening | None, str]] = {}
    verdicts = []
    for own in forms:
        if not own.lines:
            verdicts.append(_unclear("", "no words of the sender's own"))
            continue
        text = plain_word_text("\n".join(own.lines))
        if text not in said:
            said[text] = _said(text, vocabulary, request_id, names)
        verdicts.append(_verdict(own, text, *said[text], beside, vocabulary, request_id, names))
    return verdicts


def _verdict(
    own: OwnText,
    text: str,
    opening: Opening | None,
    doubt: str,
    beside: str,
    vocabulary: Vocabulary,
    request_id: str,
    names: Set[str],
) -> Verdict:
    if not opening:
        return _unclear(text, _why_undecided(text))
    if opening.decision is Decision.APPROVE:
        if own.cut:
            doubt = "longer than what is read"
        doubt = doubt or _doubt_around(own, text, vocabulary, request_id, names)
        doubt = doubt or find_doubt(beside, vocabulary)
    if doubt:
        return _unclear(text, doubt)
    line, rest = text[: opening.end].rpartition("\n")[2], text[opening.end :]
    if not rest:
        return Verdict(opening.decision, "", shown(line))
    tail, _, below = rest.partition("\n")
    note = "\n".join(filter(None, (tail.lstrip(_PUNCTUATION), below.lstrip("\n"))))
    return Verdict(opening.decision, clean_note(note), shown(line + tail))


def clean_note(text: str) -> str:
    """At most NOTE characters, none of them a control character; without our tokens."""
    text = _UNPRINTED.sub("", text)
    # A token in a note would reach everybody whom the note is shown to.
    if "-" in text and "ar-" in text.lower():
        text = without_tokens(text)
    return text.strip()[:NOTE].rstrip()


def _said(
    text: str, vocabulary: Vocabulary, request_id: str, names: Set[str]
) -> tuple[Opening | None, str]:
    """What a text of the writer's own says by itself, and why that does not count, '' if it does:
    by what stands beside an approval, or takes a rejection back."""
    opening = find_opening(text, vocabulary, request_id)
    if not opening:
        return None, ""
    if opening.decision is not Decision.APPROVE:
        return opening, "the note takes the rejection back" if opening.taken_back else ""
    # A sign before the words or around them counts like one below.
    doubt = find_sign(text[: opening.end])
    if rest := text[opening.end :]:
        doubt = doubt or find_doubt(rest, vocabulary) or _remark(rest, vocabulary, names)
    return opening, doubt


def _doubt_around(
    own: OwnText, text: str, vocabulary: Vocabulary, request_id: str, names: Set[str]
) -> str:
    around = (*own.beside, *own.below, *own.signed)
    if request_id and (around or "-" in text) and (doubt := _another(own, request_id)):
        return doubt
    if around and (doubt := find_doubt("\n".join(around), vocabulary)):
        return doubt
    # Below a closing stands a signature, and what people add there.
    for line in (*own.below, *own.signed):
        if doubt := _remark(line, vocabulary, names):
            return doubt
    return find_doubt_aside(own.aside, vocabulary)


def _another(own: OwnText, request_id: str) -> str:
    text = "\n".join((*own.lines, *own.beside, *own.below))
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
    return clean_note(text.replace("\n", " ") if "\n" in text else text)[:REASON]
