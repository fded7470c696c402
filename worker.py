"""Runs workflows, activities and the inbox; docs/settings.md has the settings."""

from typing import Annotated

import typer

from agent import logs
from agent.command import run_command, run_function
from agent.errors import ConfigurationError
from agent.service import serve
from agent.settings import load_settings
from agent.settings_check import Role


def main(
    no_inbox: Annotated[
        bool, typer.Option("--no-inbox", help="Only the agent: model, tools, mail out.")
    ] = False,
    inbox_only: Annotated[
        bool, typer.Option("--inbox-only", help="Only the inbox: reads the replies.")
    ] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show tracebacks.")] = False,
) -> None:
    """Run the worker until it is told to stop (SIGTERM, ctrl+c)."""
    role: Role = "inbox" if inbox_only else "agent" if no_inbox else "all"
    run_command(_work(role, both=no_inbox and inbox_only), debug=debug)


async def _work(role: Role, *, both: bool) -> None:
    if both:
        raise ConfigurationError(["--no-inbox and --inbox-only leave nothing to run"])
    settings = load_settings()
    logs.set_up(settings)
    await serve(settings, role)


if __name__ == "__main__":
    run_function(main, "worker.py")
