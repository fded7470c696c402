"""The little words of languages that single rules look for: `or`, `by`, `dollars`."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, fields
from functools import cached_property

from mail.amounts import Amounts, any_of
from mail.doubt_words import Hints, hints, words_of

_Words = frozenset[str]
_NONE: _Words = frozenset()


@dataclass(frozen=True)
class LittleWords:
    """In lower case; single words, where it does not say otherwise."""

    alternative: _Words = _NONE
    """`or`: a rejection with another choice is left open."""
    unless: _Words = _NONE
    """What leaves a rejection open right behind its mark: `Reject, unless …`."""
    no: _Words = _NONE
    """What answers no and takes back nothing that stands before it: `Reject no`."""
    thanked_for: _Words = _NONE
    """`for` of `Thanks for the report. Approved`."""
    by: _Words = _NONE
    """What names who decided and means nothing else: `Rejected by Tom`."""
    whose: _Words = _NONE
    """What names who decided where a name follows it: `Rechazado por Dana`."""
    predicate: _Words = _NONE
    """Verbs of which the word for a rejection is the subject: `Reject is not an option`."""
    ourselves: _Words = _NONE
    """`me` of `by me`."""
    between_names: _Words = _NONE
    """Between and before names: `Anna and Dr. Weber`."""
    no_name: _Words = _NONE
    """What is no name though it may begin with a capital letter: `Re`, `Said`."""
    no_name_ending: _Words = _NONE
    """Endings of such words: `Provisionally`."""
    qualifier: _Words = _NONE
    """Prepositions: what holds one beside an approval restricts it."""
    naming: _Words = _NONE
    """Behind these a word that begins with a capital letter is a name: `tell Rosa`."""
    joining: _Words = _NONE
    """Behind these it is one in a clause that holds a word of `courtesy`: `copy to Rosa`."""
    courtesy: _Words = _NONE
    """Words of thanks, of telling and of filing: a clause that holds one may hold prepositions."""
    phone: _Words = _NONE
    """What stands before a telephone number."""
    honorific: _Words = _NONE
    """Endings of a line that only names whom it is for: `田中様`."""
    currency: _Words = _NONE
    """Names of money besides the signs and the codes of ISO 4217; they may have several words."""
    amount: _Words = _NONE
    """What stands before an amount and a colon."""
    at_most: _Words = _NONE
    """What stands before a number that limits: `max. 5`."""
    share_capital: _Words = _NONE
    """Pieces of words by which the sum in a company's signature is known for its capital."""
    sent_by: _Words = _NONE
    """What stands before whoever sent it, in one or several words: `sent by`."""

    @cached_property
    def deciders(self) -> _Words:
        """What names who decided, in whatever way."""
        return self.by | self.whose

    @cached_property
    def courteous(self) -> _Words:
        """What lets prepositions stand in its clause."""
        return self.courtesy | self.naming

    @cached_property
    def amounts(self) -> Amounts:
        return Amounts(self.currency, self.amount, self.at_most)

    @cached_property
    def no_name_endings(self) -> tuple[str, ...]:
        return tuple(self.no_name_ending)

    @cached_property
    def honorifics(self) -> tuple[str, ...]:
        return tuple(self.honorific)

    @property
    def _sent(self) -> set[str]:
        return set(map(str.casefold, self.sent_by))

    @cached_property
    def sending(self) -> Hints:
        """Of `sent_by`."""
        return hints(map(words_of, self._sent))

    @cached_property
    def sent_by_others(self) -> re.Pattern[str]:
        """By whom a text was sent, if it is somebody else: `Sent by my son`; no device is."""
        sent, us = any_of(self._sent), any_of(map(str.casefold, self.ourselves))
        return re.compile(
            rf"(?:^[^\S\n]*+|[.!]\s\s*+)(?:{sent}) (?!(?:{us})\b|ip(?:hone|ad|od))", re.MULTILINE
        )


LITTLE = tuple(field.name for field in fields(LittleWords))
"""Its kinds: the keys of `[little]` in a file of the vocabulary."""


def together(parts: Iterable[LittleWords]) -> LittleWords:
    parts = list(parts)
    return LittleWords(
        **{kind: frozenset().union(*(getattr(part, kind) for part in parts)) for kind in LITTLE}
    )
