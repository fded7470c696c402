"""Lengths of CSS in pixels, as far as they move text away or leave no room for it."""

import re
from math import inf

FAR = 900.0
"""Further off than any window that mail is read in."""
NEAR = 60.0
"""How far to the left or up text may go and still be seen: lists hang out their bullets."""

_OF_WINDOW = "% vw vh vi vb vmin vmax dvw dvh svw svh lvw lvh"
# Of what depends on a window the large side counts.
_PIXELS = {
    "": 1.0,
    "px": 1.0,
    "pt": 1.34,
    "pc": 16.0,
    "in": 96.0,
    "cm": 38.0,
    "mm": 3.8,
    "q": 0.95,
    "em": 16.0,
    "rem": 16.0,
    "ex": 8.0,
    "ch": 8.0,
    **dict.fromkeys(_OF_WINDOW.split(), 10.0),
}
_LENGTH = re.compile(r"(?<![\w#.])([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)([a-z%]*)")
_FONT_SIZES = {"xx-small": 9.0, "x-small": 10.0, "small": 13.0, "medium": 16.0, "large": 18.0} | {
    "x-large": 24.0,
    "xx-large": 32.0,
    "xxx-large": 48.0,
}
_RELATIVE = {"%": 0.01, "em": 1.0, "ex": 0.5, "ch": 0.5}
_FONT_STEPS = {"smaller": 0.83, "larger": 1.2}
# `vw` of a font is a hundredth of a phone's width.
_PHONE = {"vw": 3.2, "vh": 5.0, "vmin": 3.2, "vmax": 5.0}


def lengths(value: str) -> list[float]:
    """Those it holds, infinite ones for units that are not known."""
    return [_times(number, _PIXELS.get(unit, inf)) for number, unit in _LENGTH.findall(value)]


def known_lengths(value: str) -> list[float]:
    """Those with a unit of length: other numbers are angles, times and weights."""
    found = _LENGTH.findall(value)
    return [_times(number, _PIXELS[unit]) for number, unit in found if unit and unit in _PIXELS]


def length(value: str) -> float | None:
    """None for a word such as `auto`."""
    return next(iter(lengths(value)), None)


def line_height(value: str) -> float | None:
    match = _LENGTH.search(value)
    if not match:
        return None
    factor = {"": 16.0, "%": 0.16}.get(match[2]) or _PIXELS.get(match[2], inf)
    return _times(match[1], factor)


def font_size(value: str, around: float) -> float | None:
    """In pixels, in an element of size `around`; None for what is not understood."""
    if value in _FONT_SIZES:
        return _FONT_SIZES[value]
    if value in _FONT_STEPS:
        return _FONT_STEPS[value] * around
    match = _LENGTH.fullmatch(value)
    if not match:
        return None
    number, unit = match[1], match[2]
    if unit in _RELATIVE:
        return _times(number, _RELATIVE[unit] * around)
    factor = _PHONE.get(unit) or _PIXELS.get(unit)
    return _times(number, factor) if factor else None


def size_in_font(value: str) -> str:
    """The size in the shorthand `font: bold 12px/1.5 Arial`, '' if there is none."""
    for number, unit in _LENGTH.findall(value.partition("/")[0]):
        # A number without a unit is the weight.
        if unit or not float(number):
            return f"{number}{unit}"
    return ""


def _times(number: str, factor: float) -> float:
    value = float(number)
    return value * factor if value else 0.0
