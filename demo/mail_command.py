"""The embedded mail server as a command."""

import asyncio
import signal

from rich.console import Console

from demo.accounts import (
    DEMO_ADDRESSES,
    DEMO_IMAP_PORT,
    DEMO_PASSWORD,
    DEMO_SMTP_PORT,
    LOOPBACK,
)
from demo.mail_server import MailServer


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
