"""The decision in the first sentence of a person's own words, after a greeting if there is one.

What is listed in the vocabulary may stand there and nothing else: an approval is found where every
word up to the first mark is known, and so restricts nothing.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from mail.phrases import Phrases, Token, tokens
from mail.reply import Decision
from mail.vocabulary import Vocabulary

LENGTH = 500
"""Characters of the own text in which the first sentence has to stand."""
_LEADS = 4
_NAMES = 6
_TAG = 2
_IN_NAMES = frozenset("- & / and und et y e en och @ . dr mr mrs ms prof hr fr sr sra".split())
# `田中様`, `김 과장님`, `张经理您好`.
_ADDRESSED = ("様", "さん", "各位", "御中", "님", "您好", "你好")

# Around a word: quotes, the bold and italics of plain text, emojis. No brackets: `( ) approve`.
_AROUND = frozenset("\"'“”„‟‘’‚«»‹›`*_「」『』´")
_EMOJI_PARTS = frozenset("\ufe0f\u200d")
_STOPS = frozenset(".!。！．")
_MARKS = frozenset(",;:-–—―(、，；：（\n") | _STOPS
_BETWEEN = frozenset(",;:-–—―.!、，。！\n")
_ASKS = frozenset("?？؟\u037e")
_SENTENCE_END = re.compile(r"[.!。！?？؟\u037e\n]")
# `Approved...` hesitates.
_HESITATES = re.compile(r"[ \t]*(?:\.{2,}|…)")
_OR = frozenset("or oder ou o eller lub nebo или або または 或".split())


@dataclass(frozen=True, slots=True)
class Opening:
    """A decision and where the words that make it end; None, and why, if there is none."""

    decision: Decision | None
    end: int = 0
    reason: str = ""


def find_opening(text: str, vocabulary: Vocabulary) -> Opening:
    """`text` is the person's own, its first word first."""
    row = tokens(text[:LENGTH])
    reader = _Reader(text, row, vocabulary)
    for start in reader.starts():
        for found in (reader.approval(start), reader.rejection(start)):
            if found:
                return found
    return Opening(None)


