"""Which of a message's signatures somebody vouches for who has verified them. Pure.

They name a signature by its domain, perhaps its selector and the first letters of its b=. Whoever
sends the mail on can write others that fit, and put them in front.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from mail.auth_results import Result
from mail.dkim_fields import FIELD, Signature

Speaks = Callable[[Signature], bool]
"""Whether a signature's domain may speak for the sender."""


def vouched_for(
    results: Iterable[Result], signatures: Sequence[Signature], speaks: Speaks
) -> list[Signature]:
    """Those of the sender's of which it is said that they are good. A result may be about any
    signature that it fits: about a stranger's, too, whose place somebody has given to one that he
    has written in the sender's name."""
    passed: list[Signature] = []
    for result in results:
        if result.method != "dkim" or result.result != "pass":
            continue
        meant = [signature for signature in signatures if _is_meant(signature, result)]
        if meant and not any(s.partial or not speaks(s) for s in meant):
            passed.append(_least(meant))
    return passed


def passed_on(signatures: Iterable[Signature], fields: int, last: Signature) -> list[Signature]:
    """Those that the last sealer has passed on, as far as he has covered what they cover: of so
    many fields those at the bottom. What was added after him nobody vouches for."""
    first = fields - last.covered.count(FIELD)
    return [replace(s, covered=_of_both(s, last)) for s in signatures if s.place >= first]


def _least(meant: Sequence[Signature]) -> Signature:
    """Where it is not said which of several is good, what all of them cover: the others may be
    somebody's addition, who has no key and writes what suits him."""
    least = meant[0]
    for other in meant[1:]:
        least = replace(least, covered=_of_both(least, other), signed_at=None)
    return least


def _of_both(one: Signature, other: Signature) -> tuple[str, ...]:
    return tuple((Counter(one.covered) & Counter(other.covered)).elements())


def _is_meant(signature: Signature, result: Result) -> bool:
    told = result.properties
    domain = told.get("header.d", "").lower()
    identity = told.get("header.i", "").rpartition("@")[2].lower()
    if not domain and not identity:
        return False
    if domain and domain != signature.domain:
        return False
    if identity and f".{identity}".removesuffix(f".{signature.domain}") == f".{identity}":
        return False
    if told.get("header.s", signature.selector).lower() != signature.selector:
        return False
    return signature.digits.startswith(told.get("header.b", ""))
