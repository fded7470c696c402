"""`python -m bench`: runs everything, prints the table, writes JSON and a plot."""

import asyncio
import json
import os
import platform
import tempfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from bench.place import own_temporal, place
from bench.plot import draw
from bench.report import Row, as_json, table
from bench.run import FULL, SMALL, Sizes, run, servers

RESULTS = Path(__file__).parent / "results"


def main(
    small: Annotated[bool, typer.Option("--small", help="A quick look, in minutes.")] = False,
    approvals: Annotated[int, typer.Option(help="How many wait.")] = FULL.approvals,
    backlog: Annotated[int, typer.Option(help="Replies to a backlog.")] = FULL.replies,
    rounds: Annotated[int, typer.Option(help="Backlogs a side and server, at most 2.")] = 2,
    flood: Annotated[int, typer.Option(help="Unrelated messages before one reply.")] = FULL.small,
    out: Annotated[Path, typer.Option(help="Where latest.json and latest.png go.")] = RESULTS,
) -> None:
    """Measure everything beside the bare protocol."""
    console = Console()
    rows: list[Row] = []
    try:
        full = replace(FULL, approvals=approvals, replies=backlog, rounds=rounds, small=flood)
        asyncio.run(_measure(console, SMALL if small else full, rows))
    finally:
        if rows:
            console.print(table(rows))
            _write(rows, out, console)


async def _measure(console: Console, sizes: Sizes, rows: list[Row]) -> None:
    progress = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
    )
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
