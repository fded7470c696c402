"""What declarations of CSS do to text: hide it, colour it, strike it through.

Harmless values are listed and the rest hides, for what is wrongly taken for hidden approves nothing
(`mail.html`).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from mail.colour import Colour, colour
from mail.css import UNREADABLE, Declarations, vendorless
from mail.lengths import FAR, known_lengths, length, lengths, line_height, size_in_font

# As if the declaration were not there, or as a mail program has it by itself.
_UNSET = frozenset({"", "inherit", "initial", "unset", "revert", "revert-layer"})
_NONE = "none"
# Properties that may hide, with the values that do not.
_HARMLESS = {
    "display": "block inline inline-block list-item flow-root contents run-in flex inline-flex box"
    " inline-box flexbox inline-flexbox grid inline-grid table inline-table table-cell table-row"
    " table-row-group table-header-group table-footer-group table-caption",
    "visibility": "visible",
    "content-visibility": "visible auto",
    "mso-hide": _NONE,
    "opacity": "1 1.0 100%",
    "zoom": "1 1.0 100% normal",
    "unicode-bidi": "normal embed isolate plaintext",
    "mix-blend-mode": "normal",
    "text-stroke": "0 0px",
    "text-stroke-width": "0 0px",
    "clip": "auto",
    "scale": "1 none",
    "rotate": "0 0deg none",
    "translate": "0 none",
    **dict.fromkeys(("transform", "clip-path", "mask", "mask-image", "filter"), _NONE),
    **dict.fromkeys(("animation", "animation-name", "offset", "offset-path"), _NONE),
    **dict.fromkeys(("text-security", "line-clamp"), _NONE),
}
_ALLOWED = {name: frozenset(values.split()) | _UNSET for name, values in _HARMLESS.items()}
_MOVES = re.compile(
    r"(?:margin|padding|inset|border-spacing)\b|(?:left|right|top|bottom|gap|text-indent)$"
    r"|(?:letter|word)-spacing$"
)
# Their lengths are of something else than where text stands.
_ELSEWHERE = re.compile(
    r"mso-|background|font|line-height$|size$|outline|tab-size|border-(?:.*-)?radius"
    r"|(?:box|text)-shadow|text-decoration|text-size-adjust|orphans|widows|z-index|transition"
)
_SIZE = re.compile(r"(max-|min-)?(?:width|height|inline-size|block-size)$")
_CROWDED = {"letter-spacing": -3.0, "word-spacing": -10.0}
_BOX = 100.0  # pixels: in a smaller box text that does not fit is cut off
_OVERFLOW = frozenset({"overflow", "overflow-x", "overflow-y", "overflow-block", "overflow-inline"})
_OVERFLOWS = _UNSET | {"visible"}
_HUGE = 4_000.0
_LINE = 8.0
_TEXT_COLOURS = ("color", "text-fill-color")
_NO_COLOUR = _UNSET | {"currentcolor"}
_BACKGROUND = (
    "none repeat no-repeat repeat-x repeat-y scroll fixed local center top bottom left right"
    " padding-box border-box content-box cover contain auto / 0 0px 0%"
)
_BEHIND_WORDS = _UNSET | frozenset(_BACKGROUND.split())
_COLOUR_OR_WORD = re.compile(r"[\w-]+\([^()]*\)|\S+")
_PERCENT = re.compile(r"\d{1,3}(?:\.\d{1,9})?(?:%|px)?")
_STRING = re.compile(r"\"([^\"]*)\"?|'([^']*)'?")
_NO_CONTENT = re.compile(r"[\s.\xa0]*|none|normal")


@dataclass(frozen=True, slots=True)
class Effect:
    hides: bool = False
    struck: bool = False
    texts: tuple[Colour, ...] = ()
    backs: tuple[Colour, ...] = ()
    """Both of them all that are named: which one counts is for a program to say."""
    sizes: tuple[str, ...] = ()
    pull: float = 0.0
    """How far text is moved to the left or up."""
    push: float = 0.0


def effect_of(declared: Declarations) -> Effect:
    texts = [value for name, value in declared if name in _TEXT_COLOURS]
    backs = [_behind(value) for name, value in declared if name.startswith("background")]
    moved = [moves for name, value in declared for moves in _moves(name, value)]
    return Effect(
        hides=_cuts(declared)
        or bool(generated_text(declared))
        or any(_hides(name, value) for name, value in declared)
        or any(value not in _NO_COLOUR and colour(value) is None for value in texts)
        or None in backs,
        struck=any(n.startswith("text-decoration") and "line-through" in v for n, v in declared),
        texts=tuple(found for value in texts if (found := colour(value))),
        backs=tuple(found for back in backs if back for found in back),
        sizes=tuple(size for name, value in declared if (size := _size(name, value))),
        pull=-min(moved, default=0.0) if min(moved, default=0.0) < 0 else 0.0,
        push=max(max(moved, default=0.0), 0.0),
    )


def generated_text(declared: Declarations) -> str:
    """What CSS writes beside an element's own text; U+FFFC where that cannot be told."""
    found = []
    for name, value in declared:
        if name == "content" or (name.startswith("list-style") and ("'" in value or '"' in value)):
            words = " ".join(double or single for double, single in _STRING.findall(value))
            rest = _STRING.sub("", value).strip()
            unknown = name == "content" and not _NO_CONTENT.fullmatch(rest) and rest not in _UNSET
            found.append(words + "\ufffc" * unknown)
    text = " ".join(found)
    return "" if _NO_CONTENT.fullmatch(text) else text


def _hides(name: str, value: str) -> bool:
    if name in _ALLOWED:
        return vendorless(value) not in _ALLOWED[name]
    if (name, value) == UNREADABLE:
        return True
    if name == "line-height":
        height = line_height(value)
        return "(" in value or (height is not None and not _LINE <= height < FAR)
    if _SIZE.match(name):
        return _no_room(name, value)
    if "(" in value and (name == "font" or _MOVES.match(name)):
        return True
    return name in _CROWDED and (length(value) or 0.0) < _CROWDED[name]


def _no_room(name: str, value: str) -> bool:
    if "(" in value:
        return True
    size = length(value)
    return size is not None and (size > _HUGE or (size <= 1 and not name.startswith("min-")))


def _cuts(declared: Declarations) -> bool:
    """Whether text is cut off at the edges of a small box."""
    if all(name not in _OVERFLOW or value in _OVERFLOWS for name, value in declared):
        return False
    sizes = [length(value) for name, value in declared if _SIZE.match(name) and name[:4] != "min-"]
    return any(size is not None and size < _BOX for size in sizes)


def _moves(name: str, value: str) -> Iterable[float]:
    if _SIZE.match(name) or _ELSEWHERE.match(name):
        return ()
    return lengths(value) if _MOVES.match(name) else known_lengths(value)


def _size(name: str, value: str) -> str:
    if name == "font-size":
        return "" if value in _UNSET else value
    return size_in_font(value) if name == "font" else ""


def _behind(value: str) -> tuple[Colour, ...] | None:
    """The colours of a background, None for a picture and whatever else may be any colour."""
    found: list[Colour] = []
    for word in _COLOUR_OR_WORD.findall(value):
        named = colour(word)
        if named:
            found.append(named)
        elif word not in _BEHIND_WORDS and not _PERCENT.fullmatch(word):
            return None
    return tuple(found)
