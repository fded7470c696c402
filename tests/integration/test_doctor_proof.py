"""What `doctor` sees of signatures, of servers' words about them, and of the DNS."""

from collections.abc import AsyncIterator

import pytest

from tests.integration.doctoring import AGENT, only, relaying, rows, states
from tests.integration.office import Office
from tests.integration.relay import on_top
from tests.servers.dns import dns_server
from tests.signing import key_record, signed


@pytest.fixture
async def office(temporal, tmp_path) -> AsyncIterator[Office]:
    async with relaying(temporal, tmp_path) as office:
        yield office


RESULTS = "mx.demo.test; dkim=pass header.d=demo.test; spf=pass; dmarc=pass header.from=demo.test"


@pytest.mark.parametrize(
    ("configured", "state", "said"),
    [
        ("", "note", "MAIL_AUTHSERV_ID=mx.demo.test would take"),
        ("mx.demo.test", "ok", ""),
        ("mx.else.test", "failed", "MAIL_AUTHSERV_ID=mx.demo.test, or none"),
    ],
)
async def test_the_servers_word_is_held_against_the_setting(
    temporal, tmp_path, configured, state, said
):
    async with relaying(temporal, tmp_path, on_top("Authentication-Results", RESULTS)) as office:
        changes = {"MAIL_AUTH": "required", "MAIL_AUTHSERV_ID": configured}
        found = await rows(office, code=1 if state == "failed" else 0, **changes)
        row = found["authentication-results"]
        assert row["state"] == state
        assert said in row["advice"]
        assert "mx.demo.test (dkim=pass, spf=pass, dmarc=pass)" in row["detail"]


async def test_a_server_that_writes_nothing_is_none_to_take_the_word_of(office):
    changes = {"MAIL_AUTH": "required", "MAIL_AUTHSERV_ID": "mx.demo.test"}
    found = await only(office, "authentication-results", **changes)
    assert "mx.demo.test is nowhere on top; none on the probe" in found["detail"]
    assert "no MAIL_AUTHSERV_ID" in found["advice"]


async def test_other_mail_of_the_mailbox_shows_its_server_too(office):
    hello = f"Authentication-Results: {RESULTS}\r\nFrom: a@x.test\r\nSubject: hi\r\n\r\nhi\r\n"
    await office.mail.deliver(AGENT, hello.encode())
    changes = {"MAIL_AUTH": "required", "MAIL_AUTHSERV_ID": "mx.demo.test"}
    found = await rows(office, **changes)
    assert "on top of 1 other message" in found["authentication-results"]["detail"]


async def test_mail_that_is_signed_is_verified_as_approvers_hosts_do(temporal, tmp_path):
    def sign(raw: bytes) -> bytes:
        return signed(raw, "demo.test")

    records = {
        "s1._domainkey.demo.test": key_record("demo.test"),
        "demo.test": "v=spf1 mx -all",
        "_dmarc.demo.test": "v=DMARC1; p=reject",
    }
    async with relaying(temporal, tmp_path, sign) as office, dns_server(records) as dns:
        found = await rows(office, MAIL_AUTH="required", DNS_SERVERS=dns.setting)
        assert found["own-signature"]["detail"] == "dkim d=demo.test, verified through the DNS"
        assert found["sender-domain"]["detail"] == "demo.test: SPF -all, DMARC p=reject"
        assert {"own-signature", "sender-domain", "dns"} <= states(found, "ok")
        records.clear()
        dns.records.pop("s1._domainkey.demo.test")
        found = await rows(office, MAIL_AUTH="required", DNS_SERVERS=dns.setting)
        assert found["own-signature"]["state"] == "warning"
        assert "no key is published" in found["own-signature"]["detail"]


async def test_mail_without_a_signature_is_no_fault_but_said(office):
    async with dns_server() as dns:
        found = await rows(office, MAIL_AUTH="required", DNS_SERVERS=dns.setting)
    assert found["own-signature"]["ok"] is None
    assert "approvers on this same host" in found["own-signature"]["advice"]


async def test_exchange_says_what_stays_within_a_tenant(temporal, tmp_path):
    internal = on_top("X-MS-Exchange-Organization-AuthAs", "Internal")
    async with relaying(temporal, tmp_path, internal) as office:
        found = await rows(office, MAIL_AUTH="required")
        assert "MAIL_AUTHSERV_ID=exchange-online" in found["own-signature"]["advice"]
        changes = {"MAIL_AUTH": "required", "MAIL_AUTHSERV_ID": "exchange-online"}
        found = await rows(office, **changes)
        assert found["authentication-results"]["ok"] is True


@pytest.mark.parametrize("auth", ["required", "off"])
async def test_a_silent_dns_fails_only_where_it_is_needed(office, auth):
    async with dns_server() as dns:
        dns.silent |= {"demo.test", "_dmarc.demo.test"}
        changes = {"MAIL_AUTH": auth, "DNS_SERVERS": dns.setting}
        found = await rows(office, send=False, code=auth == "required", **changes)
    assert found["dns"]["state"] == ("failed" if auth == "required" else "note")
    assert found["dns"]["advice"].startswith("DNS_SERVERS: ")
