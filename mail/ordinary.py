"""Tells the lines that a rule may know from the ordinary ones, which are most of what people write.

One look for all rules that know a line by how it begins, for one of them after the other takes ten
times as long. It is made of their own patterns, so that it lets none of their lines pass.
"""

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass

from mail.attributions import LINES, closes
from mail.boasts import BOASTS, MOTTO_BEGINS
from mail.disclaimers import BEGINS, LABEL
from mail.lines import BLANK, Lines, lowered
from mail.quote_heads import NOTES_LINES, may_hold_notes_block
from mail.separators import CUTS, FRAMED, RULE
from mail.signatures import CLOSING, DASHES, ENVIRONMENT, POSTSCRIPT, PROGRAM, THANKS

_PATTERNS = (
    *(DASHES, RULE, FRAMED, CUTS),
    *(CLOSING, THANKS, POSTSCRIPT, PROGRAM, ENVIRONMENT),
    *(LABEL, BEGINS, BOASTS, MOTTO_BEGINS),
)
# In lower case: a pattern that does not ignore case is tried by its first letter alone.
_SIGNS = re.compile("|".join(f"(?:{pattern.pattern})" for pattern in _PATTERNS))


@dataclass(slots=True)
class Marked:
    """The numbers of the open lines that are not ordinary."""

    special: Set[int] = frozenset()
    """They begin like a line that a rule knows, be it a rule of more lines than one."""
    attributing: Set[int] = frozenset()
    """An attribution may start there."""
    named: Set[int] = frozenset()
    """They hold a word of the writer's name."""
    notes: bool = False
    """Whether a header block of HCL Notes may begin anywhere."""


def marked_lines(lines: Lines, end: int, names: Set[str]) -> Marked:
    """Those of the lines to `end`."""
    texts = lines.texts if end == len(lines) else lines.texts[:end]
    near = [at for at in lines.open if at < end + NOTES_LINES]
    # In one go: a call a line takes several times as long.
    joined = lowered("\n".join([lines.texts[at] for at in near]))
    low = joined.split("\n") if near else []
    open_lines = [(at, text) for at, text in zip(near, low, strict=True) if at < end]
    attributing = _attributing(texts, lines.kinds)
    if ":  " in joined or ">>>" in joined:
        attributing.update(at for at, text in open_lines if ":  " in text or ">>>" in text)
    named = open_lines if any([name in joined for name in names]) else ()
    return Marked(
        special={at for at, text in open_lines if _SIGNS.match(text.lstrip(" \t\xa0"))},
        attributing=attributing,
        named={at for at, text in named if not names.isdisjoint(_words(text))},
        notes=may_hold_notes_block(low),
    )


def _attributing(texts: Sequence[str], kinds: str) -> set[int]:
    """Each line that may end an attribution, and those above it up to a blank one."""
    found: set[int] = set()
    for end in [at for at, text in enumerate(texts) if text and closes(text)]:
        first = max(end - LINES, kinds.rfind(BLANK, max(0, end - LINES), end)) + 1
        found.update(range(first, end + 1))
    return found


def _words(text: str) -> list[str]:
    return text.replace(",", " ").replace(".", " ").split()
