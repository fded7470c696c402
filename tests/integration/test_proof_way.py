"""A worker that demands proof: keys from a DNS server, signatures as a mail host makes them."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
import pytest_asyncio

from demo.letter import Letter, write_reply
from tests.integration.office import REFUND
from tests.integration.run import APPROVER, words
from tests.servers import every_server
from tests.servers.dns import Server, dns_server
from tests.signing import GMAIL, MICROSOFT, Zone, signed
from tests.waiting import until

pytestmark = [every_server, pytest.mark.asyncio(loop_scope="module")]

DOMAIN = APPROVER.rpartition("@")[2]


@pytest_asyncio.fixture(loop_scope="module", scope="module", autouse=True)
async def dns(office) -> AsyncIterator[Server]:
    async with dns_server(Zone.of(DOMAIN).records) as server:
        proof = {"MAIL_AUTH": "required", "DNS_SERVERS": server.setting}
        async with office.worker(**proof):
            yield server


def answer(letter: Letter, text: str, at: datetime | None = None) -> bytes:
    return write_reply(letter, APPROVER, text, at or datetime.now(UTC))


@pytest.mark.parametrize("covered", [GMAIL, MICROSOFT], ids=["gmail", "microsoft"])
async def test_what_the_approvers_host_has_signed_counts(office, covered):
    run, letter = await office.asked(REFUND)
    await office.send(APPROVER, letter.reply_to, signed(answer(letter, "APPROVE"), DOMAIN, covered))
    assert (await run.result()).startswith("Action completed successfully")
    vote = await run.event("vote")
    assert (vote["approver"], vote["authentication"]) == (APPROVER, f"dkim d={DOMAIN}")


async def test_a_forged_answer_is_told_to_the_approver_and_the_true_one_counts(office):
    run, letter = await office.asked(REFUND)
    await office.send("mallory@evil.test", letter.reply_to, answer(letter, "APPROVE"))
    warning = await run.letter(APPROVER, "Mail in your name was not counted")
    assert "no valid signature" in words(warning)
    refused = await run.event("notice", notice="refused")
    assert refused["reason"].startswith("unauthenticated")
    assert run.effects() == []
    await office.send(APPROVER, letter.reply_to, signed(answer(letter, "REJECT"), DOMAIN))
    assert (await run.result()).startswith("Action rejected")


async def test_an_old_answer_is_told_as_that(office):
    run, letter = await office.asked(REFUND)
    old = answer(letter, "APPROVE", datetime.now(UTC) - timedelta(days=1))
    await office.send(APPROVER, letter.reply_to, signed(old, DOMAIN))
    ignored = await run.event("decision_ignored")
    assert ignored["why"] == "older-than-question"
    assert "Its date is before this approval was asked" in words(
        await run.letter(APPROVER, "Mail in your name was not counted")
    )
    await office.send(APPROVER, letter.reply_to, signed(answer(letter, "APPROVE"), DOMAIN))
    assert (await run.result()).startswith("Action completed successfully")


async def test_while_the_dns_is_in_trouble_the_answer_waits(office, dns):
    run, letter = await office.asked(REFUND)
    name = f"s2._domainkey.{DOMAIN}"
    dns.records[name] = dns.records[f"s1._domainkey.{DOMAIN}"]
    dns.failing.add(name)
    raw = signed(answer(letter, "APPROVE"), DOMAIN, selector="s2")
    await office.send(APPROVER, letter.reply_to, raw)

    async def asked() -> bool:
        return name in dns.asked

    await until(asked, "a look at the key")
    assert await run.events("notice") == [] and run.effects() == []
    dns.failing.clear()
    # What comes has the mailbox read again at once, and what waits in it with it.
    await office.send("somebody@demo.test", office.agent, b"Subject: Hello\r\n\r\nHello\r\n")
    assert (await run.result()).startswith("Action completed successfully")
