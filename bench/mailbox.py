"""Fills mailboxes fast: Dovecot's by writing its files, others' by APPEND over some connections."""

import imaplib
import itertools
import os
import re
import shutil
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.planted import PASSWORD
from tests.servers.store import ImapProcess

_CONNECTIONS = 4
_numbers = itertools.count()


class Box:
    """One address's INBOX on a server."""

    def __init__(self, server: ImapProcess, address: str) -> None:
        self.address = address
        self._server = server

    def login(self) -> imaplib.IMAP4:
        imap = self._server.connect()
        imap.login(self.address, PASSWORD)
        return imap

    @property
    def reach(self) -> dict[str, str]:
        """What a worker's settings need to read it."""
        return {
            **self._server.reach,
            "IMAP_USERNAME": self.address,
            "IMAP_PASSWORD": PASSWORD,
        }

    def fill(self, messages: Sequence[bytes]) -> None:
        """Deliver them in this order, or nearly so."""
        directory = self.maildir()
        if directory is not None:
            write_files(directory, [(raw, 1) for raw in messages])
            return
        with ThreadPoolExecutor(_CONNECTIONS) as pool:
            parts = [messages[start::_CONNECTIONS] for start in range(_CONNECTIONS)]
            list(pool.map(self._append, parts))

    def count(self, folder: str = "INBOX") -> int:
        with self.login() as imap:
            return status(imap, folder)

    def _append(self, messages: Sequence[bytes]) -> None:
        with self.login() as imap:
            append(imap, messages)

    def maildir(self) -> Path | None:
        """Where Dovecot keeps it, once it has made it."""
        if self._server.name != "dovecot" or self._server.certificate is None:
            return None
        with self.login() as imap:
            imap.select("INBOX")
        return self._server.certificate.parent / "mail" / self.address


def append(imap: imaplib.IMAP4, messages: Iterable[bytes]) -> None:
    for raw in messages:
        answer, said = imap.append("INBOX", "", "", raw)
        assert answer == "OK", said


def status(imap: imaplib.IMAP4, folder: str = "INBOX") -> int:
    """How many messages a folder holds; none if it is not there."""
    answer, said = imap.status(folder, "(MESSAGES)")
    found = re.search(rb"MESSAGES (\d+)", said[0] or b"") if answer == "OK" else None
    return int(found[1]) if found else 0


def write_files(maildir: Path, messages: Sequence[tuple[bytes, int]]) -> None:
    """Put messages into a maildir, each so often: one file and hard links to it.

    They appear in `new` after all are written, and so nearly at once.
    """
    owner = maildir.stat()
    staged: list[Path] = []
    for raw, copies in messages:
        first = maildir / "tmp" / _name()
        first.write_bytes(raw)
        shutil.chown(first, owner.st_uid, owner.st_gid)
        staged.append(first)
        for _ in range(copies - 1):
            link = maildir / "tmp" / _name()
            os.link(first, link)
            staged.append(link)
    for path in staged:
        path.rename(maildir / "new" / path.name)


def _name() -> str:
    return f"{time.time():.0f}.M{next(_numbers):09d}P{os.getpid()}.bench"
