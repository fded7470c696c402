"""The lines of a text and what each is by its own characters, told once for all who ask."""

import re
from collections.abc import Sequence
from functools import lru_cache

from mail.ordinary import BARE, CLOSER, FOOTER, NOTED, ORDINARY, SPECIAL, kind_of_open
from mail.quote_marks import is_blank, is_marked, without_mark

# The common mark is the one of RFC 3676 §4.5; GroupWise's `>>>` is none.
BLANK, MARKED, WEAKLY_MARKED = " >|"
KNOWN = CLOSER + FOOTER + SPECIAL + NOTED + BARE
OPEN = ORDINARY + KNOWN
_BESIDE = re.compile(f"[{OPEN}][>|]|[>|][{OPEN}]")
_MARKED_RUN = re.compile(f"{MARKED}*")
# An open line, and a marked one right beside it: a line that was wrapped anew has no mark.
_NEAR_OPEN = re.compile(f"[{OPEN}]|[>|](?=[{OPEN}])|(?<=[{OPEN}])[>|]")
# People sign alike, and programs write the same every time: of short lines it is remembered.
_SHORT = 100
_REMEMBERED = 4_096


class Lines:
    def __init__(self, texts: Sequence[str], kinds: str | None = None) -> None:
        self.texts = texts
        self.kinds = _kinds(texts) if kinds is None else kinds
        self.mixed = _BESIDE.search(self.kinds) is not None
        """Whether a marked line stands beside an open one, as where a quote is wrapped anew."""

    def __len__(self) -> int:
        return len(self.texts)

    def to(self, end: int) -> "Lines":
        return Lines(self.texts[:end], self.kinds[:end])

    def near_open(self) -> list[int]:
        """The open ones, and the marked ones right beside them."""
        if self.mixed:
            return [match.start() for match in _NEAR_OPEN.finditer(self.kinds)]
        return [at for at, kind in enumerate(self.kinds) if kind in OPEN]

    def near_texts(self, start: int = 0) -> list[str]:
        """Their texts from line `start` on, without a mark."""
        texts, kinds = self.texts, self.kinds
        if not self.mixed:
            return [texts[at] for at in range(start, len(kinds)) if kinds[at] in OPEN]
        return [self.unmarked(at) for at in self.near_open() if at >= start]

    def unmarked(self, at: int) -> str:
        text = self.texts[at]
        return text if self.kinds[at] in OPEN else without_mark(text)

    def below_marks(self, at: int) -> int:
        """The first line from `at` on without the common mark."""
        match = _MARKED_RUN.match(self.kinds, at)
        return match.end() if match else at


def _kinds(texts: Sequence[str]) -> str:
    if max(map(len, texts), default=0) <= _SHORT:
        return "".join(map(_kind, texts))
    return "".join([_kind(text) if len(text) <= _SHORT else _kind_of(text) for text in texts])


def _kind_of(text: str) -> str:
    if text[:1] == ">" and text[:3] != ">>>":
        return MARKED
    # So begins nearly every line that bears no mark.
    if text[:1].isalnum() and ">" not in text and "\uff1e" not in text:
        return kind_of_open(text)
    if is_blank(text):
        return BLANK
    return WEAKLY_MARKED if is_marked(text) else kind_of_open(text)


_kind = lru_cache(maxsize=_REMEMBERED)(_kind_of)
