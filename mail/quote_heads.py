"""What stands above an original in a reply: attributions, and blocks of header fields.

A row of words that merely looks like one is somebody's own: each has to name a moment or an
address, as programs do.
"""

import re
from collections.abc import Sequence

from mail.quote_marks import (
    ADDRESS,
    ADDRESSED,
    BARRED,
    CUTS,
    DATED,
    FIELD,
    MARKED,
    STARTS,
    WROTE,
)

BLANKS = " \t\r\xa0\ufeff"
INVISIBLE = "\u200b\u200c\u200d\u2060\xad"
_ATTRIBUTION_LINES = 4
_BLOCK_LINES = 8
# What our subjects end with, and the lines of our mail that hold nothing but an id and its name.
_CODE = re.compile(r"\[AR-[0-9A-Z]{8,12}\]", re.IGNORECASE)
_OURS = re.compile(
    r"\W{0,8}(?:[a-z ]{1,20}[ \t]*:)?[ \t]*\[?AR-[0-9A-Z]{8,12}(?:/[a-z2-7]{16,40})?\]?\W{0,8}$",
    re.IGNORECASE,
)


def is_blank(line: str) -> bool:
    return not line.strip(BLANKS + INVISIBLE)


def attribution(lines: Sequence[str], at: int) -> int:
    """How many lines the attribution takes that starts here, if one does."""
    joined = ""
    longest = _ATTRIBUTION_LINES if STARTS.match(lines[at]) else 1
    for count, line in enumerate(lines[at : at + longest], start=1):
        if is_blank(line) or MARKED.match(line):
            return 0
        joined = f"{joined} {line[:1_000].strip(BLANKS)}"
        if _is_attribution(lines, joined, at + count):
            return count
    return 0


def _is_attribution(lines: Sequence[str], text: str, below: int) -> bool:
    if WROTE.search(text[-200:]) and (DATED.search(text) or ADDRESS.search(text)):
        return True
    addressed = ADDRESSED.search(text[-300:])
    dated = STARTS.match(text) and any(map(str.isdigit, text))
    return bool(addressed and (dated or addressed[1])) and quoted_at(lines, below)


def quoted_at(lines: Sequence[str], at: int) -> bool:
    below = following(lines, at)[:1]
    return any(MARKED.match(line) or BARRED.match(line) for line in below)


def following(lines: Sequence[str], at: int) -> list[str]:
    return [line for line in lines[at : at + 4] if not is_blank(line)]


def is_ours(lines: Sequence[str], at: int) -> bool:
    """Whether our mail stands below without quote marks, as some programs bring it back."""
    for below, line in enumerate(lines[at:], start=at):
        if MARKED.match(line) or CUTS.match(line):
            return False
        if header_block(lines, below) or attribution(lines, below):
            return False
        if _OURS.match(line):
            return True
    return False


def header_block(lines: Sequence[str], at: int) -> bool:
    """`From: … Sent: … To: …`, in any order and language; wrapped lines may stand between."""
    if not FIELD.match(lines[at]):
        return False
    block = [line for line in lines[at : at + _BLOCK_LINES] if not is_blank(line)]
    fields = [match for match in map(FIELD.match, block) if match]
    if len(fields) < 3 or not any(match[1] for match in fields):
        return False
    # People write rows of `From: … To: …`, too, but of other things than of mail.
    return any(ADDRESS.search(line) or _CODE.search(line) for line in block)
