"""The forms that settings may have: text of the environment in, checked values out.

Each raises ValueError with words for whoever wrote the setting; none repeats a secret.
"""

import re
from collections.abc import Mapping
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Field, PlainValidator, SecretStr
from pydantic_settings import NoDecode

from agent.durations import parse_duration
from agent.models import Require
from agent.weburl import parse_url
from mail.address import parse_address, parse_mailbox
from mail.identity import Keyring
from mail.vocabulary import Vocabulary, load

_KEY = re.compile(r"[\x21-\x7e]+")


def words(value: Any) -> Any:
    """`a, b` -> [a, b]; commas, not JSON."""
    if isinstance(value, str):
        return [word.strip() for word in value.split(",") if word.strip()]
    return value


def _addresses(value: Any) -> tuple[str, ...]:
    return tuple(dict.fromkeys(parse_address(word) for word in words(value)))


def _domains(value: Any) -> tuple[str, ...]:
    domains: dict[str, None] = {}
    for word in words(value):
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
    for entry in words(value):
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
    if not re.fullmatch(r"https?://[^/\s?#]+(/[^\s?#]*)?", value):
        raise ValueError("use a URL without ? and #, such as https://models.example.com/v1")
    if end := re.search(r"/(chat/completions|responses)/?$", value):
        raise ValueError(f"leave {end[0]} off its end: the client puts that there")
    return value


def _mailbox(value: str) -> str:
    parse_mailbox(value)
    return value


def _vocabulary(value: Any) -> Any:
    return load(Path(value)) if isinstance(value, str | Path) else value


def _secret(value: SecretStr) -> SecretStr:
    Keyring.from_secrets(words(value.get_secret_value()))
    return value


def _key(value: SecretStr) -> SecretStr:
    """What can stand in a header. A library that cannot put it there may say why, and quote it."""
    if not _KEY.fullmatch(value.get_secret_value()):
        raise ValueError("a key is of ASCII without spaces: is there a line end behind it?")
    return value


def _authserv_id(value: str) -> str:
    if not re.fullmatch(r"[\w.:-]{1,255}", value):
        raise ValueError("use the name that your mail server gives itself, such as mx.example.com")
    return value.lower()


def _servers(value: Any) -> tuple[tuple[str, int], ...]:
    """`192.0.2.1, [2001:db8::1]:5353` -> pairs of address and port."""
    if not isinstance(value, str):
        return tuple(value)
    return tuple(_server(word) for word in words(value))


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


def _modules(value: Any) -> tuple[str, ...]:
    """`package.module, other` -> their names, each once."""
    modules = tuple(dict.fromkeys(words(value)))
    for name in modules:
        if name.endswith(".py"):
            module = name.rpartition("/")[2].removesuffix(".py")
            raise ValueError(f"{name!r} is a file: write {module}, its folder being on PYTHONPATH")
        if not all(part.isidentifier() for part in name.split(".")):
            raise ValueError(f"{name!r} is no module (such as package.module)")
    return modules


def _origins(value: Any) -> tuple[str, ...]:
    """`https://hooks.example.com, http://localhost:8080` -> each once, folded, without a path."""
    return tuple(dict.fromkeys(_origin(word) for word in words(value)))


def _origin(word: str) -> str:
    try:
        url = parse_url(word)
        if url.text != f"{url.origin}/":
            raise ValueError("it has a path")
    except ValueError as error:
        raise ValueError(
            f"{word!r} is not of the form scheme://host:port, such as https://hooks.example.com: "
            f"{error}"
        ) from None
    return url.origin


Seconds = Annotated[float, BeforeValidator(parse_duration), Field(ge=0, allow_inf_nan=False)]
Port = Annotated[int, Field(ge=1, le=65535)]
Url = Annotated[str, AfterValidator(_url)]
Mailbox = Annotated[str, AfterValidator(_mailbox)]
Zone = Annotated[str, AfterValidator(_zone)]
Socket = Annotated[str, AfterValidator(_socket)]
AuthservId = Annotated[str, AfterValidator(_authserv_id)]
Key = Annotated[SecretStr, AfterValidator(_key)]
Secret = Annotated[SecretStr, AfterValidator(_secret)]
# Not repeated where settings are printed: people write secrets into commands.
Command = Annotated[str | None, Field(repr=False)]
Quorum = Annotated[Require, BeforeValidator(_require)]
Words = Annotated[Vocabulary, NoDecode, PlainValidator(_vocabulary)]
Addresses = Annotated[tuple[str, ...], NoDecode, PlainValidator(_addresses)]
Domains = Annotated[tuple[str, ...], NoDecode, PlainValidator(_domains)]
Aliases = Annotated[dict[str, str], NoDecode, PlainValidator(_aliases)]
Servers = Annotated[tuple[tuple[str, int], ...], NoDecode, PlainValidator(_servers)]
Modules = Annotated[tuple[str, ...], NoDecode, PlainValidator(_modules)]
Origins = Annotated[tuple[str, ...], NoDecode, PlainValidator(_origins)]
