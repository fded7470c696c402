"""Checks of the DNS, and what it says of the domain that the agent mails from."""

from collections.abc import AsyncGenerator, Sequence

from agent.doctor.finding import Finding, failed, note, ok, skipped
from agent.settings import Settings
from mail.dkim_fields import tags_of
from mail.dns import DnsUnavailable, Resolver
from mail.suffixes import organizational_domain
from mail.trust import Auth

CHECKS = ("dns", "sender-domain")
_SERVERS = "DNS_SERVERS: name one that answers here, or open port 53 to the machine's own"


async def check_domain(settings: Settings, resolver: Resolver) -> AsyncGenerator[Finding, None]:
    domain = settings.mailbox.rpartition("@")[2]
    try:
        texts, _ = await resolver.txt(domain)
        policies, _ = await resolver.txt(f"_dmarc.{domain}")
        above = organizational_domain(domain)
        if not policies and above != domain:
            policies, _ = await resolver.txt(f"_dmarc.{above}")
    except DnsUnavailable as error:
        yield _silent(settings, str(error))
        yield skipped("sender-domain", "the DNS gives no answer")
        return
    asked = ", ".join(f"{host}:{port}" for host, port in settings.dns_servers)
    yield ok("dns", f"{asked or 'the resolver of this machine'} answers")
    yield domain_finding(domain, texts, policies)


def _silent(settings: Settings, fault: str) -> Finding:
    detail = f"no answer about {fault}"
    if settings.mail_auth is Auth.OFF:
        return note("dns", f"{detail}; MAIL_AUTH=off needs none", _SERVERS)
    if settings.mail_authserv_id:
        return note("dns", f"{detail}; MAIL_AUTHSERV_ID needs none", _SERVERS)
    return failed("dns", f"{detail}: replies wait unproven", _SERVERS)


def domain_finding(domain: str, texts: Sequence[str], policies: Sequence[str]) -> Finding:
    """What approvers' hosts go by when mail of ours comes; keys are named by signatures alone."""
    spf = next((text for text in texts if text.lower().startswith("v=spf1")), "")
    dmarc = next((text for text in policies if text.startswith("v=DMARC1")), "")
    policy = (tags_of(dmarc) or {}).get("p", "none") if dmarc else ""
    said = [f"SPF {spf.split()[-1]}" if spf else "no SPF"]
    said.append(f"DMARC p={policy}" if dmarc else "no DMARC")
    detail = f"{domain}: {', '.join(said)}"
    if spf and dmarc:
        return ok("sender-domain", detail)
    advice = "approvers' hosts may take our mail for spam: publish SPF, DKIM and DMARC"
    return note("sender-domain", detail, advice)