class _Reader:
    def __init__(self, text: str, row: list[Token], vocabulary: Vocabulary) -> None:
        self._text = text
        self._row = row
        self._words = vocabulary

    def starts(self) -> Iterator[int]:
        """Where the statement may begin: with the first word, or below a greeting."""
        at = self._bare(0)
        yield at
        greeted = self._greeting(at)
        while greeted:
            yield greeted
            greeted = self._greeting(greeted)

    def approval(self, at: int) -> Opening | None:
        for start in self._after_leads(at, self._words.leads):
            for end in self._words.approvals.ends(self._row, start, over_lines=True):
                if found := self._approved(end):
                    return found
        return None

    def rejection(self, at: int) -> Opening | None:
        for start in self._after_leads(at, self._words.refusing_leads):
            for end in self._words.rejections.ends(self._row, start, over_lines=True):
                if found := self._rejected(end):
                    return found
        return None

    def _approved(self, at: int) -> Opening | None:
        """An approval ends with a mark, and no word before it is unknown."""
        at = self._closed(self._courteous(self._about(self._closed(at))))
        if not self._is_mark(at):
            return None
        end = self._end(at)
        if _HESITATES.match(self._text, end):
            return None
        _, asked = self._sentence(end)
        return None if asked else Opening(Decision.APPROVE, end)

    def _rejected(self, at: int) -> Opening | None:
        """A rejection stands whatever reason it is given, but for a question, a condition, a part,
        and an approval in the same breath."""
        at = self._closed(self._about(self._closed(at)))
        end = self._end(at)
        marked = self._is_mark(at) or any(self._words.reasons.ends(self._row, at))
        if not marked and self._row[at].start == end:  # `reject_all`
            return None
        said, asked = self._sentence(end)
        part = re.split(r"[,;:]", said, maxsplit=1)[0] if not marked else said
        words = [token.text for token in tokens(part) if token.text[0].isalnum()]
        # `Reject, right?` asks; `Reject, why was this asked at all?` rejects.
        if asked and not (marked and len(words) > _TAG):
            return None
        limiting = (self._words.doubt_kinds.get(w) for w in (words[:1] if marked else words))
        if any(kind in ("condition", "restriction") for kind in limiting):
            return None
        if not _OR.isdisjoint(words[:1] if marked else words) or self._approves_next(at, said):
            return None
        return Opening(Decision.REJECT, end)

    def _sentence(self, start: int) -> tuple[str, bool]:
        """The rest of the sentence, and whether it is a question."""
        rest = self._text[start : start + LENGTH]
        end = _SENTENCE_END.search(rest)
        return (rest[: end.start()], end[0] in _ASKS) if end else (rest, False)

    def _is_mark(self, at: int) -> bool:
        if at >= len(self._row):
            return True
        word = self._row[at]
        # `approve-only` is one word.
        glued = word.text == "-" and self._text[word.start - 1 : word.end + 1].strip() != word.text
        glued = glued and not self._text[word.end : word.end + 1].isspace()
        return word.text in _MARKS and not (glued and not self._text[word.start - 1].isspace())

    def _approves_next(self, at: int, said: str) -> bool:
        """Whether a clause of the same sentence approves, or the next sentence does."""
        end = self._end(at) + len(said)
        while at < len(self._row) and self._row[at].start <= end:
            if self._is_mark(at) and any(self._words.approvals.ends(self._row, self._bare(at + 1))):
                return True
            at += 1
        return at < len(self._row) and self.approval(self._bare(at)) is not None

    def _end(self, at: int) -> int:
        return self._row[at - 1].end if at else 0

    def _greeting(self, at: int) -> int:
        """Behind a greeting that stands at `at`, 0 if none does."""
        for end in self._words.greetings.ends(self._row, at):
            named = self._named(end)
            for behind in dict.fromkeys((named, end)):
                closed = self._between(behind)
                if closed > behind or behind == end:
                    return self._bare(closed)
        return self._addressed(at)

    def _addressed(self, at: int) -> int:
        """`Dana,` on a line of its own; `田中様`."""
        line = next((i for i in range(at, len(self._row)) if self._row[i].text == "\n"), at)
        said = [token.text for token in self._row[at : line] if token.text not in _MARKS]
        if said and len(said) <= _NAMES and said[-1].endswith(_ADDRESSED):
            return self._bare(line)
        end = at
        while end < len(self._row) and end - at <= _NAMES and self._row[end].text not in _MARKS:
            end += 1
        comma = end + 1 < len(self._row) and self._row[end].text in ",，、"
        if comma and self._row[end + 1].text == "\n" and end > at and self._named(at) == end:
            return self._bare(self._between(end))
        return 0

    def _named(self, at: int) -> int:
        """Behind the names of those who are greeted, which begin with capital letters."""
        for end in self._words.addressees.ends(self._row, at):
            return end
        start = at
        while at < len(self._row) and at - start < _NAMES and self._is_name(at):
            at += 1
        return at

    def _is_name(self, at: int) -> bool:
        word = self._row[at]
        if word.text in _IN_NAMES and (word.text != "." or self._row[at - 1].text in _IN_NAMES):
            return True
        first = self._text[word.start]
        if not first.isalpha() or first.islower():
            return False
        parts = word.text.split("'")
        return not any(part in self._words.doubt_kinds or self._words.decides(part) for part in parts)

    def _after_leads(self, at: int, leads: Phrases) -> list[int]:
        """Where a statement may begin from `at` on: the furthest first."""
        starts = [at]
        for _ in range(_LEADS):
            end = next(leads.ends(self._row, starts[-1]), 0)
            if not end:
                break
            end = self._thanked(end)
            starts.append(self._bare(self._between(end)))
        return starts[::-1]

    def _thanked(self, at: int) -> int:
        """Behind what somebody is thanked for: `Thanks for the summary.`"""
        if at >= len(self._row) or self._row[at].text not in ("for", "für", "pour", "por", "per"):
            return at
        end = at
        while end < len(self._row) and end - at <= _NAMES + 2:
            word = self._row[end].text
            if word in _BETWEEN:
                return end
            if word in self._words.doubt_kinds or self._words.decides(word) or word in _ASKS:
                return at
            end += 1
        return at

    def _about(self, at: int) -> int:
        return next(self._words.objects.ends(self._row, at), at)

    def _courteous(self, at: int) -> int:
        """Behind `thanks`, and the name below it that a program has put on the same line."""
        start = at
        for _ in range(2):
            end = next(self._words.courtesies.ends(self._row, at), 0)
            if not end:
                break
            at = end
        named = at
        while start < at and named < min(len(self._row), at + 3) and self._is_name(named):
            named += 1
        ends = named >= len(self._row) or self._row[named].text == "\n"
        return named if ends else at

    def _between(self, at: int) -> int:
        while at < len(self._row) and self._row[at].text in _BETWEEN:
            at += 1
        return at

    def _bare(self, at: int) -> int:
        """Behind what may stand around a word."""
        while at < len(self._row) and (self._is_around(at) or self._row[at].text == "\n"):
            at += 1
        return at

    def _closed(self, at: int) -> int:
        """Behind emojis, and behind what closes right after a word."""
        while at < len(self._row) and self._is_around(at):
            token = self._row[at]
            if token.text in _AROUND and self._text[token.start - 1].isspace():
                break
            at += 1
        return at

    def _is_around(self, at: int) -> bool:
        token = self._row[at]
        if token.text == "_":  # `reject_all` is one word
            around = self._text[max(token.start - 1, 0) : token.end + 1].strip("_")
            return len(around) < 2
        return token.text in _AROUND or token.text in _EMOJI_PARTS or is_emoji(token.text)


def is_emoji(char: str) -> bool:
    return not char.isascii() and unicodedata.category(char[0]) in ("So", "Sk")
