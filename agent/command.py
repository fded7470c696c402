"""How every command of ours runs and ends: one line an error, the right exit code, no crash."""

import asyncio
import os
import sys
import traceback
from collections.abc import Coroutine
from typing import Any, NoReturn

from agent.errors import AgentError, ConfigurationError
from mail.errors import MailError

DONE, FAILED, USAGE = 0, 1, 2


def run_command(work: Coroutine[Any, Any, int | None], *, debug: bool = False) -> NoReturn:
    """Run to the end and leave the process.

    The interpreter is not shut down: a Temporal client whose last call has just returned may
    crash it then (temporalio/sdk-python#300), after all work was done.
    """
    code = _run(work, debug)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


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
        return 130
    except Exception as error:
        _report(debug, f"{type(error).__name__}: {' '.join(str(error).split())}")
        return FAILED


def _report(debug: bool, *lines: str) -> None:
    if debug:
        traceback.print_exc()
    for line in lines:
        print(f"error: {line}", file=sys.stderr)
