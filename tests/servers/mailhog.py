"""MailHog, the real one, as a process of its own: catches all mail, and hands it out over HTTP."""

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

from demo.mailhog_server import command_of
from tests.servers.store import HOST, START_SECONDS, free_port, stop


@dataclass(frozen=True, slots=True)
class MailHogProcess:
    url: str
    smtp_port: int
    host: str = HOST


@contextmanager
def mailhog(path: str, home: Path) -> Iterator[MailHogProcess]:
    """Run it; raises RuntimeError with its log if it never answers."""
    smtp_port, http_port = free_port(), free_port()
    # Of no name that tests look for secrets in: it writes down all that is said to it.
    log = home / "out"
    with log.open("wb") as sink:
        process = subprocess.Popen(
            command_of(path, smtp_port, http_port),
            stdin=subprocess.DEVNULL,
            stdout=sink,
            stderr=sink,
        )
    server = MailHogProcess(f"http://{HOST}:{http_port}", smtp_port)
    try:
        if not _answers(server, process):
            raise RuntimeError(f"MailHog did not start:\n{log.read_text(errors='replace')}")
        yield server
    finally:
        stop(process)


def _answers(server: MailHogProcess, process: subprocess.Popen[bytes]) -> bool:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        with suppress(OSError), urlopen(f"{server.url}/api/v2/messages", timeout=5):
            return True
        time.sleep(0.1)
    return False
