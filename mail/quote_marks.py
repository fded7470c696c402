"""What marks a quoted line in plain text."""

import re
from collections.abc import Sequence

from mail.text import FENCE

BLANKS = " \t\r\xa0\ufeff"
INVISIBLE = "\u200b\u200c\u200d\u2060\xad"

# RFC 3676 §4.5, and the same as East Asian keyboards write it; with initials before it as The Bat!,
# Gnus with Supercite and Becky write it; and the fence of our own lines.
_MARKED = re.compile(rf"[ \t\xa0]*(?:[>\uff1e{FENCE}]|[A-Z][A-Za-z]{{0,3}}[>\uff1e])")
# Programs of the nineties, s-nail and wikis put a bar there; people draw lists and boxes with it.
BARRED = re.compile(r"[ \t\xa0]*\|")
# mailx and Eudora put nothing there but a tab or blanks.
INDENTED = re.compile(r"[ \t\xa0]+[^ \t\xa0\r]")
# These take the mark of a quote from its first line alone, right below an attribution.
MARKS_BELOW = (BARRED, INDENTED)


def is_blank(line: str) -> bool:
    return not line.strip(BLANKS + INVISIBLE)


def is_marked(line: str) -> bool:
    return line[:1] == ">" or _MARKED.match(line) is not None


def mark_below(lines: Sequence[str], at: int) -> re.Pattern[str] | None:
    """The weak mark that the first line below bears, if it bears one."""
    first = following(lines, at)[:1]
    return next((mark for mark in MARKS_BELOW if first and mark.match(first[0])), None)


def quoted_at(lines: Sequence[str], at: int) -> bool:
    below = following(lines, at)[:1]
    return any(is_marked(line) or mark_below(lines, at) is not None for line in below)


def following(lines: Sequence[str], at: int) -> list[str]:
    return [line for line in lines[at : at + 4] if not is_blank(line)]


def without_mark(line: str) -> str:
    match = _MARKED.match(line)
    return line[match.end() :] if match else line
