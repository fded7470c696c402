"""`python -m demo mail` and `reply`, as processes of their own, on ports of somebody's choice."""

import asyncio
import imaplib
import re
import smtplib
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from email import message_from_bytes

import pytest

from tests.unit.test_demo_letter import REQUEST
from tests.unit.test_demo_model_command import ROOT

REQUEST_ID = "AR-7K2M9QXD4T"
AGENT, APPROVER = "agent@demo.test", "approver@demo.test"


@dataclass(frozen=True, slots=True)
class Ports:
    smtp: int
    imap: int

    @property
    def of_mail(self) -> list[str]:
        return ["--smtp-port", str(self.smtp), "--imap-port", str(self.imap)]

    @property
    def of_reply(self) -> list[str]:
        return ["--smtp", f"localhost:{self.smtp}", "--imap-port", str(self.imap)]


async def demo(*words: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "demo", *words),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )


async def said(*words: str) -> tuple[int | None, str]:
    process = await demo(*words)
    out, _ = await process.communicate()
    return process.returncode, out.decode()


@pytest.fixture
async def ports() -> AsyncIterator[Ports]:
    process = await demo("mail", "--smtp-port", "0", "--imap-port", "0")
    assert process.stdout is not None
    try:
        told = await process.stdout.readuntil(b"Ctrl-C ends it.")
        smtp, imap = re.findall(r"(?:SMTP|IMAP) .*port (\d+)", told.decode())
        yield Ports(int(smtp), int(imap))
    finally:
        process.kill()
        await process.wait()


def deliver(port: int) -> None:
    with smtplib.SMTP("127.0.0.1", port) as smtp:
        smtp.sendmail(AGENT, [APPROVER], REQUEST)


def only_mail_of_agent(port: int) -> str:
    """Its From."""
    with imaplib.IMAP4("127.0.0.1", port) as imap:
        imap.login(AGENT, "demo")
        imap.select("INBOX", readonly=True)
        assert imap.search(None, "ALL")[1] == [b"1"]
        header = imap.fetch("1", "(BODY[HEADER.FIELDS (FROM)])")[1][0]
        assert isinstance(header, tuple)
        return str(message_from_bytes(header[1])["From"])


async def test_a_reply_goes_by_the_ports_that_were_chosen(ports):
    await asyncio.to_thread(deliver, ports.smtp)
    code, out = await said("reply", REQUEST_ID, "APPROVE", *ports.of_reply)
    assert code == 0, out
    assert await asyncio.to_thread(only_mail_of_agent, ports.imap) == APPROVER


async def test_ports_that_are_taken_are_told_in_one_line_with_what_helps(ports):
    code, out = await said("mail", *ports.of_mail)
    assert code == 1
    assert out.startswith("the mail server cannot start: ") and out.count("\n") == 1
    assert out.endswith("; --smtp-port and --imap-port name others\n")


async def test_who_has_no_mailbox_is_told_who_has_one(ports):
    code, out = await said("reply", REQUEST_ID, "APPROVE", "--as", "bob@demo.test", *ports.of_reply)
    assert (code, out) == (
        1,
        "no mailbox of bob@demo.test there; --as names one of approver@demo.test, "
        "approver2@demo.test\n",
    )
