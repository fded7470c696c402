"""Addresses that people type into settings and commands: one bare addr-spec, or a reason why not.

Stricter than RFC 5322 on purpose: whatever two programs could read differently is no approver.
"""

import re

import idna

from mail.identity import TOKEN_LENGTH

# RFC 5321 §4.5.3.1: octets of a local part; RFC 3696 erratum 1690: octets of a whole address.
LOCAL_OCTETS = 64
ADDRESS_OCTETS = 254
_REQUEST_ID_LENGTH = len("AR-7K2M9QXD4T")
_LONGEST_DETAIL = len("+b.") + _REQUEST_ID_LENGTH + len(".") + TOKEN_LENGTH

# Without `!` and `%`, by which old servers route, and `?`, of which encoded words are made: some
# programs decode them here (`=?utf-8?q?a=0D=0A?=@x`).
_LOCAL = re.compile(r"[a-z0-9#$&'*+/=^_`{|}~-]+(?:\.[a-z0-9#$&'*+/=^_`{|}~-]+)*")
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_PLAIN = re.compile(rf"({_LOCAL.pattern})@{_LABEL.pattern}(?:\.{_LABEL.pattern})*")
_MAILBOX = re.compile(r'(?P<name>"(?:[^"\\]|\\.)*"|[^"<>,:;@\\]*?)\s*<(?P<address>[^<>]*)>')
_ESCAPED = re.compile(r"\\(.)")


def parse_address(text: str) -> str:
    """Return the one bare address in `text`, in lower case, its domain as A-labels.

    Raises ValueError with a one-line reason for the person who typed it.
    """
    address = text.strip(" ")
    # Nearly all are what the steps below take without another word.
    if address.isascii() and len(address) <= ADDRESS_OCTETS:
        plain = _PLAIN.fullmatch(address.lower())
        if plain and len(plain[1]) <= LOCAL_OCTETS and "xn--" not in plain[0]:
            return plain[0]
    if fault := _fault_of_form(address):
        raise _no_address(text, fault)
    local, _, domain = address.lower().rpartition("@")
    if not _LOCAL.fullmatch(local):
        raise _no_address(text, "the part before the @ may hold letters, digits and single dots")
    if len(local) > LOCAL_OCTETS:
        raise _no_address(text, f"the part before the @ is longer than {LOCAL_OCTETS} characters")
    folded = f"{local}@{_domain(domain, text)}"
    if len(folded) > ADDRESS_OCTETS:
        raise _no_address(text, f"longer than {ADDRESS_OCTETS} characters")
    return folded


def parse_mailbox(text: str) -> tuple[str, str]:
    """Return display name ('' if none) and address of `Name <address>` or a bare address."""
    stripped = text.strip(" ")
    if "<" not in stripped:
        return "", parse_address(stripped)
    match = _MAILBOX.fullmatch(stripped)
    if not match or not stripped.isprintable():
        raise _no_address(text, "expected one address, or Name <address>")
    name = match["name"]
    if name.startswith('"'):
        name = _ESCAPED.sub(r"\1", name[1:-1])
    return name.strip(), parse_address(match["address"])


def without_detail(address: str) -> str:
    """The address that mail to a subaddress (RFC 5233: `a+detail@x`) is delivered to. To compare
    people by; mail goes to the address itself."""
    local, _, domain = address.rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"


def plus_capable(mailbox: str) -> bool:
    """Whether our longest plus address still fits (`agent+b.<request id>.<token>@…`)."""
    local = mailbox.rpartition("@")[0]
    return (
        len(local) + _LONGEST_DETAIL <= LOCAL_OCTETS
        and len(mailbox) + _LONGEST_DETAIL <= ADDRESS_OCTETS
    )


def _fault_of_form(address: str) -> str:
    """Name what makes it something other than one bare address, for the person to see at once."""
    faults = (
        (not address, "it is empty"),
        (not address.isprintable(), "it holds control or invisible characters"),
        ("<" in address or ">" in address, "give the bare address, without a name"),
        ('"' in address, "quoted parts are not taken"),
        (";" in address or ":" in address, "a group is not one address"),
        ("," in address or address.count("@") > 1, "expected one address, not several"),
        ("@" not in address, "there is no @"),
        (" " in address, "it holds a space"),
        (not address.rpartition("@")[0].isascii(), "letters before the @ must be ASCII"),
    )
    return next((fault for found, fault in faults if found), "")


def _domain(domain: str, text: str) -> str:
    # An A-label that is none is decoded by some programs, to whatever its writer wanted.
    if not domain.isascii() or "xn--" in domain:
        try:
            domain = idna.encode(domain, uts46=True, std3_rules=True).decode()
        except idna.IDNAError:
            raise _no_address(text, "the domain is no valid international name") from None
    if not all(_LABEL.fullmatch(label) for label in domain.split(".")):
        raise _no_address(text, "the part after the @ is no domain name")
    return domain


def _no_address(text: str, fault: str) -> ValueError:
    # repr() shows what cannot be printed, so the reason stays one line whatever was typed.
    shown = text if len(text) <= 80 else text[:80] + "…"
    return ValueError(f"not an e-mail address: {shown!r}: {fault}")
