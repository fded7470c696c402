"""`python -m demo`, the whole way of a request; and its parts, each a command.

What needs the embedded mail server is imported where it is run: an image has no library for it.
"""

import asyncio
import os
import sys
from collections.abc import Coroutine
from typing import Annotated, Any, NoReturn

import typer
from rich.console import Console

from demo.accounts import DEMO_IMAP_PORT, DEMO_SMTP_PORT, LOOPBACK
from demo.mailhog_server import NoMailHogError, find_mailhog
from demo.mailhog_server import serve as serve_mailhog
from demo.model_command import serve_model
from demo.options import BadOptionError, Options, at_a_terminal
from demo.reply_command import ReplyError, Way, reply_to_request
from demo.temporal_server import NoTemporalError, find_temporal, serve

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
INTERRUPTED = 130

Port = Annotated[int, typer.Option(help="Where it listens.", min=0, max=65_535)]


@app.callback(invoke_without_command=True)
def demo(context: typer.Context) -> None:
    """Let one request go its whole way; REQUEST, REPLY, TIMEOUT come from the environment."""
    if context.invoked_subcommand is not None:
        return
    from demo.run import run_demo

    try:
        options = Options.read(os.environ, terminal=at_a_terminal())
    except BadOptionError as error:
        _leave(2, str(error))
    _run(run_demo(options, Console()))


@app.command()
def mail(smtp_port: Port = DEMO_SMTP_PORT, imap_port: Port = DEMO_IMAP_PORT) -> None:
    """Serve SMTP and IMAP, for any mail program."""
    from demo.mail_command import serve_mail

    _run(serve_mail(Console(), smtp_port, imap_port))


@app.command()
def reply(
    request_id: str,
    text: str,
    author: Annotated[
        str, typer.Option("--as", metavar="ADDRESS", help="Which of several approvers answers.")
    ] = "",
    mailhog_url: Annotated[
        str,
        typer.Option(
            "--mailhog", metavar="URL", envvar="MAILHOG_URL", help="Answer what is there."
        ),
    ] = "",
    smtp: Annotated[
        str,
        typer.Option(metavar="HOST:PORT", envvar="REPLY_SMTP", help="What takes the reply."),
    ] = f"localhost:{DEMO_SMTP_PORT}",
    imap_port: Annotated[
        int,
        typer.Option(
            envvar="REPLY_IMAP_PORT", help="Without --mailhog: where that host has the mail."
        ),
    ] = DEMO_IMAP_PORT,
) -> None:
    """Answer the approver's mail of a request, on the server that `mail` runs or in MailHog."""
    try:
        way = Way.of(mailhog_url, smtp, imap_port)
    except ValueError as error:
        _leave(2, f"REPLY_SMTP: {error}")
    try:
        _run(reply_to_request(Console(), request_id, text, author, way))
    except ReplyError as error:
        _leave(1, str(error))


@app.command()
def mailhog(
    serving: Annotated[bool, typer.Option("--serve", help="Run it, too.")] = False,
) -> None:
    """Make MailHog available and print its path."""
    try:
        path = asyncio.run(find_mailhog(Console(stderr=True)))
        print(path)
        if serving:
            serve_mailhog(path)
    except NoMailHogError as error:
        _leave(1, str(error))


@app.command()
def model(
    port: Port = 8080,
    host: Annotated[str, typer.Option(help="0.0.0.0: for every machine.")] = LOOPBACK,
) -> None:
    """Serve the scripted model, for a worker's OPENAI_BASE_URL."""
    _run(serve_model(Console(), host, port))


@app.command()
def temporal(
    serving: Annotated[bool, typer.Option("--serve", help="Run the server, too.")] = False,
    db: Annotated[str | None, typer.Option(help="Keep everything in this file.")] = None,
    port: Annotated[int, typer.Option(help="With --serve: the port on loopback.")] = 7233,
) -> None:
    """Make a Temporal CLI available and print its path."""
    if address := os.environ.get("TEMPORAL_ADDRESS"):
        _leave(0, f"TEMPORAL_ADDRESS is set: {address}")
    try:
        path = asyncio.run(find_temporal(Console(stderr=True)))
    except NoTemporalError as error:
        _leave(1, str(error))
    print(path)
    if serving:
        serve(path, port, db)


def _run(work: Coroutine[Any, Any, int]) -> NoReturn:
    try:
        _leave(asyncio.run(work))
    except (KeyboardInterrupt, asyncio.CancelledError):
        _leave(INTERRUPTED, "stopped")


def _leave(code: int, message: str = "") -> NoReturn:
    """End the process without tearing the interpreter down, which Temporal's SDK, having made a
    client, may not survive (temporalio/sdk-python#300)."""
    if message:
        print(message, file=sys.stderr if code else sys.stdout)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    app()
