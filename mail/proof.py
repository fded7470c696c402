"""Proof of who sent a message, and of what it is about: the third gate. Pure.

Either our own mail server has verified the sender's signature and says so, or it is verified here
with the keys that the sender's domain publishes. In both ways a signature proves no more than what
it covers: something that names the approval has to be within.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from mail import auth_results
from mail.alignment import aligned, organizational_domain
from mail.arc import Chain, chain_of
from mail.auth_results import EXCHANGE_ONLINE, Result, results_of
from mail.carriers import Carrier
from mail.dkim_check import ALGORITHM, Keys, chain_is_good, is_good
from mail.dkim_fields import FIELD as SIGNATURE
from mail.dkim_fields import Covered, Signature, covered_by, signatures_of, tags_of
from mail.heads import Head, split_head
from mail.structure import BYTES

# RFC 5322 §3.6, RFC 2045: what the reading goes by.
_SINGLE = ("from", "subject", "date", "to", "cc", "message-id", "in-reply-to", "references") + (
    "content-type",
    "content-transfer-encoding",
    "content-disposition",
    "mime-version",
)
_INTERNAL = "x-ms-exchange-organization-authas"


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
    own: tuple[Signature, ...]
    """Signatures that may speak for the sender."""
    others: tuple[str, ...]
    """Who else has signed."""
    chain: Chain | None

    @property
    def domain(self) -> str:
        return self.sender.rpartition("@")[2]

    @property
    def key_names(self) -> frozenset[str]:
        """What has to be looked up; nothing where our own server has done it."""
        if self.trust.authserv_id:
            return frozenset()
        names = {signature.key_name for signature in self.own}
        if self.chain is not None:
            names |= self.chain.key_names
        return frozenset(names or self.policies)

    @property
    def policies(self) -> frozenset[str]:
        """Where a domain says that all its mail is signed (RFC 7489 §6.1)."""
        if not self.trust.unsigned_counts:
            return frozenset()
        domains = (self.domain, organizational_domain(self.domain))
        return frozenset(f"_dmarc.{domain}" for domain in domains)


def case_of(raw: bytes, sender: str, carriers: tuple[Carrier, ...], trust: Trust) -> Case:
    head, body = split_head(raw[:BYTES])
    found = signatures_of(head)
    own = tuple(s for s in found if aligned(s.domain, sender) and "from" in s.covered)
    others = tuple(s.domain for s in found if s not in own)
    chain = chain_of(head, trust.sealers) if trust.sealers else None
    return Case(raw, sender, carriers, trust, head, body, own, others, chain)


def evidence_of(case: Case, keys: Keys, unavailable: Collection[str] = ()) -> Evidence:
    """`keys`: what `case.key_names` are published with; `unavailable`: the names for which no
    answer could be had."""
    if fault := _fault_of_form(case.head):
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
    return f"it has two {twice} fields" if twice else ""


def _as_verified(case: Case, keys: Keys, unavailable: Collection[str]) -> Evidence:
    good = [signature for signature in case.own if is_good(case.raw, signature, keys)]
    if good:
        return _proofs(case, good, "dkim")
    if case.chain and (seen := _as_first_seen(case)) and chain_is_good(case.raw, keys):
        return _proofs(case, seen, f"arc {' '.join(case.chain.sealers)}")
    if missing := sorted(case.key_names & set(unavailable)):
        return Unproven(Fault.UNAVAILABLE, f"no answer from the DNS about {missing[0]}")
    if case.own:
        return Unproven(Fault.UNAUTHENTICATED, _why_not(case.own, keys))
    if promised := next(filter(None, map(keys.get, sorted(case.policies))), ""):
        policy = (tags_of(promised) or {}).get("p", "").lower()
        if policy in ("quarantine", "reject"):
            return Unproven(Fault.UNAUTHENTICATED, f"all mail of {case.domain} is signed, not this")
    return _nobody(case)


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
    if case.others:
        return Unproven(
            Fault.MISALIGNED, f"signed by {case.others[0]}, not by {case.domain}", absent=True
        )
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
    if passed := _passed(case, results):
        return _proofs(case, passed, f"{server} dkim")
    if told.get("arc") == "pass" and case.chain and (seen := _as_first_seen(case)):
        return _proofs(case, seen, f"{server} arc {' '.join(case.chain.sealers)}")
    if case.own or told.get("dkim") in ("fail", "permerror", "policy"):
        return Unproven(Fault.UNAUTHENTICATED, f"{server} says dkim={told.get('dkim', 'nothing')}")
    return _nobody(case)


def _internal(case: Case) -> Proof:
    names = {carrier.request_id for carrier in case.carriers}
    return Proof("exchange-online internal", Covered(frozenset(names), None, None), signs=False)


def _as_first_seen(case: Case) -> list[Signature]:
    """What the sender has signed and the last sealer, too: the rest may have come since."""
    if case.chain is None or "from" not in case.chain.covered:
        return []
    count = len(case.head.values(SIGNATURE))
    sealed = Counter(case.chain.covered)
    return [
        replace(
            signature,
            covered=tuple((Counter(signature.covered) & sealed).elements()),
            signed_at=None,
        )
        for signature in _passed(case, case.chain.results)
        # Of several fields the lowest are covered. What no seal covers says anything of itself.
        if count - signature.place <= sealed[SIGNATURE]
    ]


def _passed(case: Case, results: Iterable[Result]) -> list[Signature]:
    """The signatures that somebody says are good."""
    passed: list[Signature] = []
    for result in results:
        if result.method != "dkim" or result.result != "pass":
            continue
        meant = [signature for signature in case.own if _is_meant(signature, result)]
        if meant and not any(signature.partial for signature in meant):
            passed.append(_least(meant))
    return passed


def _least(meant: Sequence[Signature]) -> Signature:
    """Where it is not said which of several is good, what all of them cover: the others may be
    somebody's addition, who has no key and writes what suits him."""
    first, *others = meant
    covered = Counter(first.covered)
    for other in others:
        covered &= Counter(other.covered)
    return replace(
        first,
        covered=tuple(covered.elements()),
        signed_at=None if others else first.signed_at,
    )


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


def _proofs(case: Case, good: Sequence[Signature], how: str) -> Evidence:
    sound = [signature for signature in good if _covers_structure(case, signature)]
    if not sound:
        return Unproven(Fault.UNAUTHENTICATED, "its signature leaves open what its parts are")
    return tuple(
        Proof(f"{how} d={s.domain}", covered_by(s, case.head, case.carriers)) for s in sound
    )


def _covers_structure(case: Case, signature: Signature) -> bool:
    """Gmail does not sign Content-Type: with another boundary other lines would be the parts, and
    with another type `<if he asks for it>` would be no words."""
    kind = case.head.content_type
    if "content-type" in signature.covered or kind == "text/plain":
        return True
    opening = case.body.lstrip(b"\r\n")
    if kind == "text/html":
        return opening.startswith(b"<")
    if not kind.startswith("multipart/"):
        return False
    boundary = case.head.parameters["boundary"].encode("utf-8", "surrogateescape")
    return bool(boundary) and opening.startswith(b"--" + boundary)
