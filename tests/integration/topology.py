"""The services of docker-compose.yml as processes of this machine, without a container engine.

Images become programs (the Temporal CLI, MailHog, GreenMail's jar, what our Dockerfile makes);
command, environment and health check are those of the files. Only addresses change: every port
becomes a free one of loopback, every folder of a volume one of the test's.
"""

import asyncio
import os
import re
import shlex
import signal
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console

from demo.cache import cache_directory
from demo.mailhog_server import find_mailhog
from demo.temporal_server import find_temporal
from tests.compose import Service
from tests.image import Image
from tests.servers.greenmail import prepared
from tests.servers.store import HOST, free_port
from tests.waiting import until

PORTS = {
    "temporal": (7233, 8233),
    "mailhog": (1025, 8025),
    "greenmail": (3025, 3143),
    "model": (8080,),
}
_SHELL = ("sh", "-c")
END_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Ended:
    code: int
    out: str
    err: str


@dataclass
class Topology:
    """`images` by the stage of the Dockerfile; `up` starts services with all that they need."""

    services: Mapping[str, Service]
    images: Mapping[str, Image]
    directory: Path
    running: dict[str, asyncio.subprocess.Process] = field(default_factory=dict)
    _ports: dict[tuple[str, int], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name, ports in PORTS.items():
            published = self.services[name].published
            assert all(published.get(port, port) == port for port in ports)
            self._ports |= {(name, port): free_port() for port in ports}

    def port(self, name: str, port: int) -> int:
        return self._ports[name, port]

    async def up(self, *names: str) -> None:
        for name in names:
            if name in self.running:
                continue
            service = self.services[name]
            for needed, condition in service.needs.items():
                await self.up(needed)
                await self._reached(self.services[needed], condition)
            assert service.host in ("", name) or service.host in self.running
            self.running[name] = await self._start(service)

    async def down(self) -> None:
        for process in reversed(self.running.values()):
            if process.returncode is None:
                process.terminate()
                try:
                    await asyncio.wait_for(process.wait(), END_SECONDS)
                except TimeoutError:
                    process.kill()
                    await process.wait()

    async def healthy(self, name: str) -> Ended:
        """Its health check, run once within it."""
        service = self.services[name]
        command = service.healthcheck or [*_SHELL, self.images[service.target].health]
        return await self.exec(name, *command)

    async def exec(self, name: str, *command: str) -> Ended:
        """As `docker compose exec` does: a command with what the service has."""
        service = self.services[name]
        pipe = asyncio.subprocess.PIPE
        process = await self._spawn(service, list(command), pipe, pipe)
        try:
            async with asyncio.timeout(END_SECONDS):
                out, err = await process.communicate()
        finally:
            if process.returncode is None:
                process.kill()
                await process.communicate()
        return Ended(process.returncode or 0, out.decode(), err.decode())

    def log(self, name: str) -> Path:
        # Others' logs are theirs: MailHog's holds all mail, with what is secret in it.
        ours = self.services[name].target
        return self.directory / (f"{name}.log" if ours else f"{name}.out")

    async def stopped(self, name: str) -> int:
        """Told to stop as `docker compose stop` does; its exit code."""
        process = self.running.pop(name)
        process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(END_SECONDS):
            return await process.wait()

    async def _reached(self, service: Service, condition: str) -> None:
        process = self.running[service.name]
        if condition == "service_completed_successfully":
            assert await process.wait() == 0, self.log(service.name).read_text()
            return
        if condition == "service_started":
            return
        assert condition == "service_healthy"

        async def healthy() -> bool:
            assert process.returncode is None, self.log(service.name).read_text()
            return (await self.healthy(service.name)).code == 0

        await until(healthy, f"{service.name} in good health")

    async def _start(self, service: Service) -> asyncio.subprocess.Process:
        with self.log(service.name).open("wb") as sink:
            return await self._spawn(service, await self._program(service), sink.fileno())

    async def _program(self, service: Service) -> list[str]:
        """What the container of a service runs: the image's own command where the file has none."""
        name, _, version = service.image.partition(":")
        if service.target:
            return service.command or self.images[service.target].command
        assert version not in ("", "latest"), f"{name} is not pinned"
        match name:
            case "temporalio/temporal":
                ports = ("--port", "7233", "--ui-port", "8233")
                return [await find_temporal(Console(stderr=True)), *service.command, *ports]
            case "mailhog/mailhog":
                addresses = ("smtp", 1025), ("api", 8025), ("ui", 8025)
                binds = [(f"-{what}-bind-addr", f"0.0.0.0:{port}") for what, port in addresses]
                mailhog = await find_mailhog(Console(stderr=True))
                return [mailhog, *(word for bind in binds for word in bind)]
            case "greenmail/standalone":
                assert (jar := prepared()), "no GreenMail: python -m tests.servers.greenmail"
                return ["java", "-Xmx256m", *_greenmail_options(service), "-jar", str(jar)]
        raise AssertionError(f"nothing here stands in for {service.image}")

    async def _spawn(
        self, service: Service, command: list[str], out: int, err: int = asyncio.subprocess.STDOUT
    ) -> asyncio.subprocess.Process:
        image = self.images.get(service.target)
        home = self.directory / service.name
        home.mkdir(exist_ok=True)
        environ = image.environment() if image else {"PATH": _programs()}
        set_here = {name: value for name, value in environ.items() if name != "PATH"}
        for name, value in {**set_here, **service.environment}.items():
            environ[name] = self._here(value, service)
        environ |= self._split_addresses(service)
        typed = [self._here(word, service) for word in command]
        return await asyncio.create_subprocess_exec(
            *(without_privileges() if image else ()),
            *typed,
            cwd=image.below(".") if image else home,
            env={"HOME": str(home), **environ},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=out,
            stderr=err,
        )

    def _here(self, text: str, service: Service) -> str:
        """A text of the file with this machine's addresses and folders in place of its own."""
        for (name, port), real in self._ports.items():
            hosts = rf"(?:{name}|localhost)" if service.host == name else name
            text = re.sub(rf"\b{hosts}:{port}\b", f"{HOST}:{real}", text)
            if service.name == name:
                text = re.sub(rf"\b{port}\b", str(real), text)
        # Folders of tests lie in /tmp themselves: so it comes first.
        folders = [(path, self.directory / service.name) for path in service.raw.get("tmpfs", [])]
        for volume in service.raw.get("volumes", []):
            name, path = volume.split(":")
            folder = self.directory / f"volume-{name}"
            folder.mkdir(exist_ok=True)
            folders.append((path, folder))
        for path, folder in folders:
            text = re.sub(rf"(?<![\w.]){path}/", f"{folder}/", text)
        return text.replace("0.0.0.0", HOST)

    def _split_addresses(self, service: Service) -> dict[str, str]:
        """`X_HOST` and `X_PORT`: localhost is that of whoever it shares a network with."""
        changed: dict[str, str] = {}
        for name, host in service.environment.items():
            if name.endswith("_HOST"):
                port = name.removesuffix("HOST") + "PORT"
                where = service.host if host == "localhost" else host
                real = self._ports[where, int(service.environment[port])]
                changed |= {name: HOST, port: str(real)}
        return changed


def _programs() -> str:
    """Where a Temporal CLI that was fetched or built once lies, and what is installed."""
    return f"{cache_directory()}:{os.environ['PATH']}"


def _greenmail_options(service: Service) -> list[str]:
    """The two servers at ports that can be moved: `setup.test` has fixed ones."""
    options = shlex.split(service.environment["GREENMAIL_OPTS"])
    for protocol, port in (("smtp", 3025), ("imap", 3143)):
        options.remove(f"-Dgreenmail.setup.test.{protocol}")
        server = f"-Dgreenmail.{protocol}"
        options += [f"{server}.hostname={HOST}", f"{server}.port={port}"]
    return options


def without_privileges() -> list[str]:
    """What may do as much as a file's owner and no more, even where the tests run as root."""
    if os.geteuid() != 0:
        return []
    return ["setpriv", "--bounding-set=-all", "--inh-caps=-all", "--no-new-privs"]
