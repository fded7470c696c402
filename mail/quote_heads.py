"""What stands above an original in a reply: separators, and blocks of header fields.

A row of words that merely looks like a block is somebody's own: it has to be about mail.
"""

import re
from collections.abc import Iterable, Sequence

from mail.attribution_words import ADDRESS, holds_date
from mail.attributions import attribution
from mail.header_fields import BARE_SUBJECT, BARE_TO, SENDER, SUBJECT, field_of
from mail.lines import lowered
from mail.quote_marks import following, is_marked
from mail.separators import CUTS, FRAMED
from mail.text import FENCE

# Lines among which a header block is looked for beforehand; below them all is looked through.
_ANSWER = 100
_BLOCK_LINES = 8
NOTES_LINES = 14
_AROUND_BARE = " \t\r\xa0*:"
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
    if len(fields) < 3 or SENDER not in fields:
        return False
    # People write rows of `From: … To: …`, too, but of other things than of mail.
    return any(ADDRESS.search(line) or _CODE.search(line) for line in block) or (
        len(fields) >= 4 and SUBJECT in fields
    )


def header_blocks(lines: Sequence[str]) -> list[int]:
    """The lines at which `header_block` holds, each field told once."""
    fields = {
        at: field
        for at, line in enumerate(lines)
        if (":" in line or "\uff1a" in line) and line[0] != ">" and (field := field_of(line))
    }
    if len(fields) < 3 or SENDER not in fields.values():
        return []
    return [
        at
        for at in fields
        if _is_block(
            [fields[below] for below in range(at, at + _BLOCK_LINES) if below in fields],
            lines[at : at + _BLOCK_LINES],
        )
    ]


def first_head(lines: Sequence[str], heads: Sequence[int]) -> int | None:
    """Where a header block begins above all lines of ours, if one does; `heads`: where any does."""
    if not heads or heads[0] >= _ANSWER:
        return None
    ours = any(FENCE in above or is_ours(above) for above in lines[: heads[0] + 1])
    return None if ours else heads[0]


def may_hold_notes_block(low: Iterable[str]) -> bool:
    """Whether there is one of its lines at all, which is told sooner than where a block begins;
    `low`: lines in lower case."""
    return not BARE_TO.isdisjoint([line.strip(_AROUND_BARE) for line in low])


def notes_block(lines: Sequence[str], at: int) -> bool:
    """HCL Notes: who and when, and below it `To` and `Subject` on lines of their own."""
    if not (ADDRESS.search(lines[at]) or holds_date(lines[at])):
        return False
    below = set(map(_bare, lines[at + 1 : at + NOTES_LINES]))
    return not below.isdisjoint(BARE_TO) and not below.isdisjoint(BARE_SUBJECT)


def _bare(line: str) -> str:
    return line.strip(_AROUND_BARE).casefold()
