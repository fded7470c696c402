"""A text's own lines, apart from quotes, signatures and disclaimers.

A line that may be a quote is not the writer's own: what is left out approves nothing, and a doubt
in it is kept (`beside`, `aside`) unless a quote mark or a program's own words stand before it.

Compared: talon, email-reply-parser, mail-parser-reply, Discourse's and Crisp's trimmers. Each takes
for the writer's own what it does not know, which here would be an approval nobody gave.
"""

import re
from collections.abc import Set
from typing import NamedTuple

from mail.own_sentences import own_sentences
from mail.own_words import OwnWords
from mail.quote_marks import trimmed
from mail.sign_offs import is_single_name, is_somebody, split_sign_off
from mail.split import Split

LINES = 5_000


class OwnText(NamedTuple):
    lines: tuple[str, ...]
    """The writer's own, with blank ones between paragraphs, none at the ends."""
    beside: tuple[str, ...] = ()
    """Perhaps the writer's own, perhaps a quote without marks: no note, but doubted like one."""
    below: tuple[str, ...] = ()
    """Sentences below a closing, of a signature or of a person who went on."""
    signed: tuple[str, ...] = ()
    """What looks like a name below the text, and is not the writer's."""
    aside: tuple[str, ...] = ()
    """Lines taken for an attribution, a signature, a footer or the rest of a quoted line."""
    cut: bool = False
    """Whether there were more lines than are read."""


_NOTHING = OwnWords(())
# Right-to-left programs put them around every name, date and colon.
_MARKS_OF_DIRECTION = "\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e"
# The end of a line above one that is neither blank nor has the common mark.
_OPENS = re.compile(r"\n(?!>|[ \t\r]*\n|\Z)")
_WITHOUT_MARKS = dict.fromkeys(map(ord, _MARKS_OF_DIRECTION))


def own_text(
    text: str,
    ours: OwnWords | None = None,
    names: Set[str] = frozenset(),
    words: Set[str] | None = None,
) -> OwnText:
    """`ours`: what we had sent, the sentences that stand in all our mail by default; `names`: the
    writer's, word by word, casefolded; `words`: those that are no names; without them only the
    writer's own is known for one."""
    # Of most mail all is quoted from one line on: of that, one line tells as much as a hundred.
    quote = text.find("\n>") + 1
    if quote and not _OPENS.search(text, quote):
        text = text[: (text.find("\n", quote) + 1 or len(text) + 1) - 1]
    shown = text.split("\n")
    lines = shown
    if not text.isascii() and any([mark in text for mark in _MARKS_OF_DIRECTION]):
        lines = text.translate(_WITHOUT_MARKS).split("\n")
    split = Split(lines[:LINES], shown, own_sentences() if ours is None else ours, names).run()
    own = split_sign_off(trimmed(split.own), names, split.footed, words)
    unsure, aside = _full(split.unsure), _full(split.aside)
    # `Thanks` and below it a name is signed by whoever it is; one word, if there is no more.
    alone = len(unsure) == 1 and not split.followed and is_single_name(unsure[0])
    if unsure and (alone or all([is_somebody(line, words) for line in unsure])):
        unsure, aside = (), (*aside, *unsure)
    return OwnText(
        own.lines,
        beside=(*_full(split.beside), *own.signed),
        below=_full(split.below),
        signed=(*unsure, *own.unknown),
        aside=(*aside, *own.named),
        cut=len(shown) > LINES,
    )


def _full(lines: list[str]) -> tuple[str, ...]:
    return tuple(filter(None, lines)) if lines else ()


def introduces_quote(text: str) -> bool:
    """Whether what comes below `text` is not its writer's own: by its last lines, or because a line
    above has ended what is."""
    above, with_more = own_text(text, _NOTHING), own_text(f"{text}\n\nx", _NOTHING)
    quoting = own_text(f"{text}\n> x", _NOTHING)
    return len(with_more.lines) == len(above.lines) or quoting.aside != above.aside
