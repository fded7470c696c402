"""The words of a text of ours, and where each row of four begins: what a reply is searched for."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from mail.text import FENCE

GRAM = 4
Row = tuple[str, ...]
_PLACES = 4
# Chinese, Japanese: no blanks part the words, and a line may break between any two characters.
_UNPARTED = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
WORD = re.compile(rf"[{_UNPARTED}]|[^\W_{_UNPARTED}]+")
_PARTED_WORD = re.compile(r"[^\W_]+")
# ASCII letters in lower case, and a blank in place of all that is no part of a word.
_ASCII = bytes(ord(chr(code).lower()) if chr(code).isalnum() else 32 for code in range(128))
_ASCII += bytes(range(128, 256))
UNPARTED_LETTER = re.compile(f"[{_UNPARTED}]")
_DECIDES = re.compile(r"approv(?!al)|reject")
# Addresses differ from mail to mail, in the midst of sentences that do not.
ADDRESS = re.compile(r"[^\s@<>,;]{1,64}@[^\s@<>,;]{1,255}")


@dataclass(frozen=True, slots=True)
class Index:
    """The words of one text, where each row of four begins, and its lines; of those that bear the
    fence only the words: they may be `no`."""

    words: Row
    places: dict[Row, tuple[int, ...]]
    lines: frozenset[Row]


@lru_cache(maxsize=64)
def index(text: str) -> Index:
    text = ADDRESS.sub(" ", text)
    words = tuple(words_of(text))
    places: dict[Row, list[int]] = {}
    for at, gram in enumerate(grams(words)):
        known = places.setdefault(gram, [])
        if len(known) < _PLACES:
            known.append(at)
    ours = (line for line in text.split("\n") if FENCE not in line)
    lines = (tuple(words_of(line)) for line in ours)
    return Index(
        words,
        {gram: tuple(at) for gram, at in places.items()},
        frozenset(line for line in lines if line and not _DECIDES.match(line[0])),
    )


def words_of(text: str) -> list[str]:
    """In lower case, without punctuation."""
    if text.isascii():
        # Bytes are translated in half the time of text.
        return text.encode().translate(_ASCII).decode().split()
    pattern = WORD if UNPARTED_LETTER.search(text) else _PARTED_WORD
    return [word.casefold() for word in pattern.findall(text)]


def grams(words: Sequence[str]) -> Iterator[Row]:
    """Every row of four words."""
    return zip(words, words[1:], words[2:], words[3:], strict=False)


def without_addresses(line: str) -> str:
    """With blanks in their place."""
    return ADDRESS.sub(lambda match: " " * len(match[0]), line) if "@" in line else line
