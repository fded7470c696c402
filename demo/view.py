"""How the demo looks: stages as they happen, mail as its reader sees it, the audit trail."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from rich.console import Console, Group
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from demo.letter import Letter
from demo.result import NO_ACTION
from demo.timeline import Show, Timeline

# `vote`, `proposed` and `ended` have several readings; what stands in braces comes from the event.
_SENTENCES = {
    "answer_failed": "an answer could not be mailed",
    "answer_sent": "{what} mailed to {to}",
    "approval_ended": "approval {request_id} ended: {outcome}",
    "approval_started": "approval {request_id} is needed",
    "assessed": "risk and policy assessed",
    "decision_ignored": "a decision was not counted: {why}",
    "executed": "action executed",
    "executing": "executing exactly this: {summary}",
    "failed": "action failed",
    "mail_cancelled": "request to {approver} called off: the approval has ended",
    "mail_refused": "the mail server refused {approver}",
    "mail_sent": "request mailed to {approver}",
    "notice": "mail that is no decision: {notice}",
    "outcome": "outcome: {outcome}",
    "requested": "approval requested",
    "resend": "an operator has it mailed again to {approvers}",
    "resend_refused": "not mailed again: {detail}",
    "resolved": "an operator has found out what became of the action",
    "started": "run started",
    "sweep": "mailbox read once more before the deadline counts",
    "sweep_failed": "the mailbox could not be read at the deadline",
    "told": "result told to the requester",
    "unknown": "whether the action ran is unknown",
}
_PLUMBING = ("n", "at", "kind")


class View:
    """Prints to one console, one line a stage."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self._timeline = Timeline()
        self._holding = False

    @contextmanager
    def in_order(self) -> Iterator[None]:
        """Within this block stages and letters wait for `release`, to be shown in order of time."""
        self._holding = True
        try:
            yield
        finally:
            self._holding = False
            self.release()

    def release(self, until: datetime | None = None) -> None:
        """Show what waits from before this moment; all that waits if none is given."""
        self._timeline.release(until)

    def stage(self, text: str, at: datetime | None = None, label: str = "demo") -> None:
        moment = (at or datetime.now(UTC)).astimezone()
        self._tell(moment, lambda: self._print_stage(text, moment, label))

    def event(self, label: str, event: dict[str, Any]) -> None:
        self.stage(sentence(event), _moment(event), label)

    def letter(self, letter: Letter, whose: str) -> None:
        self._tell(datetime.now(UTC), lambda: self._print_letter(letter, whose))

    def _tell(self, at: datetime, show: Show) -> None:
        self._timeline.add(at, show)
        if not self._holding:
            self.release()

    def _print_stage(self, text: str, moment: datetime, label: str) -> None:
        line = Text()
        line.append(f"{moment:%H:%M:%S}.{moment.microsecond // 100_000} ", style="dim")
        line.append(f"{label:<14} ", style="cyan")
        line.append(text)
        self.console.print(line, soft_wrap=True)

    def _print_letter(self, letter: Letter, whose: str) -> None:
        head = Text()
        for name, value in (
            ("From", letter.sender),
            ("To", letter.recipient),
            ("Subject", letter.subject),
        ):
            head.append(f"{name}: ", style="bold")
            head.append(f"{value}\n")
        title = Text(f"mailbox of {whose}")
        self.console.print(Panel(Group(head, Text(letter.text.rstrip())), title=title))

    def audit_trail(self, story: list[tuple[str, dict[str, Any]]]) -> None:
        table = Table(title="Audit trail", title_justify="left")
        table.add_column("time", no_wrap=True)
        table.add_column("where", no_wrap=True)
        table.add_column("event", no_wrap=True)
        table.add_column("details", overflow="fold")
        for label, event in story:
            moment = _moment(event)
            time = f"{moment.astimezone():%H:%M:%S}" if moment else ""
            details = Text(_details(event))
            table.add_row(time, label, Text(str(event.get("kind"))), details)
        self.console.print(table)

    def outcome(self, outcome: str) -> None:
        self.console.print(f"outcome: {outcome}", markup=False, highlight=False)


def sentence(event: dict[str, Any]) -> str:
    """The event in words; one of a kind that is not known here is told with all it holds."""
    kind = str(event.get("kind"))
    if kind in _READINGS:
        return _READINGS[kind](event)
    template = _SENTENCES.get(kind)
    if template is None:
        return f"{kind}: {_details(event)}"
    try:
        return template.format_map(event)
    except KeyError:
        return f"{template.partition(' {')[0]}: {_details(event)}"


def _vote(event: dict[str, Any]) -> str:
    word = "approved" if event.get("approved") else "rejected"
    note = f": {event['note']}" if event.get("note") else ""
    return f"{event.get('approver')} {word} by {event.get('channel')}{note}"


def _proposed(event: dict[str, Any]) -> str:
    calls = ", ".join(map(str, event.get("calls") or []))
    return f"the model proposed {calls}" if calls else "the model proposed nothing more"


def _ended(event: dict[str, Any]) -> str:
    nothing = str(event.get("result", "")).startswith(NO_ACTION)
    return "run ended: no action was needed" if nothing else "run ended"


_READINGS: dict[str, Callable[[dict[str, Any]], str]] = {
    "ended": _ended,
    "proposed": _proposed,
    "vote": _vote,
}


def _details(event: dict[str, Any]) -> str:
    pairs = ((name, value) for name, value in event.items() if name not in _PLUMBING)
    return ", ".join(f"{name}={value}" for name, value in pairs if value not in (None, "", [], {}))


def _moment(event: dict[str, Any]) -> datetime | None:
    try:
        return datetime.fromisoformat(str(event.get("at")))
    except ValueError:
        return None
