"""Proof of who sent a message, and of what it is about: the third gate. Pure.

Either our own mail server has verified the sender's signature and says so, or it is verified here
with the keys that the sender's domain publishes. In both ways a signature proves no more than what
it covers: something that names the approval has to be within.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from mail import arc, auth_results, dkim_fields
from mail.alignment import aligned
from mail.arc import Chain, chain_of
from mail.auth_results import EXCHANGE_ONLINE, results_of
from mail.carriers import Carrier
from mail.dkim_check import ALGORITHM, Checker, Keys
from mail.dkim_fields import Covered, Signature, covered_by, signatures_of, tags_of
from mail.heads import Head, head_of, split_head
from mail.settled import reading_is_settled
from mail.structure import BYTES
from mail.suffixes import organizational_domain
from mail.vouched import passed_on, vouched_for

# RFC 5322 §3.6, RFC 2045: what the reading goes by.
_SINGLE = ("from", "subject", "date", "to", "cc", "message-id", "in-reply-to", "references") + (
    "content-type",
    "content-transfer-encoding",
    "content-disposition",
    "mime-version",
)
_WHOLE = frozenset((*_SINGLE, dkim_fields.FIELD, auth_results.FIELD, *arc.FIELDS))
_INTERNAL = "x-ms-exchange-organization-authas"
_HIDDEN = re.compile(rb"\nFrom [^\n]*\n[ \t]")
_NOT_READ = "it has a signature that cannot be taken apart: which one is meant is not certain"


class Fault(StrEnum):
    """Why nothing proves a message's sender."""

    UNAUTHENTICATED = "unauthenticated"
    MISALIGNED = "misaligned"
    UNAVAILABLE = "not-proven-now"


@dataclass(frozen=True, slots=True)
class Proof:
    """One good signature of the sender's domain."""

    how: str
    """For the audit trail: `dkim d=example.com`."""
    covered: Covered
    signs: bool = True
    """False where a mail never left its server, and needed no signature."""


@dataclass(frozen=True, slots=True)
class Unproven:
    fault: Fault
    detail: str
    absent: bool = False
    """There is nothing that could prove it: neither good nor bad."""


Evidence = tuple[Proof, ...] | Unproven
"""Every proof there is (one may cover what another does not), or why there is none."""


@dataclass(frozen=True, slots=True)
class Trust:
    """Whose word is taken. Without an `authserv_id` signatures are verified here."""

    authserv_id: str = ""
    sealers: frozenset[str] = frozenset()
    unsigned_counts: bool = False
    """What bears no signature counts too, unless its domain says that all of its mail is signed."""


@dataclass(frozen=True, slots=True)
class Case:
    """What of a message can prove something."""

    raw: bytes
    sender: str
    """The one address in From."""
    carriers: tuple[Carrier, ...]
    trust: Trust
    head: Head
    body: bytes
    signatures: tuple[Signature, ...]
    chain: Chain | None

    @property
    def domain(self) -> str:
        return self.sender.rpartition("@")[2]

    @property
    def fields(self) -> int:
        """How many claim to be signatures; not all of them may be ones that can be read."""
        return len(self.head.values(dkim_fields.FIELD))

    @property
    def own(self) -> tuple[Signature, ...]:
        """Signatures that may speak for the sender."""
        return tuple(signature for signature in self.signatures if self.speaks(signature))

    def speaks(self, signature: Signature) -> bool:
        return aligned(signature.domain, self.sender) and "from" in signature.covered

    @property
    def key_names(self) -> frozenset[str]:
        """What has to be looked up; nothing where our own server has done it."""
        if self.trust.authserv_id:
            return frozenset()
        names = {signature.key_name for signature in self.own}
        if not names and self.trust.unsigned_counts:
            names.update(self.policies)
        if self.chain is not None:
            names |= self.chain.key_names
        return frozenset(names)

    @property
    def policies(self) -> tuple[str, ...]:
        """Where a domain says that all its mail is signed (RFC 7489 §6.1): its own word first."""
        domains = dict.fromkeys((self.domain, organizational_domain(self.domain)))
        return tuple(f"_dmarc.{domain}" for domain in domains)


def case_of(raw: bytes, sender: str, carriers: tuple[Carrier, ...], trust: Trust) -> Case:
    head, body = split_head(raw[:BYTES])
    chain = chain_of(head, trust.sealers) if trust.sealers else None
    return Case(raw, sender, carriers, trust, head, body, tuple(signatures_of(head)), chain)


def evidence_of(case: Case, keys: Keys, unavailable: Collection[str] = ()) -> Evidence:
    """`keys`: what `case.key_names` are published with; `unavailable`: the names for which no
    answer could be had."""
    if fault := _fault_of_form(case.head) or _fault_of_end(case.raw):
        return Unproven(Fault.UNAUTHENTICATED, fault)
    if case.trust.authserv_id:
        return _as_told(case)
    if len(case.raw) >= BYTES:
        return Unproven(Fault.UNAUTHENTICATED, "it is too long to verify its signature")
    return _as_verified(case, keys, unavailable)


