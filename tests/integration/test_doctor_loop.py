"""The way of a mail to ourselves, broken in turn: `doctor` sees it, and leaves no trace."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from demo.mail_server import MailServer
from tests.integration.doctoring import AGENT, all_mail, only, relaying, rows, states
from tests.integration.office import Office
from tests.integration.relay import replaced
from tests.servers.greenmail import greenmail, prepared

WAIT = 4.0
"""Seconds, where a probe cannot arrive; no other wait in these tests comes to its end."""


@pytest.fixture
async def office(temporal, tmp_path) -> AsyncIterator[Office]:
    async with relaying(temporal, tmp_path) as office:
        yield office


async def test_plus_addresses_that_are_lost_are_told_by_a_second_probe(office):
    office.mail.loses_plus = True
    found = await only(office, "plus-address", wait=WAIT)
    assert "it did not arrive; without + it does arrive" in found["detail"]
    assert found["advice"].startswith("MAIL_PLUS_ADDRESS=off")
    assert await all_mail(office) == []


async def test_plus_addresses_that_are_only_late_are_not_called_lost(office):
    office.mail.holds_plus = True
    found = (await rows(office, wait=WAIT))["plus-address"]
    assert found["state"] == "warning"
    assert "arrives, but only after 4 s or more" in found["detail"]
    assert "MAIL_PLUS_ADDRESS" not in found["advice"]
    assert await all_mail(office) == []


async def test_plus_addresses_that_come_back_are_told_at_once(office):
    office.mail.bounces_plus = True
    found = await only(office, "plus-address")
    assert "it came back as undeliverable (5.1.1)" in found["detail"]
    assert await all_mail(office) == []


async def test_plus_addresses_that_are_refused_are_told_at_once(office, monkeypatch):
    accepted = MailServer.handle_RCPT

    async def refused(self, server, session, envelope, address, options):
        if "+" in address:
            return f"550 5.1.1 <{address}>: no such mailbox here"
        return await accepted(self, server, session, envelope, address, options)

    monkeypatch.setattr(MailServer, "handle_RCPT", refused)
    found = await only(office, "plus-address")
    assert "550 5.1.1" in found["detail"]
    assert await all_mail(office) == []


async def test_greenmail_gives_plus_addresses_a_mailbox_of_their_own(office, tmp_path):
    if prepared() is None:
        pytest.skip("no GreenMail: `python -m tests.servers.greenmail` says what is missing")
    with greenmail(tmp_path, smtp=True) as server:
        reach = {**server.reach, "SMTP_USERNAME": "", "SMTP_PASSWORD": ""}
        found = await only(office, "plus-address", wait=WAIT, **reach)
    assert "MAIL_PLUS_ADDRESS=off" in found["advice"]


async def test_mail_that_never_arrives_is_told(office):
    office.mail.loses_all = True
    found = await only(office, "probe", wait=WAIT)
    assert "not seen in the mailbox within 4 s" in found["detail"]
    assert "IMAP_USERNAME" in found["advice"]


async def test_a_host_that_takes_nothing_from_us_is_told(office):
    office.mail.refuse(AGENT, "550 5.7.60 Client does not have permissions to send as this sender")
    found = await only(office, "probe")
    assert "550 5.7.60" in found["detail"]
    assert "may send as" in found["advice"]


async def test_a_host_that_rewrites_what_names_a_mail_is_told(temporal, tmp_path):
    changes = [
        replaced("Message-ID", "<0102018f@eu-west-1.amazonses.test>"),
        replaced("In-Reply-To", ""),
        replaced("References", ""),
        replaced("X-Approval-Agent", ""),
    ]
    async with relaying(temporal, tmp_path, *changes) as office:
        found = await rows(office)
        assert {"message-id", "in-reply-to"} <= states(found, "warning")
        assert found["message-id"]["detail"] == "the host gives our mail another one"
        assert "keep plus addresses on" in found["message-id"]["advice"]
        assert found["in-reply-to"]["detail"].endswith("In-Reply-To, References")
        assert found["probe"]["detail"].endswith("token in address, text")
        assert await all_mail(office) == []


async def test_a_host_that_sends_in_another_name_is_told(temporal, tmp_path):
    async with relaying(temporal, tmp_path, replaced("From", "box-12@host.test")) as office:
        found = await only(office, "sender")
        assert found["detail"] == "the host has made From into box-12@host.test"
        assert "MAIL_FROM=box-12@host.test" in found["advice"]
        assert await all_mail(office) == []


async def test_mail_taken_for_spam_is_told_and_removed_there(office):
    await office.mail.takes_for_spam("Junk")
    found = await only(office, "folder")
    assert found["detail"] == "it was taken for spam: Junk"
    assert "rule" in found["advice"]
    assert await office.mail.messages(AGENT, "Junk") == []


@pytest.mark.parametrize(
    ("seconds", "state", "said"),
    [
        (40, "warning", "s ahead of our clock"),
        (300, "failed", "s ahead of our clock"),
        (-7200, "failed", "min behind our clock"),
    ],
)
async def test_a_clock_that_is_wrong_is_told(office, seconds, state, said):
    office.mail.skew = timedelta(seconds=seconds)
    found = await rows(office, code=state == "failed")
    clock = found["mail-clock"]
    assert clock["state"] == state
    assert clock["detail"].startswith("IMAP server: ") and clock["detail"].endswith(said)
    assert "NTP" in clock["advice"]
