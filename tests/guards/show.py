"""What a person sees of the trials: a row a guard as they end, and the sum of them."""

from rich.console import Console
from rich.table import Table
from rich.text import Text

from tests.guards.trial import Trial

_WIDE = 140


def console() -> Console:
    """A log has no width of its own, and its rows are to stay rows."""
    shown = Console()
    return shown if shown.is_terminal else Console(width=_WIDE)


def row(trial: Trial, width: int) -> Table:
    first, *more = (test.partition("::")[2] for test in trial.guard.tests)
    named = f"{first} and {len(more)} more" if more else first
    held = Text("NOT HELD ✗", "bold red") if trial.fault else Text("held ✓", "green")
    return _line(width, Text(trial.guard.name), Text(named, "dim"), held, f"{trial.seconds:.1f} s")


def head(width: int) -> Table:
    titles = ("guard that is taken out", "test that must fail then", "", "took")
    return _line(width, *(Text(title, "bold") for title in titles))


def fault(trial: Trial) -> Text:
    return Text(f"{trial.guard.name} ({trial.guard.file}): {trial.fault}", "red")


def _line(width: int, *cells: Text | str) -> Table:
    """A table of one row: the next ones are not known yet, and their columns must stand below."""
    table = Table.grid(padding=(0, 2))
    words = max(20, (width - 26) // 2)
    table.add_column(width=words)
    table.add_column(width=words)
    table.add_column(width=10)
    table.add_column(width=7, justify="right")
    table.add_row(*cells)
    return table
