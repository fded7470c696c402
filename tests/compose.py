"""docker-compose.yml as Compose reads it: anchors merged, `${NAME:-default}` filled in."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

_VARIABLE = re.compile(r"\$\{(?P<name>\w+):-(?P<default>[^}]*)\}|\$")
_PORT = re.compile(r"127\.0\.0\.1:(\d+):(\d+)")


@dataclass(frozen=True, slots=True)
class Service:
    """One service; `raw` is all that the file says of it."""

    name: str
    raw: Mapping[str, Any]
    target: str = ""
    """The stage of our Dockerfile that its image is; '' for somebody else's image."""

    @property
    def image(self) -> str:
        return str(self.raw["image"])

    @property
    def builds(self) -> str:
        """The stage of our Dockerfile that is built for it; '' where the image has to be there."""
        return str(self.raw.get("build", {}).get("target", ""))

    @property
    def command(self) -> list[str]:
        return [str(word) for word in self.raw.get("command", [])]

    @property
    def environment(self) -> dict[str, str]:
        return {name: str(value) for name, value in self.raw.get("environment", {}).items()}

    @property
    def healthcheck(self) -> list[str]:
        """The command; empty where the image's own has to do."""
        kind, *command = self.raw.get("healthcheck", {}).get("test", ["CMD"])
        assert kind == "CMD"
        return [str(word) for word in command]

    @property
    def needs(self) -> dict[str, str]:
        """Service -> what has to be true of it before this one starts."""
        wanted = self.raw.get("depends_on", {})
        shared = {self.host: "service_started"} if self.host not in ("", self.name) else {}
        return {**shared, **{name: how["condition"] for name, how in wanted.items()}}

    @property
    def host(self) -> str:
        """On whose loopback it is; '' for nobody's but its own and none at all."""
        mode = str(self.raw.get("network_mode", self.name))
        return "" if mode == "none" else mode.removeprefix("service:")

    @property
    def published(self) -> dict[int, int]:
        """Its port -> the one on this machine's loopback; no port may be anybody's."""
        matches = [_PORT.fullmatch(port) for port in self.raw.get("ports", [])]
        assert all(matches), f"{self.name}: a port is published to everybody"
        return {int(match[2]): int(match[1]) for match in matches if match}


def load(path: Path, environ: Mapping[str, str]) -> dict[str, Service]:
    """The services by name. Raises ValueError for a form of interpolation not known here."""
    raw = _filled_in(yaml.safe_load(path.read_text(encoding="utf-8")), environ)
    services = [Service(name, service) for name, service in raw["services"].items()]
    stages = {service.image: service.builds for service in services if service.builds}
    return {one.name: replace(one, target=stages.get(one.image, "")) for one in services}


def _filled_in(value: Any, environ: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        return {key: _filled_in(inner, environ) for key, inner in value.items()}
    if isinstance(value, list):
        return [_filled_in(inner, environ) for inner in value]
    if not isinstance(value, str):
        return value

    def one(match: re.Match[str]) -> str:
        if match["name"] is None:
            raise ValueError(f"not read here: {value}")
        return environ.get(match["name"]) or match["default"]

    return _VARIABLE.sub(one, value)
