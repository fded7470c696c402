"""Delivery reports: whom our mail did not reach (RFC 3464)."""

import re

from mail.address import parse_address
from mail.senders import senders
from mail.structure import Message

_RECIPIENT = re.compile(
    r"^(?:final|original)-recipient:\s*rfc822\s*;\s*<?([^\s<>]+)>?\s*$",
    re.IGNORECASE | re.MULTILINE,
)
_RETURNED_TO = re.compile(r"^to:[ \t]*(\S.*(?:\n[ \t].*)*)", re.IGNORECASE | re.MULTILINE)
RETURNED = ("message/rfc822", "text/rfc822-headers")


def unreached(message: Message) -> tuple[str, ...]:
    """Every address that the report is about: as it names them, and as we had written to them."""
    found: dict[str, None] = {}
    for part in message.parts:
        if part.content_type == "message/delivery-status":
            for name in _RECIPIENT.findall(part.text):
                found |= _addresses(name)
        elif part.content_type in RETURNED and (to := _RETURNED_TO.search(part.text)):
            found |= dict.fromkeys(address for address in senders([to[1]]) if address)
    return tuple(found)


def _addresses(name: str) -> dict[str, None]:
    try:
        return {parse_address(name): None}
    except ValueError:
        return {}
