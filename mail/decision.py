"""A person's own lines to a decision.

Approval needs a whole statement and nothing beside it that takes it back; a rejection stands
whatever is said with it.
"""

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass
from typing import NamedTuple

from mail.carriers import REQUEST_ID, without_tokens
from mail.characters import plain_word_text, strange
from mail.doubt import find_doubt, find_doubt_aside, find_sign
from mail.opening import find_opening
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


@dataclass(slots=True)
class _Said:
    """What lines of the writer's own say."""

    text: str
    verdict: Verdict
    """By themselves."""
    approves: bool = False
    """Whether they begin with an approval, even if what they go on with voids it."""
    doubt_beside: str = ""
    """Why text beside them voids an approval; '' if it does not."""


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
    said: dict[tuple[str, ...], _Said] = {}
    verdicts = []
    for own in forms:
        if own.lines not in said:
            said[own.lines] = _said(own.lines, beside, vocabulary, request_id, names)
        verdicts.append(_verdict(own, said[own.lines], vocabulary, request_id, names))
    return verdicts


def _verdict(
    own: OwnText, said: _Said, vocabulary: Vocabulary, request_id: str, names: Set[str]
) -> Verdict:
    if not said.approves:
        return said.verdict
    if own.cut:
        return _unclear(said.text, "longer than what is read")
    if said.verdict.decision is not Decision.APPROVE:
        return said.verdict
    doubt = _doubt_around(own, said.text, vocabulary, request_id, names) or said.doubt_beside
    return _unclear(said.text, doubt) if doubt else said.verdict


def clean_note(text: str) -> str:
    """At most NOTE characters, none of them a control character; without our tokens."""
    if not text.isprintable():
        text = _UNPRINTED.sub("", text)
    # A token in a note would reach everybody whom the note is shown to.
    if "-" in text and "ar-" in text.lower():
        text = without_tokens(text)
    return text.strip()[:NOTE].rstrip()


def _said(
    lines: Sequence[str], beside: str, vocabulary: Vocabulary, request_id: str, names: Set[str]
) -> _Said:
    if not lines:
        return _Said("", _unclear("", "no words of the sender's own"))
    text = plain_word_text("\n".join(lines))
    opening = find_opening(text, vocabulary, request_id)
    if not opening:
        return _Said(text, _unclear(text, _why_undecided(text)))
    said, rest = text[: opening.end], text[opening.end :]
    if opening.decision is not Decision.APPROVE:
        if opening.taken_back:
            return _Said(text, _unclear(text, "the note takes the rejection back"))
        return _Said(text, _decided(opening.decision, said, rest))
    # A sign before the words or around them counts like one below.
    doubt = find_sign(said)
    if rest:
        doubt = doubt or find_doubt(rest, vocabulary) or _remark(rest, vocabulary, names)
    if doubt:
        return _Said(text, _unclear(text, doubt), True)
    verdict = _decided(opening.decision, said, rest)
    return _Said(text, verdict, True, find_doubt(beside, vocabulary))


def _decided(decision: Decision, said: str, rest: str) -> Verdict:
    line = said.rpartition("\n")[2]
    if not rest:
        return Verdict(decision, "", shown(line))
    tail, _, below = rest.partition("\n")
    note = "\n".join(filter(None, (tail.lstrip(_PUNCTUATION), below.lstrip("\n"))))
    return Verdict(decision, clean_note(note), shown(line + tail))


def _doubt_around(
    own: OwnText, text: str, vocabulary: Vocabulary, request_id: str, names: Set[str]
) -> str:
    around = (*own.beside, *own.below, *own.signed)
    # There is no id without a dash.
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
    return f"the first line is not plainly APPROVE or REJECT: {first}"


def shown(text: str) -> str:
    """As a reason: one line of at most REASON characters, without control characters."""
    return clean_note(text.replace("\n", " "))[:REASON]
