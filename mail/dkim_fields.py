"""DKIM-Signature fields (RFC 6376 §3.5), and what of a message one of them covers. Pure.

A verifier says that a signature is good, not of what. Whoever forwards a truly signed mail may add
fields to it that are in nobody's signature; so what a reply is about is looked for a second time,
in the covered instances alone.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from mail.carriers import Carrier, Where, find_carriers, subject_code
from mail.dates import parse_date
from mail.decoding import decode_words
from mail.heads import Head

FIELD = "dkim-signature"
FIELDS = 10
"""Signatures of a message that are looked at; mail has one to three."""
_KEY_NAME = 253  # RFC 1035 §2.3.4
_BLANKS = re.compile(r"\s{100}")
_TAG = re.compile(r"\s*([A-Za-z]\w*)\s*=\s*(.*?)\s*", re.DOTALL)
_SPACE = re.compile(r"\s+")
_DOMAIN = re.compile(
    r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)*"
)
_ADDRESS_FIELDS = ("to", "cc")
_THREAD_FIELDS = ("in-reply-to", "references")


@dataclass(frozen=True, slots=True)
class Signature:
    """One field, as far as it can be taken apart; its place among those of its name from 0."""

    place: int
    domain: str
    """d=, in lower case."""
    selector: str
    covered: tuple[str, ...]
    """h=: names in lower case, one for every instance."""
    algorithm: str
    relaxed: bool
    """Whether the body is hashed in its relaxed form (c=)."""
    partial: bool
    """l=: what stands below so many octets is nobody's."""
    body_hash: str
    """bh="""
    digits: str
    """b= without its blanks, for those who name a signature by its first letters (RFC 6008)."""
    signed_at: datetime | None
    """t="""

    @property
    def key_name(self) -> str:
        return f"{self.selector}._domainkey.{self.domain}"


@dataclass(frozen=True, slots=True)
class Covered:
    """What a good signature vouches for beside its domain."""

    names: frozenset[str]
    """The approvals named in what is covered: by a carrier, or by the code of our subject."""
    signed_at: datetime | None
    """The date that is covered, else when the signature says it was made."""
    recipients: str | None
    """To and Cc as far as they are covered, a value a line; None if To is not."""


def tags_of(value: str) -> dict[str, str] | None:
    """A tag=value list (RFC 6376 §3.2); None if it is none, or names a tag twice."""
    if _BLANKS.search(value):
        return None
    tags: dict[str, str] = {}
    for part in value.removesuffix(";").rstrip().removesuffix(";").split(";"):
        match = _TAG.fullmatch(part)
        if not match or match[1] in tags:
            return None
        tags[match[1]] = match[2]
    return tags


def signatures_of(head: Head) -> list[Signature]:
    """Those that can be taken apart, in the order they stand in."""
    values = enumerate(head.values(FIELD)[:FIELDS])
    return [found for place, value in values if (found := signature_of(place, value))]


def key_name_of(tags: Mapping[str, str] | None) -> str:
    """Where the key is published (RFC 6376 §3.6.2.1); '' if no such name can be."""
    domain, selector = ((tags or {}).get(name, "").lower() for name in ("d", "s"))
    if not _DOMAIN.fullmatch(domain) or not _DOMAIN.fullmatch(selector):
        return ""
    name = f"{selector}._domainkey.{domain}"
    return name if len(name) <= _KEY_NAME else ""


def signature_of(place: int, value: str) -> Signature | None:
    tags = tags_of(value)
    if tags is None or not key_name_of(tags):
        return None
    domain, selector = (tags[name].lower() for name in ("d", "s"))
    names = tuple(name.strip().lower() for name in tags.get("h", "").split(":"))
    stamp = tags.get("t", "")
    return Signature(
        place=place,
        domain=domain,
        selector=selector,
        covered=names,
        algorithm=tags.get("a", "").lower(),
        relaxed=tags.get("c", "").lower().partition("/")[2] == "relaxed",
        partial="l" in tags,
        body_hash=_SPACE.sub("", tags.get("bh", "")),
        digits=_SPACE.sub("", tags.get("b", "")),
        signed_at=_moment(int(stamp)) if stamp.isdecimal() and len(stamp) < 12 else None,
    )


def covered_values(head: Head, covered: Sequence[str], name: str) -> list[str]:
    """The instances of a field that h= covers: from the last one upwards (RFC 6376 §5.4.2)."""
    count = covered.count(name)
    return head.values(name)[-count:] if count else []


def covered_by(signature: Signature, head: Head, carriers: Sequence[Carrier]) -> Covered:
    """`carriers` are all of the message: of them those of the body are covered with the body."""
    covered = signature.covered
    names = {carrier.request_id for carrier in _carriers(head, covered)}
    for value in covered_values(head, covered, "subject"):
        if code := subject_code(decode_words(value)):
            names.add(code)
    if not signature.partial:
        names |= {carrier.request_id for carrier in carriers if carrier.where is Where.BODY}
    dates = covered_values(head, covered, "date")
    recipients = [v for name in _ADDRESS_FIELDS for v in covered_values(head, covered, name)]
    return Covered(
        names=frozenset(names),
        signed_at=parse_date(dates[-1]) if dates else signature.signed_at,
        recipients="\n".join(recipients) if "to" in covered else None,
    )


def _carriers(head: Head, covered: Sequence[str]) -> Iterator[Carrier]:
    for name in _ADDRESS_FIELDS:
        for value in covered_values(head, covered, name):
            yield from find_carriers(value, Where.ADDRESS)
    for name in _THREAD_FIELDS:
        for value in map(decode_words, covered_values(head, covered, name)):
            yield from find_carriers(value, Where.MESSAGE_ID)
            # As the reader does: some programs fold inside a long id.
            yield from find_carriers("".join(value.split()), Where.MESSAGE_ID)


def _moment(stamp: int) -> datetime | None:
    try:
        return datetime.fromtimestamp(stamp, UTC)
    except (ValueError, OverflowError, OSError):
        return None
