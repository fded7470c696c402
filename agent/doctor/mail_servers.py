"""Checks of the two mail servers: connection, TLS, login, and what the mailbox can do."""

import asyncio
import ssl
from collections.abc import AsyncGenerator
from datetime import UTC, datetime

from agent.bounds import imap_of, smtp_of
from agent.doctor import tls
from agent.doctor.advice import advice_for
from agent.doctor.finding import Finding, failed, note, ok, skipped, warning
from agent.settings import Settings
from agent.sorting import Folder
from mail import smtp
from mail.errors import MailError, MailRefused
from mail.imap import ImapSession
from mail.imap_answers import capabilities, personal_prefix
from mail.tls import Host, Tls, TlsFault

SMTP_CHECKS = ("smtp", "smtp-tls")
IMAP_CHECKS = ("imap", "imap-tls", "imap-extensions", "folders")
_IMAP_PORTS = {"tls": 993, "none": 143}
_WITHOUT = {
    "IDLE": "new mail is looked for every IMAP_POLL_SECONDS",
    "MOVE": "mail is copied and deleted instead",
    "UIDPLUS": "what is deleted is only flagged so",
}


async def check_smtp(settings: Settings) -> AsyncGenerator[Finding, None]:
    port = settings.smtp_port or smtp.DEFAULT_PORTS[settings.smtp_security]
    server = smtp_of(settings)
    where = f"{settings.smtp_host}:{port} ({settings.smtp_security})"
    try:
        await smtp.check(server)
    except MailError as error:
        yield failed("smtp", f"{where}: {error}", advice_for("SMTP", str(error)))
        yield skipped("smtp-tls", "it needs smtp")
        return
    login = f"lets {settings.smtp_username} in" if settings.smtp_username else "wants no login"
    yield ok("smtp", f"{where} {login}")
    if settings.smtp_security == "none":
        yield _in_the_clear("smtp-tls", settings.smtp_host or "")
        return
    starttls = settings.smtp_security == "starttls"
    yield await _tls("SMTP", settings.smtp_host or "", port, server.tls, starttls=starttls)


async def check_imap(settings: Settings) -> AsyncGenerator[Finding, None]:
    port = settings.imap_port or _IMAP_PORTS[settings.imap_security]
    server = imap_of(settings)
    where = f"{settings.imap_host}:{port} ({settings.imap_security})"
    try:
        session = await ImapSession.open(server)
    except MailError as error:
        yield failed("imap", f"{where}: {error}", advice_for("IMAP", str(error)))
        for check in IMAP_CHECKS[1:]:
            yield skipped(check, "it needs imap")
        return
    async with session:
        yield ok("imap", f"{where} lets {server.username} in")
        if settings.imap_security == "none":
            yield _in_the_clear("imap-tls", settings.imap_host or "")
        else:
            yield await _tls("IMAP", settings.imap_host or "", port, server.tls)
        yield await _extensions(session, settings)
        yield await _folders(session)


def _in_the_clear(check: str, host: str) -> Finding:
    if host in smtp.LOOPBACK:
        return ok(check, "none: it does not leave this machine")
    return warning(
        check, "none: anybody on the way can read along", "SMTP_SECURITY=starttls or tls"
    )


async def _tls(
    protocol: Host, host: str, port: int, trust: Tls, *, starttls: bool = False
) -> Finding:
    check = f"{protocol.lower()}-tls"
    try:
        context = await asyncio.to_thread(trust.context, protocol)
        seen = await tls.look(host, port, context, starttls=starttls)
    except (OSError, TimeoutError, TlsFault) as error:
        # The login has gone over TLS before: only what it was like is not known.
        name = error.reason if isinstance(error, ssl.SSLError) else type(error).__name__
        return note(check, f"a second connection for a look at it failed: {name}")
    return tls.finding_of(check, seen, datetime.now(UTC))


async def _extensions(session: ImapSession, settings: Settings) -> Finding:
    answer = await session.command("CAPABILITY", kind="CAPABILITY")
    there = {word for response in answer.responses for word in capabilities(response)}
    missing = [name for name in _WITHOUT if name not in there]
    have = ", ".join(name for name in _WITHOUT if name in there) or "none of those we use"
    if not missing:
        return ok("imap-extensions", have)
    detail = "; ".join(f"no {name}: {_WITHOUT[name]}" for name in missing)
    if "IDLE" in missing:
        advice = f"IMAP_POLL_SECONDS={settings.imap_poll_seconds:g} is how late replies are read"
        return warning("imap-extensions", f"{have}; {detail}", advice)
    return note("imap-extensions", f"{have}; {detail}")


async def _folders(session: ImapSession) -> Finding:
    """Made as the worker makes them at its start."""
    prefix = ""
    answer = await session.command("CAPABILITY", kind="CAPABILITY")
    if any("NAMESPACE" in capabilities(response) for response in answer.responses):
        told = await session.command("NAMESPACE", kind="NAMESPACE")
        prefix = personal_prefix(told.responses)
    await session.create_folders(Folder)
    missing = []
    for folder in Folder:
        try:
            await session.select(folder)
        except MailRefused:
            missing.append(str(folder))
    if missing:
        advice = "make them by hand in the mailbox, or let the login make folders"
        return failed("folders", f"cannot be made: {', '.join(missing)}", advice)
    below = f" below {prefix}" if prefix else ""
    return ok("folders", f"{', '.join(Folder)} are there{below}")
