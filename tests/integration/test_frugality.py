"""What an approval costs at Temporal, and what a worker tells its log."""

import base64

import pytest

from bench.actions import MOST, billed
from mail.carriers import Where, find_carriers
from tests.integration.office import APPROVER2
from tests.integration.run import APPROVER

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_one_approval_by_one_person_takes_few_actions(office):
    async with office.worker():
        run, letter = await office.asked()
        await office.reply(letter, "APPROVE")
        await run.result()
    assert await billed(run.approval) <= MOST


async def test_nothing_secret_stands_in_a_debug_log(office):
    login = {"SMTP_USERNAME": APPROVER, "SMTP_PASSWORD": office.mail.password}
    async with office.worker(LOG_LEVEL="DEBUG", **login) as worker:
        run, letter = await office.asked(approvers=[APPROVER, APPROVER2], require="all")
        second = await run.request(APPROVER2)
        await office.reply(letter, "what-is-this-question")
        await run.letter(APPROVER, "could not be counted")
        await office.reply(letter, "REJECT\n\nmy-very-own-note", APPROVER2)
        await run.event("notice", notice="refused")
        await office.reply(letter, "REJECT\n\nmy-very-own-note")
        assert await run.outcome() == "rejected"
        await office.reply(second, "APPROVE\n\nmy-very-own-note", APPROVER2)
        await run.letter(APPROVER2, "Too late to count")
        await office.mail.deliver(office.agent, b"Subject: x\r\n\r\nmy-very-own-note")
        await office.in_folder("Unmatched", b"Subject: x")
        await run.result()
        log = worker.log_text()
    carriers = [*find_carriers(letter.reply_to, Where.ADDRESS)]
    carriers += find_carriers(second.reply_to, Where.ADDRESS)
    password = office.mail.password
    secrets = [
        password,
        base64.b64encode(password.encode()).decode(),
        base64.b64encode(f"\0{APPROVER}\0{password}".encode()).decode(),
        office.environ["APPROVAL_SECRET"],
        "my-very-own-note",
        "what-is-this-question",
        *(carrier.token for carrier in carriers),
    ]
    assert len(carriers) == 2
    assert "DEBUG" in log
    assert [secret for secret in secrets if secret.casefold() in log.casefold()] == []
