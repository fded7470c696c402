"""`python -m bench`: runs everything, prints the tables, writes JSON and plots."""

import asyncio
import json
import os
import platform
import tempfile
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from bench.place import own_temporal, place
from bench.plot import draw, draw_reader
from bench.reader import ROUNDS, measure, tables
from bench.report import Row, as_json, table
from bench.run import FULL, SMALL, Sizes, run, servers

RESULTS = Path(__file__).parent / "results"
_FEW_ROUNDS = 5


def main(
    small: Annotated[bool, typer.Option("--small", help="A quick look, in minutes.")] = False,
    approvals: Annotated[int, typer.Option(help="How many wait.")] = FULL.approvals,
    backlog: Annotated[int, typer.Option(help="Replies to a backlog.")] = FULL.replies,
    rounds: Annotated[int, typer.Option(help="Backlogs a side and server, at most 2.")] = 2,
    reader: Annotated[bool, typer.Option("--reader", help="Only the reader of replies.")] = False,
    flood: Annotated[int, typer.Option(help="Unrelated messages before one reply.")] = FULL.small,
    out: Annotated[Path, typer.Option(help="Where the figures and plots go.")] = RESULTS,
) -> None:
    """Measure everything beside the bare protocol, and the reader beside reply extractors."""
    console = Console()
    _read(console, out, _FEW_ROUNDS if small else ROUNDS)
    if reader:
        return
    rows: list[Row] = []
    try:
        full = replace(FULL, approvals=approvals, replies=backlog, rounds=rounds, small=flood)
        asyncio.run(_measure(console, SMALL if small else full, rows))
    finally:
        if rows:
            console.print(table(rows))
            _write(rows, out, console)


async def _measure(console: Console, sizes: Sizes, rows: list[Row]) -> None:
    progress = _progress(console)
    with tempfile.TemporaryDirectory(prefix="bench-") as name, progress:
        directory = Path(name)
        with servers(directory) as pair:
            async with (
                own_temporal(console) as temporal,
                place(temporal, directory, progress) as here,
            ):
                async for row in run(here, pair, sizes):
                    rows.append(row)
                    progress.console.print(f"{row.what} ({row.server}): {row.ours} | {row.bare}")


def _read(console: Console, out: Path, rounds: int) -> None:
    with _progress(console) as progress:
        figures = measure(progress, rounds)
    for one in tables(figures):
        console.print(one)
    out.mkdir(parents=True, exist_ok=True)
    path = out / "reader.json"
    path.write_text(json.dumps({"machine": _machine(), **asdict(figures)}, indent=1) + "\n")
    draw_reader(figures.speeds, out / "reader.png")
    console.print(f"written: {path}, {out / 'reader.png'}")


def _progress(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
    )


def _write(rows: list[Row], out: Path, console: Console) -> None:
    out.mkdir(parents=True, exist_ok=True)
    path = out / "latest.json"
    path.write_text(json.dumps(as_json(rows, _machine()), indent=1) + "\n")
    draw(rows, out / "latest.png")
    console.print(f"written: {path}, {out / 'latest.png'}")


def _machine() -> dict[str, Any]:
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "system": platform.platform(),
    }


if __name__ == "__main__":
    typer.run(main)
