"""The embedded mail server as a command, and an answer to what arrived there."""

import asyncio
import signal

from rich.console import Console

from demo.approver import Approver, fixed_words
from demo.mail_program import Account, MailProgram
from demo.mail_server import (
    DEMO_ADDRESSES,
    DEMO_IMAP_PORT,
    DEMO_PASSWORD,
    DEMO_SMTP_PORT,
    MailServer,
)
from demo.mailboxes import LOOPBACK
from demo.view import View

_APPROVERS = tuple(address for address in DEMO_ADDRESSES if address.startswith("approver"))


async def serve_mail(console: Console) -> int:
    """Serve until SIGINT or SIGTERM."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    try:
        async with MailServer(smtp_port=DEMO_SMTP_PORT, imap_port=DEMO_IMAP_PORT):
            console.print(_settings(), markup=False, highlight=False)
            await stop.wait()
    except OSError as error:
        console.print(f"the mail server cannot start: {error}", markup=False, highlight=False)
        return 1
    return 0


async def reply_to_request(console: Console, request_id: str, text: str) -> int:
    """Answer the newest mail that asks for this approval, as the approver who got it."""
    code = f"[{request_id.upper()}]"
    for address in _APPROVERS:
        program = MailProgram(
            Account(address, DEMO_PASSWORD, LOOPBACK, DEMO_SMTP_PORT, DEMO_IMAP_PORT)
        )
        try:
            letters = await program.new_letters()
        except OSError as error:
            console.print(f"no mail server to ask: {error}; start it with `python -m demo mail`")
            return 1
        asking = [letter for letter in letters if letter.asks and code in letter.subject]
        if asking:
            await Approver(program, View(console), fixed_words(text)).answer(asking[-1], text)
            return 0
    console.print(f"no mail about {request_id} in {' or '.join(_APPROVERS)}", markup=False)
    return 1


def _settings() -> str:
    return "\n".join(
        [
            "Mail server for any mail program (loopback only, nothing is kept after its end):",
            f"  SMTP      {LOOPBACK}, port {DEMO_SMTP_PORT}, no encryption, login optional",
            f"  IMAP      {LOOPBACK}, port {DEMO_IMAP_PORT}, no encryption",
            f"  accounts  {', '.join(DEMO_ADDRESSES)}",
            f"  login     the whole address, password {DEMO_PASSWORD}",
            "Ctrl-C ends it.",
        ]
    )
