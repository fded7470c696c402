"""Tells mail that no person wrote: reports, auto-replies, our own mail come back.

Rules are rows, each with the RFC or the program it comes from. `Precedence: list`, `List-Id` and
`X-Auto-Response-Suppress` stand in people's mail, too, and silence nobody.
"""

import re

from mail.automatic_headers import PRECEDENCE, TELLING, TELLTALES, TOLD, is_no, of_daemon, of_robot
from mail.automatic_subjects import is_automatic_subject, notice_in, reports_failure
from mail.carriers import Where, find_bounce, find_carriers
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
# The second is not registered; Google Calendar and others attach it.
_CALENDARS = ("text/calendar", "application/ics")
_METHODS = ("reply", "counter", "declinecounter")
_METHOD_REPLY = re.compile(
    rf"^METHOD[ \t]*:[ \t]*(?:{'|'.join(_METHODS)})\b", re.IGNORECASE | re.MULTILINE
)


def recipients(message: Message) -> list[str]:
    return message.head.of_names(RECIPIENTS)


def find_automatic(message: Message) -> Automatic | None:
    """Return what it is (bounce or auto) and the rule that says so; None for a person's mail."""
    for rule in (_report, _server, _declared, _telltale, _robot, _our_own, _calendar, _by_subject):
        if found := rule(message):
            return found
    return None


def is_of_server(message: Message) -> bool:
    """Whether it is a delivery report by its header fields alone."""
    return (
        of_daemon(message.get_all("from"))
        or bool(message.get_all("x-failed-recipients"))  # Exim, Gmail
        or reports_failure(message.text("subject"))
    )


def _report(message: Message) -> Automatic | None:
    kinds = {part.content_type for part in message.parts}
    if kinds <= _TEXTS and not message.report_type and message.content_type != "multipart/report":
        return None
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
    for value in message.get_all("auto-submitted"):
        # RFC 3834 §5: `no` is the one value that people's mail may have; comments may follow.
        if re.split(r"[\s;(]", value, maxsplit=1)[0].lower() != "no":
            return Decision.AUTO, f"Auto-Submitted: {value[:60]} (RFC 3834)"
    if any(value in ("", "<>") for value in message.get_all("return-path")):
        return Decision.AUTO, "sent with the null sender (RFC 5321 §4.5.5)"
    if any(value.lower() in PRECEDENCE for value in message.get_all("precedence")):
        return Decision.AUTO, "Precedence of bulk mail or automatic replies"
    return None


def _telltale(message: Message) -> Automatic | None:
    if message.head.names.isdisjoint(TELLING):
        return None
    present = message.head.names & TELLING
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
    if any(find_carriers(value, Where.MESSAGE_ID) for value in message.get_all("message-id")):
        return Decision.AUTO, "our own message, come back"
    # RFC 3834 §4 sends automatic answers to the envelope sender; no person sees that address.
    if any(find_bounce(value) for value in recipients(message)):
        return Decision.AUTO, "sent to the address for delivery reports"
    return None


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
