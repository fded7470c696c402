"""The agent's mailbox in a terminal: its reader, what waits, what was put aside and by whom."""

from datetime import UTC, datetime
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table

from agent.display import local_time, plain
from agent.durations import format_duration

_UNREADABLE = "(no one sender)"


def mailbox_view(row: dict[str, Any]) -> RenderableType:
    parts: list[RenderableType] = [_facts(row)]
    for folder, view in row["folders"].items():
        if view["messages"]:
            parts += [_senders(folder, view), _newest(folder, view)]
    return Group(*parts)


def _facts(row: dict[str, Any]) -> Table:
    table = Table(show_header=False)
    table.add_column(style="bold")
    table.add_column(overflow="fold")
    swept = row["last_sweep"]
    table.add_row("mailbox", row["mailbox"])
    table.add_row("read by", plain(row["reader"] or "nobody: start worker.py"))
    table.add_row("last read", f"{local_time(swept)} ({_ago(swept)} ago)" if swept else "not yet")
    table.add_row("in the inbox", str(row["backlog"]))
    for folder, count in sorted(row["read"].items()):
        table.add_row(f"put into {folder}", f"{count} in all")
    for folder, view in row["folders"].items():
        table.add_row(f"now in {folder}", str(view["messages"]))
    if row["retried"]:
        table.add_row("to be read again", ", ".join(map(str, row["retried"])))
    return table


def _senders(folder: str, view: dict[str, Any]) -> Table:
    table = Table(title=f"{folder}: who sent it")
    table.add_column("messages", justify="right")
    table.add_column("sender", overflow="fold")
    for sender in view["senders"]:
        table.add_row(str(sender["messages"]), plain(sender["sender"] or _UNREADABLE))
    return table


def _newest(folder: str, view: dict[str, Any]) -> Table:
    table = Table(title=f"{folder}: the newest")
    table.add_column("UID", justify="right", no_wrap=True)
    for column in ("sender", "subject"):
        table.add_column(column, overflow="fold")
    for message in view["newest"]:
        sender = message["sender"] or _UNREADABLE
        table.add_row(str(message["uid"]), plain(sender), plain(message["subject"]))
    return table


def _ago(moment: str) -> str:
    return format_duration((datetime.now(UTC) - datetime.fromisoformat(moment)).total_seconds())
