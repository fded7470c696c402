"""The decision in the first sentence of a person's own words, after a greeting if there is one.

Only what the vocabulary lists may stand there, and names behind a greeting or thanks: an approval
is found where every word up to the first mark is known, and so restricts nothing.
"""

import re
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple

from mail.greeting import NAMES, beginnings, behind_names
from mail.phrases import Phrases, tokens, words_in
from mail.reply import Decision
from mail.row import Row
from mail.vocabulary import Vocabulary

LENGTH = 500
"""Characters of the own text in which the first sentence has to stand."""

_LEADS = 4  # `Thanks. Yes, looks good: approved`
_TAG = 2  # words of `Reject, right?`
# `Approved...` hesitates.
_HESITATES = re.compile(r"[ \t]*(?:\.{2,}|…)")
_BLANK_FIELD = re.compile(r"[ \t]*:[ \t_.…-]*(?:\n|$)")
_CLAUSE_END = re.compile(r"[,;:]")
_SENTENCE_ENDS = frozenset(".!。！")
# What parts clauses; before one, a box that is ticked.
_ENDS = re.compile(r"[^\w']")
_BOX = frozenset({"[", "]", "x", "(", ")", ">"})


class Opening(NamedTuple):
    decision: Decision
    end: int
    """Where in the text the words end that make it."""
    taken_back: bool = False
    """Whether what follows a rejection takes it back."""


def find_opening(text: str, words: Vocabulary, request_id: str = "") -> Opening | None:
    """`text` is the person's own, its first word first; `request_id` is what they may name."""
    # The rules below find the same, for nothing stands beside the word.
    if "\n" not in text and text.lower() in words.lone_approvals:
        return Opening(Decision.APPROVE, len(text))
    row = Row(text, LENGTH)
    approves = not words.approvals.last.isdisjoint(row.words)
    rejects = not words.rejections.last.isdisjoint(row.words)
    if not approves and not rejects:
        return None
    # With no dash in the text nothing is named that has one.
    named = request_id if "-" in text or "-" not in request_id else ""
    reader = _Reader(row, words, named, approves)
    for start in chain((0,), beginnings(row, words)):  # `👍` alone is a word for a vocabulary
        if approves and (end := reader.approval(start)):
            return Opening(Decision.APPROVE, row.end(end))
        if rejects and (end := reader.rejection(start)):
            return Opening(Decision.REJECT, row.end(end), takes_back(row.behind(end), words))
    return None


def takes_back(row: list[str], words: Vocabulary) -> bool:
    """Whether a clause of a rejection's note is a correction of it, or itself an approval; `row`
    are the tokens of the note."""
    if words.corrections.last.isdisjoint(row) and words.approvals.last.isdisjoint(row):
        return False
    starts = (at + 1 for at, word in enumerate(row) if at + 1 < len(row) and _ENDS.match(word))
    for start in (0, *starts):
        while start < len(row) and row[start] in _BOX:
            start += 1
        for phrases in (words.approvals, words.corrections):
            end = phrases.end(row, start)
            if end and (end == len(row) or _ENDS.match(row[end])):
                return True
    return False


