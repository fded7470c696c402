"""Markdown -> what a reader of a page is told to do, from top to bottom. Pure.

- A block `console` holds commands, `$ ` in front (`\\` at the end of a line goes on), and below
  each what it prints. `# exit 1` at the end of a command: it is meant to end so.
- A block with a second word in its info string (```` ```ini .env ````) is that file's content.
- `<!-- stands: temporal mail model worker -->` in the page: from there on these are up, and the
  environment holds the settings for them.
- `<!-- answers: APPROVE -->`: from there on an approver answers so whatever they are asked.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_FENCE = re.compile(r"^(?P<indent> *)(?P<marks>`{3,}|~{3,})(?P<info>[^`]*)$")
_STANDS = re.compile(r"^<!-- stands: (?P<names>[a-z ]+?) *-->$")
_ANSWERS = re.compile(r"^<!-- answers: (?P<words>.+?) *-->$")
_EXIT = re.compile(r"\s+# exit (?P<code>\d+)$")
PROMPT = "$ "


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block; `line` is that of its first mark, counted from 1."""

    line: int
    info: str
    lines: tuple[str, ...]

    @property
    def language(self) -> str:
        return self.info.partition(" ")[0]

    @property
    def path(self) -> str:
        """Whose content it is; empty if that is nobody's."""
        return self.info.partition(" ")[2].strip()


@dataclass(frozen=True, slots=True)
class Command:
    """One command, the exit code it is meant to have, and what the page shows of its output."""

    line: int
    text: str
    code: int
    sample: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class File:
    line: int
    path: str
    content: str


@dataclass(frozen=True, slots=True)
class Stands:
    line: int
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answers:
    line: int
    words: str


Step = Command | File | Stands | Answers


def blocks(markdown: str) -> Iterator[Block]:
    """Every fenced block, its indentation taken off."""
    lines = markdown.splitlines()
    at = 0
    while at < len(lines):
        fence = _FENCE.match(lines[at])
        first = at
        at += 1
        if not fence:
            continue
        indent = len(fence["indent"])
        inside = []
        while at < len(lines) and lines[at].strip() != fence["marks"]:
            inside.append(lines[at][min(indent, _indent(lines[at])) :])
            at += 1
        at += 1
        yield Block(first + 1, fence["info"].strip(), tuple(inside))


def prose(markdown: str) -> str:
    """The page without its fenced blocks; every line keeps its number."""
    lines = markdown.splitlines()
    for block in blocks(markdown):
        for at in range(block.line - 1, block.line + len(block.lines) + 1):
            if at < len(lines):
                lines[at] = ""
    return "\n".join(lines)


def steps(markdown: str) -> list[Step]:
    """Commands, files and what stands, in the order of the page."""
    found: list[Step] = []
    for block in blocks(markdown):
        if block.language == "console":
            found += commands(block)
        elif block.path:
            found.append(File(block.line, block.path, "\n".join(block.lines) + "\n"))
    for number, line in enumerate(prose(markdown).splitlines(), 1):
        if match := _STANDS.match(line):
            found.append(Stands(number, tuple(match["names"].split())))
        if match := _ANSWERS.match(line):
            found.append(Answers(number, match["words"]))
    return sorted(found, key=lambda step: step.line)


def commands(block: Block) -> Iterator[Command]:
    """What stands in front of the first prompt belongs to no command and is left out."""
    at = 0
    while at < len(block.lines):
        line = block.line + 1 + at
        if not block.lines[at].startswith(PROMPT):
            at += 1
            continue
        typed = [block.lines[at].removeprefix(PROMPT)]
        at += 1
        while typed[-1].endswith("\\") and at < len(block.lines):
            typed.append(block.lines[at])
            at += 1
        first = at
        while at < len(block.lines) and not block.lines[at].startswith(PROMPT):
            at += 1
        text = "\n".join(typed)
        meant = _EXIT.search(text)
        yield Command(line, text, int(meant["code"]) if meant else 0, block.lines[first:at])


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
