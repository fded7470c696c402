"""Where a person's first sentence begins: behind `Hi team,`, `Dana,`, `田中様`."""

from collections.abc import Iterator

from mail.row import Row
from mail.vocabulary import Vocabulary

NAMES = 6
"""Words of those who are greeted, at most."""

_BETWEEN_NAMES = frozenset("-&/@.")
_BULLETS = frozenset("-–—•·‣⁃")
_TICKED = (["[", "x", "]"], ["[", "✓", "]"], ["[", "✔", "]"])
_BEHIND_NAMES = frozenset("-&/.")


def beginnings(row: Row, words: Vocabulary) -> Iterator[int]:
    """Where the first sentence may begin but at the very start: with the first word, and below each
    greeting."""
    at = _behind_bullet(row, 0) or row.bare(0)
    if at:
        yield at
    while at := _behind_greeting(row, at, words):
        yield at


def _behind_bullet(row: Row, at: int) -> int:
    """`- APPROVE`, `[x] APPROVE`; 0 if none stands there."""
    if row.words[at : at + 3] in _TICKED:
        return row.bare(at + 3)
    return row.bare(at + 1) if row.word(at) in _BULLETS and row.around(at)[1] == " " else 0


def behind_names(row: Row, at: int, words: Vocabulary) -> int:
    """Names begin with capital letters, and neither decide nor doubt."""
    start = at
    while at < len(row) and at - start < NAMES and _is_name(row, at, words):
        at += 1
    while at > start and row.word(at - 1) in _BEHIND_NAMES:
        at -= 1
    return at


def _behind_greeting(row: Row, at: int, words: Vocabulary) -> int:
    """0 if none stands there."""
    end = words.greetings.end(row.words, at)
    if not end:
        return _behind_name(row, at, words)
    named = words.addressees.end(row.words, end) or behind_names(row, end, words)
    # `Hi Bob:` greets where the line ends; `Hi Bob: approved` says what Bob said.
    quoted = row.word(named) == ":" and not row.line_ends(named + 1)
    if row.over_marks(named) > named and not quoted:
        return row.bare(row.over_marks(named))
    return 0 if quoted else row.bare(row.over_marks(end))


def _behind_name(row: Row, at: int, words: Vocabulary) -> int:
    """A line that holds nothing but whom it is for; 0 for any other."""
    line = row.line_end(at)
    if line in (at, len(row)):
        return 0
    said = [row.words[place] for place in range(at, line) if not row.is_mark(place)]
    if not said or len(said) > NAMES:
        return 0
    # `田中様`, `김 과장님`, `张经理您好`
    if said[-1].endswith(words.little.honorifics):
        return row.bare(line)
    # With a colon it would be the name of somebody who is quoted.
    named = behind_names(row, at, words)
    comma = row.word(named) in (",", "，", "、") and row.word(named + 1) == "\n"
    return row.bare(named + 1) if comma and named > at else 0


def _is_name(row: Row, at: int, words: Vocabulary) -> bool:
    word, little = row.words[at], words.little
    if word in little.between_names or (word in _BETWEEN_NAMES and word != "."):
        return True
    if word == ".":
        before = row.word(at - 1)
        return before in little.between_names or before in _BETWEEN_NAMES
    first = row.text[row.place(at)[0]]
    if not first.isalpha() or first.islower():
        return False
    if word in words.plain_words or word in little.no_name:
        return False
    if word.endswith(little.no_name_endings):
        return False
    return not any(words.doubts_or_decides(part) for part in word.split("'"))
