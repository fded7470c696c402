"""Commands about this machine's worker that ask no Temporal: its tools, health and secret."""

import secrets
import sys
import time
from typing import Annotated

import typer

from agent import display
from agent.command import DONE, FAILED, run_command
from agent.errors import ConfigurationError
from agent.health import pulse_of
from agent.settings import load_settings
from agent.tools.collecting import load_registry

SECRET_BYTES = 32  # of chance; printed in hex they are 64

Json = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]
Debug = Annotated[bool, typer.Option("--debug", help="Show tracebacks.")]


def tools(json: Json = False, debug: Debug = False) -> None:
    """Show the tools that a worker would have here, or what is wrong with them."""

    async def work() -> int:
        rows = [one.described for one in load_registry(load_settings())]
        if json:
            display.print_json(rows)
        else:
            display.console().print(display.tools_table(rows))
        return DONE

    run_command(work(), debug=debug)


def health(debug: Debug = False) -> None:
    """Say whether the worker on this machine is alive, by its HEALTH_FILE; else end with 1."""

    async def work() -> int:
        path = load_settings().health_file
        if path is None:
            raise ConfigurationError(["HEALTH_FILE is not set"])
        alive, words = pulse_of(path, time.time())
        print(words)
        return DONE if alive else FAILED

    run_command(work(), debug=debug)


def secret() -> None:
    """Print a new secret for APPROVAL_SECRET; nothing is stored, and no server asked."""
    print(secrets.token_hex(SECRET_BYTES))
    if sys.stderr.isatty():
        print(
            "Put it into APPROVAL_SECRET; if one is there, in front of it with a comma between: "
            "docs/operator.md.",
            file=sys.stderr,
        )
