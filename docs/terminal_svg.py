"""A recording of a terminal -> an SVG that plays it, with no script and no font of its own. Pure.

All lines are there from the start, one below the other. A cover in the colour of the window hides
those that are not printed yet, and the paper is drawn up where they would leave the window: two
animations (CSS), which pictures on GitHub may have. Where nothing moves the end is shown.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from rich.color_triplet import ColorTriplet
from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

ROWS = 34
CHARACTER, LINE, SIZE = 8.4, 18, 14  # pixels
MARGIN, BAR = 14, 30
HOLD_SECONDS = 6.0  # at the end, before it begins again
LONGEST_PAUSE = 1.2
A_LINE = 0.05  # at the least: what comes at once is seen coming
TO_READ = 2.5  # after the frame around a mail

THEME = TerminalTheme(
    (27, 31, 39),
    (213, 217, 224),
    [
        (80, 87, 100),
        (236, 113, 121),
        (137, 194, 111),
        (222, 184, 113),
        (96, 165, 236),
        (199, 134, 221),
        (87, 184, 196),
        (213, 217, 224),
    ],
)
_CONSOLE = Console(color_system="truecolor", force_terminal=True)  # knows what styles mean


@dataclass(frozen=True, slots=True)
class Printed:
    """A line, and when it came: seconds since the command was typed."""

    at: float
    line: Text


def schedule(recording: Sequence[Printed]) -> list[float]:
    """When each line is shown: as it came, but no pause is long, and a mail can be read."""
    times: list[float] = []
    now = 0.0
    for number, printed in enumerate(recording):
        before = recording[number - 1] if number else printed
        now += min(max(printed.at - before.at, A_LINE), LONGEST_PAUSE)
        if before.line.plain.startswith("╰"):
            now += TO_READ
        times.append(now)
    return times


def as_svg(recording: Sequence[Printed], columns: int, title: str) -> str:
    """Longer lines are cut: a terminal would break them."""
    lines = [printed.line for printed in recording]
    width = round(columns * CHARACTER + 2 * MARGIN)
    height = ROWS * LINE + BAR + MARGIN
    drawn = "\n".join(
        text for number, line in enumerate(lines) for text in _line(line, number, columns)
    )
    last = len(lines)
    return f"""\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" \
height="{height}" role="img" aria-label="{escape(title)}">
<style>
text {{ font: {SIZE}px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", \
monospace; white-space: pre; fill: {_hex(THEME.foreground_color)} }}
.b {{ font-weight: bold }}
.d {{ opacity: .6 }}
{_animation(schedule(recording))}
</style>
<rect width="{width}" height="{height}" rx="8" fill="{_hex(THEME.background_color)}"/>
<circle cx="20" cy="16" r="5.5" fill="#ec7179"/><circle cx="38" cy="16" r="5.5" fill="#deb871"/>\
<circle cx="56" cy="16" r="5.5" fill="#89c26f"/>
<svg x="{MARGIN}" y="{BAR}" width="{width - 2 * MARGIN}" height="{ROWS * LINE}">
<g class="paper" style="transform: translateY({-LINE * _drawn_up(last)}px)">
{drawn}
<rect class="cover" style="transform: translateY({LINE * last}px)" \
width="{width}" height="{LINE * (last + 1)}" fill="{_hex(THEME.background_color)}"/>
</g>
</svg>
</svg>
"""


def _line(line: Text, number: int, columns: int) -> Iterator[str]:
    """Each piece of one style at its place: fonts differ in how wide a character is."""
    y = number * LINE + SIZE
    at = 0
    for segment in line[:columns].render(_CONSOLE):
        text, style = segment.text.rstrip("\n"), segment.style
        start, at = at, at + len(text)
        if not text.strip():
            continue
        blank = len(text) - len(text.lstrip())
        text, start = text.strip(), start + blank
        x, length = round(start * CHARACTER, 1), round(len(text) * CHARACTER, 1)
        classes = "".join(
            name for name, on in (("b", style and style.bold), ("d", style and style.dim)) if on
        )
        kind = f' class="{" ".join(classes)}"' if classes else ""
        colour = style.color.get_truecolor(THEME) if style and style.color else None
        fill = f' style="fill: {_hex(colour)}"' if colour else ""
        yield (
            f'<text x="{x}" y="{y}" textLength="{length}" lengthAdjust="spacingAndGlyphs"'
            f"{kind}{fill}>{escape(text)}</text>"
        )


def _animation(times: Sequence[float]) -> str:
    whole = times[-1] + HOLD_SECONDS
    cover, paper = [], []
    for number, time in enumerate(times, 1):
        share = f"{100 * time / whole:.2f}%"
        cover.append(f"{share} {{ transform: translateY({LINE * number}px) }}")
        if _drawn_up(number):
            paper.append(f"{share} {{ transform: translateY({-LINE * _drawn_up(number)}px) }}")
    return "\n".join(
        [
            _keyframes("cover", cover),
            _keyframes("paper", paper),
            "@media (prefers-reduced-motion: no-preference) {",
            f".cover {{ animation: cover {whole:.2f}s step-end infinite }}",
            f".paper {{ animation: paper {whole:.2f}s step-end infinite }}",
            "}",
        ]
    )


def _keyframes(name: str, frames: Sequence[str]) -> str:
    return f"@keyframes {name} {{ 0% {{ transform: none }} {' '.join(frames)} }}"


def _drawn_up(printed: int) -> int:
    """Lines above the window when so many are printed."""
    return max(printed - ROWS, 0)


def _hex(colour: ColorTriplet | tuple[int, int, int]) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour)
