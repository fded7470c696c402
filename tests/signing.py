"""Mail domains for tests: keys of their own, signatures as real hosts make them, and a DNS zone."""

import subprocess
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

import dkim

from mail.dns import DnsUnavailable

SELECTOR = "s1"
# What the two largest hosts cover, besides fields that the message has not: Gmail neither
# Content-Type nor what it would change itself, Microsoft 365 neither To nor In-Reply-To.
_GMAIL = "to subject message-id date from in-reply-to references mime-version from to cc subject"
GMAIL = (*_GMAIL.split(), "date", "message-id", "reply-to")
MICROSOFT = ("from", "date", "subject", "message-id", "content-type", "mime-version")


@cache
def private_key(name: str) -> bytes:
    """PEM; another for every name, the same for the whole run."""
    command = ["openssl", "genrsa", "-traditional", "1024"]
    return subprocess.run(command, check=True, capture_output=True, timeout=60).stdout


@cache
def key_record(name: str) -> str:
    """What the domain publishes (RFC 6376 §3.6.1)."""
    command = ["openssl", "rsa", "-pubout", "-outform", "DER"]
    key = private_key(name)
    der = subprocess.run(command, check=True, capture_output=True, input=key, timeout=60).stdout
    return f"v=DKIM1; k=rsa; p={b64encode(der).decode()}"


def signed(
    raw: bytes,
    domain: str,
    covered: Sequence[str] = GMAIL,
    *,
    key: str = "",
    selector: str = SELECTOR,
    length: bool = False,
    algorithm: bytes = b"rsa-sha256",
    canonical: tuple[bytes, bytes] = (b"relaxed", b"relaxed"),
) -> bytes:
    """The message with a DKIM-Signature of `domain` on top; `key` names another's key."""
    field_ = dkim.sign(
        raw,
        selector.encode(),
        domain.encode(),
        private_key(key or domain),
        include_headers=[name.encode() for name in covered],
        length=length,
        signature_algorithm=algorithm,
        canonicalize=canonical,
    )
    return bytes(field_) + raw


@dataclass
class Zone:
    """A resolver that knows what is put in, counts questions, and can be down."""

    records: dict[str, str] = field(default_factory=dict)
    down: bool = False
    asked: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, *domains: str, selector: str = SELECTOR) -> "Zone":
        """Each with a key of its own."""
        return cls({f"{selector}._domainkey.{d}": key_record(d) for d in domains})

    async def txt(self, name: str) -> tuple[list[str], float]:
        self.asked.append(name)
        if self.down:
            raise DnsUnavailable(name)
        record = self.records.get(name)
        return ([record] if record else []), 60.0
