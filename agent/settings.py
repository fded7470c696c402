"""Every setting, from the environment or `.env`: read once at the start of a worker or command."""

import re
from collections.abc import Mapping, Sequence
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    PlainValidator,
    SecretStr,
    ValidationError,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from agent.durations import parse_duration
from agent.errors import ConfigurationError
from agent.models import Require, Risk
from mail.address import parse_address, parse_mailbox
from mail.identity import Keyring
from mail.trust import Auth
from mail.vocabulary import DEFAULT, Vocabulary, load


def _words(value: Any) -> Any:
    """`a, b` -> [a, b]; commas, not JSON."""
    if isinstance(value, str):
        return [word.strip() for word in value.split(",") if word.strip()]
    return value


def _addresses(value: Any) -> tuple[str, ...]:
    return tuple(dict.fromkeys(parse_address(word) for word in _words(value)))


def _domains(value: Any) -> tuple[str, ...]:
    domains: dict[str, None] = {}
    for word in _words(value):
        try:
            domains[parse_address(f"somebody@{word}").rpartition("@")[2]] = None
        except ValueError:
            raise ValueError(f"{word!r} is no domain (such as example.com)") from None
    return tuple(domains)


def _aliases(value: Any) -> dict[str, str]:
    """`a@x=a2@x|a3@x, …` -> {a2@x: a@x, a3@x: a@x}"""
    if isinstance(value, Mapping):
        return dict(value)
    owners: dict[str, str] = {}
    for entry in _words(value):
        owner, sign, aliases = entry.partition("=")
        if not sign:
            raise ValueError(f"{entry!r} is not of the form a@x=a2@x|a3@x")
        person = parse_address(owner.strip())
        for alias in map(parse_address, aliases.split("|")):
            if owners.setdefault(alias, person) != person:
                raise ValueError(f"{alias} is listed for two people")
    # A chain would make one person two: one of them asks, the other agrees.
    if both := sorted(owners.keys() & owners.values()):
        raise ValueError(f"{both[0]} is both an alias and a person with aliases")
    return owners


def _require(value: Any) -> Any:
    if value in ("any", "all") or not isinstance(value, str):
        return value
    if value.isdecimal() and int(value) > 0:
        return int(value)
    raise ValueError("use any, all, or a number above 0")


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise ValueError(f"{name!r} is no time zone (such as Europe/Berlin)") from error
    return name


def _socket(value: str) -> str:
    host, _, port = value.rpartition(":")
    try:
        ip_address(host.removeprefix("[").removesuffix("]"))
        if not 0 < int(port) < 65_536:
            raise ValueError
    except ValueError:
        raise ValueError("use an IP address and a port, such as 127.0.0.1:9464") from None
    return value


def _url(value: str) -> str:
    if not re.fullmatch(r"https?://[^/\s]+(/\S*)?", value):
        raise ValueError("use a URL, such as https://models.example.com/v1")
    return value


def _mailbox(value: str) -> str:
    parse_mailbox(value)
    return value


def _vocabulary(value: Any) -> Any:
    return load(Path(value)) if isinstance(value, str | Path) else value


def _secret(value: SecretStr) -> SecretStr:
    Keyring.from_secrets(_words(value.get_secret_value()))
    return value


def _authserv_id(value: str) -> str:
    if not re.fullmatch(r"[\w.:-]{1,255}", value):
        raise ValueError("use the name that your mail server gives itself, such as mx.example.com")
    return value.lower()


def _servers(value: Any) -> tuple[tuple[str, int], ...]:
    """`192.0.2.1, [2001:db8::1]:5353` -> pairs of address and port."""
    if not isinstance(value, str):
        return tuple(value)
    return tuple(_server(word) for word in _words(value))


def _server(word: str) -> tuple[str, int]:
    try:
        return str(ip_address(word)), 53
    except ValueError:
        pass
    try:
        host, _, port = _socket(word).rpartition(":")
    except ValueError:
        raise ValueError("use IP addresses, with a port if wanted: 192.0.2.1:5353") from None
    return host.removeprefix("[").removesuffix("]"), int(port)


