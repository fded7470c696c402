"""The sentences that stand in all our mail: known in a reply without what was sent.

They are taken from our mail itself, composed of placeholders, so that the two cannot drift apart.
"""

from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from itertools import product

from mail.approval import Answer, AnswerKind, Approval
from mail.letter import Letter, Link, as_text
from mail.own_words import OwnWords
from mail.wording import answer_letter, request_letter, result_letter

# A word that nobody writes, and long enough to stay alone where our mail is filled.
_ANY = "qxzqxzqxz"
_OUTCOMES = ("approved", "rejected", "expired", "undeliverable", "withdrawn")


@cache
def own_sentences() -> OwnWords:
    texts = (as_text(letter) for letter in _letters())
    paragraphs = dict.fromkeys(part for text in texts for part in text.split("\n\n"))
    # One text, so that a reply is looked through once; nothing goes on over the word between.
    return OwnWords([f"\n{_ANY}\n".join(paragraphs)])


def _letters() -> list[Letter]:
    approvals = [
        _approval(full, risky) for full, risky in product((True, False), (True, False, None))
    ]
    approvals.append(replace(approvals[0], reasoning="", risky_action=None))
    links = (Link(_ANY, "mailto:", "go"),)
    letters = [request_letter(one, _ANY, _ANY, "UTC", links) for one in approvals]
    letters += [answer_letter(approvals[0], answer, _ANY, _ANY, "UTC") for answer in _answers()]
    return [*letters, result_letter(_ANY, _ANY, _ANY)]


def _answers() -> list[Answer]:
    told = Answer(AnswerKind.HELP, read=_ANY, reason=_ANY, note=_ANY, by=_ANY, progress=_ANY)
    ended = [replace(told, kind=AnswerKind.NEWS, outcome=outcome) for outcome in _OUTCOMES]
    others = [
        replace(told, kind=kind, done=yes, missed_deadline=yes, unread=yes)
        for kind, yes in product(AnswerKind, (True, False))
    ]
    return [*ended, *others]


def _approval(full: bool, risky: bool | None) -> Approval:
    moment = datetime(1970, 1, 1, tzinfo=UTC)
    return Approval(
        request_id=_ANY,
        summary=_ANY,
        action_type=_ANY,
        arguments=((_ANY, _ANY),) if full else (),
        description=_ANY,
        reasoning=_ANY if full else "",
        requested_by=_ANY if full else "",
        request=_ANY if full else "",
        risk=_ANY,
        risky_action=risky,
        digest=_ANY,
        requested_at=moment,
        expires_at=moment,
        approvers=(_ANY,),
        require_text=_ANY,
    )
