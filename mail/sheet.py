"""The style sheets of one message: which rules may be for an element, and what they do to it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import reduce
from typing import NamedTuple

from mail.colour import Colour
from mail.css import Block, blocks
from mail.nesting import RENAMED
from mail.style import Effect, effect_of, generated_text

# That do anything to text. Newsletters have fewer; each costs time for every element.
RULES = 300


class Shade(NamedTuple):
    """A colour that may be there. A tuple, for sets of them are made for every element."""

    colour: Colour
    source: int | None
    """Of a rule that names text and background its number: such a pair comes and goes as one."""
    strong: bool = False
    """Whether it wins over what the element itself names."""


@dataclass(frozen=True, slots=True)
class Ruled:
    """What rules may do to an element."""

    hides: bool
    struck: bool
    texts: frozenset[Shade]
    backs: frozenset[Shade]
    sizes: tuple[str, ...]
    pull: float
    push: float


@dataclass(frozen=True, slots=True)
class _Rule:
    tag: str
    marks: frozenset[str]
    ruled: Ruled


_NO_EFFECT = Effect()


class Sheet:
    def __init__(self, styles: Iterable[str]) -> None:
        self.cut = False
        """Whether there is more in it than what is understood."""
        self._generated: list[str] = []
        self._rules: dict[str, list[_Rule]] = {}
        self._marks: frozenset[str] = frozenset()
        self._tags: dict[str, Ruled | None] = {}
        self._ruled: dict[tuple[str, frozenset[str]], Ruled | None] = {}
        self._count = 0
        for style in styles:
            self._read(style)

    @property
    def generated(self) -> str:
        """Text that the rules add to the message's own."""
        return "\n".join(self._generated)

    @property
    def is_empty(self) -> bool:
        return not self._rules

    def ruled(self, tag: str, marks: frozenset[str]) -> Ruled | None:
        key = (tag, marks & self._marks)
        if key not in self._ruled:
            found = [self._of_tag(tag), *self._of_marks(*key)]
            self._ruled[key] = reduce(_both, filter(None, found), None)
        return self._ruled[key]

    def _of_tag(self, tag: str) -> Ruled | None:
        if tag not in self._tags:
            rules = (rule for key in {tag, "*"} for rule in self._rules.get(key, ()))
            self._tags[tag] = reduce(_both, (rule.ruled for rule in rules), None)
        return self._tags[tag]

    def _of_marks(self, tag: str, marks: frozenset[str]) -> Iterator[Ruled]:
        for mark in marks:
            for rule in self._rules.get(mark, ()):
                if rule.tag in ("*", tag) and rule.marks <= marks:
                    yield rule.ruled

    def _read(self, style: str) -> None:
        for number, block in enumerate(blocks(style)):
            if block is None or self._count >= RULES:
                self.cut = True
                return
            self._add(block, number)

    def _add(self, block: Block, number: int) -> None:
        text = generated_text(block.declarations)
        if text:
            self._generated.append(text)
        whole, beside = effect_of(block.declarations), Effect(hides=bool(text))
        paired = bool(whole.texts and whole.backs) and not block.mixed
        for selector in block.selectors[: RULES + 1]:
            effect = beside if selector.generated else whole
            if effect != _NO_EFFECT:
                self._count += 1
                ruled = _ruled(effect, number if paired else None, paired and block.important)
                tag, marks = RENAMED.get(selector.tag, selector.tag), selector.marks
                self._rules.setdefault(min(marks, default=tag), []).append(_Rule(tag, marks, ruled))
                self._marks |= marks


def _ruled(effect: Effect, source: int | None, strong: bool) -> Ruled:
    return Ruled(
        hides=effect.hides,
        struck=effect.struck,
        texts=frozenset(Shade(text, source, strong) for text in effect.texts),
        backs=frozenset(Shade(back, source, strong) for back in effect.backs),
        sizes=effect.sizes,
        pull=effect.pull,
        push=effect.push,
    )


def _both(one: Ruled | None, other: Ruled) -> Ruled:
    if not one:
        return other
    return Ruled(
        hides=one.hides or other.hides,
        struck=one.struck or other.struck,
        texts=one.texts | other.texts,
        backs=one.backs | other.backs,
        sizes=tuple(dict.fromkeys(one.sizes + other.sizes)),
        pull=max(one.pull, other.pull),
        push=max(one.push, other.push),
    )
