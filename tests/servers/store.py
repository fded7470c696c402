"""Mailboxes on a real IMAP server, a process of its own, seen as the people see them."""

import asyncio
import imaplib
import os
import socket
import ssl
import subprocess
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

HOST = "127.0.0.1"
START_SECONDS = 60.0
STOP_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class ImapProcess:
    """A server that runs; `reach` is what a worker's settings need to find it."""

    name: str
    port: int
    reach: Mapping[str, str]
    certificate: Path | None = None

    def connect(self) -> imaplib.IMAP4:
        if self.certificate is None:
            return imaplib.IMAP4(HOST, self.port, timeout=20)
        context = ssl.create_default_context(cafile=self.certificate)
        return imaplib.IMAP4_SSL("localhost", self.port, ssl_context=context, timeout=20)

    @contextmanager
    def login(self, user: str, password: str) -> Iterator[imaplib.IMAP4]:
        """Closed at the end: where a server is killed before it has answered a command, imaplib
        leaves its socket open."""
        client = self.connect()
        try:
            client.login(user, password)
            yield client
            client.logout()
        finally:
            with suppress(OSError):
                client.shutdown()


class ProcessStore:
    """What the embedded SMTP server delivers to. Addresses are made up as tests go."""

    def __init__(self, process: ImapProcess, addresses: Iterable[str], password: str) -> None:
        self.addresses = frozenset(address.lower() for address in addresses)
        self._process = process
        self._password = password

    @property
    def port(self) -> int:
        return self._process.port

    @property
    def reach(self) -> Mapping[str, str]:
        return self._process.reach

    async def start(self, port: int) -> None:
        """It runs already, for every test."""

    async def stop(self) -> None:
        """It goes on, for other tests."""

    async def append(self, address: str, raw: bytes, internal_date: datetime | None) -> None:
        await asyncio.to_thread(self._append, address, raw, internal_date)

    async def messages(self, address: str, folder: str) -> list[bytes]:
        """The messages of a folder in order of arrival; a folder that is not there is empty."""
        return await asyncio.to_thread(self._messages, address, folder)

    def _append(self, address: str, raw: bytes, when: datetime | None) -> None:
        # Now by the server's own clock: GreenMail takes the hour of noon for that of midnight.
        date = imaplib.Time2Internaldate(when) if when else ""
        with self._process.login(address, self._password) as imap:
            answer, said = imap.append("INBOX", "", date, raw)
            assert answer == "OK", said

    def _messages(self, address: str, folder: str) -> list[bytes]:
        with self._process.login(address, self._password) as imap:
            if imap.select(folder, readonly=True)[0] != "OK":
                return []
            _, found = imap.uid("FETCH", "1:*", "(BODY.PEEK[])")
            return [bytes(part[1]) for part in found if isinstance(part, tuple)]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def started(command: Sequence[str], log: Path, server: ImapProcess) -> subprocess.Popen[bytes]:
    """The process, once it greets. Raises RuntimeError with its log if it never does."""
    with log.open("wb") as sink:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=sink, stderr=sink, env={**os.environ}
        )
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        with suppress(OSError, imaplib.IMAP4.error):
            server.connect().shutdown()
            return process
        time.sleep(0.1)
    stop(process)
    raise RuntimeError(f"{server.name} did not start:\n{log.read_text(errors='replace')}")


def stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
