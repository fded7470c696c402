"""What our folders are called on a server: below the user's own namespace, if it has one."""

from collections.abc import Callable
from typing import Protocol

from mail.imap_answers import code, listed, personal_prefix
from mail.imap_protocol import Answer, quoted

INBOX = "INBOX"
"""The one name that is the same everywhere (RFC 9051 §5.1), and always there."""


class Command(Protocol):
    """Gives a command to the server; a refusal is an answer, too."""

    async def __call__(self, name: str, *arguments: str, kind: str = "") -> Answer: ...


class Folders:
    def __init__(self, command: Command, has: Callable[[str], bool]) -> None:
        self._command = command
        self._has = has
        self._prefix: str | None = None
        self._names: dict[str, str] = {INBOX: INBOX}

    async def name_of(self, folder: str) -> str:
        return self._names.get(folder) or await self._name(folder)

    async def create(self, folder: str) -> bool:
        """Create a folder unless it is there. Return whether it was created."""
        if folder == INBOX:
            return False
        name = await self._name(folder)
        self._names[folder] = name
        answer = await self._command("CREATE", quoted(name))
        if answer.result == "OK":
            return True
        if code(answer.text)[0] == "ALREADYEXISTS" or await self._exists(name):
            return False
        return await self._create_in_inbox(folder)

    async def _name(self, folder: str) -> str:
        if self._prefix is None:
            self._prefix = ""
            if self._has("NAMESPACE"):
                answer = await self._command("NAMESPACE", kind="NAMESPACE")
                self._prefix = personal_prefix(answer.responses)
        return self._prefix + folder

    async def _exists(self, name: str) -> bool:
        answer = await self._command("LIST", '""', quoted(name), kind="LIST")
        # Where it says nothing about it, it was not heard: moving mail there will show.
        found = [selectable for _, selectable in listed(answer.responses)]
        return any(found) or answer.result != "OK"

    async def _create_in_inbox(self, folder: str) -> bool:
        """Servers that keep every folder below INBOX, and do not say so (Courier's layout)."""
        answer = await self._command("LIST", '""', '""', kind="LIST")
        delimiter = next((delimiter for delimiter, _ in listed(answer.responses)), "")
        name = f"INBOX{delimiter}{folder}"
        if not delimiter or name == self._names[folder]:
            return False
        answer = await self._command("CREATE", quoted(name))
        if answer.result != "OK" and not await self._exists(name):
            return False
        self._names[folder] = name
        return answer.result == "OK"
