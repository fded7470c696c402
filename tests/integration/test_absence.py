"""Automatic mail of whoever was asked, and mail that is unclear: what the others get to know."""

import email
import email.policy
import re
from datetime import UTC, datetime
from urllib.parse import unquote

import pytest

from demo.letter import write_reply
from tests.integration.office import APPROVER2
from tests.integration.run import APPROVER, words
from tests.waiting import until

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.usefixtures("worker")]


async def test_an_absence_is_shown_and_listed_and_the_vote_after_it_counts(office):
    run, letter = await office.asked(approvers=[APPROVER, APPROVER2])
    notice = write_reply(letter, APPROVER, "Back on Monday. APPROVE", datetime.now(UTC))
    await office.send("", letter.reply_to, b"Auto-Submitted: auto-replied\r\n" + notice)
    event = await run.event("notice")
    assert (event["notice"], event["approver"]) == ("auto", APPROVER)
    assert event["note"].startswith("Back on Monday.")
    shown = (await office.run("-m", "agent", "show", run.known, "--json")).json
    assert [(away["approver"], away["at"]) for away in shown["away"]] == [
        (APPROVER, event["received_at"])
    ]

    async def listed():
        rows = (await office.run("-m", "agent", "list", "--json")).json
        return next((r["away"] for r in rows if r["request_id"] == run.known), None)

    assert await until(listed, "the absence in the list") == [APPROVER]
    table = (await office.run("-m", "agent", "show", run.known)).out
    assert "answers automatically" in table
    await office.reply(letter, "REJECT")
    assert await run.outcome() == "rejected"
    assert await run.letters(APPROVER, "please answer again") == []


async def test_help_comes_into_the_thread_and_one_tap_on_it_answers(office):
    run, letter = await office.asked()
    unclear = await office.reply(letter, "Approve\n\nif the customer insists")
    help_mail = await run.letter(APPROVER, "please answer again")
    text = words(help_mail)
    assert 'a condition ("if")' in text and "if the customer insists" in text
    (raw,) = [r for r in await office.mail.messages(APPROVER) if b"please answer again" in r]
    parsed = email.message_from_bytes(raw, policy=email.policy.default)
    theirs = email.message_from_bytes(unclear, policy=email.policy.default)["Message-ID"]
    assert parsed["In-Reply-To"] == theirs
    assert parsed["References"].split()[1:] == [letter.message_id, theirs]
    html = parsed.get_body(("html",))
    assert html is not None
    link = re.findall(
        r'href="mailto:([^"?]+)\?subject=([^"&]+)&(?:amp;)?body=([^"]+)"', html.get_content()
    )[1]
    to, subject, body = map(unquote, link)
    tapped = f"From: {APPROVER}\r\nTo: {to}\r\nSubject: {subject}\r\n\r\n{body}".encode()
    await office.send(APPROVER, to, tapped)
    assert await run.outcome() == "rejected"
