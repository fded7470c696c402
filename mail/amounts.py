"""Finds amounts of money and shares in a text: a note that names one may restrict the approval."""

import re
import unicodedata
from collections.abc import Iterable

from mail.doubt_words import words_of

_SIGNS = "€$£¥₹₽₩₺₴"
_CODES = (
    "eur usd gbp chf sek nok dkk isk pln czk huf ron bgn jpy cny rmb inr rs brl mxn aud cad nzd zar"
)
_SHARE = r"(?<!\d)(?!100 ?%)\d{1,3}(?:[.,]\d{1,2})?\s?%"


class Amounts:
    def __init__(
        self, currencies: Iterable[str], labels: Iterable[str], at_most: Iterable[str]
    ) -> None:
        """`currencies`: their names; `labels`: `amount` of `Amount: 5`; `at_most`: `max` of the
        same."""
        names, labels, limits = map(_plain, (currencies, labels, at_most))
        names |= set(_CODES.split())
        currency = rf"(?:[{_SIGNS}]|(?<![^\W\d_])(?:{any_of(names)})(?![^\W\d_]))"
        self._sum = re.compile(
            rf"{currency}[ \t\xa0]?\d|\d[\d.,' ]{{0,20}}[ \t\xa0]?{currency}"
            rf"|\b(?:{any_of(labels)})\s?[:=]|{_SHARE}"
        )
        self._limit = re.compile(rf"\b(?:{any_of(limits)})[.:]?\s?\d")
        # Most text has none of these, which is seen at once.
        self.sum_words = _last_words(names | labels)
        self.limit_words = _last_words(limits)
        signs = (name for name in names if not words_of(name))
        self.sign = re.compile("|".join((rf"[{_SIGNS}%]", *map(re.escape, signs))))

    def find(self, plain: str, words: list[str]) -> str:
        """The first sum or share in a casefolded text, `words` being its own; '' if it has none."""
        if self.sum_words.isdisjoint(words) and not self.sign.search(plain):
            return ""
        return _found(self._sum.search(plain))

    def find_limit(self, plain: str, words: list[str]) -> str:
        """The same, and numbers behind `max`."""
        found = self.find(plain, words)
        if found or self.limit_words.isdisjoint(words):
            return found
        return _found(self._limit.search(plain))


def _plain(words: Iterable[str]) -> set[str]:
    return {unicodedata.normalize("NFKC", word).casefold() for word in words}


def any_of(words: Iterable[str]) -> str:
    """A pattern; without words it fits nothing."""
    return "|".join(map(re.escape, sorted(words))) or "(?!)"


def _last_words(names: Iterable[str]) -> frozenset[str]:
    return frozenset(words[-1] for words in map(words_of, names) if words)


def _found(match: re.Match[str] | None) -> str:
    return match[0].strip() if match else ""
