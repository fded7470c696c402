"""What stands above an original in a reply: separators, and blocks of header fields.

A row of words that merely looks like a block is somebody's own: it has to be about mail.
"""

import re
from collections.abc import Iterator, Sequence

from mail.attribution_words import ADDRESS, holds_date
from mail.attributions import attribution
from mail.characters import lowered
from mail.header_fields import BARE_SUBJECT, BARE_TO, SENDER, SUBJECT, bare, field_of
from mail.quote_marks import following, is_marked
from mail.separators import CUTS, FRAMED
from mail.text import FENCE

# Lines among which a header block is looked for beforehand; below them all is looked through.
_ANSWER = 100
_BLOCK_LINES = 8
_FEWEST = 3  # fields
NOTES_LINES = 14
# What our subjects end with, and the lines of our mail that hold nothing but an id and its name.
_CODE = re.compile(r"\[AR-[0-9A-Z]{8,12}\]", re.IGNORECASE)
_OURS = re.compile(
    r"\W{0,8}(?!approv|reject)(?:(?:request id|reference|subject|re|ref)[ \t]*:)?[ \t]*"
    r"\[?AR-[0-9A-Z]{8,12}(?:/[a-z2-7]{16,40})?\]?\W{0,8}$",
    re.IGNORECASE,
)


def is_ours(line: str) -> bool:
    """Whether it holds nothing but the id of a request of ours with its token, and its name."""
    return "/" in line and _names_a_request(line)


def _names_a_request(line: str) -> bool:
    return "AR-" in line.upper() and _OURS.match(line) is not None


def is_cut(lines: Sequence[str], at: int) -> bool:
    """Whether a program has drawn a line here between the answer and the original."""
    return bool(_cuts(lines[at]) or (FRAMED.match(lines[at]) and heads_mail(lines, at + 1)))


def _cuts(line: str) -> bool:
    return CUTS.match(lowered(line)) is not None


def heads_mail(lines: Sequence[str], at: int) -> bool:
    """Whether a field of a header stands below, or (eM Client, NetEase) an address at least."""
    return any(field_of(line) or ADDRESS.search(line) for line in following(lines, at))


def leads_to_ours(lines: Sequence[str], at: int, *, through: bool) -> bool:
    """Whether our mail stands below without quote marks, as some programs bring it back.

    `through` other people's mail as well: a thread that ends in ours.
    """
    ours = next((i for i in range(at, len(lines)) if _names_a_request(lines[i])), None)
    return ours is not None and (through or not any(_is_head(lines, i) for i in range(at, ours)))


def _is_head(lines: Sequence[str], at: int) -> bool:
    line = lines[at]
    return bool(is_marked(line) or _cuts(line) or header_block(lines, at) or attribution(lines, at))


def header_block(lines: Sequence[str], at: int) -> bool:
    """`From: … Sent: … To: …`, in any order and language; wrapped lines may stand between."""
    if not field_of(lines[at]):
        return False
    block = lines[at : at + _BLOCK_LINES]
    return _is_block(list(filter(None, map(field_of, block))), block)


def _is_block(fields: Sequence[str], block: Sequence[str]) -> bool:
    if len(fields) < _FEWEST or SENDER not in fields:
        return False
    # People write rows of `From: … To: …`, too, but of other things than of mail.
    return any(ADDRESS.search(line) or _CODE.search(line) for line in block) or (
        len(fields) >= 4 and SUBJECT in fields
    )


def header_blocks(lines: Sequence[str]) -> Iterator[int]:
    """The lines at which `header_block` holds, one after the other, each field told once."""
    told: dict[int, str] = {}
    for at, line in enumerate(lines):
        if not (":" in line or "\uff1a" in line) or line[0] == ">":
            continue
        block = lines[at : at + _BLOCK_LINES]
        rows = [row for row, text in enumerate(block, at) if ":" in text or "\uff1a" in text]
        # Most lines with a colon stand alone, and are no field.
        if len(rows) < _FEWEST or not told.get(at, "unknown"):
            continue
        told.update({row: field_of(lines[row]) for row in rows if row not in told})
        if told[at] and _is_block([told[row] for row in rows if told[row]], block):
            yield at


def begins_original(lines: Sequence[str], head: int) -> bool:
    """Whether the first header block, at `head`, stands above all lines of ours."""
    above = lines[: head + 1]
    ours = [line for line in above if FENCE in line or ("/" in line and is_ours(line))]
    return head < _ANSWER and not ours


def notes_block(lines: Sequence[str], at: int) -> bool:
    """HCL Notes: who and when, and below it `To` and `Subject` on lines of their own."""
    if not (ADDRESS.search(lines[at]) or holds_date(lines[at])):
        return False
    below = set(map(bare, lines[at + 1 : at + NOTES_LINES]))
    return not below.isdisjoint(BARE_TO) and not below.isdisjoint(BARE_SUBJECT)
