"""The fields of a delivery report, one group a recipient (RFC 3464 §2.3; RFC 6533 §3.2)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from mail.address import parse_address
from mail.status_code import code_in, enhanced, status_in

STATUS_PARTS = ("message/delivery-status", "message/global-delivery-status")

_FIELD = re.compile(r"^([a-z][a-z-]{0,40})[ \t]*:[ \t]*(.*(?:\n[ \t]+\S.*)*)", re.IGNORECASE)
_TYPE = re.compile(r"^[a-z0-9-]{1,20}\s*;\s*", re.IGNORECASE)
_WORD = re.compile(r"[a-z]+")
_RECIPIENTS = ("final-recipient", "original-recipient")
_BLANK = re.compile(r"\n[ \t]*\n")
_ACTIONS = frozenset({"failed", "delayed", "delivered", "relayed", "expanded"})
# What the class of a status says of a group without an action: qmail's and others' own reports.
_BY_CLASS = {"5": "failed", "4": "delayed", "2": "delivered"}
RECIPIENTS = 100


@dataclass(frozen=True, slots=True)
class Recipient:
    """Of whom a report speaks, and what became of the message."""

    addresses: tuple[str, ...]
    """As it was delivered to, and as it had been addressed, if the report says both."""
    action: str
    """One of RFC 3464 §2.3.3; '' if the report does not say."""
    status: str
    """RFC 3463; '' if the report does not say."""


def recipients_of(texts: Iterable[str]) -> list[Recipient]:
    """Every recipient of every such part, in their order."""
    groups = [group for text in texts for block in _BLANK.split(text) for group in _groups(block)]
    return [_recipient(group) for group in groups[:RECIPIENTS]]


def _groups(block: str) -> list[list[tuple[str, str]]]:
    """The fields of each recipient; a program that leaves out the blank lines has several here."""
    groups: list[list[tuple[str, str]]] = [[]]
    for name, value in _fields(block):
        if name in _RECIPIENTS and name in dict(groups[-1]):
            groups.append([])
        groups[-1].append((name, value))
    return [group for group in groups if set(dict(group)) & {*_RECIPIENTS, "action", "status"}]


def _fields(block: str) -> list[tuple[str, str]]:
    unfolded = re.sub(r"\n[ \t]+", " ", block)
    found = (_FIELD.match(line.lstrip()) for line in unfolded.split("\n"))
    return [(match[1].lower(), match[2].strip()) for match in found if match]


def _recipient(group: list[tuple[str, str]]) -> Recipient:
    fields = dict(group)
    named = [_address(value) for name, value in group if name in _RECIPIENTS]
    status = enhanced(fields.get("status", ""))
    reason = _TYPE.sub("", fields.get("diagnostic-code", ""))
    if not status:
        status = status_in(reason)
    # Many servers write 5.0.0 there, and what the other server had said here.
    elif status.endswith(".0") and (exact := code_in(reason)).startswith(status[:1]):
        status = exact
    word = _WORD.match(fields.get("action", "").lower())
    action = word[0] if word and word[0] in _ACTIONS else _BY_CLASS.get(status[:1], "")
    return Recipient(tuple(dict.fromkeys(filter(None, named))), action, status)


def _address(value: str) -> str:
    bare = _TYPE.sub("", value).strip()
    if "<" in bare:
        bare = bare.partition("<")[2].partition(">")[0]
    try:
        return parse_address(bare)
    except ValueError:
        return ""
