"""Runs the checks one after the other, each with a deadline; none keeps the others from running."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from agent.command import DONE, FAILED, USAGE
from agent.doctor.calling_off import raise_if_called_off
from agent.doctor.finding import Finding, State, failed, skipped


@dataclass(frozen=True, slots=True)
class Step:
    """Checks that belong together; each finding stands for one."""

    title: str
    checks: tuple[str, ...]
    """What is said not to have been checked where the step cannot run."""
    run: Callable[[], AsyncGenerator[Finding, None]]
    seconds: float
    settings: tuple[str, ...] = ()
    """The beginnings of the names of the settings that have to be right for it."""
    after: tuple[str, ...] = ()
    """The checks that must not have failed."""


class Show(Protocol):
    """Whoever looks on."""

    def begin(self, title: str) -> None: ...

    def found(self, finding: Finding) -> None: ...


async def examine(
    steps: Sequence[Step], wrong: Collection[str], show: Show, *, debug: bool = False
) -> list[Finding]:
    """`wrong`: settings that are at fault. With `debug` a check that breaks is raised."""
    findings: list[Finding] = []
    for step in steps:
        raise_if_called_off()
        show.begin(step.title)
        if reason := _hindrance(step, wrong, findings):
            for check in step.checks:
                _take(skipped(check, reason), findings, show)
            continue
        await _run(step, findings, show, debug)
    return findings


def exit_code(findings: Iterable[Finding]) -> int:
    """0 nothing failed, 1 something did, 2 the configuration is at fault."""
    wrong = [finding for finding in findings if finding.state is State.FAILED]
    if any(finding.configuration for finding in wrong):
        return USAGE
    return FAILED if wrong else DONE


def _hindrance(step: Step, wrong: Collection[str], findings: Sequence[Finding]) -> str:
    if at_fault := sorted(name for name in wrong if name.startswith(step.settings)):
        return f"first mend {', '.join(at_fault)}"
    # What was not checked has not been found good either.
    bad = {f.check for f in findings if f.state in (State.FAILED, State.SKIPPED)}
    missing = [check for check in step.after if check in bad]
    return f"it needs {' and '.join(missing)}" if missing else ""


async def _run(step: Step, findings: list[Finding], show: Show, debug: bool) -> None:
    loop = asyncio.get_running_loop()
    began = loop.time()
    known = len(findings)
    try:
        async with asyncio.timeout(step.seconds), contextlib.aclosing(step.run()) as found:
            async for finding in found:
                now = loop.time()
                _take(replace(finding, seconds=now - began), findings, show)
                began = now
    except TimeoutError:
        late = failed(
            _next(step, findings[known:]),
            f"not done within {step.seconds:.0f} s",
            "look whether that server answers others; then try again",
        )
        _take(replace(late, seconds=loop.time() - began), findings, show)
    except Exception as error:
        if debug:
            raise
        # Of its words nobody knows what they hold.
        broken = failed(
            _next(step, findings[known:]),
            f"the check broke: {type(error).__name__}",
            "a fault of this command: --debug shows where",
        )
        _take(replace(broken, seconds=loop.time() - began), findings, show)


def _next(step: Step, found: Sequence[Finding]) -> str:
    """The check that was under way."""
    names = {finding.check for finding in found}
    return next((check for check in step.checks if check not in names), step.checks[-1])


def _take(finding: Finding, findings: list[Finding], show: Show) -> None:
    findings.append(finding)
    show.found(finding)
