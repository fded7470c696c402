"""One row a figure: ours, the bare protocol's, their ratio and the goal; as table and as JSON."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from statistics import median
from typing import Any

from rich.table import Table


@dataclass(frozen=True, slots=True)
class Row:
    what: str
    server: str
    ours: str
    bare: str
    ratio: float | None
    goal: str
    met: bool | None
    """None where there is nothing to meet: a figure to decide by."""
    details: dict[str, Any] = field(default_factory=dict)


def table(rows: Sequence[Row]) -> Table:
    shown = Table(title="Each figure beside the bare protocol, in one run on the same servers")
    for name in ("what", "on", "ours", "bare", "ratio", "goal", ""):
        shown.add_column(name, overflow="fold")
    for row in rows:
        mark = {True: "[green]✓[/]", False: "[red]✗[/]", None: ""}[row.met]
        ratio = "" if row.ratio is None else f"{row.ratio:.2f} ×"
        shown.add_row(row.what, row.server, row.ours, row.bare, ratio, row.goal, mark)
    return shown


def as_json(rows: Sequence[Row], machine: dict[str, Any]) -> dict[str, Any]:
    return {"machine": machine, "rows": [asdict(row) for row in rows]}


def quantile(values: Sequence[float], share: float) -> float:
    """The smallest value that so large a share of all does not exceed."""
    ordered = sorted(values)
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)]


def spread(values: Sequence[float], form: str = ",.0f") -> str:
    """Median, and from where to where."""
    middle = f"{median(values):{form}}"
    if len(values) == 1:
        return middle
    return f"{middle} ({min(values):{form}}-{max(values):{form}})"
