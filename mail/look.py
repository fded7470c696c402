"""How an element looks by its attributes, styles and surroundings, as far as it hides its text.

Which of several rules wins depends on programs, windows and selectors that are not understood here:
text counts as seen only where none of them hides it, and no two colours that may meet are alike.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from mail.colour import BLACK, WHITE, Colour, alike, over
from mail.element import Element
from mail.lengths import FAR, NEAR, font_size
from mail.sheet import Ruled, Shade, Sheet
from mail.style import Effect

# The colours mail programs have by themselves; their dark modes change both at once.
_DEFAULT = -1
_PAIRS = 64  # more than that are not compared
_SIZES = 32
_SETS = 256
_SHEETS = 16
_SHEET = 8_000  # characters; longer ones are read each time
_LOOKS = 200
_SMALL, _LARGE = 5.0, 300.0  # pixels


class Look(NamedTuple):
    """What an element hands down to those in it. A tuple, for many are made of one another."""

    texts: frozenset[Shade] = frozenset({Shade(BLACK, _DEFAULT)})
    backs: frozenset[Shade] = frozenset({Shade(WHITE, _DEFAULT)})
    alike: bool = False
    """Whether a text and a background that may meet are of one colour."""
    faint: bool = False
    """Hidden, or so it seems."""
    struck: bool = False
    kept_breaks: bool = False
    aside: bool = False
    """In a signature."""
    size: float = 16.0
    pull: float = 0.0
    push: float = 0.0


class Looks:
    """How the elements of messages with the same style sheets look."""

    def __init__(self, styles: Iterable[str]) -> None:
        self.sheet = Sheet(styles)
        self._rules = not self.sheet.is_empty
        self._known: dict[tuple[Element, Look], Look] = {}

    def of(self, element: Element, around: Look) -> Look:
        """Of what stands in the element."""
        if element.plain and not self._rules:
            return around
        if element.long:
            return self._look(element, around)
        look = self._known.get((element, around))
        if look is None:
            if len(self._known) >= _LOOKS:
                self._known.clear()
            look = self._known[element, around] = self._look(element, around)
        return look

    def is_plain(self, element: Element) -> bool:
        """Whether what is in it looks as it does around it, by style sheets, too."""
        return element.plain and self.sheet.ruled(element.tag, element.marks) is None

    def _look(self, element: Element, around: Look) -> Look:
        ruled = self.sheet.ruled(element.tag, element.marks)
        return around if element.plain and ruled is None else _look_of(element, ruled, around)


def looks_of(styles: Sequence[str]) -> Looks:
    """By the texts of the message's style sheets."""
    return _looks_again(tuple(styles)) if sum(map(len, styles)) <= _SHEET else Looks(styles)


# A program writes the same sheets and elements into all of its messages.
_looks_again = lru_cache(maxsize=_SHEETS)(Looks)


def _look_of(element: Element, ruled: Ruled | None, around: Look) -> Look:
    own = element.effect
    look = _moved(_sized(around, own, ruled), own, ruled)
    look = _coloured(look, own, ruled, element.important)
    return look._replace(
        faint=look.faint or element.faint or _hides_links(element.links, look.backs),
        struck=look.struck or element.struck,
        kept_breaks=look.kept_breaks or element.kept_breaks,
        aside=look.aside or element.aside,
    )


def _hides_links(links: tuple[Colour | None, ...], backs: frozenset[Shade]) -> bool:
    return any(link is None or any(_same(link, back.colour) for back in backs) for link in links)


def _sized(look: Look, own: Effect, ruled: Ruled | None) -> Look:
    named = (*own.sizes, *(ruled.sizes if ruled else ()))
    if not named:
        return look
    if len(named) > _SIZES:
        return look._replace(faint=True)
    sizes = [font_size(size, look.size) for size in named]
    known = [size for size in sizes if size is not None and _SMALL <= size < _LARGE]
    # Kept as the smallest, since sizes are named as shares of the one around, too.
    faint = look.faint or len(known) < len(sizes)
    return look._replace(faint=faint, size=min(known, default=look.size))


def _moved(look: Look, own: Effect, ruled: Ruled | None) -> Look:
    pull = look.pull + max(own.pull, ruled.pull if ruled else 0.0)
    push = look.push + max(own.push, ruled.push if ruled else 0.0)
    hides = own.hides or bool(ruled and ruled.hides) or pull > NEAR or push >= FAR
    struck = own.struck or bool(ruled and ruled.struck)
    if not hides and not struck and (pull, push) == (look.pull, look.push):
        return look
    return look._replace(
        pull=pull, push=push, faint=look.faint or hides, struck=look.struck or struck
    )


def _coloured(look: Look, own: Effect, ruled: Ruled | None, important: bool) -> Look:
    if not own.texts and not own.backs and not (ruled and (ruled.texts or ruled.backs)):
        return look
    if ruled and len(ruled.texts or (0,)) * len(ruled.backs or (0,)) > _PAIRS:
        return look._replace(faint=True)
    texts = frozenset(Shade(text, None, important) for text in own.texts) or look.texts
    backs = frozenset(Shade(back, None, important) for back in own.backs)
    backs = _over(backs, look.backs) or look.backs
    if ruled:
        texts |= ruled.texts
        backs |= _over(ruled.backs, backs)
    if len(texts) * len(backs) > _PAIRS:
        return look._replace(faint=True)
    return look._replace(texts=_weak(texts), backs=_weak(backs), alike=_meet(texts, backs))


# The elements of a message share few sets of colours: most were looked at for an earlier one.
@lru_cache(maxsize=_SETS)
def _weak(shades: frozenset[Shade]) -> frozenset[Shade]:
    """As they are handed down: what is inherited wins over nothing."""
    return frozenset(Shade(shade.colour, shade.source) for shade in shades)


def _over(shades: frozenset[Shade], around: frozenset[Shade]) -> frozenset[Shade]:
    """What backgrounds look like on those around; the covering ones stay as they are."""
    covering = {shade for shade in shades if shade.colour[3] >= 1}
    mixed = {
        Shade(over(shade.colour, behind.colour), shade.source if shade.colour[3] else behind.source)
        for shade in shades - covering
        for behind in around
    }
    return frozenset(covering | mixed)


@lru_cache(maxsize=_SETS)
def _meet(texts: frozenset[Shade], backs: frozenset[Shade]) -> bool:
    return any(
        _may_meet(text, back) and _same(text.colour, back.colour)
        for text in texts
        for back in backs
    )


def _may_meet(one: Shade, other: Shade) -> bool:
    if one.source == other.source:
        return True
    if None not in (one.source, other.source):
        return False
    paired, single = (one, other) if other.source is None else (other, one)
    return single.strong or not paired.strong


def _same(text: Colour, back: Colour) -> bool:
    return alike(text if text[3] >= 1 else over(text, back), back)
