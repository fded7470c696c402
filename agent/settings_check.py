"""What is missing or contradicts itself in the settings of a worker: said at start, a line each."""

from typing import Literal

from agent.bounds import bounds_of
from agent.errors import ConfigurationError
from agent.policy import person_of, unfit
from agent.settings import Settings, missing
from mail.address import plus_capable
from mail.smtp import LOOPBACK

Role = Literal["all", "agent", "inbox"]

_NEEDED = ("mail_from", "approval_secret", "smtp_host")


def check_settings(settings: Settings, role: Role) -> None:
    """Raises ConfigurationError with one line a fault."""
    needed = [*_NEEDED]
    if role != "agent":
        needed += ["imap_host", "imap_password"]
    if role != "inbox":
        needed.append("openai_api_key")
    faults = missing(settings, needed)
    if (settings.smtp_username is None) is not (settings.smtp_password is None):
        faults.append("SMTP_USERNAME and SMTP_PASSWORD: set both, or neither for no login")
    faults += _mail_faults(settings)
    if faults:
        raise ConfigurationError(faults)


def check_mailbox(settings: Settings) -> None:
    """The same for a command that looks into the mailbox."""
    faults = missing(settings, ["mail_from", "imap_host", "imap_password"])
    faults += _mail_faults(settings)
    if faults:
        raise ConfigurationError(faults)


def _mail_faults(settings: Settings) -> list[str]:
    faults = []
    if settings.mail_from is not None:
        if settings.mail_plus_address == "on" and not plus_capable(settings.mailbox):
            faults.append(
                "MAIL_FROM: too long for plus addresses; shorten it, or set MAIL_PLUS_ADDRESS=off"
            )
        faults += _people_faults(settings)
    if (
        settings.smtp_username
        and settings.smtp_security == "none"
        and settings.smtp_host not in LOOPBACK
    ):
        faults.append("SMTP_SECURITY: a login without TLS is only sent to this machine")
    if settings.imap_security == "none" and settings.imap_host not in (None, *LOOPBACK):
        faults.append("IMAP_SECURITY: a login without TLS is only sent to this machine")
    return faults


def _people_faults(settings: Settings) -> list[str]:
    named = [("APPROVERS", a) for a in settings.approvers]
    named += [("APPROVER_ALIASES", a) for a in settings.approver_aliases]
    faults = [
        f"{setting}: {address} {fault}"
        for setting, address in named
        if (fault := unfit(address, settings.mailbox))
    ]
    bounds = bounds_of(settings)
    people = {person_of(a, bounds) for a in settings.approvers}
    # Of a domain there may be any number; of nobody another warning speaks.
    enough = bounds.require if isinstance(bounds.require, int) else 1
    if people and not bounds.domains and len(people) < enough:
        faults.append(
            f"APPROVALS_REQUIRED: {enough} must agree, but APPROVERS are {len(people)} people"
        )
    return faults
