"""What marks a quoted line in plain text."""

import re
from collections.abc import Sequence

from mail.text import FENCE

BLANKS = " \t\r\xa0\ufeff"
INVISIBLE = "\u200b\u200c\u200d\u2060\xad"
_UNSEEN = BLANKS + INVISIBLE

# RFC 3676 §4.5, and the same as East Asian keyboards write it; with initials before it as The Bat!,
# Gnus with Supercite and Becky write it; and the fence of our own lines.
_MARKED = re.compile(rf"[ \t\xa0]*(?:[>\uff1e{FENCE}]|[A-Z][A-Za-z]{{0,3}}[>\uff1e])")
# Programs of the nineties, s-nail and wikis put a bar there; people draw lists and boxes with it.
BARRED = re.compile(r"[ \t\xa0]*\|")
# Among so many lines something follows.
FOLLOWING = 4
# mailx and s-nail put nothing there but a tab.
_TABBED = re.compile(r"\t")


def is_blank(line: str) -> bool:
    return not line.strip(_UNSEEN)


def is_marked(line: str) -> bool:
    return line[:1] == ">" or _MARKED.match(line) is not None


def is_quoted(line: str) -> bool:
    """Whether it bears a mark of a mail program's, and not our fence alone."""
    return is_marked(line) and not line.lstrip(BLANKS).startswith(FENCE)


def weak_mark(below: Sequence[str]) -> re.Pattern[str] | None:
    """The weak mark that the lines below an attribution bear, if they bear one."""
    if below and BARRED.match(below[0]):
        return BARRED
    return _TABBED if below and all(map(_TABBED.match, below[:2])) else None


def quoted_at(lines: Sequence[str], at: int) -> bool:
    below = following(lines, at)
    return bool(below) and (is_marked(below[0]) or weak_mark(below) is not None)


def following(lines: Sequence[str], at: int) -> list[str]:
    return [line for line in lines[at : at + FOLLOWING] if not is_blank(line)]


def without_mark(line: str) -> str:
    match = _MARKED.match(line)
    return line[match.end() :] if match else line


def trimmed(lines: Sequence[str]) -> tuple[str, ...]:
    """Without blanks around each line, and with one blank line between paragraphs."""
    # What cannot be seen behind a word changes nothing of it; before it or inside, it may.
    stripped = [line.strip(BLANKS) for line in lines]
    if not "".join(stripped).isascii():
        stripped = [line.rstrip(_UNSEEN) for line in stripped]
    full = [index for index, line in enumerate(stripped) if line]
    if not full:
        return ()
    kept: list[str] = []
    for line in stripped[full[0] : full[-1] + 1]:
        if line or kept[-1]:
            kept.append(line)
    return tuple(kept)
