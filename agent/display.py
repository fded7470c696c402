"""What people see of approvals in a terminal: tables, in the local time of whoever looks."""

import json
import sys
from datetime import UTC, datetime
from typing import Any

from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from agent.durations import format_duration
from mail.text import visible

_ID_WIDTH = len("AR-0123456789")
_STARTING = "(starting)"  # its first step has not run: what it is about is not known yet
_ROWS_OF_THEIR_OWN = {"events", "votes", "away", "undeliverable", "approvals"}
_COLORS = {"approved": "green", "rejected": "red", "waiting": "yellow"}


def print_json(value: Any) -> None:
    """One JSON document on standard output, for programs."""
    json.dump(value, sys.stdout, ensure_ascii=False, indent=2)
    sys.stdout.write("\n")


def warn(*lines: str) -> None:
    for line in lines:
        print(f"warning: {line}", file=sys.stderr)


def approvals_table(rows: list[dict[str, Any]]) -> RenderableType:
    """One line if there are none."""
    if not rows:
        return Text("no approval is waiting")
    table = Table()
    # To be copied and typed, so it stands in one piece however narrow the window is.
    table.add_column("request id", no_wrap=True, min_width=_ID_WIDTH)
    for column in ("action", "approvers", "since", "time left", "status"):
        table.add_column(column, overflow="fold")
    for row in rows:
        waiting = row["status"] == "waiting"
        table.add_row(
            row["request_id"],
            plain(row["summary"] or (_STARTING if waiting else "")),
            _people(row),
            local_time(row["requested_at"]),
            time_left(row["expires_at"]) if waiting else "",
            status_text(row["status"]),
        )
    return table


def approval_table(row: dict[str, Any]) -> Table:
    """One approval, or one run with its approvals, as names and values."""
    table = Table(show_header=False)
    table.add_column(style="bold")
    table.add_column(overflow="fold")
    for name, value in row.items():
        if name not in _ROWS_OF_THEIR_OWN and value not in (None, "", []):
            shown = ", ".join(value) if isinstance(value, list) else str(value)
            table.add_row(name.replace("_", " "), plain(shown))
    for vote in row.get("votes", []):
        word = "approved" if vote["approved"] else "rejected"
        note = f": {vote['note']}" if vote["note"] else ""
        table.add_row("vote", plain(f"{vote['approver']} {word} ({vote['channel']}){note}"))
    for away in row.get("away", []):
        note = f": {away['note']}" if away["note"] else ""
        shown = f"{away['approver']} answers automatically since {local_time(away['at'])}{note}"
        table.add_row("away", plain(shown))
    for bounce in row.get("undeliverable", []):
        status = f": {bounce['status']}" if bounce["status"] else ""
        table.add_row("undeliverable to", plain(f"{bounce['approver']}{status}"))
    for approval in row.get("approvals", []):
        shown = f"{approval['request_id']} {approval['status']}: {approval['summary']}"
        table.add_row("approval", plain(shown))
    return table


def events_table(events: list[dict[str, Any]]) -> Table:
    table = Table(title="audit trail")
    for column in ("n", "at", "event"):
        table.add_column(column, no_wrap=True)
    table.add_column("details", overflow="fold")
    for event in events:
        details = "; ".join(
            f"{name}={_shown(value)}"
            for name, value in event.items()
            if name not in ("n", "at", "kind")
        )
        table.add_row(str(event["n"]), local_time(event["at"]), event["kind"], plain(details))
    return table


def tools_table(rows: list[dict[str, Any]]) -> Table:
    table = Table()
    table.add_column("tool", no_wrap=True)
    for column in ("risk", "idempotent", "arguments", "file"):
        table.add_column(column, overflow="fold")
    for row in rows:
        retried = "yes" if row["idempotent"] else "no"
        arguments = ", ".join(row["arguments"])
        table.add_row(row["name"], row["risk"], retried, plain(arguments), plain(row["file"]))
    return table


def console() -> Console:
    return Console(highlight=False)


def local_time(moment: str | None) -> str:
    if not moment:
        return ""
    return datetime.fromisoformat(moment).astimezone().strftime("%Y-%m-%d %H:%M:%S")


def time_left(moment: str | None) -> str:
    if not moment:
        return ""
    left = (datetime.fromisoformat(moment) - datetime.now(UTC)).total_seconds()
    return format_duration(left) if left > 0 else "over"


def status_text(status: str) -> Text:
    return Text(status, style=_COLORS.get(status, ""))


def plain(text: str) -> Text:
    """Other people's words: no markup in them, and nothing that drives a terminal."""
    return Text(visible(text))


def _people(row: dict[str, Any]) -> str:
    away = row.get("away", [])
    return ", ".join(f"{p} (away)" if p in away else p for p in row["approvers"])


def _shown(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
