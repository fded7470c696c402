"""A copy of the repository that a page may do with as it likes, and the environment for it."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from agent.settings import Settings
from demo.cache import cache_directory

ROOT = Path(__file__).parents[2]
STAND_INS = Path(__file__).parent / "stand_ins"
COLUMNS = "118"  # as wide as the samples on the pages
_NOT_THEIRS = ("TEMPORAL_", "OPENAI_", "PYTEST", "MAKE", "MFLAGS", "REQUEST", "REPLY", "TIMEOUT")


def copy_repository(target: Path) -> None:
    """Every file that belongs to it as it lies here, with the virtual environment at hand."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    files = [Path(name) for name in listed.stdout.split("\0") if name]
    # Compiled once is enough for all pages.
    files += [path.relative_to(ROOT) for top in _COMPILED for path in (ROOT / top).rglob("*.pyc")]
    for file in files:
        if (ROOT / file).is_file():
            (target / file).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / file, target / file)
    _link_environment(target / ".venv")
    for installed in ROOT.glob("examples/*/node_modules"):
        (target / installed.relative_to(ROOT)).symlink_to(installed)


_COMPILED = ("agent", "mail", "demo")


def _link_environment(target: Path) -> None:
    """Links in a folder of its own: whatever a page does to it, ours stays. Ready as far as make
    can tell, which would build another one."""
    target.mkdir()
    for entry in Path(sys.prefix).iterdir():
        if not entry.name.startswith("."):
            (target / entry.name).symlink_to(entry)
    for mark in (".ready", ".bench", ".fuzz"):
        (target / mark).touch()


def environment(
    repository: Path, bin_directory: Path, settings: Mapping[str, str]
) -> dict[str, str]:
    """That of whoever runs the tests, without settings of theirs, and with these. Plain `python`
    is the one with the packages."""
    ours = {name.upper() for name in Settings.model_fields}
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in ours and not name.startswith(_NOT_THEIRS)
    }
    own = [STAND_INS, bin_directory, repository / ".venv" / "bin"]
    path = [*map(str, own), kept.get("PATH", os.defpath)]
    cli = cache_directory() / "temporal"
    if cli.exists() and not (bin_directory / "temporal").exists():
        (bin_directory / "temporal").symlink_to(cli)
    return {
        **kept,
        "PATH": os.pathsep.join(path),
        "COLUMNS": COLUMNS,
        "LC_ALL": "C.UTF-8",
        "PYTHONUNBUFFERED": "1",
        **settings,
    }
