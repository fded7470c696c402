"""The lines of a text that a rule is to be tried for: few, and none of most replies."""

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass

from mail.attributions import LINES, closes
from mail.characters import lowered
from mail.lines import BLANK, KNOWN, OPEN, WEAKLY_MARKED, Lines
from mail.ordinary import BARE, CLOSER, FOOTER, SPECIAL
from mail.quote_heads import NOTES_LINES

# What an attribution may end with: a line that is known for it, or one with a mark, which the end
# of an address in front of a break looks like, not far below an open one.
_CLOSING = KNOWN + WEAKLY_MARKED
_MAY_CLOSE = re.compile(
    f"[{_CLOSING}]" + "".join(f"|(?<=[{OPEN}|]{'>' * above})>" for above in range(LINES - 1))
)
_BEGUN = CLOSER + FOOTER + SPECIAL


@dataclass(slots=True)
class Rare:
    """Line numbers."""

    begun: Set[int] = frozenset()
    """They begin like a line that a rule knows, be it a rule of more lines than one."""
    attributing: Set[int] = frozenset()
    """An attribution may start there."""
    named: Set[int] = frozenset()
    """They hold a word of the writer's name."""
    notes: bool = False
    """Whether a header block of HCL Notes may begin anywhere."""


def rare_lines(lines: Lines, end: int, names: Set[str]) -> Rare:
    """Those of the lines to `end`."""
    kinds = lines.kinds[:end]
    known = [at for at, kind in enumerate(kinds) if kind in _CLOSING]
    ends = [match.start() for match in _MAY_CLOSE.finditer(kinds)] if lines.mixed else known
    return Rare(
        begun={at for at in known if kinds[at] in _BEGUN},
        attributing=_attributing(lines.texts, kinds, ends) if ends else frozenset(),
        named=_named(lines, kinds, names),
        notes=BARE in lines.kinds[: end + NOTES_LINES],
    )


def _attributing(texts: Sequence[str], kinds: str, ends: Sequence[int]) -> set[int]:
    """Each line that may end an attribution, and those above it up to a blank one."""
    found: set[int] = set()
    for at in ends:
        if closes(texts[at]):
            first = at - LINES + 1 if at >= LINES else 0
            found.update(range(max(first, kinds.rfind(BLANK, first, at) + 1), at + 1))
        elif kinds[at] in OPEN and (":  " in texts[at] or ">>>" in texts[at]):
            found.add(at)
    return found


def _named(lines: Lines, kinds: str, names: Set[str]) -> set[int]:
    joined = lowered("\n".join(lines.texts[: len(kinds)]))
    held = [name for name in names if name in joined]
    if not held:
        return set()
    low = joined.split("\n")
    near = {at for at, text in enumerate(low) if kinds[at] in OPEN for name in held if name in text}
    return {at for at in near if not names.isdisjoint(_words(low[at]))}


def _words(text: str) -> list[str]:
    return text.replace(",", " ").replace(".", " ").split()
