"""GreenMail, the mail server of Java's test suites, from Maven Central."""

import asyncio
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console

from demo.build_step import BuildError, run_step
from demo.cache import cache_directory
from tests.servers.store import HOST, ImapProcess, free_port, started, stop

VERSION = "2.1.13"
ARTIFACT = f"com.icegreen:greenmail-standalone:{VERSION}"


def prepared() -> Path | None:
    """The jar of an earlier run, if there is one that can run."""
    jar = cache_directory() / f"greenmail-standalone-{VERSION}.jar"
    return jar if jar.exists() and shutil.which("java") else None


async def fetch(console: Console) -> str:
    """Put the jar into the cache; return why that is not possible, or nothing."""
    if prepared():
        return ""
    maven = shutil.which("mvn")
    if maven is None or shutil.which("java") is None:
        return "no GreenMail: mvn and java are not both installed"
    console.print("GreenMail: fetching it from Maven Central (seconds, only this once)")
    with tempfile.TemporaryDirectory(dir=cache_directory()) as directory:
        goal = [
            "dependency:copy",
            f"-Dartifact={ARTIFACT}",
            f"-DoutputDirectory={directory}",
        ]
        try:
            await run_step("mvn", [maven, "-B", "-q", *goal], console, directory=Path(directory))
        except BuildError as error:
            return f"no GreenMail: mvn failed: {error}"
        name = f"greenmail-standalone-{VERSION}.jar"
        os.replace(f"{directory}/{name}", cache_directory() / name)
    return ""


@contextmanager
def greenmail(home: Path, *, smtp: bool = False, megabytes: int = 512) -> Iterator[ImapProcess]:
    """Run its IMAP server: every address that logs in has a mailbox. With its SMTP server mail to
    `agent+x@` goes to a mailbox of that name. It keeps all mail in `megabytes` of memory."""
    jar = prepared()
    assert jar is not None
    port = free_port()
    reach = {"IMAP_HOST": HOST, "IMAP_PORT": str(port), "IMAP_SECURITY": "none"}
    sending: list[str] = []
    if smtp:
        reach |= {"SMTP_HOST": HOST, "SMTP_PORT": str(free_port()), "SMTP_SECURITY": "none"}
        sending = [
            f"-Dgreenmail.smtp.hostname={HOST}",
            f"-Dgreenmail.smtp.port={reach['SMTP_PORT']}",
        ]
    server = ImapProcess("greenmail", port, reach)
    command = [
        *("java", f"-Xmx{megabytes}m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"),
        f"-Dgreenmail.imap.hostname={HOST}",
        f"-Dgreenmail.imap.port={port}",
        *sending,
        "-Dgreenmail.auth.disabled",
        *("-jar", str(jar)),
    ]
    process = started(command, home / "out", server)
    try:
        yield server
    finally:
        stop(process)


@contextmanager
def checking_greenmail(home: Path, address: str, secret: str) -> Iterator[tuple[ImapProcess, int]]:
    """Run it with one mailbox, into which only this password lets, or the same as an access token;
    besides its IMAP server the port of its SMTP server."""
    jar = prepared()
    assert jar is not None
    imap_port, smtp_port = free_port(), free_port()
    name, _, domain = address.partition("@")
    server = ImapProcess("greenmail", imap_port, {})
    command = [
        *("java", "-Xmx512m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"),
        *(f"-Dgreenmail.imap.hostname={HOST}", f"-Dgreenmail.imap.port={imap_port}"),
        *(f"-Dgreenmail.smtp.hostname={HOST}", f"-Dgreenmail.smtp.port={smtp_port}"),
        *(f"-Dgreenmail.users={name}:{secret}@{domain}", "-Dgreenmail.users.login=email"),
        *("-jar", str(jar)),
    ]
    process = started(command, home / "out", server)
    try:
        yield server, smtp_port
    finally:
        stop(process)


if __name__ == "__main__":
    print(asyncio.run(fetch(Console(stderr=True))))