def _fault_of_form(head: Head) -> str:
    """Programs take the first of two fields, signatures cover the last."""
    if head.cut:
        return "its header is longer than what is read"
    twice = next((name for name in _SINGLE if len(head.values(name)) > 1), "")
    if twice:
        return f"it has two {twice} fields"
    longer = head.cuts(_WHOLE)
    return f"its {longer} field is longer than what is read" if longer else ""


def _fault_of_end(raw: bytes) -> str:
    """Programs disagree about what is header and what is body, also those that verify."""
    head = head_of(raw)
    rest = raw[len(head) :]
    if rest and not rest.startswith((b"\n", b"\r\n")):
        return "its body begins without a blank line"
    return "a line that is no field hides a part of another" if _HIDDEN.search(head) else ""


def _as_verified(case: Case, keys: Keys, unavailable: Collection[str]) -> Evidence:
    checker = Checker(case.raw, case.head, keys)
    if good := checker.good_of(case.own):
        return _proofs(case, good, "dkim")
    chain = case.chain
    if chain and (seen := _as_first_seen(case, chain)) and checker.chain_is_good(chain.last):
        return _proofs(case, seen, f"arc {' '.join(chain.sealers)}")
    if missing := sorted(case.key_names & set(unavailable)):
        return Unproven(Fault.UNAVAILABLE, f"no answer from the DNS about {missing[0]}")
    if case.own:
        return Unproven(Fault.UNAUTHENTICATED, _why_not(case.own, keys))
    if _signs_all(case, keys):
        return Unproven(Fault.UNAUTHENTICATED, f"all mail of {case.domain} is signed, not this")
    return _nobody(case)


def _signs_all(case: Case, keys: Keys) -> bool:
    """What a domain has not published is said by the one above it, for those below perhaps with
    another word (RFC 7489 §6.3: sp=)."""
    own, *above = case.policies
    for name, tag in ((own, "p"), *((name, "sp") for name in above)):
        record = keys.get(name, "")
        if record.startswith("v=DMARC1"):
            tags = tags_of(record)
            policy = "" if tags is None else tags.get(tag, tags.get("p", "")).lower()
            return policy != "none"
    return False


def _why_not(own: Iterable[Signature], keys: Keys) -> str:
    for signature in own:
        if signature.partial:
            return "its signature covers only a part of its text (l=)"
        if signature.algorithm != ALGORITHM:
            return f"its signature is not made with {ALGORITHM}"
        if signature.key_name not in keys:
            return f"no key is published as {signature.key_name}"
    return "its signature does not fit: it was changed on its way, or its key is another"


def _nobody(case: Case) -> Unproven:
    if other := next((s.domain for s in case.signatures if not case.speaks(s)), ""):
        return Unproven(Fault.MISALIGNED, f"signed by {other}, not by {case.domain}", absent=True)
    return Unproven(Fault.UNAUTHENTICATED, "it bears no signature of its sender", absent=True)


def _as_told(case: Case) -> Evidence:
    """As our own server has found it (RFC 8601)."""
    server = case.trust.authserv_id
    if server == EXCHANGE_ONLINE and case.head.values(_INTERNAL) == ["Internal"]:
        # Between mailboxes of one tenant nothing is signed; Microsoft takes this field from what
        # comes from outside. Nobody could have added anything on the way: there was none.
        return (_internal(case),)
    fields = case.head.values(auth_results.FIELD)
    results = results_of(fields[0], server) if fields else None
    if results is None:
        return Unproven(
            Fault.UNAUTHENTICATED, f"its top-most Authentication-Results are not those of {server}"
        )
    told = {result.method: result.result for result in results}
    if told.get("dmarc") == "fail":
        return Unproven(Fault.UNAUTHENTICATED, f"{server} says dmarc=fail")
    if len(case.signatures) < case.fields:
        return Unproven(Fault.UNAUTHENTICATED, _NOT_READ)
    if passed := vouched_for(results, case.signatures, case.speaks):
        return _proofs(case, passed, f"{server} dkim")
    chain = case.chain
    if told.get("arc") == "pass" and chain and (seen := _as_first_seen(case, chain)):
        return _proofs(case, seen, f"{server} arc {' '.join(chain.sealers)}")
    if case.own or told.get("dkim") in ("fail", "permerror", "policy"):
        return Unproven(Fault.UNAUTHENTICATED, f"{server} says dkim={told.get('dkim', 'nothing')}")
    return _nobody(case)


def _internal(case: Case) -> Proof:
    names = {carrier.request_id for carrier in case.carriers}
    return Proof("exchange-online internal", Covered(frozenset(names), None, None), signs=False)


def _as_first_seen(case: Case, chain: Chain) -> list[Signature]:
    """The signatures that the first sealer found good, as far as they were passed on to us."""
    if len(case.signatures) < case.fields:
        return []
    remaining = passed_on(case.signatures, case.fields, chain.last)
    return vouched_for(chain.results, remaining, case.speaks)


def _proofs(case: Case, good: Sequence[Signature], how: str) -> Evidence:
    sound = [s for s in good if reading_is_settled(s.covered, case.head, case.body)]
    if not sound:
        return Unproven(Fault.UNAUTHENTICATED, "its signature leaves open how its text is read")
    return tuple(
        Proof(f"{how} d={s.domain}", covered_by(s, case.head, case.carriers)) for s in sound
    )
