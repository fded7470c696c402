"""Finds MailHog, or builds it: it has had no release since 2020, and comes as a container image.

On PATH, in the cache, else built with Go: from its own source, of the version in `mailhog_build`.
"""

import os
import shutil
import socket
import sys
import tempfile
from pathlib import Path

from rich.console import Console

from demo.accounts import LOOPBACK
from demo.build_step import BuildError, run_step
from demo.cache import cache_directory

SMTP_PORT = 1025
HTTP_PORT = 8025
_PACKAGE = "github.com/mailhog/MailHog"
# Its dependencies with their hashes. For one that comes without a licence something stands in: it
# slows connections down for MailHog's chaos monkey, which is not invited here.
_MODULE = Path(__file__).parent / "mailhog_build"


class NoMailHogError(Exception):
    """There is none and none could be built; the text says what to do."""


async def find_mailhog(console: Console) -> str:
    """The path of a MailHog, built if there is none yet. Raises NoMailHogError."""
    cached = cache_directory() / "mailhog"
    if found := shutil.which("MailHog") or shutil.which("mailhog"):
        return found
    if not os.access(cached, os.X_OK):
        await _build(cached, console)
    return str(cached)


async def _build(target: Path, console: Console) -> None:
    go = shutil.which("go")
    if go is None:
        raise NoMailHogError("no MailHog: put it on PATH, or install Go to have it built")
    console.print("MailHog: building it from source (half a minute, only this once)")
    # Built aside and moved in whole: a build that was interrupted must not look like a binary.
    with tempfile.TemporaryDirectory(dir=target.parent) as directory:
        built = Path(directory) / "mailhog"
        command = [go, "build", "-mod=readonly", "-o", str(built), _PACKAGE]
        try:
            await run_step("go build mailhog", command, console, directory=_MODULE)
        except BuildError as error:
            raise NoMailHogError(f"no MailHog: go build failed: {error}") from None
        built.replace(target)


def command_of(path: str, smtp_port: int = SMTP_PORT, http_port: int = HTTP_PORT) -> list[str]:
    """How it is started for this machine alone; left to itself it serves everybody."""
    http = f"{LOOPBACK}:{http_port}"
    return [
        path,
        *("-smtp-bind-addr", f"{LOOPBACK}:{smtp_port}"),
        *("-api-bind-addr", http),
        *("-ui-bind-addr", http),
    ]


def serve(path: str) -> None:
    """Become MailHog, at the ports that its image has. Raises NoMailHogError where one is taken.

    Its own output is left out: it shows every mail with the token in it.
    """
    for port in (SMTP_PORT, HTTP_PORT):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((LOOPBACK, port))
            except OSError as error:
                raise NoMailHogError(
                    f"MailHog cannot serve on {LOOPBACK}:{port}: {error}"
                ) from None
    print(f"MailHog: SMTP {LOOPBACK}:{SMTP_PORT}, its page http://{LOOPBACK}:{HTTP_PORT}")
    print("Ctrl-C ends it.", flush=True)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for output in (sys.stdout, sys.stderr):
        os.dup2(nowhere, output.fileno())
    os.execv(path, command_of(path))
