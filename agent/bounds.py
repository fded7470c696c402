"""The settings as pure policy and mail code want them: the one place where they are translated."""

from typing import Literal

from agent.models import Require
from agent.policy import Bounds
from agent.settings import Settings
from mail.address import parse_mailbox
from mail.approval import Sender
from mail.dns import Resolver, SystemResolver
from mail.imap import ImapServer
from mail.proof import Trust
from mail.smtp import SmtpServer
from mail.tls import Tls
from mail.trust import Auth


def bounds_of(settings: Settings) -> Bounds:
    require: Require = settings.approvals_required
    return Bounds(
        approvers=settings.approvers,
        domains=frozenset(domain.lower() for domain in settings.approver_domains),
        aliases=settings.approver_aliases,
        require=require,
        mailbox=settings.mailbox,
        requester_domains=frozenset(settings.requester_domains),
    )


def sender_of(settings: Settings) -> Sender:
    name, mailbox = parse_mailbox(settings.mail_from or "")
    return Sender(
        mailbox=mailbox,
        display_name=name,
        plus_address=settings.mail_plus_address == "on",
        keyring=settings.keyring,
        timezone=settings.mail_timezone,
    )


def smtp_of(settings: Settings) -> SmtpServer:
    password = settings.smtp_password
    return SmtpServer(
        host=settings.smtp_host or "",
        security=settings.smtp_security,
        port=settings.smtp_port,
        username=settings.smtp_username,
        password=password.get_secret_value() if password else None,
        source=settings.smtp_source,
        tls=tls_of(settings, "smtp"),
    )


def imap_of(settings: Settings) -> ImapServer:
    password = settings.imap_password
    return ImapServer(
        host=settings.imap_host or "",
        username=settings.imap_username or settings.mailbox,
        password=password.get_secret_value() if password else None,
        security=settings.imap_security,
        port=settings.imap_port,
        source=settings.imap_source,
        tls=tls_of(settings, "imap"),
    )


def tls_of(settings: Settings, host: Literal["smtp", "imap"]) -> Tls:
    names = (f"{host}_{file}_file" for file in ("ca", "client_cert", "client_key"))
    return Tls(*(getattr(settings, name) for name in names))


def trust_of(settings: Settings) -> Trust:
    return Trust(
        authserv_id=settings.mail_authserv_id or "",
        sealers=frozenset(settings.mail_arc_sealers),
        unsigned_counts=settings.mail_auth is Auth.IF_PRESENT,
    )


def resolver_of(settings: Settings) -> Resolver:
    return SystemResolver(settings.dns_servers)
