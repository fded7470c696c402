"""The settings, as far as they can be used: what is wrong with some leaves the rest to check."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from agent.doctor.finding import Finding, failed, ok, warning
from agent.errors import ConfigurationError
from agent.settings import Settings, load_settings
from agent.settings_check import Role, check_settings
from mail.trust import Auth

_NAME = re.compile(r"[A-Z]+(?:_[A-Z]+)+|APPROVERS")
_MEND = "set it right in .env or in the environment; docs/settings.md has its form"
_ADVICE = {
    "APPROVAL_SECRET": "`python -m agent secret` makes one; put it into .env",
    "OPENAI_API_KEY": "put the model's key into .env; any word, for a server that wants none",
}


@dataclass(frozen=True, slots=True)
class Configuration:
    settings: Settings
    """With defaults in place of what is wrong."""
    faults: tuple[str, ...]
    """One line each, as the worker says them at its start."""

    @property
    def wrong(self) -> frozenset[str]:
        """The settings that the faults are about."""
        return frozenset(name for fault in self.faults for name in names_of(fault))


def names_of(fault: str) -> list[str]:
    """The settings at the beginning of a fault: `SMTP_USERNAME and SMTP_PASSWORD: set both …`."""
    subject = re.split(r": | is not set", fault, maxsplit=1)[0]
    return _NAME.findall(subject)


def load(role: Role) -> Configuration:
    """From the environment and `.env`. Raises ConfigurationError if even defaults do not fit."""
    overrides: dict[str, Any] = {}
    try:
        load_settings()
        faults = []
    except ConfigurationError as error:
        faults = error.faults
        overrides = {
            name: _default(name)
            for misfit in _misfits()
            for name in Settings.model_fields
            # With what a secret may be taken from instead: `imap_password_file`.
            if name == misfit or name.startswith(f"{misfit}_")
        }
    settings = load_settings(**overrides)
    known = {name for fault in faults for name in names_of(fault)}
    try:
        check_settings(settings, role)
    except ConfigurationError as error:
        # A setting whose value does not fit is not missing as well.
        faults += [fault for fault in error.faults if not known & {*names_of(fault)}]
    return Configuration(settings, tuple(faults))


def _by_setting(faults: Sequence[str]) -> dict[str, list[str]]:
    """What is said of each, without its name."""
    found: dict[str, list[str]] = {}
    for fault in faults:
        name = next(iter(names_of(fault)), "settings")
        found.setdefault(name, []).append(fault.removeprefix(name).lstrip(": "))
    return found


def _misfits() -> list[str]:
    """The fields that do not fit."""
    try:
        Settings()
    except ValidationError as error:
        return sorted({str(fault["loc"][0]) for fault in error.errors() if fault["loc"]})
    return []


def _default(name: str) -> Any:
    return Settings.model_fields[name].get_default(call_default_factory=True)


def findings_of(configuration: Configuration, role: Role) -> Iterator[Finding]:
    """A finding for every fault, under the name of its setting, and for what a worker warns of."""
    for name, said in _by_setting(configuration.faults).items():
        yield failed(name, "; ".join(said), _ADVICE.get(name, _MEND), configuration=True)
    settings = configuration.settings
    if not configuration.faults:
        mailbox = settings.mailbox if settings.mail_from else "none"
        yield ok("settings", f"no fault; role {role}, mailbox {mailbox}")
    if settings.mail_auth is not Auth.REQUIRED:
        yield warning(
            "MAIL_AUTH",
            f"{settings.mail_auth}: replies can count without proof of their sender",
            "MAIL_AUTH=required, but for a trial among yourselves",
        )
    if role != "inbox" and not settings.approvers and not settings.approver_domains:
        yield warning(
            "APPROVERS", "none, and no APPROVER_DOMAINS: nobody can be asked", "name them in .env"
        )
