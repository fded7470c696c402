"""What our Dockerfile makes, in plain directories: its COPYs, the RUNs that install, its settings.

What a RUN does to the system outside the project (a user, a folder) is left to the reader of the
Dockerfile; a step of a kind not known here fails, so that none is passed over unseen.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).parents[1]
_FIRST_STAGES = "python:"  # the images that ours begin with
_SYSTEM = re.compile(r"groupadd |test -s /etc/ssl/certs/ca-certificates\.crt$")


@dataclass(frozen=True, slots=True)
class Step:
    keyword: str
    value: str


@dataclass
class Image:
    """One stage; paths within it are those of the Dockerfile, below `root`."""

    root: Path
    env: dict[str, str] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    workdir: str = "/"
    user: str = "0"
    command: list[str] = field(default_factory=list)
    health: str = ""

    def below(self, path: str) -> Path:
        return self.root / str(PurePosixPath("/", self.workdir, path)).lstrip("/")

    def environment(self) -> dict[str, str]:
        """What the image sets, with the machine's own programs behind its own."""
        own = f"{self.root}/venv/bin"
        assert self.env["PATH"] == "/venv/bin:$PATH"
        return {**self.env, "PATH": f"{own}:{os.defpath}:/usr/local/bin"}


def stages(text: str) -> dict[str, list[Step]]:
    """By name, each with its FROM first."""
    joined = re.sub(r"\\\n\s*", "", re.sub(r"^\s*#.*\n", "", text, flags=re.M))
    found: dict[str, list[Step]] = {}
    arguments: dict[str, str] = {}
    current: list[Step] = []
    for line in filter(None, map(str.strip, joined.splitlines())):
        keyword, _, value = line.partition(" ")
        if keyword == "ARG":
            name, _, default = value.partition("=")
            arguments[name] = default
            continue
        if keyword == "FROM":
            value, _, name = value.partition(" AS ")
            value = re.sub(r"\$\{(\w+)\}", lambda match: arguments[match[1]], value)
            current = found[name] = []
        current.append(Step(keyword, value))
    return found


class Builder:
    """Builds stages below a directory, each at most once."""

    def __init__(self, directory: Path) -> None:
        self.stages = stages((ROOT / "Dockerfile").read_text(encoding="utf-8"))
        self._directory = directory
        self._built: dict[str, Image] = {}
        self._context = context()

    def build(self, name: str) -> Image:
        if name not in self._built:
            self._built[name] = self._make(name)
        return self._built[name]

    def _make(self, name: str) -> Image:
        first, *others = self.stages[name]
        root = self._directory / name
        if first.value.startswith(_FIRST_STAGES):
            root.mkdir()
            image = Image(root)
        else:
            base = self.build(first.value)
            shutil.copytree(base.root, root, symlinks=True, copy_function=os.link)
            image = Image(root, {**base.env}, {**base.labels}, base.workdir, base.user)
        for step in others:
            getattr(self, f"_{step.keyword.lower()}")(image, step.value)
        return image

    def _workdir(self, image: Image, value: str) -> None:
        image.workdir = value
        image.below(".").mkdir(parents=True, exist_ok=True)

    def _user(self, image: Image, value: str) -> None:
        image.user = value

    def _env(self, image: Image, value: str) -> None:
        image.env |= dict(re.findall(r"(\w+)=(\S+)", value))

    def _label(self, image: Image, value: str) -> None:
        image.labels |= dict(re.findall(r'(\S+)="([^"]*)"', value))

    def _cmd(self, image: Image, value: str) -> None:
        image.command = json.loads(value)  # in any other form a shell gets the signals

    def _healthcheck(self, image: Image, value: str) -> None:
        image.health = value.partition("CMD ")[2]

    def _copy(self, image: Image, value: str) -> None:
        *sources, target = value.split()
        if sources[0].startswith("--from="):
            other = self.build(sources.pop(0).removeprefix("--from="))
            # Linked: what lies in another stage is not changed any more.
            shutil.copytree(
                other.below(sources[0]),
                image.below(target),
                symlinks=True,
                copy_function=os.link,
                dirs_exist_ok=True,
            )
            return
        for source in sources:
            self._copy_from_context(source, image.below(target), target.endswith("/"))

    def _copy_from_context(self, source: str, target: Path, into: bool) -> None:
        files = [path for path in self._context if path == source or path.startswith(f"{source}/")]
        assert files, f"COPY {source}: .dockerignore leaves nothing of it"
        for path in files:
            inside = PurePosixPath(path).relative_to(source)
            place = target / path if into else target / inside
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / path, place)

    def _run(self, image: Image, value: str) -> None:
        if _SYSTEM.match(value):
            return
        assert value.startswith("python -m "), value
        programs = self._directory / "programs"
        programs.mkdir(exist_ok=True)
        python = programs / "python"
        if not python.exists():
            python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
            python.chmod(0o755)
        # What pip has fetched for the tests before it need not fetch again.
        typed = value.replace("/venv", str(image.below("/venv"))).replace("--no-cache-dir", "")
        environ = {**os.environ, "PATH": f"{programs}:{os.environ['PATH']}"}
        subprocess.run(["sh", "-ec", typed], cwd=image.below("."), env=environ, check=True)


def context() -> list[str]:
    """The files here that `docker build .` sends; a folder that is nobody's as one."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--directory"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    paths = [path.rstrip("/") for path in listed.stdout.split("\0") if path]
    return sorted(path for path in paths if not ignored(path))


def ignored(path: str) -> bool:
    """The last rule of .dockerignore that fits a path, or a folder above it, decides."""
    parts = [path, *map(str, PurePosixPath(path).parents)][:-1]
    passed_over = False
    for rule in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines():
        if rule and not rule.startswith("#"):
            pattern = _pattern(rule.removeprefix("!"))
            if any(re.fullmatch(pattern, part) for part in parts):
                passed_over = not rule.startswith("!")
    return passed_over


def _pattern(rule: str) -> str:
    """`**/` stands for any number of folders, `*` for anything but a slash."""
    return re.escape(rule).replace(r"\*\*/", "(?:.*/)?").replace(r"\*", "[^/]*")
