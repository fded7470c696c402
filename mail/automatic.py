"""Tells mail that no person wrote: reports, auto-replies, our own mail come back.

Rules are rows, each with the RFC or the program it comes from. `Precedence: list`, `List-Id` and
`X-Auto-Response-Suppress` stand in people's mail, too, and silence nobody.
"""

import re
from functools import lru_cache

from mail.automatic_headers import PRECEDENCE, TELLING, TELLTALES, TOLD, is_no, of_daemon, of_robot
from mail.automatic_subjects import is_automatic_subject, is_telling, notice_in, reports_failure
from mail.carriers import Where, find_carriers
from mail.delivery_status import STATUS_PARTS
from mail.reply import Decision
from mail.senders import senders
from mail.structure import Message

Automatic = tuple[Decision, str]

RECIPIENTS = (
    "to",
    "cc",
    "delivered-to",
    "x-original-to",
    "envelope-to",
    "x-envelope-to",
)
"""Where a message's own address may stand: RFC 5322; Postfix, qmail; Exim and others."""

# Kinds of parts that tell nothing.
_TEXTS = frozenset({"text/plain", "text/html"})
_MARKS = TELLING | {"auto-submitted", "return-path", "precedence", "x-failed-recipients"}
_NULL_SENDERS = frozenset({"", "<>"})
# The second is not registered; Google Calendar and others attach it.
_CALENDARS = ("text/calendar", "application/ics")
_METHODS = ("reply", "counter", "declinecounter")
_METHOD_REPLY = re.compile(
    rf"^METHOD[ \t]*:[ \t]*(?:{'|'.join(_METHODS)})\b", re.IGNORECASE | re.MULTILINE
)


def recipients(message: Message) -> list[str]:
    return message.head.of_names(RECIPIENTS)


def find_automatic(message: Message, to_bounces: bool) -> Automatic | None:
    """Return what it is (bounce or auto) and the rule that says so; None for a person's mail.
    `to_bounces`: whether it came to our address for delivery reports."""
    head = message.head
    # No rule finds anything but where what is told with it below is so.
    parted = not {part.content_type for part in message.parts} <= _TEXTS
    parted = parted or head.content_type == "multipart/report" or message.report_type != ""
    marks = _MARKS.intersection(head.names)
    telling = is_telling(head.text("subject"))
    robotic = any(map(_may_be_robot, head.values("from")))
    # Most mail.
    if not (parted or marks or telling or robotic or to_bounces):
        return _our_own(message)
    for asked, rule in (
        (parted, _report),
        (telling or robotic or "x-failed-recipients" in marks, _server),
        (marks, _declared),
        (marks, _telltale),
        (robotic, _robot),
        (True, _our_own),
        (to_bounces, _to_bounces),
        (parted, _calendar),
        (telling, _by_subject),
    ):
        if asked and (found := rule(message)):
            return found
    return None


def is_of_server(message: Message) -> bool:
    """Whether it is a delivery report by its header fields alone."""
    return (
        of_daemon(message.get_all("from"))
        or bool(message.get_all("x-failed-recipients"))  # Exim, Gmail
        or reports_failure(message.text("subject"))
    )


# The same people answer again.
@lru_cache(maxsize=128)
def _may_be_robot(sender: str) -> bool:
    """Whether one From header is what `_server` or `_robot` look for."""
    return of_daemon((sender,)) or of_robot(senders((sender,)))


def _report(message: Message) -> Automatic | None:
    kinds = {part.content_type for part in message.parts}
    if message.report_type.endswith("delivery-status") or not kinds.isdisjoint(STATUS_PARTS):
        return Decision.BOUNCE, "delivery report (RFC 3464)"
    if "message/disposition-notification" in kinds:
        return Decision.AUTO, "read receipt (RFC 8098)"
    if "message/feedback-report" in kinds:
        return Decision.AUTO, "complaint (RFC 5965)"
    if message.content_type == "multipart/report" and (
        message.report_type or not is_of_server(message)
    ):
        return Decision.AUTO, f"report (RFC 6522): {message.report_type or 'of no stated type'}"
    return None


def _server(message: Message) -> Automatic | None:
    if message.get_all("x-failed-recipients"):
        return Decision.BOUNCE, "delivery report: X-Failed-Recipients"
    if of_daemon(message.get_all("from")):
        return Decision.BOUNCE, "sent by a mail server (mailer-daemon or postmaster)"
    if reports_failure(message.text("subject")):
        return Decision.BOUNCE, "delivery report by its subject"
    return None


def _declared(message: Message) -> Automatic | None:
    head = message.head
    for value in head.values("auto-submitted"):
        # RFC 3834 §5: `no` is the one value that people's mail may have; comments may follow.
        if re.split(r"[\s;(]", value, maxsplit=1)[0].lower() != "no":
            return Decision.AUTO, f"Auto-Submitted: {value[:60]} (RFC 3834)"
    if not _NULL_SENDERS.isdisjoint(head.values("return-path")):
        return Decision.AUTO, "sent with the null sender (RFC 5321 §4.5.5)"
    for value in head.values("precedence"):
        if value.lower() in PRECEDENCE:
            return Decision.AUTO, "Precedence of bulk mail or automatic replies"
    return None


def _telltale(message: Message) -> Automatic | None:
    present = TELLING.intersection(message.head.names)
    # In the order of the rows, so that the same rule is named whatever the order of the fields.
    for name in (name for name, _ in TELLTALES if name in present):
        if not all(map(is_no, message.get_all(name))):
            return Decision.AUTO, f"automatic by its header {name}"
    for name, word in ((name, word) for name, word, _ in TOLD if name in present):
        if any(word in re.split(r"\s*;\s*", value.lower()) for value in message.get_all(name)):
            return Decision.AUTO, f"automatic by its header {name}"
    return None


def _robot(message: Message) -> Automatic | None:
    if of_robot(senders(message.get_all("from"))):
        return Decision.AUTO, "sent by a robot or a list program"
    return None


def _our_own(message: Message) -> Automatic | None:
    if find_carriers("\n".join(message.head.values("message-id")), Where.MESSAGE_ID):
        return Decision.AUTO, "our own message, come back"
    return None


def _to_bounces(_: Message) -> Automatic:
    # RFC 3834 §4 sends automatic answers to the envelope sender; no person sees that address.
    return Decision.AUTO, "sent to the address for delivery reports"


def _calendar(message: Message) -> Automatic | None:
    for part in message.parts:
        # RFC 6047 §2.4: accepting a meeting agrees to nothing else.
        if part.content_type in _CALENDARS and (
            part.method in _METHODS or _METHOD_REPLY.search(part.text)
        ):
            return Decision.AUTO, "answer to an invitation (RFC 6047)"
    return None


def _by_subject(message: Message) -> Automatic | None:
    subject = message.text("subject")
    if is_automatic_subject(subject):
        return Decision.AUTO, "absence notice or receipt by its subject"
    if whose := notice_in(subject):
        return Decision.AUTO, f"notice by its subject: {whose}"
    return None
