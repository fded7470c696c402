"""The chain of those who have passed a message on (RFC 8617), as far as it is ours to judge. Pure.

A mailing list or a forwarder breaks the signature of a mail; it may have sealed what it saw before.
Its word is worth what its operator is: only that of sealers whom the settings name is taken.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from mail.auth_results import Result, results_of
from mail.dkim_fields import tags_of
from mail.heads import Head

SEAL, MESSAGE, RESULTS = "arc-seal", "arc-message-signature", "arc-authentication-results"
_INSTANCES = 10  # RFC 8617 §4.2.1 has 50; each is two keys to look up


@dataclass(frozen=True, slots=True)
class Chain:
    sealers: tuple[str, ...]
    """Their domains, the first one first."""
    key_names: frozenset[str]
    results: tuple[Result, ...]
    """What the first one saw: the message as it was sent."""
    covered: tuple[str, ...]
    """What the last one has signed: names in lower case, one for every instance."""


def chain_of(head: Head, trusted: Collection[str]) -> Chain | None:
    """None if there is no whole chain, or somebody sealed whom we do not trust."""
    seals, messages, results = (_by_instance(head, name) for name in (SEAL, MESSAGE, RESULTS))
    instances = list(range(1, len(head.values(SEAL)) + 1))
    if not instances or len(instances) > _INSTANCES:
        return None
    if any(sorted(found) != instances for found in (seals, messages, results)):
        return None
    last = tags_of(messages[instances[-1]]) or {}
    if "l" in last:
        return None
    names: set[str] = set()
    sealers: list[str] = []
    for tags in (tags_of(each[i]) for i in instances for each in (seals, messages)):
        domain, selector = ((tags or {}).get(name, "").lower() for name in ("d", "s"))
        if domain not in trusted or not selector:
            return None
        names.add(f"{selector}._domainkey.{domain}")
        sealers.append(domain)
    seen = results_of(results[1].partition(";")[2].strip(), None)
    if seen is None:
        return None
    covered = tuple(name.strip().lower() for name in last.get("h", "").split(":"))
    return Chain(tuple(sealers[::2]), frozenset(names), tuple(seen), covered)


def _by_instance(head: Head, name: str) -> dict[int, str]:
    """Of an instance that comes twice only one is here: then their numbers do not fit."""
    return dict(_numbered(head.values(name)))


def _numbered(values: list[str]) -> Iterator[tuple[int, str]]:
    for value in values[: _INSTANCES + 1]:
        for part in value.split(";"):
            name, _, number = part.partition("=")
            if name.strip().lower() == "i" and number.strip().isdecimal():
                yield int(number.strip()[:3]), value
                break
