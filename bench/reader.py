"""The reader beside reply extractors: messages a second on one core, each round all in turn.

Ours makes a decision: MIME, automatic mail, HTML, quotes and wording; a peer takes the text out.
"""

import contextlib
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from statistics import median

from rich.progress import Progress
from rich.table import Table

from bench.client_mail import corpus, kinds
from bench.peers import STRICT, Reader, peers
from bench.report import spread
from bench.worst import LIMIT_MB, LIMIT_SECONDS, Worst, worst
from mail.identity import Keyring
from mail.read import read

OURS = "ours"
ROUNDS = 12


@dataclass(frozen=True, slots=True)
class Speed:
    """One kind of message, read by everybody."""

    kind: str
    goal: float
    messages: int
    bytes_each: float
    rates: dict[str, list[float]]
    """Messages a second of each reader, one a round."""
    missing: dict[str, str]
    """Peers that cannot be had, and why."""

    @property
    def ratio(self) -> float | None:
        strict = next((name for name in self.rates if name.startswith(STRICT)), None)
        return median(self.rates[OURS]) / median(self.rates[strict]) if strict else None


@dataclass(frozen=True, slots=True)
class Figures:
    speeds: list[Speed]
    worst: list[Worst]


def measure(progress: Progress, rounds: int = ROUNDS) -> Figures:
    speeds = measure_speeds(progress, rounds)
    with tempfile.TemporaryDirectory(prefix="bench-worst-") as directory:
        return Figures(speeds, worst(Path(directory), progress))


def measure_speeds(progress: Progress, rounds: int) -> list[Speed]:
    readers: dict[str, Reader] = {OURS: read}
    missing: dict[str, str] = {}
    for name, peer in peers().items():
        if isinstance(peer, str):
            missing[name] = peer
        else:
            readers[name] = peer
    # One round more, to begin with.
    made = kinds(Keyring.from_secrets([token_hex(32)]), rounds + 1)
    found = [*made, *corpus(rounds + 1)]
    task = progress.add_task("reading replies", total=rounds * len(found))
    speeds = []
    for kind in found:
        rates: dict[str, list[float]] = {name: [] for name in readers}
        first, *later = kind.rounds
        for reader in readers.values():
            _rate(reader, first)
        # The peer of the goal and ours by themselves, each first in turn: what others leave in the
        # processor's caches slows whoever comes next.
        pair = [name for name in readers if name == OURS or name.startswith(STRICT)]
        for group in (pair, [name for name in readers if name not in pair]):
            for number, messages in enumerate(later):
                for name in group[:: -1 if number % 2 else 1]:
                    rates[name].append(_rate(readers[name], messages))
        progress.advance(task, rounds)
        size = sum(map(len, first)) / len(first)
        speeds.append(Speed(kind.name, kind.goal, len(first), size, rates, missing))
    return speeds


def tables(figures: Figures) -> list[Table]:
    return [speed_table(figures.speeds), worst_table(figures.worst)]


def _rate(reader: Reader, messages: Sequence[bytes]) -> float:
    """CPU time of this process alone, so that others at work do not count."""
    start = time.process_time()
    for raw in messages:
        # Peers raise for odd messages of the tests; that is their answer.
        with contextlib.suppress(Exception):
            reader(raw)
    return len(messages) / (time.process_time() - start)


def speed_table(speeds: Sequence[Speed]) -> Table:
    shown = Table(title="Messages a second on one core: median of the rounds (slowest-fastest)")
    first = speeds[0]
    for name in ("message", "kB", *first.rates, *first.missing, "ratio", "goal", ""):
        shown.add_column(name, overflow="fold")
    for speed in speeds:
        ratio = "" if speed.ratio is None else f"{speed.ratio:.2f} ×"
        shown.add_row(
            speed.kind,
            f"{speed.bytes_each / 1000:.1f}",
            *map(spread, speed.rates.values()),
            *speed.missing.values(),
            ratio,
            f">= {speed.goal} ×",
            "" if speed.ratio is None else _mark(speed.ratio >= speed.goal),
        )
    return shown


def worst_table(found: Sequence[Worst]) -> Table:
    shown = Table(title="The worst messages")
    for name in ("message", "seconds", "MB above idle", "goal", ""):
        shown.add_column(name, overflow="fold")
    goal = f"<= {LIMIT_SECONDS:.0f} s, <= {LIMIT_MB:.0f} MB"
    for one in found:
        met = one.seconds <= LIMIT_SECONDS and one.grown_mb <= LIMIT_MB
        shown.add_row(one.name, f"{one.seconds:.3f}", f"{one.grown_mb:.0f}", goal, _mark(met))
    return shown


def _mark(met: bool) -> str:
    return "[green]✓[/]" if met else "[red]✗[/]"
