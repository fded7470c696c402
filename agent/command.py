"""How every command of ours runs and ends: one line an error, the right exit code, no crash."""

import asyncio
import os
import sys
import traceback
from collections.abc import Callable, Coroutine
from typing import Any, NoReturn

import typer
from typer.exceptions import TyperException

from agent.errors import AgentError, ConfigurationError
from mail.carriers import without_tokens
from mail.errors import MailError

DONE, FAILED, USAGE = 0, 1, 2
INTERRUPTED = 130  # as shells have it: 128 and the number of SIGINT


def run_command(work: Coroutine[Any, Any, int | None], *, debug: bool = False) -> NoReturn:
    """Run to the end and leave the process.

    The interpreter is not shut down: a Temporal client whose last call has just returned may
    crash it then (temporalio/sdk-python#300), after all work was done.
    """
    code = _run(work, debug)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def run_app(app: typer.Typer, name: str) -> NoReturn:
    """Read the command line and run what it says; a fault in it is one line, too."""
    try:
        code = typer.main.get_command(app).main(prog_name=name, standalone_mode=False)
    except typer.Abort:
        code = INTERRUPTED
    except TyperException as error:
        print(f"error: {_usage_fault(error, name)}", file=sys.stderr)
        code = USAGE
    sys.exit(code or DONE)


def _usage_fault(error: TyperException, name: str) -> str:
    """Which parameter it is, what is wrong with it, and whose help to read."""
    context = getattr(error, "ctx", None)
    command = context.command_path if context else name
    return f"{error.format_message().replace('Value error, ', '')} (see {command} --help)"


def run_function(main: Callable[..., None], name: str) -> NoReturn:
    """The same for a program of one command."""
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    app.command()(main)
    run_app(app, name)


def _run(work: Coroutine[Any, Any, int | None], debug: bool) -> int:
    try:
        return asyncio.run(work) or DONE
    except ConfigurationError as error:
        _report(debug, *error.faults)
        return USAGE
    except (AgentError, MailError) as error:
        _report(debug, str(error))
        return FAILED
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception as error:
        _report(debug, f"{type(error).__name__}: {' '.join(str(error).split())}")
        return FAILED


def _report(debug: bool, *lines: str) -> None:
    if debug:
        # For whoever may see the words of an error: but a token is worth a vote.
        print(without_tokens(traceback.format_exc()), end="", file=sys.stderr)
    for line in lines:
        print(f"error: {without_tokens(line)}", file=sys.stderr)
