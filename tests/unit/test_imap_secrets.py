"""No password, token or mail in any log at any level, nor in what an error says: whatever happens,
and whatever a server repeats."""

import asyncio
import logging
import traceback
from base64 import b64encode
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import pytest

from agent.mailbox import look
from mail import imap as imap_module
from mail.errors import MailError
from mail.identity import Keyring, reply_token
from mail.imap import ImapServer, Message
from tests.imap_script import OK, SILENCE, Last, Script, capabilities, fetched, serving, session
from tests.unit.agent_samples import APPROVER, DIGEST, REQUEST_ID, SECRET

PASSWORD = r'correct "horse\ battery'
QUOTED = PASSWORD.replace("\\", "\\\\").replace('"', '\\"')
SASL = b64encode(f"\0agent@x.test\0{PASSWORD}".encode()).decode()
TOKEN = reply_token(Keyring.from_secrets([SECRET]), REQUEST_ID, APPROVER, DIGEST)
ADDRESS = f"agent+{REQUEST_ID.lower()}.{TOKEN}@x.test"
BODY = b"To: %b\r\n\r\nlaunch the rockets\r\n" % ADDRESS.encode()
SECRETS = (PASSWORD, QUOTED, SASL, TOKEN, "rockets", SASL[:20], PASSWORD[:12], TOKEN[:12])
ECHO = f'LOGIN "agent@x.test" "{QUOTED}" {PASSWORD} {SASL} {ADDRESS}'.encode()


@pytest.fixture
def everything(caplog, monkeypatch):
    """Every record of every logger, asyncio's own of each callback included."""
    monkeypatch.setattr(imap_module, "STEP_SECONDS", 0.5)
    names = [None, "aioimaplib", "aioimaplib.aioimaplib", "asyncio", "mail", "agent"]
    for name in names:
        caplog.set_level(logging.DEBUG, name)
    return caplog


@asynccontextmanager
async def debugging():
    loop = asyncio.get_running_loop()
    before = loop.get_debug(), loop.slow_callback_duration
    loop.set_debug(True)
    loop.slow_callback_duration = 0
    try:
        yield
    finally:
        loop.set_debug(before[0])
        loop.slow_callback_duration = before[1]


async def whole(script: Script) -> str:
    """A session with its error, as it would be logged at worst."""
    try:
        async with debugging(), session(script, password=PASSWORD) as imap:
            await imap.create_folders([f"Processed {ADDRESS}"])
            await imap.search()
            await imap.fetch([1])
            await imap.fetch_headers([1], ["to"])
            await imap.move([1], f"Processed {ADDRESS}")
            await imap.idle(0.01)
    except MailError as error:
        return "".join(traceback.format_exception(error)) + repr(error)
    return ""


def leaks(text: str) -> list[str]:
    return [secret for secret in SECRETS if secret in text]


def willing(**answers) -> Script:
    return Script(**{"CREATE": OK, "MOVE": OK, "FETCH": fetched(BODY), **answers})


def logged(caplog) -> str:
    formatter = logging.Formatter("%(message)s %(exc_text)s %(stack_info)s")
    return "\n".join(formatter.format(record) for record in caplog.records)


async def test_a_session_in_which_all_goes_well(everything):
    assert await whole(willing()) == ""
    assert "Executing" in logged(everything)  # asyncio's own log of callbacks is among it
    assert leaks(logged(everything)) == []


async def test_a_login_by_sasl(everything):
    offered = capabilities("LOGINDISABLED", "AUTH=PLAIN", "MOVE", "IDLE")
    assert await whole(willing(CAPABILITY=offered)) == ""
    assert leaks(logged(everything)) == []


@pytest.mark.parametrize("step", ["CAPABILITY", "LOGIN", "CREATE", "FETCH", "IDLE"])
@pytest.mark.parametrize(
    "answer",
    [
        b"{tag} NO " + ECHO + b"\r\n",
        b"{tag} BAD " + b"x" * 180 + PASSWORD.encode() + b"\r\n",
        b"{tag} BAD " + b"x" * 160 + ADDRESS.encode() + b"\r\n",
        b"{tag} BAD [" + ECHO + b"] x\r\n",
        b"* BYE " + ECHO + b"\r\n",
        b"* BAD " + ECHO + b"\r\n+ " + ECHO + b"\r\n" + ECHO + b"\r\n",
        b"A9 OK " + ECHO + b"\r\n",
        b"* 1 FETCH (UID 1 BODY[] {999}\r\n" + BODY,
        Last(b"* 1 FETCH (UID 1 BODY[] {999}\r\n" + BODY),
        fetched(BODY).replace(b"OK", b"NO " + ECHO),
        SILENCE,
    ],
)
async def test_a_session_in_which_a_step_goes_wrong(everything, step, answer):
    error = await whole(willing(**{step: answer}))
    assert leaks(logged(everything) + error) == []


async def test_a_greeting_that_repeats_us(everything):
    script = willing()
    script.greeting = b"* BYE " + ECHO + b"\r\n"
    assert leaks(await whole(script) + logged(everything)) == []


def test_what_holds_them_does_not_show_them():
    server = ImapServer("imap.x.test", "agent", PASSWORD)
    message = Message(1, BODY, datetime.now(UTC))
    assert leaks(repr(server) + repr(message)) == []


async def test_a_token_that_stands_in_a_sender_is_not_shown_to_an_operator():
    head = f"From: {ADDRESS}\r\nSubject: {ADDRESS}\r\n\r\n".encode()
    told = b"* 1 FETCH (UID 1 BODY[HEADER.FIELDS (FROM SUBJECT)] {%d}\r\n%b)\r\n{tag} OK\r\n"
    script = Script(FETCH=told % (len(head), head), CREATE=OK)
    async with serving(script) as port:
        seen = await look(ImapServer("127.0.0.1", "a@x.test", "x", security="none", port=port))
    assert "<token>" in str(seen)
    assert TOKEN not in str(seen)
