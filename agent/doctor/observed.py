"""Pure: everything that a mail to ourselves has shown, before anybody judges it."""

from dataclasses import dataclass, field
from datetime import datetime

from agent.doctor.place import Kind
from agent.doctor.received import Received, Told
from mail.proof import Evidence


@dataclass(slots=True)
class Attempt:
    """One probe's way: with a plus address, or without."""

    plus: bool
    address: str
    sent_at: datetime | None = None
    """When the SMTP server began to be told of it, by our clock."""
    seen_at: datetime | None = None
    send_seconds: float = 0.0
    seen_seconds: float | None = None
    """From when the SMTP server had it until it was found."""
    refused: str = ""
    """What the SMTP server said to it, if it did not take it."""
    bounced: str = ""
    """What a delivery report said of it."""
    folder: str = ""
    kind: Kind = Kind.INBOX
    late: bool = False
    """It was given up, and came with the next one."""
    received: Received | None = None
    proof: Evidence | None = None
    """Of its own domain's signature, by the key that the DNS has."""

    @property
    def lost(self) -> str:
        """Why it was not read, in words; '' if it was."""
        if self.received is not None:
            return ""
        return self.refused or self.bounced or "it did not arrive"


@dataclass(slots=True)
class Observed:
    attempts: list[Attempt] = field(default_factory=list)
    wait_seconds: float = 60.0
    can_idle: bool = False
    pushed_seconds: float | None = None
    """From when the SMTP server had the first one until IDLE told of something."""
    put_away: bool = False
    """Whether the worker has taken it out of INBOX: some servers then tell of nothing."""
    others: dict[str, int] = field(default_factory=dict)
    """Of other mail that lies here: how many bear which server's Authentication-Results on top."""
    left: str = ""
    """What keeps a probe from being removed, in words."""
    earlier: str = ""
    """What has become of probes that earlier runs had left, in words."""

    @property
    def read(self) -> Attempt | None:
        return next((attempt for attempt in self.attempts if attempt.received), None)

    @property
    def top(self) -> Told | None:
        """The top-most Authentication-Results of the probe that was read."""
        attempt = self.read
        told = attempt.received.told if attempt and attempt.received else ()
        return told[0] if told else None
