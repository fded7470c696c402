"""How an element looks by its attributes, styles and surroundings, as far as it hides its text."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from mail.style import (
    WHITE,
    Colour,
    Declarations,
    Rule,
    alike,
    colour,
    declarations,
    hides,
    transparent,
)

Attributes = Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class Look:
    """What an element hands down to those in it."""

    text: Colour | None = None
    """None where no colour was named: then a mail program's own one can be read."""
    background: Colour = WHITE
    transparent: bool = False
    faint: bool = False
    """Hidden, or so it seems: by a style sheet, which a closer rule may overrule, or by a colour,
    which a program may replace in its dark mode."""
    struck: bool = False
    kept_breaks: bool = False

    @property
    def unseen(self) -> bool:
        same = self.text is not None and alike(self.text, self.background)
        return self.faint or self.transparent or same


def is_hidden(attributes: Attributes) -> bool:
    """Hidden by the element itself, whatever stands around it."""
    return "hidden" in attributes or hides(declarations(attributes.get("style") or ""))


def look_of(tag: str, attributes: Attributes, ruled: Declarations, around: Look) -> Look:
    """`ruled` is what style sheets say of it (`ruled_style`)."""
    own = declarations(attributes.get("style") or "")
    style = {**ruled, **own}
    decoration = style.get("text-decoration", "") + style.get("text-decoration-line", "")
    look = replace(
        around,
        faint=around.faint or hides(ruled) or hides(style),
        struck=around.struck or tag == "del" or "line-through" in decoration,
        kept_breaks=around.kept_breaks or tag == "pre",
    )
    return _coloured(look, attributes, style)


def _coloured(look: Look, attributes: Attributes, style: Declarations) -> Look:
    named = (style.get("color") or attributes.get("color") or attributes.get("text") or "").lower()
    if named:
        look = replace(look, text=colour(named), transparent=transparent(named))
    behind = style.get("background-color") or style.get("background") or ""
    behind = (behind or attributes.get("bgcolor") or "").lower()
    background = None if transparent(behind) else colour(behind)
    return replace(look, background=background) if background else look


def ruled_style(tag: str, marks: frozenset[str], sheet: list[Rule]) -> dict[str, str]:
    # In the order of CSS's specificity: a tag's rule, a class's, an id's.
    matching = [rule for rule in sheet if rule.tag in ("*", tag) and rule.marks <= marks]
    matching.sort(key=lambda rule: (sum("#" in mark for mark in rule.marks), len(rule.marks)))
    style: dict[str, str] = {}
    for rule in matching:
        style.update(rule.declarations)
    return style
