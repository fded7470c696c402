"""The chain of those who have passed a message on (RFC 8617), as far as it is ours to judge. Pure.

A mailing list or a forwarder breaks the signature of a mail; it may have sealed what it saw before.
Its word is worth what its operator is: only that of sealers whom the settings name is taken.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from mail.auth_results import Result, results_of
from mail.dkim_fields import Signature, key_name_of, signature_of, tags_of
from mail.heads import Head

SEAL = "arc-seal"
FIELDS = (SEAL, "arc-message-signature", "arc-authentication-results")
_INSTANCES = 5  # RFC 8617 §4.2.1 has 50; each is two keys to look up, and two signatures


@dataclass(frozen=True, slots=True)
class Chain:
    sealers: tuple[str, ...]
    """Their domains, the first one first."""
    key_names: frozenset[str]
    results: tuple[Result, ...]
    """What the first one saw: the message as it was sent."""
    last: Signature
    """What the last one signed: as it was passed on to us."""


def chain_of(head: Head, trusted: Collection[str]) -> Chain | None:
    """None if there is no whole chain, or somebody sealed whom we do not trust."""
    count = len(head.values(SEAL))
    if not 0 < count <= _INSTANCES or head.cuts(FIELDS):
        return None
    if any(len(head.values(name)) != count for name in FIELDS):
        return None
    # Of an instance that comes twice only one is here: then their numbers do not fit.
    seals, messages, results = (dict(_numbered(head.values(name))) for name in FIELDS)
    instances = list(range(1, count + 1))
    if any(sorted(found) != instances for found in (seals, messages, results)):
        return None
    names: set[str] = set()
    sealers: list[str] = []
    for tags in (tags_of(each[i]) for i in instances for each in (seals, messages)):
        name = key_name_of(tags)
        if not tags or not name or tags["d"].lower() not in trusted:
            return None
        names.add(name)
        sealers.append(tags["d"].lower())
    seen = results_of(results[1].partition(";")[2].strip(), None)
    last = signature_of(0, messages[count])
    if seen is None or last is None:
        return None
    return Chain(tuple(sealers[::2]), frozenset(names), tuple(seen), last)


def _numbered(values: list[str]) -> Iterator[tuple[int, str]]:
    for value in values[: _INSTANCES + 1]:
        for part in value.split(";"):
            name, _, number = part.partition("=")
            if name.strip().lower() == "i" and number.strip().isdecimal():
                yield int(number.strip()[:3]), value
                break
