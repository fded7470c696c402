"""What a person sees of a round: progress while it runs, a table at its end."""

import time

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from tests.chaos.round import Plan, Report

_LINE_SECONDS = 60.0  # where nobody sees the bars: a log gets a line


class Bars:
    """Requests done and kills; use as a context manager."""

    def __init__(self, plan: Plan, progress: Progress) -> None:
        self._progress = progress
        self._requests = progress.add_task("requests", total=plan.requests)
        self._kills = progress.add_task("kills", total=plan.kills)
        self._shown_at = time.monotonic()

    def show(self, report: Report) -> None:
        self._progress.update(self._requests, completed=report.done)
        self._progress.update(self._kills, completed=report.kills)
        console = self._progress.console
        if not console.is_terminal and time.monotonic() - self._shown_at > _LINE_SECONDS:
            self._shown_at = time.monotonic()
            console.print(f"{report.done} requests, {report.kills} kills", highlight=False)

    def close(self) -> None:
        self._progress.remove_task(self._requests)
        self._progress.remove_task(self._kills)


def columns() -> tuple[TextColumn, BarColumn, MofNCompleteColumn, TimeElapsedColumn]:
    return (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )


def table(report: Report) -> Table:
    shown = Table(title=f"seed {report.plan.seed}", show_header=False)
    shown.add_column()
    shown.add_column(justify="right")
    shown.add_row("requests ended", f"{report.done} of {report.plan.requests}")
    for outcome, count in sorted(report.outcomes.items()):
        shown.add_row(f"  {outcome}", str(count))
    shown.add_row("action outcome unknown (not idempotent)", str(report.unknown))
    shown.add_row("kills (-9)", str(report.kills))
    for kind, count in sorted(report.disturbances.items()):
        shown.add_row(f"  {kind}", str(count))
    shown.add_row("mails to people", str(report.mails))
    shown.add_row("  doubles under the same Message-ID", str(report.doubles))
    shown.add_row("replies delivered to the agent", str(report.replies))
    shown.add_row("  doubles under the same Message-ID", str(report.doubled_replies))
    shown.add_row("longest wait for an end that was due", f"{report.longest_wait:.0f} s")
    shown.add_row("duration", f"{report.seconds:.0f} s")
    shown.add_row("violations", str(len(report.violations)))
    return shown


def violations(report: Report) -> str:
    """One line a violation, and where the logs are; '' if there is none."""
    if not report.violations:
        return ""
    lines = [f"request {v.number} {v.request_id}: {v.text}" for v in report.violations]
    return "\n".join([*lines, f"logs and databases: {report.directory}"])
