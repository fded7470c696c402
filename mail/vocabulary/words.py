"""The words that a decision is read from, as the reader wants them."""

from dataclasses import dataclass
from functools import cached_property

from mail.doubt_hints import DoubtHints
from mail.doubt_words import DoubtWords
from mail.little_words import LittleWords
from mail.phrases import Phrases, tokens

DOUBTS = (
    "negation",
    "condition",
    "restriction",
    "reserve",
    "delay",
    "question",
    "taken_back",
)
"""The kinds of words that take an approval back, the one that names it best first."""

LISTS = (
    "approve",
    "reject",
    "core",
    "object",
    "after",
    "remark",
    "before",
    "before_reject",
    "greeting",
    "addressee",
    "because",
    "correction",
    "harmless",
    "plain",
    "numbered",
)
"""The fields of a vocabulary that are lists of phrases, under the same names in its file."""


@dataclass(frozen=True)
class Vocabulary:
    """Phrases as `mail.phrases` writes them; the doubts are plain ones, without brackets."""

    approve: tuple[str, ...] = ()
    reject: tuple[str, ...] = ()
    core: tuple[str, ...] = ()
    """One word of each statement that holds no word which is a statement alone: what others wrote
    into a mail of ours is shown with a dot in it (`mail.text`)."""
    object: tuple[str, ...] = ()
    """What a statement may be about without restricting it."""
    after: tuple[str, ...] = ()
    """Courtesies and the like that may follow a statement with no mark between."""
    remark: tuple[str, ...] = ()
    """Whole notes that may do so: `APPROVE fine`."""
    before: tuple[str, ...] = ()
    """What may stand before a statement."""
    before_reject: tuple[str, ...] = ()
    """What may stand before a rejection as well."""
    greeting: tuple[str, ...] = ()
    addressee: tuple[str, ...] = ()
    """Who is greeted where it is no name: `team`; names are known by their capital letters."""
    because: tuple[str, ...] = ()
    """What the reason of a rejection begins with."""
    correction: tuple[str, ...] = ()
    """What takes a rejection back: `oops`, `I meant approve`."""
    harmless: tuple[str, ...] = ()
    """What sounds like a doubt and is none."""
    plain: tuple[str, ...] = ()
    """Words that a remark beside an approval may be made of."""
    numbered: tuple[str, ...] = ()
    """Words that a number may follow in one."""
    doubts: tuple[tuple[str, str], ...] = ()
    """Pairs of a kind (one of DOUBTS) and a phrase."""
    in_signatures: frozenset[str] = frozenset()
    """Doubts that the names, titles and dates of signatures hold as well."""
    little: LittleWords = LittleWords()

    def prepare(self) -> None:
        """Make now what else the first reply would wait for: half a second's work."""
        for name, value in vars(Vocabulary).items():
            if isinstance(value, cached_property):
                getattr(self, name)

    @property
    def doubting(self) -> "Vocabulary":
        """Without its statements and what surrounds them."""
        return Vocabulary(doubts=self.doubts, in_signatures=self.in_signatures, little=self.little)

    @cached_property
    def approvals(self) -> Phrases:
        return Phrases(self.approve)

    @cached_property
    def rejections(self) -> Phrases:
        return Phrases(self.reject)

    @cached_property
    def lone_approvals(self) -> frozenset[str]:
        """Words that are an approval alone, and begin nothing that may stand before one."""
        return frozenset(filter(str.isascii, self.approvals.alone - self.leads.first))

    @cached_property
    def telling(self) -> frozenset[str]:
        """Words of which every statement has one."""
        return frozenset(self.core) | self.deciding

    @cached_property
    def objects(self) -> Phrases:
        return Phrases(self.object)

    @cached_property
    def courtesies(self) -> Phrases:
        return Phrases(self.after)

    @cached_property
    def remarks(self) -> Phrases:
        return Phrases(self.remark)

    @cached_property
    def leads(self) -> Phrases:
        return Phrases(self.before)

    @cached_property
    def refusing_leads(self) -> Phrases:
        return Phrases((*self.before, *self.before_reject))

    @cached_property
    def greetings(self) -> Phrases:
        return Phrases(self.greeting)

    @cached_property
    def addressees(self) -> Phrases:
        return Phrases(self.addressee)

    @cached_property
    def corrections(self) -> Phrases:
        return Phrases(self.correction)

    @cached_property
    def reasons(self) -> Phrases:
        return Phrases(self.because)

    @cached_property
    def harmless_phrases(self) -> Phrases:
        """Those of `harmless`, greetings, and what may stand before and behind a statement."""
        return Phrases((*self.harmless, *self.after, *self.before, *self.greeting))

    @cached_property
    def doubt_kinds(self) -> dict[str, str]:
        """The kind of every doubt, by its words joined by single blanks."""
        return {" ".join(tokens(phrase)): kind for kind, phrase in reversed(self.doubts)}

    @cached_property
    def doubt_words(self) -> DoubtWords:
        return DoubtWords(self.doubt_kinds, self.harmless, self.in_signatures)

    @cached_property
    def doubt_hints(self) -> DoubtHints:
        return DoubtHints(self.doubt_words, self.little, self.deciding)

    @cached_property
    def plain_words(self) -> frozenset[str]:
        """Those of `plain` and `numbered`."""
        known = (self.plain, self.numbered)
        return frozenset(
            token for phrases in known for phrase in phrases for token in tokens(_flat(phrase))
        )

    @cached_property
    def all_words(self) -> frozenset[str]:
        """What is no name: words that mean something by themselves. In a phrase of one language
        stands many a name of another: `o tom`."""
        about = {token for phrase in self.object for token in tokens(_flat(phrase))}
        doubts = {doubt for doubt in self.doubt_kinds if " " not in doubt}
        alone = self.harmless_phrases.alone | self.deciding
        return (
            self.plain_words | alone | about | doubts | self.little.qualifier | self.little.no_name
        )

    @cached_property
    def deciding(self) -> frozenset[str]:
        """The words that are a decision alone."""
        return self.approvals.alone | self.rejections.alone

    def denies(self, word: str) -> bool:
        return self.doubt_kinds.get(word) == "negation"

    def doubts_or_decides(self, word: str) -> bool:
        return word in self.doubt_kinds or self.decides(word)

    def decides(self, word: str) -> bool:
        """Whether the word alone is a decision."""
        return word in self.deciding


def _flat(phrase: str) -> str:
    return phrase.translate(str.maketrans("[]()|", "     "))
