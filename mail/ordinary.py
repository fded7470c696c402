"""Tells the lines that a rule may know from the ordinary ones, which are most of what people write.

One look for all rules that know a line by how it begins, for one of them after the other takes ten
times as long. It is made of their own patterns, so that it lets none of their lines pass.
"""

import re
from collections.abc import Set
from dataclasses import dataclass

from mail.attributions import LAST, LINES, closes
from mail.boasts import BOASTS, MOTTO_BEGINS
from mail.disclaimers import BEGINS, LABEL
from mail.lines import Lines, lowered
from mail.separators import CUTS, FRAMED, RULE
from mail.signatures import CLOSING, DASHES, ENVIRONMENT, POSTSCRIPT, PROGRAM, THANKS

_PATTERNS = (
    *(DASHES, RULE, FRAMED, CUTS),
    *(CLOSING, THANKS, POSTSCRIPT, PROGRAM, ENVIRONMENT),
    *(LABEL, BEGINS, BOASTS, MOTTO_BEGINS),
)
# In lower case: a pattern that does not ignore case is tried by its first letter alone.
_SIGNS = re.compile("|".join(f"(?:{pattern.pattern})" for pattern in _PATTERNS))


@dataclass(frozen=True, slots=True)
class Marked:
    """The numbers of the open lines that are not ordinary."""

    special: Set[int]
    """They begin like a line that a rule knows, be it a rule of more lines than one."""
    attributing: Set[int]
    """An attribution may start there."""
    coloned: Set[int]
    """They may be fields of a header."""
    named: Set[int]
    """They hold a word of the writer's name."""

    @property
    def all(self) -> Set[int]:
        return self.special | self.attributing | self.coloned | self.named


NOTHING = Marked(frozenset(), frozenset(), frozenset(), frozenset())


def marked_lines(lines: Lines, end: int, names: Set[str]) -> Marked:
    """Those of the lines to `end`."""
    texts = lines.texts if end == len(lines) else lines.texts[:end]
    open_lines = [at for at in lines.open if at < end]
    low = [lowered(texts[at]).lstrip(" \t\xa0") for at in open_lines]
    closing = [at for at, text in enumerate(texts) if text[-1:] in LAST and closes(text)]
    behind = (at for at in open_lines if ":  " in texts[at] or ">>>" in texts[at])
    return Marked(
        special={at for at, text in zip(open_lines, low, strict=True) if _SIGNS.match(text)},
        attributing={at - before for at in closing for before in range(LINES)}.union(behind),
        coloned={at for at in open_lines if ":" in texts[at] or "\uff1a" in texts[at]},
        named={
            at
            for at, text in zip(open_lines, low, strict=True)
            if not names.isdisjoint(text.replace(",", " ").replace(".", " ").split())
        },
    )
