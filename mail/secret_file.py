"""Secrets in files, as Docker and Kubernetes mount them, and exchange them while we run."""

import asyncio
from pathlib import Path

from mail.credentials import Password, Secret, forms_of
from mail.errors import MailUnavailable

_LIMIT = 64 * 1024


def read_secret(path: Path) -> str:
    """A file's only line; the end of the line is none of it. Raises ValueError."""
    try:
        with path.open("rb") as file:
            text = file.read(_LIMIT).decode().rstrip("\r\n")
    except OSError as error:
        raise ValueError(f"{path} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise ValueError(f"{path} is not UTF-8") from None
    if not text:
        raise ValueError(f"{path} is empty")
    if "\n" in text:
        raise ValueError(f"{path} has several lines: put the secret alone there")
    return text


class SecretFile:
    """A SecretSource. The file is read at every login: a new password needs no restart."""

    def __init__(self, setting: str, path: Path) -> None:
        """`setting` is what errors name."""
        self._setting = setting
        self._path = path
        self._given: tuple[str, ...] = ()

    @property
    def secrets(self) -> tuple[str, ...]:
        return self._given

    async def credential(self) -> Secret:
        try:
            # In a thread, for a mount from elsewhere may hang.
            password = Password(await asyncio.to_thread(read_secret, self._path))
        except ValueError as error:
            # Not for good: while it is being exchanged it may be gone.
            raise MailUnavailable(f"{self._setting}: {error}") from None
        self._given = forms_of("", password)
        return password

    async def renewed(self, refused: Secret) -> Secret:
        return await self.credential()
