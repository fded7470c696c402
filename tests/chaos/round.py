"""One round: a fresh stage, its requests, the monkey among them, and the verdict."""

import asyncio
import shutil
import sqlite3
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from rich.console import Console

from tests.chaos.checks import Check, Violation, check_mailbox
from tests.chaos.monkey import Disturbance, Monkey
from tests.chaos.people import Play, Played
from tests.chaos.scripts import draw
from tests.chaos.stage import AGENT, Stage, set_up
from tests.waiting import until

# Every wait of the agent's own is shorter once all is up: heartbeats 20 and 30 s, sweeps 60 s,
# and the pauses before the next try, which double while an outage lasts.
PATIENCE_SECONDS = 300.0
_ASKED_AT_A_TIME = 4
_GATE_SECONDS = 0.2


@dataclass(frozen=True, slots=True)
class Plan:
    """How much, and by which seed. `short_seconds` is the deadline of what is to expire."""

    requests: int
    kills: int
    seed: int
    in_flight: int = 20
    pause_seconds: float = 3.0
    short_seconds: float = 90.0
    long_seconds: float = 3_600.0
    grace: str = "60s"


@dataclass
class Report:
    """What a round has shown."""

    plan: Plan
    directory: Path
    outcomes: Counter[str] = field(default_factory=Counter)
    disturbances: Counter[Disturbance] = field(default_factory=Counter)
    kills: int = 0
    mails: int = 0
    doubles: int = 0
    replies: int = 0
    doubled_replies: int = 0
    unknown: int = 0
    seconds: float = 0.0
    longest_wait: float = 0.0
    violations: list[Violation] = field(default_factory=list)
    done: int = 0


Progress = Callable[[Report], None]


async def play_round(
    plan: Plan, console: Console, progress: Progress = lambda report: None
) -> Report:
    """Play it. The directory of logs and databases is kept if anything was violated."""
    report = Report(plan, _directory())
    # A reply being sent holds a thread until its delivery, which wants another, is done.
    threads = ThreadPoolExecutor(3 * plan.in_flight)
    asyncio.get_running_loop().set_default_executor(threads)
    scripts = draw(Random(f"{plan.seed} scripts"), plan.requests)
    everything = [
        Played(n, script, plan.short_seconds if script.expires else plan.long_seconds)
        for n, script in enumerate(scripts, 1)
    ]
    people = [person for played in everything for person in played.people]
    began = time.monotonic()
    try:
        async with set_up(report.directory, people, plan.grace, console) as stage:
            await _play(stage, report, everything, progress)
            await _verdict(stage, report, everything)
    except BaseException:
        console.print(f"logs and databases: {report.directory}", highlight=False)
        raise
    report.seconds = time.monotonic() - began
    if not report.violations:
        shutil.rmtree(report.directory)
    return report


def _directory() -> Path:
    # Not pytest's: those are closed to the mail server's own user.
    directory = Path(tempfile.mkdtemp(prefix="chaos-"))
    directory.chmod(0o711)
    return directory


async def _play(stage: Stage, report: Report, everything: list[Played], progress: Progress) -> None:
    plan = report.plan
    started = 0
    gate = asyncio.Semaphore(plan.in_flight)

    def due() -> float:
        return 1 + started * plan.kills / plan.requests

    monkey = Monkey(stage, Random(f"{plan.seed} monkey"), plan.kills, plan.pause_seconds, due)

    async def one(number: int, played: Played) -> None:
        nonlocal started
        async with gate:
            # Spread over all kills, so that none of them hits a machine at rest.
            await monkey.reached((number - plan.in_flight) * plan.kills / plan.requests)
            started += 1
            await Play(stage, played).run()
        report.done += 1

    playing = [asyncio.create_task(one(n, played)) for n, played in enumerate(everything)]
    disturbing = asyncio.create_task(monkey.work())
    try:
        while not disturbing.done():
            report.kills, report.disturbances = monkey.kills, monkey.done
            progress(report)
            await asyncio.wait([disturbing], timeout=_GATE_SECONDS)
        report.kills = monkey.kills
        await disturbing
        end = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < end and not all(task.done() for task in playing):
            progress(report)
            await asyncio.sleep(_GATE_SECONDS)
        for task in playing:
            if task.done():
                await task
    finally:
        for task in (disturbing, *playing):
            task.cancel()
        await asyncio.gather(disturbing, *playing, return_exceptions=True)
    progress(report)


async def _verdict(stage: Stage, report: Report, everything: list[Played]) -> None:
    try:
        await until(lambda: _inbox_empty(stage), "an empty inbox")
    except AssertionError as error:
        report.violations.append(Violation(0, "", str(error)))
    faults = [fault for program in stage.programs for fault in program.faults]
    report.violations += [Violation(0, "", fault) for fault in faults]
    gate = asyncio.Semaphore(_ASKED_AT_A_TIME)

    async def one(check: Check) -> None:
        async with gate:
            await check.run()

    checks = [Check(stage, played) for played in everything]
    await asyncio.gather(*(one(check) for check in checks))
    for check in checks:
        report.outcomes[check.outcome] += 1
        report.violations += check.violations
    report.violations += await check_mailbox(stage, everything)
    known = {request_id for check in checks for request_id in check.request_ids}
    strays = _acted_for(stage) - known
    report.violations += [Violation(0, stray, "an effect of no approval") for stray in strays]
    _count(stage, report, everything)


async def _inbox_empty(stage: Stage) -> bool:
    return not await stage.post.messages(AGENT)


def _acted_for(stage: Stage) -> set[str]:
    with closing(sqlite3.connect(stage.shop)) as shop:
        return {row[0] for row in shop.execute("select request_id from effects")}


def _count(stage: Stage, report: Report, everything: list[Played]) -> None:
    boxes = stage.boxes
    ids = Counter(r.letter.message_id for got in boxes.received.values() for r in got)
    report.mails = ids.total()
    report.doubles = report.mails - len(ids)
    report.replies = boxes.delivered.total()
    report.doubled_replies = report.replies - len(boxes.delivered)
    report.unknown = sum("outcome unknown" in played.result for played in everything)
    report.longest_wait = max((played.waited_seconds for played in everything), default=0.0)
