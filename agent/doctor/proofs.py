"""What a mail to ourselves shows about proofs of the sender: ours, and those that we take."""

from collections.abc import Iterator

from agent.doctor.finding import Finding, failed, note, ok, skipped, warning
from agent.doctor.observed import Attempt, Observed
from agent.doctor.received import Received
from agent.settings import Settings
from mail.auth_results import EXCHANGE_ONLINE
from mail.proof import Fault, Unproven
from mail.trust import Auth

_FIELD = "authentication-results"
_OWN = "own-signature"
_INSIDE = "approvers on this same host may reply unsigned, too, which MAIL_AUTH=required refuses"


def proof_findings(
    seen: Observed, attempt: Attempt, mail: Received, settings: Settings
) -> Iterator[Finding]:
    yield _told(seen, mail, settings)
    yield _signature(attempt, mail, settings)


def _told(seen: Observed, mail: Received, settings: Settings) -> Finding:
    wanted = settings.mail_authserv_id
    shown = _shown(seen, mail)
    if settings.mail_auth is Auth.OFF:
        return note(_FIELD, f"{shown}; MAIL_AUTH=off looks at none")
    if not wanted:
        return note(_FIELD, shown, _candidate(seen))
    if seen.top and seen.top.server == wanted:
        return ok(_FIELD, f"on top: {seen.top}")
    if wanted == EXCHANGE_ONLINE and mail.internal:
        return ok(_FIELD, "Exchange says that it is internal, which counts")
    if count := seen.others.get(wanted):
        return ok(_FIELD, f"{wanted} stands on top of {count} other messages; {shown}")
    if names := _names(seen):
        advice = f"MAIL_AUTHSERV_ID={names[0]}, or none: then signatures are verified here"
    else:
        advice = (
            "no MAIL_AUTHSERV_ID: then signatures are verified here; "
            "or send the mailbox a mail from outside, and run this again"
        )
    return failed(_FIELD, f"{wanted} is nowhere on top; {shown}", advice)


def _shown(seen: Observed, mail: Received) -> str:
    if mail.told:
        fields = ", then ".join(map(str, mail.told[:3]))
        return f"on top of the probe: {fields}"
    others = ", ".join(f"{name} ({n})" for name, n in seen.others.items() if name)
    return f"none on the probe; on top of other mail: {others or 'none'}"


def _names(seen: Observed) -> list[str]:
    """Servers that were seen on top; that of the probe first."""
    own = [seen.top.server] if seen.top else []
    ranked = sorted(seen.others, key=lambda name: -seen.others[name])
    return [name for name in dict.fromkeys((*own, *ranked)) if name]


def _candidate(seen: Observed) -> str:
    if not (names := _names(seen)):
        return ""
    return f"MAIL_AUTHSERV_ID={names[0]} would take that server's word instead of verifying here"


def _signature(attempt: Attempt, mail: Received, settings: Settings) -> Finding:
    """What an approver's mail host will see of ours."""
    domain = settings.mailbox.rpartition("@")[2]
    proof = attempt.proof
    if proof is None:
        return skipped(_OWN, "it has not exactly one sender")
    if not isinstance(proof, Unproven):
        return ok(_OWN, f"{proof[0].how}, verified through the DNS")
    if proof.fault is Fault.UNAVAILABLE:
        return note(_OWN, f"not verified: {proof.detail}")
    if proof.fault is Fault.MISALIGNED:
        advice = f"set DKIM up for {domain} at the host: approvers' hosts go by the domain"
        return warning(_OWN, proof.detail, advice)
    if not proof.absent:
        return warning(_OWN, proof.detail, f"see the key and the signing of {domain} at the host")
    return note(_OWN, f"none of {domain}, which is usual within one host", _advice(mail, settings))


def _advice(mail: Received, settings: Settings) -> str:
    if settings.mail_auth is not Auth.REQUIRED:
        return "mail to other hosts has to be signed, or it may be taken for spam"
    if settings.mail_authserv_id == EXCHANGE_ONLINE and mail.internal:
        return "within this tenant Microsoft's mark of internal mail counts instead"
    if mail.internal:
        return f"{_INSIDE}: MAIL_AUTHSERV_ID=exchange-online takes Microsoft's word for them"
    return f"{_INSIDE}: have one of them try"
