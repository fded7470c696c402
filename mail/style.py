"""CSS as far as it hides text: declarations, colours, the simple rules of a <style> element.

Every test errs towards hidden: what is wrongly left out approves nothing (`mail.html`).
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

Declarations = Mapping[str, str]
Colour = tuple[int, int, int]

WHITE: Colour = (255, 255, 255)
RULES = 100

_NAMED = {
    "white": WHITE,
    "black": (0, 0, 0),
    "silver": (192, 192, 192),
    "gray": (128, 128, 128),
    "grey": (128, 128, 128),
    "red": (255, 0, 0),
    "maroon": (128, 0, 0),
    "yellow": (255, 255, 0),
    "lime": (0, 255, 0),
    "green": (0, 128, 0),
    "aqua": (0, 255, 255),
    "cyan": (0, 255, 255),
    "blue": (0, 0, 255),
    "navy": (0, 0, 128),
    "fuchsia": (255, 0, 255),
    "magenta": (255, 0, 255),
    "purple": (128, 0, 128),
    "snow": (255, 250, 250),
    "ivory": (255, 255, 240),
    "whitesmoke": (245, 245, 245),
    "ghostwhite": (248, 248, 255),
    "floralwhite": (255, 250, 240),
}
"""The sixteen of CSS 1 (olive and teal are like nothing else) and those close to white."""

_HEX = re.compile(r"#([0-9a-f]{3,8})\b")
_RGB = re.compile(r"rgba?\(([^)]{1,60})\)")
_LENGTH = re.compile(r"(-?\d{0,9}\.?\d{1,9})(px|pt|em|rem|ex|in|cm|mm|pc|vw|vh|%|)(?![\w.])")
_PIXELS = {"pt": 1.33, "em": 16, "rem": 16, "ex": 8, "in": 96, "cm": 38, "mm": 3.8, "pc": 16} | {
    "vw": 10,
    "vh": 10,
    "%": 0.16,
}
_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)|<!--|-->", re.DOTALL)
_COMPOUND = re.compile(r"([a-z][\w-]*|\*)?((?:[.#][\w-]+)*)", re.IGNORECASE)
_FAR = 900  # pixels: further off than any window that mail is read in


@dataclass(frozen=True, slots=True)
class Rule:
    """One simple selector: the last part of a longer one, so that it matches more, not less."""

    tag: str
    marks: frozenset[str]
    """`.class` and `#id`, all of which the element must have."""
    declarations: Declarations


def declarations(style: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for entry in style.lower().split(";")[:200]:
        name, colon, value = entry.partition(":")
        if colon:
            found[name.strip()] = value.replace("!important", "").strip()
    return found


def rules(stylesheet: str) -> list[Rule]:
    """The rules at top level; those under @media hold for some windows only."""
    found: list[Rule] = []
    for selectors, body in _top_level(_COMMENT.sub(" ", stylesheet)):
        declared = declarations(body)
        for selector in selectors.split(","):
            rule = _rule(selector, declared)
            if rule and _matters(declared) and len(found) < RULES:
                found.append(rule)
    return found


def hides(style: Declarations) -> bool:
    """Whether an element of this style, and all that is in it, cannot be seen."""
    return (
        style.get("display", "").startswith("none")
        or style.get("visibility", "") in ("hidden", "collapse")
        or style.get("mso-hide", "") == "all"
        or _number(style.get("opacity", "1")) <= 0.1
        or _tiny_font(style)
        or _no_room(style)
        or _far_off(style)
    )


def colour(value: str) -> Colour | None:
    """None for what cannot be told; a transparent colour is nobody's, too."""
    if value in _NAMED:
        return _NAMED[value]
    if match := _HEX.search(value):
        digits = match[1]
        if len(digits) < 6:
            digits = "".join(digit * 2 for digit in digits)
        return (int(digits[0:2], 16), int(digits[2:4], 16), int(digits[4:6], 16))
    if match := _RGB.search(value):
        numbers = [_number(part) for part in re.split(r"[\s,/]+", match[1].strip())]
        if len(numbers) >= 3:
            return (int(numbers[0]), int(numbers[1]), int(numbers[2]))
    for word in value.split():
        if word in _NAMED:
            return _NAMED[word]
    return None


def transparent(value: str) -> bool:
    if value == "transparent":
        return True
    match = _RGB.search(value)
    numbers = re.split(r"[\s,/]+", match[1].strip()) if match else []
    return len(numbers) == 4 and _number(numbers[3]) <= 0.1


def alike(one: Colour, other: Colour) -> bool:
    """Closer than an eye tells apart."""
    return max(abs(a - b) for a, b in zip(one, other, strict=True)) <= 24


def _matters(declared: Declarations) -> bool:
    return hides(declared) or any(
        name.startswith(("color", "background", "text-decoration")) for name in declared
    )


def _top_level(stylesheet: str) -> Iterable[tuple[str, str]]:
    depth = 0
    prelude, body = "", ""
    for piece in re.split(r"([{}])", stylesheet):
        if piece == "{":
            depth += 1
        elif piece == "}":
            depth = max(0, depth - 1)
            if not depth:
                if not prelude.lstrip().startswith("@"):
                    yield prelude, body
                prelude, body = "", ""
        elif depth:
            body = piece if depth == 1 else body
        else:
            prelude = piece.rpartition(";")[2]


def _rule(selector: str, declared: Declarations) -> Rule | None:
    words = selector.replace(">", " ").replace("+", " ").replace("~", " ").split()
    match = _COMPOUND.fullmatch(words[-1]) if words else None
    if not match or not (match[1] or match[2]):
        return None
    marks = frozenset(re.findall(r"[.#][\w-]+", match[2].lower()))
    return Rule((match[1] or "*").lower(), marks, declared)


def _tiny_font(style: Declarations) -> bool:
    size = _pixels(style.get("font-size", ""))
    if size is None and "font" in style:
        size = _pixels(style["font"].partition("/")[0])
    return size is not None and size < 3


def _no_room(style: Declarations) -> bool:
    """A box of no size whose contents may not stick out, or one cut or scaled to nothing."""
    if style.get("clip", "").replace(" ", "").startswith(("rect(0", "rect(1px")):
        return True
    if re.search(r"scale[xy]?\(\s*0*\.?0*\s*[,)]", style.get("transform", "")):
        return True
    if not style.get("overflow", style.get("overflow-y", "")).startswith(("hidden", "clip")):
        return style.get("max-height", "") in ("0", "0px")
    sizes = (_pixels(style.get(name, "")) for name in ("height", "max-height", "width"))
    width = _pixels(style.get("max-width", ""))
    return any(size is not None and size <= 1 for size in (*sizes, width))


def _far_off(style: Declarations) -> bool:
    moved = ("text-indent", "left", "right", "top", "bottom", "margin-left", "margin-top")
    lengths = (_pixels(style.get(name, "")) for name in moved)
    return any(length is not None and abs(length) >= _FAR for length in lengths)


def _pixels(value: str) -> float | None:
    match = _LENGTH.search(value[:80])
    return float(match[1]) * _PIXELS.get(match[2], 1) if match else None


def _number(text: str) -> float:
    try:
        share = text.strip()
        number = float(share.removesuffix("%"))
    except ValueError:
        return 255.0
    if number != number:
        return 255.0
    return min(max(number / 100 if share.endswith("%") else number, -1.0), 255.0)
