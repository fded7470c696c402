"""The embedded mail server as a command."""

import asyncio
import signal

from rich.console import Console

from demo.accounts import DEMO_ADDRESSES, DEMO_PASSWORD
from demo.mail_server import MailServer


async def serve_mail(console: Console, smtp_port: int, imap_port: int) -> int:
    """Serve until SIGINT or SIGTERM."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    try:
        async with MailServer(smtp_port=smtp_port, imap_port=imap_port) as server:
            console.print(_settings(server), markup=False, highlight=False)
            await stop.wait()
    except OSError as error:
        said = f"the mail server cannot start: {error}; --smtp-port and --imap-port name others"
        console.print(said, markup=False, highlight=False, soft_wrap=True)
        return 1
    return 0


def _settings(server: MailServer) -> str:
    return "\n".join(
        [
            "Mail server for any mail program (loopback only, nothing is kept after its end):",
            f"  SMTP      {server.host}, port {server.smtp_port}, no encryption, login optional",
            f"  IMAP      {server.host}, port {server.imap_port}, no encryption",
            f"  accounts  {', '.join(DEMO_ADDRESSES)}",
            f"  login     the whole address, password {DEMO_PASSWORD}",
            "Ctrl-C ends it.",
        ]
    )
