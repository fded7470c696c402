"""One trial: a copy of the tree without one guard, and what its tests say there."""

import shutil
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from tests.guards.forked import run_pytest
from tests.guards.table import ROOT, Guard

SECONDS = 60  # a test: without its guard it may wait for ever, which is a failure like any other
_TRIAL_SECONDS = 120  # and then not come to an end, which shows nothing
_TAIL = 15
# What a change that cannot run makes of every test: it shows nothing.
_BROKEN = ("NameError", "UnboundLocalError", "ImportError", "ModuleNotFoundError", "SyntaxError")


@dataclass(frozen=True, slots=True)
class Report:
    """What a run of pytest said; tests by their node ids without parameters."""

    code: int
    failed: dict[str, str]
    """With the first line of why."""
    broken: tuple[str, ...]
    """Those that did not come to their own end: errors of collecting and of fixtures."""
    skipped: tuple[str, ...]
    output: str


@dataclass(frozen=True, slots=True)
class Trial:
    guard: Guard
    fault: str
    """Why its tests do not show that it is held; '' if they do."""
    seconds: float


def copy_tree(directory: Path) -> None:
    """With what Python has compiled, without what only a developer has, such as `.env`, `.venv` and
    `.git`, and what the examples are built to."""
    shutil.copytree(ROOT, directory, ignore=shutil.ignore_patterns(".*", "node_modules", "bin"))


def run_tests(
    directory: Path,
    tests: Sequence[str],
    *options: str,
    seconds: float = 1_800,
    bytecode: bool = False,
) -> Report:
    result, output = directory / "result.xml", directory / "output.txt"
    result.unlink(missing_ok=True)
    limits = ("--tb=short", f"--timeout={SECONDS}", f"--junit-xml={result}")
    given = (*limits, *options, *tests)
    code = run_pytest(directory, given, output, seconds, bytecode=bytecode)
    return _report(code, result, output.read_text(encoding="utf-8", errors="replace"))


def try_guard(directory: Path, guard: Guard) -> Trial:
    """Raises TableError if the row does not fit the tree. The copy is whole again afterwards."""
    begun = time.monotonic()
    path = directory / guard.file
    text = path.read_text(encoding="utf-8")
    path.write_text(guard.taken_out(text), encoding="utf-8")
    try:
        # Of several each has to fail, so none may be left out.
        first = ("-x",) if len(guard.tests) == 1 else ()
        report = run_tests(directory, guard.tests, *first, seconds=_TRIAL_SECONDS)
    finally:
        path.write_text(text, encoding="utf-8")
    return Trial(guard, fault_of(guard, report), time.monotonic() - begun)


def fault_of(guard: Guard, report: Report) -> str:
    """Why the report does not show that the guard is held; '' if it does."""
    if report.broken:
        return f"did not run: {report.broken[0]}"
    if report.code < 0:
        return "did not come to an end"
    if report.code not in (0, 1):
        return f"pytest ended with {report.code}: {last_lines(report.output, 1)}"
    for test, why in report.failed.items():
        if why.startswith(_BROKEN):
            return f"the change does not run: {test}: {why}"
    passed = [test for test in guard.tests if test not in report.failed]
    return f"no failure of {passed[0]}" if passed else ""


def last_lines(output: str, count: int = _TAIL) -> str:
    return "\n".join(output.strip().splitlines()[-count:])


def _report(code: int, result: Path, output: str) -> Report:
    if not result.exists():
        return Report(code, {}, (), (), output)
    failed: dict[str, str] = {}
    broken: list[str] = []
    skipped: list[str] = []
    for case in ElementTree.parse(result).iter("testcase"):
        node = _node(case)
        for child in case:
            if child.tag == "failure":
                failed.setdefault(node, child.get("message", "").partition("\n")[0])
            elif child.tag == "error":
                broken.append(node)
            elif child.tag == "skipped":
                skipped.append(node)
    return Report(code, failed, tuple(broken), tuple(skipped), output)


def _node(case: ElementTree.Element) -> str:
    file = case.get("classname", "").replace(".", "/")
    return f"{file}.py::{case.get('name', '').partition('[')[0]}"
