"""What stands below a person's words: closings and signatures, lines of programs, disclaimers."""

from collections.abc import Sequence, Set
from dataclasses import dataclass, field

from mail.boasts import is_boast
from mail.characters import lowered
from mail.disclaimers import (
    continues_disclaimer,
    is_disclaimer,
    is_label,
    paragraph,
    starts_disclaimer,
)
from mail.ordinary import CLOSER, FOOTER
from mail.separators import RULE
from mail.sign_offs import is_named, is_writer
from mail.signatures import (
    CLOSING,
    DASHES,
    ENVIRONMENT,
    POSTSCRIPT,
    PROGRAM,
    THANKS,
    lower_words,
)

_SIGNATURE_LINES = 12
# Only so many paragraphs are tried: a text of nothing but first lines would take quadratic time.
_DISCLAIMERS = 20


@dataclass(slots=True)
class Sorted:
    """The lines of a text, by whose they are."""

    own: list[str] = field(default_factory=list)
    beside: list[str] = field(default_factory=list)
    below: list[str] = field(default_factory=list)
    """Sentences below a closing: of a signature, or of a person who went on."""
    unsure: list[str] = field(default_factory=list)
    """What stands where a name would, and is not the writer's."""
    aside: list[str] = field(default_factory=list)
    followed: bool = False
    """Whether more lines stand below `unsure`."""
    footed: bool = False
    """Whether a disclaimer stands right below the writer's own."""
    answered: bool = False
    """Whether anything is the writer's own so far."""


class Footers:
    def __init__(self, lines: Sequence[str], names: Set[str], into: Sorted) -> None:
        """`names`: the writer's."""
        self._lines, self._names, self._into = lines, names, into
        self.closed = False
        """Whether one stood above any answer: below it none begins."""
        self.left = 0
        """How many lines still belong to it."""
        # Whether the line is due that a signature begins with; false where that may be none.
        self._begins, self._sure = False, True
        self.disclaimed = False
        """Whether any was a disclaimer."""
        self._tried = 0

    def chained(self) -> bool:
        """Whether a disclaimer goes on here, however it begins."""
        return self.disclaimed and self.left > 0

    def end(self) -> None:
        self.left, self._begins = 0, False

    def take(self, at: int, kind: str) -> int:
        """How many lines from `at` on are none of the writer's own but of these; 0 if none."""
        line = self._lines[at]
        low, chained = lowered(line), self.chained()
        if kind == CLOSER and not chained:
            return self._take_closing(line, low)
        if kind == FOOTER and not chained:
            return 1
        if length := self._disclaimer(at, chained):
            self._into.footed = self._into.footed or not self.left
            self.disclaimed = True
            self._begin()
            return length
        signed = self.left > 0
        boasts = (self._into.answered or signed) and is_boast(line, signed)
        if boasts or PROGRAM.match(low) or ENVIRONMENT.match(low):
            return 1
        if DASHES.match(line) or RULE.match(line):
            self._begin()
            # People type two dashes, too; a signature starts with a name.
            self._sure = RULE.match(line) is not None or line.rstrip("\r") == "-- "
            return 1
        return self._take_closing(line, low)

    def take_name(self, line: str) -> bool:
        """Whether the writer's name begins a signature here."""
        if self.left or not self._into.answered or not is_named(line, self._names):
            return False
        self._sign(line)
        self._begins = False
        return True

    def keep(self, line: str) -> bool:
        """Whether the line, which is nothing else, stands in the one that is left: then it is
        sorted."""
        if POSTSCRIPT.match(lowered(line)):
            self.left = 0
            return False
        self.left -= 1
        self._keep(line)
        return True

    def _take_closing(self, line: str, low: str) -> int:
        if self.left or not self._into.answered:
            return 0
        if CLOSING.match(low):
            self._sign(line)
            return 1
        if THANKS.match(low):
            self._into.own.append(line)
            self.left, self._begins, self._sure = _SIGNATURE_LINES, True, False
            return 1
        return 0

    def _sign(self, line: str) -> None:
        self._into.aside.append(line)
        self.left, self._begins, self._sure = _SIGNATURE_LINES, True, True

    def _begin(self) -> None:
        self.left, self._begins = len(self._lines), True
        self.closed = self.closed or not self._into.answered

    def _keep(self, line: str) -> None:
        """A signature is made of names and addresses: a sentence in it is doubted like a note."""
        into, unsure = self._into, self._begins and not self._sure
        into.followed = into.followed or bool(into.unsure)
        if unsure and not is_writer(line, self._names):
            into.unsure.append(line)
        elif not self.disclaimed and lower_words(line) >= (1 if self._begins else 2):
            into.below.append(line)
        else:
            into.aside.append(line)
        self._begins = False

    def _disclaimer(self, at: int, chained: bool) -> int:
        if not (chained or starts_disclaimer(self._lines[at])) or self._tried >= _DISCLAIMERS:
            return 0
        self._tried += 1
        text = paragraph(self._lines, at)
        # A heading alone: what it says of the next paragraph has to be so.
        headed = 2 if is_label(text) else 0
        if headed:
            text = paragraph(self._lines, at + headed)
        below = self._into.answered or self.left > 0
        found = is_disclaimer(text, below) or (chained and continues_disclaimer(text))
        return headed + len(text) if found else 0
