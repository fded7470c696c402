"""Whether a command prints what a page shows, but for ids, times and numbers. Pure.

Every line shown must come; others may come between, and what happens at once may come in another
order. `…` in a line stands for anything. A row of a table is one line, however its cells are
broken. What names something (a request id, a workflow id, a digest) names the same thing on the
whole page: the first line that shows it says which it is in this run.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

_NAMES = (
    r"AR-[0-9A-HJKMNP-TV-Z]{10}",
    r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}",
    r"\b[0-9a-f]{64}\b",
    r"\b[a-z2-7]{28}\b",  # a token
)
_NAME = re.compile("|".join(_NAMES))
_TIME = r"\d{4}-\d\d-\d\d[T ]?\d\d:\d\d(?::\d\d)?(?:[.,]\d+)?Z?|\d\d:\d\d:\d\d(?:\.\d+)?"
_DATE = (
    r"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),?\s?)?\d{1,2}\s?"
    r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\s?\d{4}"
)
_SPAN = r"(?:\d+[dhms](?: ?\d+[dhms])*)(?!\w)"
_NUMBER = r"\d+(?:\.\d+)?"
# What took long says so, and what takes long on another day is no change.
_TOOK = re.compile(r" \(\d+(?:\.\d+)? s\)$")
_CELL = "│"
_LINE = r"[─━═-]{3,}"
_SAMPLE = re.compile(
    rf"(?P<name>{'|'.join(_NAMES)})|(?P<date>{_DATE})|(?P<time>{_TIME})|(?P<span>{_SPAN})|(?P<number>{_NUMBER})"
    rf"|(?P<rule>{_LINE})|(?P<blank>\s+)|(?P<any>…)"
)


@dataclass
class Names:
    """Names of the page -> those of this run."""

    real: dict[str, str] = field(default_factory=dict)

    def put_into(self, text: str) -> str:
        return _NAME.sub(lambda match: self.real.get(match[0], match[0]), text)


def unmatched(sample: Sequence[str], output: str, names: Names) -> list[str]:
    """The lines of the sample that do not come; `names` learns what the others name."""
    printed = rows_joined(output.splitlines())
    missing = []
    for line in rows_joined(sample):
        if not line.strip(" …"):
            continue
        found = _find(line, printed, names)
        if found is None:
            missing.append(line)
        else:
            del printed[found]
    return missing


def rows_joined(lines: Sequence[str]) -> list[str]:
    """Rows of tables without blanks, and with what is below them in the same cells: how wide a
    column is hangs on what else stands in it."""
    joined: list[str] = []
    cells: list[str] = []
    for line in lines:
        if not line.startswith(_CELL):
            joined.append(line)
            cells = []
            continue
        row = [re.sub(r"\s", "", cell) for cell in line.rstrip().split(_CELL)]
        if len(row) == len(cells) and not row[1]:
            cells = [above + below for above, below in zip(cells, row, strict=True)]
            joined[-1] = _CELL.join(cells)
        else:
            cells = row
            joined.append(_CELL.join(cells))
    return joined


def _find(line: str, printed: Sequence[str], names: Names) -> int | None:
    """Its place; a line with the very numbers that are shown is taken before any other."""
    for numbers in (True, False):
        order, pattern = _pattern(_TOOK.sub("", line.rstrip()), names, numbers)
        for at, text in enumerate(printed):
            if match := re.match(pattern, _TOOK.sub("", text.rstrip())):
                names.real.update(zip(order, match.groups(), strict=True))
                return at
    return None


def _pattern(line: str, names: Names, numbers: bool) -> tuple[list[str], str]:
    """The regular expression of a line, and whose names its groups hold."""
    order: list[str] = []

    def general(match: re.Match[str]) -> str:
        kind, text = str(match.lastgroup), match[0]
        if kind != "name":
            return re.escape(text) if kind == "number" and numbers else _GENERAL[kind]
        if text in names.real:
            return re.escape(names.real[text])
        if text in order:
            return rf"\{order.index(text) + 1}"
        order.append(text)
        return f"({next(form for form in _NAMES if re.fullmatch(form, text))})"

    pieces, last = [], 0
    stripped = line.rstrip()
    for match in _SAMPLE.finditer(stripped):
        pieces += [re.escape(stripped[last : match.start()]), general(match)]
        last = match.end()
    pieces.append(re.escape(stripped[last:]))
    return order, "".join(pieces) + r"\Z"


_GENERAL = {
    "date": f"(?:{_DATE})",
    "time": f"(?:{_TIME})",
    "span": _SPAN,
    "number": _NUMBER,
    "rule": _LINE,
    "blank": r"\s+",
    "any": ".*",
}
