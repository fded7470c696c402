"""A request whose mail MailHog catches: the real one, or that of MAILHOG_URL where it is set."""

import asyncio
import os
import secrets
import smtplib
from urllib.parse import urlsplit

import pytest
from rich.console import Console

from demo.mailhog import PAGE, caught
from demo.mailhog_server import NoMailHogError, find_mailhog
from demo.reply_command import Way, reply_to_request
from tests.integration.office import APPROVER2, REQUESTER
from tests.integration.run import APPROVER
from tests.servers.mailhog import MailHogProcess, mailhog
from tests.waiting import until

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture(scope="module")
def hog(tmp_path_factory):
    if url := os.environ.get("MAILHOG_URL"):
        yield MailHogProcess(url, 1025, str(urlsplit(url).hostname))
        return
    try:
        path = asyncio.run(find_mailhog(Console(stderr=True)))
    except NoMailHogError as error:
        pytest.skip(str(error))
    with mailhog(path, tmp_path_factory.mktemp("mailhog")) as server:
        yield server


async def test_all_mail_of_a_request_is_there_and_a_reply_from_there_counts(office, hog):
    smtp = {"SMTP_HOST": hog.host, "SMTP_PORT": str(hog.smtp_port)}
    async with office.worker(**smtp, SMTP_USERNAME="", SMTP_PASSWORD=""):
        run = await office.start(approvers=[APPROVER, APPROVER2], requested_by=REQUESTER)
        request_id = await run.request_id()
        await run.event("mail_sent", approver=APPROVER)
        way = Way(hog.url, office.mail.host, office.mail.smtp_port)
        await reply_to_request(Console(quiet=True), request_id, "APPROVE fine", APPROVER, way)
        assert (await run.result()).startswith("Action completed successfully")
        (vote,) = (await run.approval.query("status"))["votes"]
    assert (vote["approver"], vote["note"]) == (APPROVER, "fine")
    # What answers has by right no sender, which MailHog refuses: it is there all the same.
    letters = await asyncio.to_thread(lambda: list(caught(hog.url, request_id)))
    receipts = [one for one in letters if one.recipient == APPROVER and not one.letter.asks]
    assert receipts
    assert {one.recipient for one in letters} == {APPROVER, APPROVER2, REQUESTER}


async def test_what_lies_below_many_others_is_found_once(hog):
    word = f"ar-{secrets.token_hex(8)}"
    count = PAGE + 3
    with smtplib.SMTP(hog.host, hog.smtp_port) as smtp:
        for number in range(count):
            raw = f"Subject: {number} {word}\r\n\r\n.\r\n..hidden dots\r\n"
            smtp.sendmail("a@demo.test", ["b@demo.test"], raw)

    async def all_there():
        found = await asyncio.to_thread(lambda: list(caught(hog.url, word.upper())))
        return found if len(found) >= count else []

    found = await until(all_there, "all messages")
    assert [int(one.letter.subject.split()[0]) for one in found] == list(range(count))[::-1]
    assert {one.letter.text for one in found} == {".\r\n..hidden dots"}
