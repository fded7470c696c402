"""What is missing or contradicts itself in the settings of a worker: said at start, a line each."""

from typing import Literal

from agent.bounds import bounds_of, tls_of
from agent.errors import ConfigurationError
from agent.policy import person_of, unfit
from agent.settings import Settings, missing
from mail.address import plus_capable
from mail.smtp import LOOPBACK
from mail.tls import TlsFault

Role = Literal["all", "agent", "inbox"]
Host = Literal["smtp", "imap"]

_NEEDED = ("mail_from", "approval_secret", "smtp_host")


def check_settings(settings: Settings, role: Role) -> None:
    """Raises ConfigurationError with one line a fault."""
    faults = missing(settings, _NEEDED)
    if role != "agent":
        faults += _imap_faults(settings)
    if role != "inbox":
        faults += missing(settings, ["openai_api_key"])
    faults += _smtp_faults(settings)
    faults += _mail_faults(settings)
    if faults:
        raise ConfigurationError(faults)


def check_mailbox(settings: Settings) -> None:
    """The same for a command that looks into the mailbox."""
    faults = missing(settings, ["mail_from"])
    faults += _imap_faults(settings)
    faults += _mail_faults(settings)
    if faults:
        raise ConfigurationError(faults)


def _imap_faults(settings: Settings) -> list[str]:
    faults = missing(settings, ["imap_host"])
    if not _credentials(settings, "imap") and settings.imap_client_cert_file is None:
        others = "IMAP_PASSWORD_FILE, IMAP_PASSWORD_COMMAND, IMAP_TOKEN_COMMAND"
        faults.append(f"IMAP_PASSWORD is not set, and none of {others}, IMAP_CLIENT_CERT_FILE")
    return faults + _login_faults(settings, "imap") + _tls_faults(settings, "imap")


def _smtp_faults(settings: Settings) -> list[str]:
    faults = []
    named, given = settings.smtp_username is not None, bool(_credentials(settings, "smtp"))
    # A certificate may stand in place of a password, and is of use without a login, too.
    if named != given and not (named and settings.smtp_client_cert_file):
        faults.append(
            "SMTP_USERNAME and SMTP_PASSWORD (or SMTP_PASSWORD_FILE, SMTP_PASSWORD_COMMAND, "
            "SMTP_TOKEN_COMMAND or SMTP_CLIENT_CERT_FILE): set both, or neither for no login"
        )
    return faults + _login_faults(settings, "smtp") + _tls_faults(settings, "smtp")


def _login_faults(settings: Settings, host: Host) -> list[str]:
    given = _credentials(settings, host)
    password = f"{host}_password"
    faults = missing(settings, [password]) if f"{password}_file".upper() in given else []
    if len(given) > 1:
        faults.append(f"{', '.join(given)}: set only one of them")
    return faults


def _credentials(settings: Settings, host: Host) -> list[str]:
    """The settings that say with what to log in."""
    filed = getattr(settings, f"{host}_password_file") is not None
    names = ("password_file" if filed else "password", "password_command", "token_command")
    return [
        f"{host}_{name}".upper()
        for name in names
        if getattr(settings, f"{host}_{name}") is not None
    ]


def _tls_faults(settings: Settings, host: Host) -> list[str]:
    files = ("ca_file", "client_cert_file", "client_key_file")
    given = [name for name in files if getattr(settings, f"{host}_{name}") is not None]
    if not given:
        return []
    names = ", ".join(f"{host}_{name}".upper() for name in given)
    if getattr(settings, f"{host}_security") == "none":
        return [f"{names}: of no use without TLS ({host.upper()}_SECURITY=none)"]
    if given[-1] == "client_key_file" and "client_cert_file" not in given:
        return [
            f"{host.upper()}_CLIENT_CERT_FILE is not set, but {host.upper()}_CLIENT_KEY_FILE is"
        ]
    try:
        tls_of(settings, host).context("SMTP" if host == "smtp" else "IMAP")
    except TlsFault as fault:
        return [str(fault)]
    return []


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
