"""The operator's commands: `python -m agent --help` names them."""

from collections.abc import Awaitable, Callable
from enum import StrEnum
from typing import Annotated, Any

import typer
from temporalio.client import Client
from temporalio.service import RPCError

from agent import display, mailbox, operations, resending, resolving
from agent.bounds import imap_of
from agent.command import DONE, FAILED, run_app, run_command
from agent.connect import connect
from agent.doctor.command import doctor
from agent.errors import Unavailable
from agent.mailbox_view import mailbox_view
from agent.models import rfc3339
from agent.reader import find_reader
from agent.settings import load_settings
from agent.settings_check import check_mailbox
from agent.sorting import Folder
from agent.worker_commands import health, secret, tools

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)
for command in (doctor, health, secret, tools):
    app.command()(command)

Json = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]
Debug = Annotated[bool, typer.Option("--debug", help="Show tracebacks.")]
Identifier = Annotated[str, typer.Argument(metavar="ID", help="A request id or a workflow id.")]


_NO_APPROVAL: dict[str, Any] = {
    "request_id": None,
    "summary": "",
    "approvers": [],
    "votes": [],
    "away": [],
    "undeliverable": [],
    "requested_at": None,
    "expires_at": None,
}
"""What a run has in `show`, where its approvals say the rest."""


class Decision(StrEnum):
    APPROVE = "approve"
    REJECT = "reject"


class Aside(StrEnum):
    """The folders that --retry takes from."""

    UNMATCHED = Folder.UNMATCHED.value
    QUARANTINE = Folder.QUARANTINE.value


class Finding(StrEnum):
    DONE = "done"
    NOT_DONE = "not-done"


@app.command("list")
def list_(
    all_: Annotated[bool, typer.Option("--all", help="Ended ones, too.")] = False,
    json: Json = False,
    debug: Debug = False,
) -> None:
    """List the approvals that wait."""

    async def work(client: Client) -> int:
        rows = [row async for row in operations.approvals(client, closed=all_)]
        if any(row["status"] == "waiting" for row in rows):
            display.warn(*await operations.inbox_warnings(client))
        if json:
            display.print_json(rows)
        else:
            display.console().print(display.approvals_table(rows))
        return DONE

    _run(work, debug)


@app.command()
def show(identifier: Identifier, json: Json = False, debug: Debug = False) -> None:
    """Show one approval, or one run, with its votes and events."""

    async def work(client: Client) -> int:
        found = await operations.find(client, identifier)
        row: dict[str, Any] = await operations.query(found.handle, "status")
        row = {**_NO_APPROVAL, "workflow_id": found.workflow_id, **row}
        row["events"] = await resolving.with_resolutions(client, found)
        if json:
            display.print_json(row)
        else:
            console = display.console()
            console.print(display.approval_table(row))
            console.print(display.events_table(row["events"]))
        return DONE

    _run(work, debug)


@app.command()
def audit(identifier: Identifier, json: Json = False, debug: Debug = False) -> None:
    """Print the audit trail of an approval or a run."""

    async def work(client: Client) -> int:
        found = await operations.find(client, identifier)
        events = await resolving.with_resolutions(client, found)
        if json:
            display.print_json(events)
        else:
            display.console().print(display.events_table(events))
        return DONE

    _run(work, debug)


@app.command()
def decide(
    identifier: Identifier,
    decision: Decision,
    note: Annotated[str | None, typer.Option(help="Said to the agent and the approvers.")] = None,
    json: Json = False,
    debug: Debug = False,
) -> None:
    """Approve or reject as an operator; the audit trail says so."""

    async def work(client: Client) -> int:
        found = await operations.find(client, identifier)
        found = await operations.only_open_approval(client, found)
        answer = await operations.decide(found, decision is Decision.APPROVE, note)
        return _report(answer, f"{decision} recorded", json)

    _run(work, debug)


@app.command()
def inbox(
    retry: Annotated[
        list[int] | None, typer.Option(help="Have this message read once more: its UID.")
    ] = None,
    folder: Annotated[
        Aside, typer.Option(help="Where it lies.", case_sensitive=False)
    ] = Aside.QUARANTINE,
    json: Json = False,
    debug: Debug = False,
) -> None:
    """Show who reads the mailbox, what waits there, and what was put aside."""

    async def work(client: Client) -> int:
        settings = load_settings()
        check_mailbox(settings)
        if retry:
            await mailbox.retry(imap_of(settings), Folder(folder), retry)
        reader = await find_reader(client, settings.inbox_queue)
        row = {
            "mailbox": settings.mailbox,
            "reader": reader and reader.worker,
            "last_sweep": reader and reader.cursor.swept_at and rfc3339(reader.cursor.swept_at),
            "read": dict(reader.cursor.counts) if reader else {},
            "retried": retry or [],
            **await mailbox.look(imap_of(settings)),
        }
        if json:
            display.print_json(row)
        else:
            display.console().print(mailbox_view(row))
        return DONE

    _run(work, debug)


@app.command()
def resend(
    identifier: Identifier,
    to: Annotated[str | None, typer.Option(help="Only to this approver.")] = None,
    json: Json = False,
    debug: Debug = False,
) -> None:
    """Mail the request once more to those who have not answered: the same mail."""

    async def work(client: Client) -> int:
        found = await operations.find(client, identifier)
        found = await operations.only_open_approval(client, found)
        answer = await resending.resend(found, to)
        sent = ", ".join(person["to"] for person in answer["people"] if person["accepted"])
        return _report(answer, f"sent again to {sent}", json)

    _run(work, debug)


@app.command()
def resolve(
    identifier: Identifier,
    finding: Finding,
    note: Annotated[str, typer.Option(help="How you know; told to everybody concerned.")],
    action: Annotated[
        str | None, typer.Option(help="Which one, where ID is a run with several.")
    ] = None,
    json: Json = False,
    debug: Debug = False,
) -> None:
    """Record what became of an action whose outcome was unknown, and tell people."""

    async def work(client: Client) -> int:
        found = await operations.find(client, identifier)
        answer = await resolving.resolve(client, found, finding is Finding.DONE, note, action)
        told = f"; told {', '.join(answer['told'])}" if answer["told"] else ""
        left = f"; {answer['reason']}" if answer["accepted"] and answer["reason"] else ""
        return _report(answer, f"recorded as {finding}{told}{left}", json)

    _run(work, debug)


@app.command()
def withdraw(identifier: Identifier, json: Json = False, debug: Debug = False) -> None:
    """Withdraw an approval, or a run with all its open approvals."""

    async def work(client: Client) -> int:
        found = await operations.find(client, identifier)
        return _report(await operations.withdraw(found), "withdrawn", json)

    _run(work, debug)


def _report(answer: dict[str, Any], done: str, json: bool) -> int:
    if json:
        display.print_json(answer)
    elif answer["accepted"]:
        display.console().print(f"{answer['request_id'] or 'run'}: {done}")
    else:
        display.console().print(f"{answer['request_id'] or 'run'}: no: {answer['reason']}")
    return DONE if answer["accepted"] else FAILED


def _run(work: Callable[[Client], Awaitable[int]], debug: bool) -> None:
    async def connected() -> int:
        client = await connect(quiet=True)
        try:
            return await work(client)
        except RPCError as error:
            raise Unavailable(f"Temporal answered {error.status.name}: {error.message}") from error

    run_command(connected(), debug=debug)


if __name__ == "__main__":
    run_app(app, "python -m agent")