@dataclass(slots=True)
class _Reader:
    """Its methods return the place behind what they find, 0 if they find nothing."""

    row: Row
    words: Vocabulary
    request_id: str
    approves: bool
    """Whether the last word of an approval stands anywhere."""

    def approval(self, at: int) -> int:
        """An approval ends with a mark, and no word before it is unknown."""
        for start in self._behind_leads(at, self.words.leads):
            for said in self.words.approvals.ends(self.row.words, start, over_lines=True):
                # Nothing stands there that would belong to it, or ask.
                if self.row.is_all_of_line(said) or self._is_remark(said):
                    return said
                end = self.row.closed(self._courteous(self._about(self.row.closed(said))))
                if self._closes(end):
                    return end
        return 0

    def _closes(self, at: int) -> bool:
        """Whether an approval may end there."""
        asks = self.row.sentence(at)[1]
        return (
            self.row.is_mark(at) and not asks and not self._is_form(at) and not self._hesitates(at)
        )

    def _is_remark(self, at: int) -> bool:
        """Whether a note follows that is known as a whole: `APPROVE fine`"""
        end = self.words.remarks.end(self.row.words, at)
        return end > 0 and self._closes(end)

    def rejection(self, at: int) -> int:
        """A rejection stands whatever reason it is given, but for a question, a condition, a part,
        and an approval in the same breath."""
        for start in self._behind_leads(at, self.words.refusing_leads):
            for said in self.words.rejections.ends(self.row.words, start, over_lines=True):
                closed = self.row.closed(said)
                named = self._about(closed)
                end = self.row.closed(named) if named > closed else closed
                if not self._is_open(end, said, end > closed) and not self._approves_next(end):
                    return end
        return 0

    def _is_open(self, at: int, said: int, named: bool) -> bool:
        """Whether what follows a rejection leaves it open; `named`: if it says of what it is."""
        if self._is_somebodys(at):
            return True
        marked = self.row.is_mark(at) or self.words.reasons.end(self.row.words, at) > 0
        if not marked and self._is_another_sentence(at, "" if named else self.row.word(said - 1)):
            return True
        rest, asks = self.row.sentence(at)
        # With no mark between, all up to the next one belongs to it: `Reject the ACME one if …`
        part = rest if marked else _CLAUSE_END.split(rest, maxsplit=1)[0]
        follows = words_in(part)
        if asks and not (marked and len(follows) > _TAG):
            return True
        if marked:
            return self._hesitates(at) or self._turns(follows)
        little = self.words.little
        # `Reject not` is none; `Reject no` and `Reject not now` are.
        only = len(follows) == 1 and self.words.denies(follows[0])
        late = self.words.doubt_kinds.get(follows[0]) in ("delay", "reserve") if follows else False
        limits = late or not little.alternative.isdisjoint(follows)
        limits = limits or self.words.doubt_words.limit(part.casefold())
        return limits or (only and follows[0] not in little.no)

    def _is_another_sentence(self, at: int, said: str) -> bool:
        """`reject_all`, `Reject is not an option`, `Declined payments need …`"""
        row, little = self.row, self.words.little
        glued = row.place(at)[0] == row.place(at - 1)[1] or row.word(at) in ("[", "]")
        if glued or row.word(at) in little.predicate:
            return True
        return said != "" and not said.startswith("reject")

    def _is_somebodys(self, at: int) -> bool:
        """`Rejected by Tom`, `Rejected last week by Tom`, `Rechazado por Dana`"""
        row, little = self.row, self.words.little
        if little.deciders.isdisjoint(row.words):
            return False
        if row.word(at) in little.by and row.word(at + 1) not in little.ourselves:
            return True
        end = at
        while not row.is_mark(end):
            if row.word(end) in little.whose and behind_names(row, end + 1, self.words) > end + 1:
                return True
            end += 1
        return False

    def _turns(self, follows: list[str]) -> bool:
        """`Reject, unless …`, `Reject - or not`, `Reject, but approve the first one`"""
        little = self.words.little
        if follows and (follows[0] in little.alternative or follows[0] in little.unless):
            return True
        but = any(self.words.doubt_kinds.get(word) == "reserve" for word in follows)
        return but and any(word in self.words.approvals for word in follows)

    def _is_form(self, at: int) -> bool:
        """`Approved: ____`"""
        return _BLANK_FIELD.match(self.row.text, self.row.end(at)) is not None

    def _hesitates(self, at: int) -> bool:
        return bool(_HESITATES.match(self.row.text, self.row.end(at)))

    def _approves_next(self, at: int) -> bool:
        """Whether a clause of the same sentence approves, or the next sentence does."""
        row = self.row
        if not self.approves or self.words.approvals.last.isdisjoint(row.words[at:]):
            return False
        end = row.end(at) + len(row.sentence(at)[0])
        while at < len(row) and row.place(at)[0] < end:
            if row.is_mark(at) and self.words.approvals.end(row.words, row.bare(at + 1)):
                return True
            at += 1
        return bool(self.approval(row.bare(row.over_marks(at))))

    def _behind_leads(self, at: int, leads: Phrases) -> list[int]:
        """Where a statement may begin from `at` on, the furthest first."""
        if self.row.word(at) not in leads.first:
            return [at]
        starts = [at]
        for _ in range(_LEADS):
            end = leads.end(self.row.words, starts[-1])
            # `No, rechazo` is one; `No rechazo` says the contrary.
            denies = end and self.words.denies(self.row.word(end - 1))
            if not end or (denies and not self.row.is_between(end)):
                break
            end = self._addressed(self._thanked(starts[-1], end))
            starts.append(self.row.bare(self.row.over_marks(end)))
        return starts[::-1]

    def _addressed(self, at: int) -> int:
        """Behind a name, if a sentence ends with it: `Thanks Tom. Approved.`"""
        named = behind_names(self.row, at, self.words)
        return named if named > at and self.row.word(named) in _SENTENCE_ENDS else at

    def _thanked(self, start: int, at: int) -> int:
        """Behind what somebody is thanked for, if it is: `Thanks for the summary.`; what is no word
        of remarks, as in `Thanks for the holiday request.`, is about something else."""
        row, words = self.row, self.words
        if row.word(at) not in words.little.thanked_for:
            return at
        end = at
        while not row.is_between(end) and end < min(at + NAMES + 3, len(row)):
            end += 1
        wrapped = row.word(end) == "\n" and row.word(end + 1) != "\n"
        if not row.is_between(end) or row.word(end) == ":" or wrapped:
            return at
        said = row.words[start:end]
        others = {said[place] for place in words.harmless_phrases.outside(said)}
        known = others - words.little.thanked_for <= words.plain_words
        return end if known and not any(map(words.doubts_or_decides, others)) else at

    def _about(self, at: int) -> int:
        """Behind what a statement names: the action, or our code for it."""
        row = self.row
        end = self.words.objects.end(row.words, at) or at
        if not self.request_id or end >= len(row):
            return end
        named = end
        while named < end + 2 and row.word(named) in ("(", "[", "#"):
            named += 1
        if not self.request_id.lower().startswith(row.word(named)):
            return end
        request = tokens(self.request_id)
        behind = named + len(request)
        if row.words[named:behind] != request:
            return end
        return behind + (row.word(behind) in (")", "]"))

    def _courteous(self, at: int) -> int:
        """Behind `thanks`, and a name that a program has put on the same line."""
        start = at
        for _ in range(2):
            at = self.words.courtesies.end(self.row.words, at) or at
        named = behind_names(self.row, at, self.words) if at > start else at
        return named if self.row.line_ends(named) else at
