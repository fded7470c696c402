"""What a mail to ourselves has shown about the mailbox, as findings."""

from collections.abc import Iterator
from datetime import timedelta

from agent.doctor.finding import Finding, failed, note, ok, skipped, warning
from agent.doctor.observed import Attempt, Observed
from agent.doctor.place import Kind
from agent.doctor.proofs import proof_findings
from agent.doctor.received import Received
from agent.doctor.server_clock import Reading, finding_of
from agent.settings import Settings
from mail.carriers import Where

CHECKS = (
    "probe",
    "plus-address",
    "message-id",
    "in-reply-to",
    "sender",
    "folder",
    "idle",
    "authentication-results",
    "own-signature",
    "mail-clock",
    "clean-up",
)
_WHERE = {Where.ADDRESS: "address", Where.MESSAGE_ID: "In-Reply-To", Where.BODY: "text"}
_INTERNALDATE = timedelta(seconds=1)  # what it leaves off


def verdicts(seen: Observed, settings: Settings) -> Iterator[Finding]:
    attempt = seen.read
    if attempt is None or attempt.received is None:
        yield _lost(seen, settings)
        for check in CHECKS[1:-1]:
            yield skipped(check, "no probe was read")
    else:
        mail = attempt.received
        yield _read(attempt, mail)
        yield _plus(seen, attempt, mail)
        yield _message_id(mail, settings)
        yield _thread(mail)
        yield _sender(mail, settings)
        yield _folder(attempt)
        yield _idle(seen, attempt, settings)
        yield from proof_findings(seen, attempt, mail, settings)
        yield _clock(attempt, mail)
    yield _clean_up(seen)


def _lost(seen: Observed, settings: Settings) -> Finding:
    last = seen.attempts[-1]
    if last.refused:
        advice = "MAIL_FROM has to be an address that SMTP_USERNAME may send as, and may send to"
        return failed("probe", f"the SMTP server did not take it: {last.refused}", advice)
    if last.bounced:
        return failed("probe", last.bounced, f"is {settings.mailbox} a mailbox there? MAIL_FROM")
    detail = f"the SMTP server took it; not seen in the mailbox within {seen.wait_seconds:.0f} s"
    advice = (
        f"is {settings.mailbox} the mailbox of IMAP_USERNAME? see the host's log; or --wait 300"
    )
    return failed("probe", detail, advice)


def _read(attempt: Attempt, mail: Received) -> Finding:
    seconds = attempt.seen_seconds or 0.0
    ways = [word for where, word in _WHERE.items() if where in mail.found_in]
    detail = f"sent in {attempt.send_seconds:.1f} s, read {seconds:.1f} s later"
    if not ways:
        advice = "something on the way rewrites addresses, fields and text: replies name nothing"
        return failed("probe", f"{detail}, and its token is nowhere in it", advice)
    return ok("probe", f"{detail}; token in {', '.join(ways)}")


def _plus(seen: Observed, attempt: Attempt, mail: Received) -> Finding:
    if not seen.attempts[0].plus:
        return note("plus-address", "off (MAIL_PLUS_ADDRESS)")
    if not attempt.plus:
        first = seen.attempts[0]
        if first.late:
            detail = f"{first.address} arrives, but only after {seen.wait_seconds:.0f} s or more"
            return warning("plus-address", detail, "replies come as late: see the host's log why")
        why = first.lost or "it did not arrive"
        detail = f"mail to {first.address}: {why}; without + it does arrive"
        advice = "MAIL_PLUS_ADDRESS=off, or have the host deliver such addresses"
        return failed("plus-address", detail, advice)
    if Where.ADDRESS not in mail.found_in or not mail.reply_to_kept:
        detail = "it arrives, but the part behind the + is taken away"
        return warning("plus-address", detail, "MAIL_PLUS_ADDRESS=off says how it is")
    return ok("plus-address", f"{attempt.address} arrives as it was sent")


def _message_id(mail: Received, settings: Settings) -> Finding:
    if mail.message_id_kept and mail.mark_kept:
        return ok("message-id", "unchanged, as is our mark")
    if mail.message_id_kept:
        detail = "unchanged; our mark (X-Approval-Agent) was taken away"
        return warning("message-id", detail, "let the host keep fields that it does not know")
    if settings.mail_plus_address == "on":
        advice = "keep plus addresses on: replies are known by them, and by the quoted text"
    else:
        advice = "have plus addresses delivered, and on: only the quoted text names the approval"
    return warning("message-id", "the host gives our mail another one", advice)


def _thread(mail: Received) -> Finding:
    fields = {"In-Reply-To": mail.in_reply_to_kept, "References": mail.references_kept}
    gone = [name for name, kept in fields.items() if not kept]
    if not gone:
        return ok("in-reply-to", "unchanged, as are References")
    detail = f"taken away or changed: {', '.join(gone)}"
    advice = "replies are known by the plus address and the quoted text: keep MAIL_PLUS_ADDRESS=on"
    return warning("in-reply-to", detail, advice)


def _sender(mail: Received, settings: Settings) -> Finding:
    if mail.sender == settings.mailbox:
        return ok("sender", f"From is {settings.mailbox}, as it was sent")
    shown = mail.sender or "not exactly one address"
    advice = f"MAIL_FROM={mail.sender or '…'}, or let SMTP_USERNAME send as {settings.mailbox}"
    return failed("sender", f"the host has made From into {shown}", advice)


def _folder(attempt: Attempt) -> Finding:
    if attempt.kind is Kind.JUNK:
        advice = "a rule of the mailbox that keeps its mail from the spam folder: nobody reads it"
        return failed("folder", f"it was taken for spam: {attempt.folder}", advice)
    if attempt.kind is Kind.WORKERS:
        return ok("folder", f"INBOX, from which the worker has put it into {attempt.folder}")
    return ok("folder", "INBOX")


def _idle(seen: Observed, attempt: Attempt, settings: Settings) -> Finding:
    if attempt.kind is Kind.JUNK:
        return skipped("idle", "nothing came to INBOX")
    if not seen.can_idle:
        detail = f"the server does not push; it is asked every {settings.imap_poll_seconds:g} s"
        return warning("idle", detail, "IMAP_POLL_SECONDS: how late a reply may be read")
    if seen.pushed_seconds is None and seen.put_away:
        return note("idle", "the worker had put it away before the server told of it")
    if seen.pushed_seconds is None:
        advice = "replies are read up to 5 minutes late; ask the host about IMAP IDLE"
        return warning("idle", "the server offers IDLE, and told of nothing", advice)
    looked = attempt.seen_seconds or 0.0
    detail = f"pushed after {seen.pushed_seconds:.2f} s; asking saw it after {looked:.2f} s"
    return ok("idle", detail)


def _clock(attempt: Attempt, mail: Received) -> Finding:
    if attempt.sent_at is None or attempt.seen_at is None:
        return note("mail-clock", "not known")
    span = attempt.sent_at, attempt.seen_at
    readings = {"IMAP server": Reading(mail.internal_date, *span, grain=_INTERNALDATE)}
    if mail.received_at is not None:
        readings["SMTP server"] = Reading(mail.received_at, *span, grain=_INTERNALDATE)
    return finding_of("mail-clock", readings)


def _clean_up(seen: Observed) -> Finding:
    if seen.left:
        advice = "delete mail with the subject 'Probe of the approval agent's mailbox' by hand"
        return warning("clean-up", f"the probe may still lie there: {seen.left}", advice)
    said = "the probe is gone again"
    if seen.read is None:
        said = "nothing lies there; should it still come, it counts as nothing"
    return ok("clean-up", "; ".join(filter(None, (said, seen.earlier))))