Seconds = Annotated[float, BeforeValidator(parse_duration), Field(ge=0, allow_inf_nan=False)]
Port = Annotated[int, Field(ge=1, le=65535)]


class Settings(BaseSettings):
    """What may stand in the environment. What a role needs besides is checked by `missing`."""

    model_config = SettingsConfigDict(
        env_file=".env", extra="ignore", frozen=True, env_ignore_empty=True
    )

    temporal_task_queue: str = "human-in-the-loop-task-queue"

    openai_api_key: SecretStr | None = None
    openai_base_url: Annotated[str, AfterValidator(_url)] | None = None
    openai_model: str = "gpt-5-mini"

    smtp_host: str | None = None
    smtp_port: Port | None = None
    smtp_username: str | None = None
    smtp_password: SecretStr | None = None
    smtp_security: Literal["tls", "starttls", "none"] = "tls"

    imap_host: str | None = None
    imap_port: Port | None = None
    imap_username: str | None = None
    imap_password: SecretStr | None = None
    imap_security: Literal["tls", "none"] = "tls"
    imap_poll_seconds: Annotated[float, Field(ge=1)] = 30
    imap_unmatched: Literal["move", "leave"] = "move"

    mail_from: Annotated[str, AfterValidator(_mailbox)] | None = None
    mail_plus_address: Literal["on", "off"] = "on"
    mail_timezone: Annotated[str, AfterValidator(_zone)] = "UTC"
    mail_vocabulary: Annotated[Vocabulary, NoDecode, PlainValidator(_vocabulary)] = DEFAULT
    mail_auth: Auth = Auth.REQUIRED
    mail_authserv_id: Annotated[str, AfterValidator(_authserv_id)] | None = None
    mail_arc_sealers: Annotated[tuple[str, ...], NoDecode, PlainValidator(_domains)] = ()
    dns_servers: Annotated[tuple[tuple[str, int], ...], NoDecode, PlainValidator(_servers)] = ()

    approvers: Annotated[tuple[str, ...], NoDecode, PlainValidator(_addresses)] = ()
    approver_domains: Annotated[tuple[str, ...], NoDecode, PlainValidator(_domains)] = ()
    approver_aliases: Annotated[dict[str, str], NoDecode, PlainValidator(_aliases)] = Field(
        default_factory=dict
    )
    requester_domains: Annotated[tuple[str, ...], NoDecode, PlainValidator(_domains)] = ()
    approvals_required: Annotated[Require, BeforeValidator(_require)] = "any"
    approval_min_risk: Risk = Risk.MEDIUM
    max_approvals_per_run: Annotated[int, Field(ge=1)] = 10
    expiry_grace: Seconds = 60
    approval_secret: Annotated[SecretStr, AfterValidator(_secret)] | None = None
    operator_decisions: Literal["allow", "deny", "veto-only"] = "allow"

    shop_database: Path = Path("shop.sqlite3")
    metrics_address: Annotated[str, AfterValidator(_socket)] | None = None
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    @property
    def mailbox(self) -> str:
        """The agent's own address, bare and folded."""
        return parse_mailbox(self.mail_from or "")[1]

    @property
    def inbox_queue(self) -> str:
        return f"inbox-{self.mailbox}"

    @property
    def keyring(self) -> Keyring:
        secret = self.approval_secret.get_secret_value() if self.approval_secret else ""
        return Keyring.from_secrets(_words(secret))


def load_settings(**overrides: Any) -> Settings:
    """Raises ConfigurationError with one line a fault; no value of a setting is ever repeated."""
    try:
        return Settings(**overrides)
    except ValidationError as error:
        faults = []
        for fault in error.errors(include_input=False, include_url=False):
            name = str(fault["loc"][0]).upper() if fault["loc"] else "settings"
            faults.append(f"{name}: {fault['msg'].removeprefix('Value error, ')}")
        raise ConfigurationError(sorted(set(faults))) from None


def missing(settings: Settings, names: Sequence[str]) -> list[str]:
    """One line for each of these settings that is not set."""
    return [f"{name.upper()} is not set" for name in names if getattr(settings, name) is None]
