"""Tells the lines that a rule may know from the ordinary ones, which are most of what people write.

One look for all rules that know a line by how it begins, for one of them after the other takes ten
times as long. It is made of their own patterns, so that it lets none of their lines pass.
"""

import re
from collections.abc import Iterable

from mail.attributions import closes
from mail.banners import MAY_BEGIN
from mail.boasts import BOASTS, MOTTO_BEGINS
from mail.characters import lowered
from mail.disclaimers import BEGINS, LABEL
from mail.header_fields import AROUND_BARE, BARE_TO
from mail.separators import CUTS, FRAMED, RULE
from mail.signatures import CLOSING, DASHES, ENVIRONMENT, POSTSCRIPT, PROGRAM, THANKS
from mail.text import FENCE

# One character a line. What most people write; a closing or thanks and nothing else that is known;
# a line of a program's, too; what begins like any other line that a rule knows; what a rule may
# know by its end or by what it holds; and HCL Notes' `To` alone.
ORDINARY, CLOSER, FOOTER, SPECIAL, NOTED, BARE = "ocfsnt"


def _one(patterns: Iterable[re.Pattern[str]]) -> re.Pattern[str]:
    """Of patterns in lower case: one that does not ignore case is tried by its first letter."""
    return re.compile("|".join(f"(?:{pattern.pattern})" for pattern in patterns))


_CLOSERS = (CLOSING, THANKS)
_FOOTERS = (PROGRAM, ENVIRONMENT)
_OTHERS = (DASHES, RULE, FRAMED, CUTS, POSTSCRIPT, LABEL, BEGINS, BOASTS, MOTTO_BEGINS)
_SIGNS = _one((*_CLOSERS, *_FOOTERS, *_OTHERS))
_NO_CLOSERS, _NO_FOOTERS = _one((*_FOOTERS, *_OTHERS)), _one((*_CLOSERS, *_OTHERS))
_DIGEST = 32


def kind_of_open(line: str) -> str:
    """What a line is that is neither blank nor marked."""
    low = lowered(line).lstrip(" \t\xa0")
    if low.strip(AROUND_BARE) in BARE_TO:
        return BARE
    if _SIGNS.match(low):
        if not _NO_CLOSERS.match(low):
            return CLOSER
        return SPECIAL if _NO_FOOTERS.match(low) else FOOTER
    return NOTED if _is_noted(line, low) else ORDINARY


def _is_noted(line: str, low: str) -> bool:
    # One of these stands in each field of a header, in each line of ours that is known by itself
    # but digests (ids with their tokens), and in GroupWise's attributions.
    if ":" in line or "/" in line or "\uff1a" in line or FENCE in line or ">>>" in line:
        return True
    if closes(line) or MAY_BEGIN.match(low):
        return True
    return len(line) >= _DIGEST and " " not in low.strip()
