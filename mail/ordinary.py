"""Tells the lines that a rule may know from the ordinary ones, which are most of what people write.

One look for all rules that know a line by how it begins, for one of them after the other takes ten
times as long. It is made of their own patterns, so that it lets none of their lines pass.
"""

import re
from collections.abc import Iterable

from mail.attributions import closes
from mail.banners import may_begin_banner
from mail.boasts import BOASTS, MOTTO_BEGINS
from mail.characters import lowered
from mail.disclaimers import BEGINS, LABEL
from mail.header_fields import is_bare_to
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
# What stands in every field of a header, in every line of ours that is known by itself (ids with
# their tokens, digests) and in GroupWise's attributions.
_HELD = (":", "\uff1a", "/", FENCE, ">>>")
_DIGEST = 32


def kind_of_open(line: str) -> str:
    """What a line is that is neither blank nor marked."""
    if is_bare_to(line):
        return BARE
    low = lowered(line).lstrip(" \t\xa0")
    if _SIGNS.match(low):
        if not _NO_CLOSERS.match(low):
            return CLOSER
        return SPECIAL if _NO_FOOTERS.match(low) else FOOTER
    noted = any([mark in line for mark in _HELD]) or closes(line) or may_begin_banner(line)
    return NOTED if noted or (len(line) >= _DIGEST and " " not in line.strip()) else ORDINARY
