"""`make chaos`: REQUESTS=300 KILLS=100 SEED=… MINUTES=…; exit code 0 if nothing was violated."""

import asyncio
import os
import secrets
import signal
import sys
import time

from rich.console import Console
from rich.progress import Progress

from tests.chaos.round import Plan, play_round
from tests.chaos.show import Bars, columns, table, violations


async def _rounds(plan: Plan, minutes: float, console: Console) -> int:
    """Rounds with the next seed each, until the time is over; the first violation ends them."""
    task = asyncio.current_task()
    assert task is not None
    # Ctrl-C does so by itself; else the servers would be left behind.
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    end = time.monotonic() + 60 * minutes
    seed = plan.seed
    while True:
        current = Plan(plan.requests, plan.kills, seed)
        console.print(f"SEED={seed}", highlight=False)
        with Progress(*columns(), console=console) as progress:
            bars = Bars(current, progress)
            report = await play_round(current, console, bars.show)
            bars.close()
        console.print(table(report))
        if report.violations:
            console.print(violations(report), markup=False, highlight=False, soft_wrap=True)
            return 1
        if time.monotonic() >= end:
            return 0
        seed += 1


def main() -> int:
    given = os.environ.get
    plan = Plan(
        requests=int(given("REQUESTS") or 300),
        kills=int(given("KILLS") or 100),
        seed=int(given("SEED") or secrets.randbelow(1_000_000)),
    )
    return asyncio.run(_rounds(plan, float(given("MINUTES") or 0), Console()))


if __name__ == "__main__":
    sys.exit(main())
