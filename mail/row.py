"""The words and marks of a text, and where a place among them leads to.

A place is an index into the tokens. `over_marks`, `bare` and `closed` return one further on, or the
same; the others tell what stands there.
"""

import re
import unicodedata
from collections.abc import Iterator
from itertools import islice

from mail.phrases import places, tokens

# Around a word: quotes, the bold and italics of plain text. Our own mail has ‹ › there, which are
# none of them, so that no line of it decides.
_AROUND = frozenset("\"'“”„‟‘’‚«»`*_「」『』´<>")
_BRACKETS = frozenset("[]()")
_CLOSING = _AROUND | _BRACKETS
# `☐ Approve` is a form that nobody has filled in.
_BOXES = frozenset("☐□▢⬜◻◽○◯")
_EMOJI_PARTS = frozenset("\ufe0f\u200d")
_MARKS = frozenset(",;:-–—―(、，；：（\n.!。！．")
_BETWEEN = frozenset(",;:-–—―.!、，。！\n")
_ASKS = frozenset("?？؟\u037e")
_SENTENCE_END = re.compile(r"[.!。！?？؟\u037e\n]")


class Row:
    def __init__(self, text: str, length: int) -> None:
        """Of the text's first `length` characters."""
        self.text = text
        self.words = tokens(text[:length])
        """In lower case."""
        self._count = len(self.words)
        self._length = length
        self._whole = len(text) <= length
        # Most texts are told by their words, and where these stand is never asked for.
        self._found: Iterator[tuple[int, int]] | None = None
        self._places: list[tuple[int, int]] = []

    def __len__(self) -> int:
        return self._count

    def word(self, at: int) -> str:
        """'' behind the last one."""
        return self.words[at] if at < self._count else ""

    def place(self, at: int) -> tuple[int, int]:
        """Where in the text the word there starts and ends."""
        try:
            return self._places[at]
        except IndexError:
            self._found = self._found or places(self.text[: self._length])
            self._places.extend(islice(self._found, at + 1 - len(self._places)))
            return self._places[at]

    def end(self, at: int) -> int:
        """Where in the text the word before this place ends."""
        if not at:
            return 0
        if self._whole and at == self._count and self.words[-1] != "\n":
            return len(self.text.rstrip())
        first = self.words[0]
        # Most texts begin with it.
        if at == 1 and self.text[: len(first)].lower() == first:
            return len(first)
        return self.place(at - 1)[1]

    def behind(self, at: int) -> list[str]:
        """The words from there on to the end of the text, of however long a text."""
        return self.words[at:] if self._whole else tokens(self.text[self.end(at) :])

    def around(self, at: int) -> tuple[str, str]:
        """The characters before and behind the word there, '' at an end of the text."""
        start, end = self.place(at)
        return self.text[max(start - 1, 0) : start], self.text[end : end + 1]

    def is_mark(self, at: int) -> bool:
        """Whether a statement may end there: at a mark, or where the text does."""
        if at >= self._count:
            return True
        if self.words[at] == "-":  # `approve-only` is one word
            return any(not side or side.isspace() for side in self.around(at))
        return self.words[at] in _MARKS

    def is_between(self, at: int) -> bool:
        return self.word(at) in _BETWEEN

    def asks(self, at: int) -> bool:
        return self.word(at) in _ASKS

    def line_ends(self, at: int) -> bool:
        return self.word(at) in ("", "\n")

    def is_all_of_line(self, at: int) -> bool:
        """Whether only blanks are left of the line, however long the text is."""
        return self.words[at] == "\n" if at < self._count else self._whole

    def line_end(self, at: int) -> int:
        """The line break that comes next, or the end."""
        try:
            return self.words.index("\n", at)
        except ValueError:
            return self._count

    def sentence(self, at: int) -> tuple[str, bool]:
        """The rest of the sentence, and whether it is a question."""
        start = self.end(at)
        rest = self.text[start : start + self._length]
        end = _SENTENCE_END.search(rest)
        return (rest[: end.start()], end[0] in _ASKS) if end else (rest, False)

    def over_marks(self, at: int) -> int:
        while self.is_between(at):
            at += 1
        return at

    def bare(self, at: int) -> int:
        """Behind what may stand before a word, on the line or above it."""
        while at < self._count and (self.words[at] == "\n" or self._is_around(at)):
            at += 1
        return at

    def closed(self, at: int) -> int:
        """Behind emojis, and behind what closes right after a word."""
        while at < self._count and not self.words[at].isalnum() and self._is_around(at):
            if self.words[at] in _CLOSING and self.around(at)[0].isspace():
                break
            at += 1
        return at

    def _is_around(self, at: int) -> bool:
        word = self.words[at]
        if len(word) > 1 or word.isalnum():
            return False
        if word == "_":  # `reject_all` is one word
            return not all(side.isalnum() for side in self.around(at))
        if word in _BRACKETS:  # `[APPROVE]`, but not `[ ] APPROVE`
            return self.around(at)[word in "[("].isalnum()
        return word in _AROUND or word in _EMOJI_PARTS or _is_emoji(word)


def _is_emoji(mark: str) -> bool:
    return not mark.isascii() and mark not in _BOXES and unicodedata.category(mark) in ("So", "Sk")
