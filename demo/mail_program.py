"""A person's mail program, with Python's own clients: none of the project's code reads or writes
here, so that what the demo shows is what anybody's program would see.
"""

import asyncio
import imaplib
import smtplib
import threading
from dataclasses import dataclass
from email.utils import parseaddr

from demo.letter import Letter, read_letter

NETWORK_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Account:
    """Where somebody's mail is, and how to log in."""

    address: str
    password: str
    host: str
    smtp_port: int
    imap_port: int


class MailProgram:
    """Reads one account's INBOX and sends from its address."""

    def __init__(self, account: Account) -> None:
        self.account = account
        self._seen: set[str] = set()
        self._new: list[Letter] = []
        self._fetching = threading.Lock()

    async def new_letters(self) -> list[Letter]:
        """The letters that arrived since the last call, in order."""
        await asyncio.to_thread(self._fetch)
        # Whoever is cancelled while a thread fetches leaves the letters to the next call.
        letters, self._new = self._new, []
        return letters

    async def send(self, recipient: str, raw: bytes) -> None:
        await asyncio.to_thread(self._send, parseaddr(recipient)[1], raw)

    def _fetch(self) -> None:
        account = self.account
        with (
            self._fetching,
            imaplib.IMAP4(account.host, account.imap_port, timeout=NETWORK_SECONDS) as imap,
        ):
            imap.login(account.address, account.password)
            imap.select("INBOX", readonly=True)
            _, found = imap.uid("SEARCH", "ALL")
            new = [uid for uid in found[0].decode().split() if uid not in self._seen]
            for uid in new:
                _, data = imap.uid("FETCH", uid, "(BODY.PEEK[])")
                if isinstance(data[0], tuple):
                    self._new.append(read_letter(data[0][1]))
                    self._seen.add(uid)

    def _send(self, recipient: str, raw: bytes) -> None:
        account = self.account
        with smtplib.SMTP(account.host, account.smtp_port, timeout=NETWORK_SECONDS) as smtp:
            smtp.sendmail(account.address, [recipient], raw)
