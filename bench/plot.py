"""The figures as pictures: pushes, backlogs, memory; replies read a second."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench.reader import OURS, Speed
from bench.report import Row

_COLOURS = {"ours": "#1f6feb", "bare": "#8b949e"}


def draw(rows: Sequence[Row], path: Path) -> None:
    """Raises ImportError without matplotlib, which only `make bench` installs."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, (pushes, backlogs, memory) = pyplot.subplots(1, 3, figsize=(15, 4.2))
    _pushes(pushes, [row for row in rows if row.what.startswith("push") and "p50" in row.what])
    _backlogs(backlogs, [row for row in rows if row.what.startswith("backlog")])
    _memory(memory, [row for row in rows if "waiting" in row.what])
    figure.tight_layout()
    figure.savefig(path, dpi=110)
    pyplot.close(figure)


def draw_reader(speeds: Sequence[Speed], path: Path) -> None:
    """Raises ImportError without matplotlib, too."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(11, 4.2))
    names = list(speeds[0].rates)
    width = 0.8 / len(names)
    for place, name in enumerate(names):
        at = [kind + (place - (len(names) - 1) / 2) * width for kind in range(len(speeds))]
        rates = [sorted(speed.rates[name]) for speed in speeds]
        shade = _COLOURS["ours"] if name == OURS else f"{0.35 + 0.5 * place / len(names):.2f}"
        axes.bar(at, [one[len(one) // 2] for one in rates], 0.95 * width, color=shade, label=name)
        axes.vlines(at, [one[0] for one in rates], [one[-1] for one in rates], "k", linewidth=0.8)
    axes.set_xticks(range(len(speeds)), [speed.kind for speed in speeds])
    axes.set_title("replies read, median of the rounds, one core")
    axes.set_ylabel("messages a second")
    _legend(axes)
    figure.tight_layout()
    figure.savefig(path, dpi=110)
    pyplot.close(figure)


def _pushes(axes: Any, rows: Sequence[Row]) -> None:
    axes.set_title("from push to accepted signal")
    for row in rows:
        for side, style in (("ours", "-"), ("bare", "--")):
            times = sorted(1000 * seconds for seconds in row.details[side])
            share = [100 * (n + 1) / len(times) for n in range(len(times))]
            width = 2 if row.server == "dovecot" else 1
            label = f"{side}, {row.server}"
            axes.plot(times, share, style, color=_COLOURS[side], linewidth=width, label=label)
    axes.set_xlabel("ms")
    axes.set_ylabel("% of replies")
    axes.set_xlim(left=0)
    _legend(axes)


def _backlogs(axes: Any, rows: Sequence[Row]) -> None:
    axes.set_title("backlog drained, median of the rounds")
    for place, row in enumerate(rows):
        for shift, side in ((-0.2, "ours"), (0.2, "bare")):
            rates = sorted(row.details[side])
            label = side if place == 0 else None
            axes.bar(place + shift, rates[len(rates) // 2], 0.38, color=_COLOURS[side], label=label)
            axes.plot([place + shift] * len(rates), rates, "k.")
    axes.set_xticks(range(len(rows)), [row.server for row in rows])
    axes.set_ylabel("replies a second")
    _legend(axes)


def _memory(axes: Any, rows: Sequence[Row]) -> None:
    axes.set_title("approvals waiting and the worker's memory")
    for row in rows:
        samples = row.details["samples"]
        axes.plot([s[0] for s in samples], [s[2] for s in samples], color=_COLOURS["ours"])
        right = axes.twinx()
        right.plot([s[0] for s in samples], [s[1] for s in samples], "--", color=_COLOURS["bare"])
        right.set_ylabel("approvals waiting (dashed)")
        right.set_ylim(bottom=0)
    axes.set_xlabel("s")
    axes.set_ylabel("MB resident")
    axes.set_ylim(bottom=0)


def _legend(axes: Any) -> None:
    # A run that was interrupted has figures missing.
    if axes.get_legend_handles_labels()[0]:
        axes.legend()
