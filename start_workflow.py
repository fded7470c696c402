"""Starts a request from the command line, and waits for its result."""

import sys
from typing import Annotated

import typer

from agent.command import run_command, run_function
from agent.starting import Start, read_request, start


def main(
    request: Annotated[
        str, typer.Argument(help="What the agent is to do, in plain words; - reads standard input.")
    ],
    approver: Annotated[
        list[str] | None,
        typer.Option(metavar="ADDRESS", help="Who is asked; may be given several times."),
    ] = None,
    require: Annotated[
        str | None, typer.Option(metavar="any|all|N", help="How many must agree.")
    ] = None,
    requester: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="Who asks; is mailed the result.")
    ] = None,
    timeout: Annotated[
        str, typer.Option(metavar="3d|2h|90s|SECONDS", help="How long approvers have.")
    ] = "3d",
    key: Annotated[
        str | None, typer.Option("--id", metavar="KEY", help="The same key is the same request.")
    ] = None,
    no_wait: Annotated[bool, typer.Option("--no-wait", help="Start it and leave.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show tracebacks.")] = False,
) -> None:
    """Start a request and wait for its result; exit code 0 whatever its outcome."""
    request = read_request(request, sys.stdin.buffer)
    wanted = Start(request, tuple(approver or ()), require, requester, timeout, key)
    run_command(start(wanted, wait=not no_wait, json=json), debug=debug)


if __name__ == "__main__":
    run_function(main, "start_workflow.py")
