"""Reports in words alone, as servers wrote them before RFC 3464, and many still do.

Not their words are looked for, which differ by program, version and language, but where they put
an address. What follows the report, our own message come back, names nobody but by its To.
"""

import re

from mail.address import parse_address
from mail.senders import senders

LONGEST = 16 * 1024
_MOST = 50

_ADDRESS = r"[\w!#$%&'*+/=?^{|}~.-]{1,64}@[a-z0-9](?:[a-z0-9.-]{0,250}[a-z0-9])?"
_ANY = re.compile(rf"(?<![\w!#$%&'*+/=?^{{|}}~.@-]){_ADDRESS}")
# Where the report ends and our message begins.
_COPY = re.compile(
    r"^(?:"
    r"\W{0,40}(?:"
    r"below (?:this line )?is a copy of|this is a copy of|included is a copy"  # qmail, Exim, McAfee
    r"|a copy of (?:the|your) (?:original )?message|start of the original message"
    r"|(?:the header of the )?original message\b(?! was)"  # GMX, Gmail, IMail
    r"|(?:the )?(?:original |your )?message headers?\b.{0,20}$"  # DragonFly, Exchange
    r"|returned (?:message|content|mail)\b|unsent message follows|undelivered message\b"
    r"|bounced e-?mail|исходное сообщение|原始邮件|元のメール|ursprüngliche nachricht"
    r")"
    # Without a word of its own: the header fields of our message.
    r"|(?:received|return-path|message-id|dkim-signature|domainkey-signature):[ \t]?\S"
    r"|[-=_*]{8,}\s{0,4}\n(?:from|to|date|subject):"  # ezweb
    r")",
    re.IGNORECASE | re.MULTILINE,
)
_TO = re.compile(r"^to:[ \t]*(\S.*(?:\n[ \t].*)*)", re.IGNORECASE | re.MULTILINE)
_COMMAND = re.compile(r"(?:mail from|from)\s{0,2}:?\s{0,2}<[^<>\s]*>")

# (where the address stands, which program writes so); the first row that finds any counts.
_PLACES = tuple(
    (re.compile(pattern, re.MULTILINE), whose)
    for pattern, whose in (
        # An RFC 3464 report that was taken apart: Amazon WorkMail, Exchange to old gateways.
        (rf"^final-recipient:[ \t]*(?:[a-z0-9-]+[ \t]*;)?[ \t]*<?({_ADDRESS})", "RFC 3464"),
        (rf"^[ \t]*\W{{0,3}}[ \t]*<?({_ADDRESS})(?=[>\s:;,()\[<\"'.]|$)", "most: it begins a line"),
        (
            rf"(?:recipients?(?: address)?|addressed to|(?:target|failed) (?:mail )?address"
            rf"|rcpt to|unknown user|user unknown|undeliverable to|mailbox)\W{{1,4}}({_ADDRESS})",
            "Sun, SurfControl, 1&1, IMail, James",
        ),
        (
            rf"(?:deliver(?:ed|ing|y)?|sen[dt](?:ing)?|contact|errors?)\b[^@\n]{{0,80}}?"
            rf"[\s<(:\"']({_ADDRESS})",
            "DragonFly, Gmail, Google Groups",
        ),
        (rf"<({_ADDRESS})>\W{{0,6}}\w", "sendmail's transcript"),
        (rf"\(({_ADDRESS})\) not listed in", "Domino"),
    )
)
# Whom to ask, never whom mail did not reach.
_SERVICE = frozenset(
    {"postmaster", "mailer-daemon", "abuse", "support", "helpdesk", "noreply", "no-reply"}
)


def report_of(text: str) -> tuple[str, str]:
    """The report's own words, and what of our message stands below them."""
    text = text[:LONGEST]
    end = _COPY.search(text)
    return (text[: end.start()], text[end.start() :]) if end else (text, "")


def named_in(report: str, not_these: set[str]) -> tuple[str, ...]:
    """The addresses that the words of a report are about."""
    # In lower case, as addresses are compared: a pattern that ignores case takes twice as long.
    words = _COMMAND.sub(" ", report.lower())
    for pattern, _ in _PLACES:
        if found := _addresses(pattern.findall(words), not_these):
            return found
    # One alone can be no other; of several any may be whom to ask.
    found = _addresses(_ANY.findall(words), not_these)
    return found if len(found) == 1 else ()


def written_to(headers: str) -> tuple[str, ...]:
    """Whom the returned message was for, if it was for one: of several it may have reached some."""
    match = _TO.search(headers)
    found = tuple(filter(None, senders([match[1]]))) if match else ()
    return found if len(found) == 1 else ()


def _addresses(texts: list[str], not_these: set[str]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for text in texts[:_MOST]:
        try:
            address = parse_address(text.strip("'"))
        except ValueError:
            continue
        if address not in not_these and address.partition("@")[0] not in _SERVICE:
            found[address] = None
    return tuple(found)
