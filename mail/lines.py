"""The lines of a text and what each is by its first characters, told once for all who ask."""

import re
from collections.abc import Sequence

from mail.quote_marks import is_blank, is_marked

# One character a line. The common mark is the one of RFC 3676 §4.5; GroupWise's `>>>` is none.
BLANK, MARKED, WEAKLY_MARKED, OPEN = " >|o"
_MARKED_RUN = re.compile(f"{MARKED}*")
_UNMARKED = (OPEN, WEAKLY_MARKED)
# An open line, and a marked one right beside it: a line that was wrapped anew has no mark.
_NEAR_OPEN = re.compile(f"{OPEN}|[>|](?={OPEN})|(?<={OPEN})[>|]")


class Lines:
    def __init__(self, texts: Sequence[str], kinds: str = "") -> None:
        self.texts = texts
        self.kinds = kinds or "".join(
            [
                BLANK
                if not text
                else MARKED
                if text[0] == ">" and text[:3] != ">>>"
                # Inside, not in a call: so begins nearly every line that bears no mark.
                else OPEN
                if text[0].isalnum() and ">" not in text and "\uff1e" not in text
                else _kind(text)
                for text in texts
            ]
        )
        self.open = [at for at, kind in enumerate(self.kinds) if kind == OPEN]
        """Those that are neither blank nor marked."""
        self.unmarked = (
            [at for at, kind in enumerate(self.kinds) if kind in _UNMARKED]
            if WEAKLY_MARKED in self.kinds
            else self.open
        )
        """Those, and what has another mark than the common one."""

    def __len__(self) -> int:
        return len(self.texts)

    def to(self, end: int) -> "Lines":
        return Lines(self.texts[:end], self.kinds[:end])

    def near_open(self) -> list[int]:
        """The open ones, and the marked ones right beside them."""
        if MARKED not in self.kinds and WEAKLY_MARKED not in self.kinds:
            return self.open
        return [match.start() for match in _NEAR_OPEN.finditer(self.kinds)]

    def below_marks(self, at: int) -> int:
        """The first line from `at` on without the common mark."""
        match = _MARKED_RUN.match(self.kinds, at)
        return match.end() if match else at


def lowered(text: str) -> str:
    """In lower case, a letter for a letter: Python makes two of a Turkish İ."""
    return text.lower() if text.isascii() else text.lower().replace("i\u0307", "i")


def _kind(text: str) -> str:
    if is_blank(text):
        return BLANK
    return WEAKLY_MARKED if is_marked(text) else OPEN
