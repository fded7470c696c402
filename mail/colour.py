"""Colours of CSS and HTML, and whether an eye tells two of them apart."""

import colorsys
import re

Colour = tuple[float, float, float, float]
"""Red, green and blue of 0 to 255, and how much it covers: 0 to 1."""

BLACK: Colour = (0, 0, 0, 1)
WHITE: Colour = (255, 255, 255, 1)

# Of its 148 names those that people and programs write; one that is missing is not understood.
_NAMES = (
    "white ffffff black 000000 silver c0c0c0 gray 808080 grey 808080 red ff0000 maroon 800000"
    " yellow ffff00 lime 00ff00 green 008000 aqua 00ffff cyan 00ffff blue 0000ff navy 000080"
    " fuchsia ff00ff magenta ff00ff purple 800080 olive 808000 teal 008080 orange ffa500"
    " brown a52a2a crimson dc143c firebrick b22222 darkred 8b0000 darkorange ff8c00 gold ffd700"
    " darkgreen 006400 forestgreen 228b22 seagreen 2e8b57 darkblue 00008b mediumblue 0000cd"
    " midnightblue 191970 royalblue 4169e1 steelblue 4682b4 dodgerblue 1e90ff indigo 4b0082"
    " lightblue add8e6 aliceblue f0f8ff lightyellow ffffe0 pink ffc0cb dimgray 696969"
    " dimgrey 696969 darkgray a9a9a9 darkgrey a9a9a9 lightgray d3d3d3 lightgrey d3d3d3"
    " gainsboro dcdcdc slategray 708090 slategrey 708090 darkslategray 2f4f4f snow fffafa"
    " ivory fffff0 whitesmoke f5f5f5 ghostwhite f8f8ff floralwhite fffaf0 beige f5f5dc"
)
_SYSTEM = {"windowtext": BLACK, "canvastext": BLACK, "window": WHITE, "canvas": WHITE}
_HEX = re.compile(r"#(?:[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})")
_FUNCTION = re.compile(r"(rgb|hsl)a?\(([^()]{1,80})\)")
_NUMBER = re.compile(r"([+-]?(?:\d{1,9}\.?\d{0,9}|\.\d{1,9}))(%|deg|)")


def colour(value: str) -> Colour | None:
    """None for what is not understood, which is not to say that it can be seen."""
    if value in _NAMED:
        return _NAMED[value]
    if _HEX.fullmatch(value):
        return _of_hex(value[1:])
    if match := _FUNCTION.fullmatch(value):
        return _of_numbers(match[1], re.split(r"[\s,/]+", match[2].strip()))
    return None


def over(front: Colour, back: Colour) -> Colour:
    """What is seen of a colour that does not cover the one behind it."""
    share = front[3]
    red, green, blue = (f * share + b * (1 - share) for f, b in zip(front[:3], back, strict=False))
    return (red, green, blue, 1)


def alike(one: Colour, other: Colour) -> bool:
    """Closer than an eye tells apart."""
    return max(abs(a - b) for a, b in zip(one[:3], other[:3], strict=True)) <= 24


def _of_hex(digits: str) -> Colour:
    if len(digits) < 6:
        digits = "".join(digit * 2 for digit in digits)
    red, green, blue, share = bytes.fromhex(digits.ljust(8, "f"))
    return (red, green, blue, share / 255)


_NAMED = {
    "transparent": (0, 0, 0, 0),
    **_SYSTEM,
    **{
        name: _of_hex(digits)
        for name, digits in zip(_NAMES.split()[::2], _NAMES.split()[1::2], strict=True)
    },
}


def _of_numbers(kind: str, parts: list[str]) -> Colour | None:
    numbers = [match for part in parts if (match := _NUMBER.fullmatch(part))]
    if len(numbers) != len(parts) or len(parts) not in (3, 4):
        return None
    share = _of(numbers[3], 1) if len(parts) == 4 else 1
    if kind == "rgb":
        red, green, blue = (_of(number, 255) for number in numbers[:3])
        return (red, green, blue, share)
    if numbers[1][2] != "%" or numbers[2][2] != "%":
        return None
    lightness, saturation = _of(numbers[2], 1), _of(numbers[1], 1)
    red, green, blue = colorsys.hls_to_rgb(float(numbers[0][1]) / 360 % 1, lightness, saturation)
    return (red * 255, green * 255, blue * 255, share)


def _of(number: re.Match[str], whole: float) -> float:
    value = float(number[1])
    return min(max(value / 100 * whole if number[2] == "%" else value, 0), whole)
