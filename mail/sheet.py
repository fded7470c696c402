"""The style sheets of one message: which rules may be for an element, and what they do to it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from mail.colour import Colour
from mail.css import Block, blocks
from mail.style import Effect, effect_of, generated_text

# That do anything to text. Newsletters have fewer; each costs time for every element.
RULES = 300
_STYLES = 32
_STYLE = 8_000  # characters; longer ones are read each time
_KEPT = 100  # sets of rules that are for one element


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
        self._ruled: dict[tuple[str, frozenset[str]], Ruled | None] = {}
        self._count = 0
        for style in styles:
            self._read(style)
        # Put together once: a page may have as many different tags as elements.
        self._of_all = _together([rule.ruled for rule in self._rules.get("*", ())])

    @property
    def generated(self) -> str:
        """Text that the rules add to the message's own."""
        return "\n".join(self._generated)

    @property
    def is_empty(self) -> bool:
        return not self._rules

    def ruled(self, tag: str, marks: frozenset[str]) -> Ruled | None:
        if not self._rules:
            return None
        key = (tag, marks & self._marks)
        if key not in self._ruled:
            if len(self._ruled) >= _KEPT:
                self._ruled.clear()
            self._ruled[key] = _together([*self._of_tag(tag), *self._of_marks(*key)])
        return self._ruled[key]

    def _of_tag(self, tag: str) -> Iterator[Ruled]:
        if self._of_all:
            yield self._of_all
        for rule in self._rules.get(tag, ()):
            yield rule.ruled

    def _of_marks(self, tag: str, marks: frozenset[str]) -> Iterator[Ruled]:
        for mark in marks:
            for rule in self._rules.get(mark, ()):
                if rule.tag in ("*", tag) and rule.marks <= marks:
                    yield rule.ruled

    def _read(self, style: str) -> None:
        parsed = _parsed_again if len(style) <= _STYLE else _parsed
        for block in parsed(style):
            if block is None or self._count >= RULES:
                self.cut = True
                return
            self._add(block)

    def _add(self, block: "_Rules") -> None:
        if block.generated:
            self._generated.append(block.generated)
        self._count += len(block.rules)
        for rule in block.rules:
            self._rules.setdefault(min(rule.marks, default=rule.tag), []).append(rule)
            self._marks |= rule.marks


class _Rules(NamedTuple):
    """What one block adds to a sheet."""

    generated: str
    rules: tuple[_Rule, ...]


def _parsed(style: str) -> tuple[_Rules | None, ...]:
    """Of the blocks as many as a sheet may have; None where it cannot be taken apart."""
    found: list[_Rules | None] = []
    count = 0
    for number, block in enumerate(blocks(style)):
        if block is None or count >= RULES:
            return (*found, None)
        added = _rules_of(block, number)
        found.append(added)
        count += len(added.rules)
    return tuple(found)


# A program writes the same sheet into all of its messages, and ours comes back in every quote.
_parsed_again = lru_cache(maxsize=_STYLES)(_parsed)


def _rules_of(block: Block, number: int) -> _Rules:
    text = generated_text(block.declarations)
    whole, beside = effect_of(block.declarations), Effect(hides=bool(text))
    paired = bool(whole.texts and whole.backs) and not block.mixed
    source, strong = (number, block.important) if paired else (None, False)
    normal, generated = _ruled(whole, source, strong), _ruled(beside, source, strong)
    rules = (
        _Rule(
            selector.tag,
            selector.marks,
            generated if selector.generated else normal,
        )
        for selector in block.selectors[: RULES + 1]
        if (beside if selector.generated else whole) != _NO_EFFECT
    )
    return _Rules(text, tuple(rules))


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


def _together(several: Sequence[Ruled]) -> Ruled | None:
    if len(several) < 2:
        return next(iter(several), None)
    return Ruled(
        hides=any(one.hides for one in several),
        struck=any(one.struck for one in several),
        texts=frozenset().union(*(one.texts for one in several)),
        backs=frozenset().union(*(one.backs for one in several)),
        sizes=tuple({size: None for one in several for size in one.sizes}),
        pull=max(one.pull for one in several),
        push=max(one.push for one in several),
    )
