"""`make guards`: exit code 0 if, without each guard in turn, the tests named for it fail."""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from queue import SimpleQueue

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from tests.guards import show
from tests.guards.forked import end_all
from tests.guards.table import Guard, TableError, load
from tests.guards.trial import Report, Trial, copy_tree, last_lines, run_tests, try_guard


def main(arguments: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    console = show.console()
    try:
        guards = [guard for guard in load() if guard.has(options.k)]
        for guard in guards:
            guard.changed()
        if not guards:
            raise TableError(f"no row has all of: {options.k}")
        return _try_all(guards, max(1, options.j), console)
    except TableError as error:
        console.print(str(error), style="red", markup=False, highlight=False, soft_wrap=True)
        return 1
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.guards", description=__doc__)
    parser.add_argument("-k", default="", metavar="WORDS", help="only rows that hold these words")
    parser.add_argument("-j", type=int, default=os.cpu_count() or 2, help="trials side by side")
    return parser


def _try_all(guards: Sequence[Guard], jobs: int, console: Console) -> int:
    begun = time.monotonic()
    jobs = min(jobs, len(guards))
    with (
        tempfile.TemporaryDirectory(prefix="guards-", ignore_cleanup_errors=True) as temporary,
        ThreadPoolExecutor(jobs) as pool,
    ):
        copies = [Path(temporary) / str(number) for number in range(jobs)]
        for copy in copies:
            copy_tree(copy)
        try:
            if not _passes_untouched(pool, copies, guards, console):
                return 1
            trials = list(_shown(pool, copies, guards, console))
        except BaseException:
            # Whoever leaves early waits for nobody.
            pool.shutdown(wait=False, cancel_futures=True)
            end_all()
            raise
    faults = [trial for trial in trials if trial.fault]
    for trial in faults:
        console.print(show.fault(trial), soft_wrap=True)
    held = len(trials) - len(faults)
    seconds = time.monotonic() - begun
    console.print(f"{held} of {len(trials)} guards are held by a test, {seconds:.0f} s")
    return 1 if faults else 0


def _passes_untouched(
    pool: ThreadPoolExecutor, copies: list[Path], guards: Sequence[Guard], console: Console
) -> bool:
    """A test that fails anyway, or does not run, would show nothing."""
    tests = sorted({test for guard in guards for test in guard.tests})
    shares = [(copy, tests[number :: len(copies)]) for number, copy in enumerate(copies)]

    def one(share: tuple[Path, list[str]]) -> Report:
        return run_tests(*share, bytecode=True)

    with console.status(f"{len(tests)} tests on the tree as it is"):
        reports = list(pool.map(one, shares))
    faulty = [report for report in reports if report.code != 0 or report.skipped]
    for report in faulty:
        console.print(last_lines(report.output), markup=False, highlight=False, soft_wrap=True)
        console.print("The tests named must all run, and pass, on the tree as it is.", style="red")
    if not faulty:
        console.print(f"{len(tests)} tests pass on the tree as it is")
    return not faulty


def _shown(
    pool: ThreadPoolExecutor, copies: list[Path], guards: Sequence[Guard], console: Console
) -> Iterator[Trial]:
    free: SimpleQueue[Path] = SimpleQueue()
    for copy in copies:
        free.put(copy)

    def one(guard: Guard) -> Trial:
        copy = free.get()
        try:
            return try_guard(copy, guard)
        finally:
            free.put(copy)

    columns = (TextColumn("guards"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    console.print(show.head(console.width))
    with Progress(*columns, console=console, transient=True) as progress:
        bar = progress.add_task("guards", total=len(guards))
        for done in as_completed([pool.submit(one, guard) for guard in guards]):
            trial = done.result()
            console.print(show.row(trial, console.width))
            progress.advance(bar)
            yield trial


if __name__ == "__main__":
    sys.exit(main())
