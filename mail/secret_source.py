"""Where the credential of a login comes from, if not from a setting: a command, or a file."""

from collections.abc import Awaitable, Callable
from typing import Protocol, TypeVar

from mail.credentials import Certificate, Credential, Password, Secret
from mail.errors import MailAuth

T = TypeVar("T")


class SecretSource(Protocol):
    @property
    def secrets(self) -> tuple[str, ...]:
        """What it has given, in the forms that no log may hold."""

    async def credential(self) -> Secret:
        """Raises MailUnavailable, or MailAuth where only a person can mend it."""

    async def renewed(self, refused: Secret) -> Secret:
        """What it gives now that a server has refused this one; the same, where it has no other."""


async def with_credential(
    password: str | None,
    source: SecretSource | None,
    attempt: Callable[[Credential], Awaitable[T]],
) -> T:
    """Log in with what there is; where that is nothing, the certificate of the connection has to
    do. What a source has given may have been revoked, or exchanged: after a refusal it is asked
    once more, and if it gives something else, that is tried, too."""
    if source is None:
        return await attempt(Certificate() if password is None else Password(password))
    used = await source.credential()
    try:
        return await attempt(used)
    except MailAuth:
        newer = await source.renewed(used)
        # The same again would only bring a lock of the account nearer.
        if newer == used:
            raise
    return await attempt(newer)
