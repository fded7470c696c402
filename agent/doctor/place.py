"""Pure: the folders that a mail to the mailbox may come to lie in, and what is seen there."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    INBOX = "inbox"
    WORKERS = "workers"
    """Where the worker puts what it has read."""
    JUNK = "junk"
    SENT = "sent"
    """Many hosts keep a copy of what they take by SMTP."""
    TRASH = "trash"
    """Only where the host keeps what is not deleted from there."""


@dataclass(frozen=True, slots=True)
class Place:
    folder: str
    """As `ImapSession.select` wants it: below the user's own namespace."""
    kind: Kind
    above: int = 0
    """The highest UID that was there before."""


@dataclass(frozen=True, slots=True)
class Sight:
    """A message that was not there before."""

    place: Place
    uid: int
    head: bytes
