"""Finds the line above a quote, `On <day> <name> wrote:`, whatever its language and its breaks.

A sentence that merely looks like one is somebody's own: each has to name a moment or an address,
as programs do.
"""

from collections.abc import Sequence
from typing import NamedTuple

from mail.attribution_words import (
    ADDRESS,
    DAY,
    DIGIT,
    DOT_TIME,
    GROUPWISE,
    QUOTING,
    STARTS,
    TIME,
    VERB,
    WROTE,
    YEAR,
    holds_date,
)
from mail.characters import lowered
from mail.header_fields import field_of
from mail.quote_marks import BLANKS, is_blank, is_marked, quoted_at

LINES = 4
_LINE = 1_000
_ENDS = (":", "\uff1a", "---")
# Some servers take off the dashes that Zoho puts behind it.
_BARE_VERBS = (" wrote", " schrieb", " a écrit", " escribió", " escreveu", " ha scritto")
# Of most it is told by this.
_WRITTEN = tuple(f"{verb}:" for verb in _BARE_VERBS)
# What an attribution may end with, and behind it.
_ENDINGS = (":", "\uff1a", "-", ">", *_BARE_VERBS)
_CLOSING_MARKS = "\xa0 \t\r*_)]\u201d\"'"


class Attribution(NamedTuple):
    lines: int
    text: str
    """Its lines as one."""
    groupwise: bool = False

    @property
    def complete(self) -> bool:
        """Whether it names day, time and address: no person writes that by hand."""
        if self.groupwise:
            return bool(ADDRESS.search(self.text)) or holds_date(self.text)
        return _is_complete(self.text)


def attribution(lines: Sequence[str], at: int) -> Attribution | None:
    """The attribution that starts here, if one does."""
    line = lines[at]
    if ">>>" in line and GROUPWISE.match(line):
        return Attribution(1, line, groupwise=True)
    if closes(line) and not is_marked(line):
        # With a blank before it, as where there are more lines.
        text = f" {line[:_LINE].strip(BLANKS)}"
        if _is_attribution(lines, text, at + 1):
            return Attribution(1, text)
    closing = [count for count, part in enumerate(lines[at : at + LINES], start=1) if closes(part)]
    if not closing:
        return _with_text_behind(line)
    joined = ""
    for count, part in enumerate(lines[at : at + closing[-1]], start=1):
        if not _goes_on(joined, part):
            return None
        joined = f"{joined} {part[:_LINE].strip(BLANKS)}"
        if count in closing and _is_attribution(lines, joined, at + count):
            own = count > 1 and not _is_broken_name(lines, at) and _stands_alone(lines, at, count)
            return None if own else Attribution(count, joined)
        if count == 1 and not _opens(lines, at):
            return None
    return None


def _with_text_behind(line: str) -> Attribution | None:
    """Yahoo on Android: the original begins in the same line."""
    head, gap, _ = line[:_LINE].partition(":  ")
    found = gap and VERB.search(lowered(head[-40:])) and _is_complete(head)
    return Attribution(1, head) if found else None


def _goes_on(above: str, line: str) -> bool:
    if is_blank(line) or (above and field_of(line)):
        return False
    # Wrapped right before it, the end of an address looks like a mark.
    return not is_marked(line) or above.count("<") > above.count(">")


def closes(line: str) -> bool:
    """Whether an attribution may end with this line."""
    return line.rstrip(_CLOSING_MARKS).endswith(_ENDINGS)


def _opens(lines: Sequence[str], at: int) -> bool:
    """Whether it may go on in the next line."""
    line = lines[at][:_LINE]
    return (
        ADDRESS.search(line) is not None
        or STARTS.match(lowered(line)) is not None
        or _is_broken_name(lines, at)
        or _dated(line)
    )


def _is_broken_name(lines: Sequence[str], at: int) -> bool:
    """Whether it is a name alone, its address in the next line."""
    words = lines[at].split()
    below = "".join(lines[at + 1 : at + 2]).lstrip(BLANKS)
    return below.startswith("<") and 0 < len(words) <= 4 and not lines[at].rstrip().endswith(".")


def _stands_alone(lines: Sequence[str], at: int, count: int) -> bool:
    """Whether what follows the first line is an attribution without it: then that is own."""
    later = " ".join(lines[at + 1 : at + count])
    return _dated(later) and _is_attribution(lines, later, at + count)


def _is_attribution(lines: Sequence[str], text: str, below: int) -> bool:
    end = text.rstrip(_CLOSING_MARKS)
    addressed = ADDRESS.search(text)
    if end.endswith(_ENDS):
        dated = _dated(text)
        if addressed and dated:
            return True
        low = lowered(text)
        if addressed and QUOTING.match(low):
            return True
        if addressed and end.endswith((">:", ">\uff1a")) and VERB.search(low):
            return True
        tail = lowered(end[-200:])
        wrote = tail.endswith(_WRITTEN) or WROTE.search(tail)
        if wrote and (addressed or dated or TIME.search(text)):
            return True
        if dated and VERB.search(low):
            return True
        return quoted_at(lines, below) and _is_named(text, bool(addressed))
    if end.endswith(_BARE_VERBS):
        return _is_complete(text)
    begun = STARTS.match(lowered(text)) and DIGIT.search(text)
    return bool(addressed and begun and end.endswith(">")) and quoted_at(lines, below)


def _is_named(text: str, addressed: bool) -> bool:
    """`Quoting Ann Example:`, `Ann Example wrote:`, `"Ann" <ann@example.com>:` and no more."""
    low = lowered(text)
    if QUOTING.match(low) or addressed:
        return True
    verb = VERB.search(low)
    words = text[: verb.start()].split() if verb else []
    return 1 < len(words) <= 4 and all(word[:1].isupper() and word.isalpha() for word in words)


def _dated(text: str) -> bool:
    # Most lines hold no digit, which is seen far sooner than that they hold no date.
    if not DIGIT.search(text):
        return False
    return holds_date(text) or bool(YEAR.search(text) and DAY.search(text))


def _is_complete(text: str) -> bool:
    return bool(ADDRESS.search(text) and DOT_TIME.search(text) and _dated(text))
