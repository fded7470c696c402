"""What the doctor reads in the DNS of the domain that the agent mails from."""

import pytest

from agent.bounds import resolver_of
from agent.doctor.domain import check_domain
from agent.doctor.finding import State
from tests.servers.dns import dns_server
from tests.unit.agent_samples import settings

SPF, DMARC = "v=spf1 mx -all", "v=DMARC1; p=reject"


async def domain_of(mailbox: str, records: dict[str, str]):
    async with dns_server(records) as dns:
        there = settings(mail_from=mailbox, dns_servers=dns.setting)
        found = [finding async for finding in check_domain(there, resolver_of(there))]
    assert [finding.check for finding in found] == ["dns", "sender-domain"]
    return found[1]


async def test_the_policy_of_the_organization_holds_for_its_subdomains():
    records = {"mail.example.com": SPF, "_dmarc.example.com": DMARC}
    row = await domain_of("agent@mail.example.com", records)
    assert (row.state, row.detail) == (State.OK, "mail.example.com: SPF -all, DMARC p=reject")


@pytest.mark.parametrize(
    ("records", "said"),
    [
        ({}, "no SPF, no DMARC"),
        ({"example.com": SPF}, "SPF -all, no DMARC"),
        ({"_dmarc.example.com": DMARC}, "no SPF, DMARC p=reject"),
    ],
)
async def test_what_is_not_published_is_told_with_what_it_is_for(records, said):
    row = await domain_of("agent@example.com", records)
    assert (row.state, row.detail) == (State.NOTE, f"example.com: {said}")
    assert "publish SPF, DKIM and DMARC" in row.advice
