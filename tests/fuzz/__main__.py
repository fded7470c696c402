"""Any bytes into the reader, guided by what code they reach: `make fuzz MINUTES=10`.

The corpus lies in `.fuzz/corpus` and grows from run to run; what breaks an invariant is written to
`.fuzz/crash-…`, and ends the run.
"""

import os
import random
import shutil
import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["mail"]):
    from tests.fuzz.changes import changed
    from tests.fuzz.invariants import broken

_ROOT = Path(__file__).parents[2]
_KEPT = _ROOT / ".fuzz"
_SEEDS = _ROOT / "tests" / "data" / "replies"
_LONGEST = 20_000


def main() -> None:
    corpus = _KEPT / "corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    for seed in _SEEDS.glob("*/*.eml"):
        if seed.stat().st_size <= _LONGEST:
            shutil.copy(seed, corpus / f"seed-{seed.parent.name}-{seed.stem}")
    seconds = round(60 * float(os.environ.get("MINUTES", "10")))
    options = [
        str(corpus),
        f"-artifact_prefix={_KEPT}/",
        f"-dict={Path(__file__).parent / 'words.dict'}",
        f"-max_len={_LONGEST}",
        f"-max_total_time={seconds}",
        "-timeout=20",
        "-rss_limit_mb=2048",
        "-print_final_stats=1",
    ]
    atheris.Setup([sys.argv[0], *options], _look, custom_mutator=_mutate)
    atheris.Fuzz()


def _mutate(data: bytes, max_size: int, seed: int) -> bytes:
    chosen = random.Random(seed)
    # What the fuzzer does by itself finds the odd bytes; the changes to lines, the odd messages.
    if chosen.random() < 0.5:
        return bytes(atheris.Mutate(data or b"\n", max_size))
    return changed(data, chosen)[:max_size]


def _look(raw: bytes) -> None:
    if fault := broken(raw):
        raise AssertionError(fault)


if __name__ == "__main__":
    main()
