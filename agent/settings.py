"""Every setting, from the environment or `.env`: read once at the start of a worker or command."""

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from agent.errors import ConfigurationError
from agent.models import Risk
from agent.settings_forms import (
    Addresses,
    Aliases,
    AuthservId,
    Command,
    Domains,
    Key,
    Mailbox,
    Modules,
    Origins,
    Port,
    Quorum,
    Seconds,
    Secret,
    Servers,
    Socket,
    Url,
    Words,
    Zone,
    words,
)
from mail.address import parse_mailbox
from mail.identity import Keyring
from mail.secret_command import SecretCommand
from mail.secret_file import SecretFile, read_secret
from mail.secret_source import SecretSource
from mail.trust import Auth
from mail.vocabulary import DEFAULT


class Settings(BaseSettings):
    """What may stand in the environment. What a role needs besides is checked by `missing`."""

    model_config = SettingsConfigDict(
        env_file=".env", extra="ignore", frozen=True, env_ignore_empty=True
    )

    temporal_task_queue: str = "human-in-the-loop-task-queue"

    # A secret's file stands before the secret, which is taken from it.
    openai_api_key_file: Path | None = None
    openai_api_key: Key | None = None
    openai_base_url: Url | None = None
    openai_model: str = "gpt-5-mini"
    openai_api: Literal["responses", "chat"] = "responses"
    openai_strict_schemas: Literal["on", "off"] = "on"

    agent_tools: Modules = ("agent.tools.shop",)
    webhook_allowed: Origins = ()
    webhook_secret: SecretStr | None = None

    smtp_host: str | None = None
    smtp_port: Port | None = None
    smtp_username: str | None = None
    smtp_password_file: Path | None = None
    smtp_password: SecretStr | None = None
    smtp_password_command: Command = None
    smtp_token_command: Command = None
    smtp_ca_file: Path | None = None
    smtp_client_cert_file: Path | None = None
    smtp_client_key_file: Path | None = None
    smtp_security: Literal["tls", "starttls", "none"] = "tls"

    imap_host: str | None = None
    imap_port: Port | None = None
    imap_username: str | None = None
    imap_password_file: Path | None = None
    imap_password: SecretStr | None = None
    imap_password_command: Command = None
    imap_token_command: Command = None
    imap_ca_file: Path | None = None
    imap_client_cert_file: Path | None = None
    imap_client_key_file: Path | None = None
    imap_security: Literal["tls", "none"] = "tls"
    imap_poll_seconds: Annotated[float, Field(ge=1)] = 30
    imap_unmatched: Literal["move", "leave"] = "move"

    mail_from: Mailbox | None = None
    mail_plus_address: Literal["on", "off"] = "on"
    mail_timezone: Zone = "UTC"
    mail_vocabulary: Words = DEFAULT
    mail_auth: Auth = Auth.REQUIRED
    mail_authserv_id: AuthservId | None = None
    mail_arc_sealers: Domains = ()
    dns_servers: Servers = ()

    approvers: Addresses = ()
    approver_domains: Domains = ()
    approver_aliases: Aliases = Field(default_factory=dict)
    requester_domains: Domains = ()
    approvals_required: Quorum = "any"
    approval_min_risk: Risk = Risk.MEDIUM
    max_approvals_per_run: Annotated[int, Field(ge=1)] = 10
    expiry_grace: Seconds = 60
    approval_secret_file: Path | None = None
    approval_secret: Secret | None = None
    operator_decisions: Literal["allow", "deny", "veto-only"] = "allow"

    shop_database: Path = Path("shop.sqlite3")
    metrics_address: Socket | None = None
    health_file: Path | None = None
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    @field_validator(
        "openai_api_key", "smtp_password", "imap_password", "approval_secret", mode="before"
    )
    @classmethod
    def _taken_from_its_file(cls, value: Any, info: ValidationInfo) -> Any:
        file = f"{info.field_name}_file"
        path = info.data.get(file)
        if path is None:
            return value
        if value is not None:
            raise ValueError(f"{file.upper()} is set, too: set only one of them")
        try:
            return read_secret(path)
        except ValueError:
            # Whoever does not need it may not be allowed to read it; others are told by `missing`.
            return None

    @cached_property
    def smtp_source(self) -> SecretSource | None:
        """Made once: what it has given is shared by all that log in."""
        return self._source("smtp")

    @cached_property
    def imap_source(self) -> SecretSource | None:
        return self._source("imap")

    def _source(self, host: str) -> SecretSource | None:
        kinds: tuple[Literal["token", "password"], ...] = ("token", "password")
        for kind in kinds:
            setting = f"{host}_{kind}_command"
            if command := getattr(self, setting):
                return SecretCommand(setting.upper(), command, kind)
        setting = f"{host}_password_file"
        path = getattr(self, setting)
        return SecretFile(setting.upper(), path) if path else None

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
        return Keyring.from_secrets(words(secret))


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
    """One line for each of these settings that is not set, or whose file gives no secret."""
    return [_lack(settings, name) for name in names if getattr(settings, name) is None]


def _lack(settings: Settings, name: str) -> str:
    path = getattr(settings, f"{name}_file", None)
    if path is None:
        return f"{name.upper()} is not set"
    try:
        read_secret(path)
    except ValueError as error:
        return f"{name.upper()}_FILE: {error}"
    return f"{name.upper()}_FILE: {path} was not there a moment ago; start again"
