"""The end of a program that has used Temporal's client for a moment."""

import os
import sys
from typing import NoReturn


def leave(code: int) -> NoReturn:
    """The interpreter's own end may abort on what the SDK has left behind
    (temporalio/sdk-python#300), and then the exit code would be no answer."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)
