"""What an element of an HTML message is by its tag and attributes alone."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from mail.colour import Colour, colour
from mail.css import declarations
from mail.quoted_html import (
    BELOW_IS_QUOTED,
    CLASSES,
    SIGNATURE_MARKS,
    has_line_on_top,
    is_answer_box,
    is_indent,
    is_quote,
    marks_of,
)
from mail.style import Effect, effect_of

Attributes = Mapping[str, str | None]

# All that is looked at here; addresses of links, widths and the like are other in every message.
_TELLING_NAMES = (
    "class id name style hidden background dir type cite color text bgcolor link vlink alink"
)
_TELLING = frozenset(_TELLING_NAMES.split())
_PRESENT = frozenset({"hidden", "background", "cite"})  # whatever their values are
_COLOURS = (("color", "color"), ("text", "color"), ("bgcolor", "background"))
_LINKS = ("link", "vlink", "alink")
_ELEMENTS = 1_000
_SHORT = 500  # characters; longer ones are read each time
_NO_EFFECT = Effect()
# Shown by some programs, at some times, or as something else than text: whatever is in them is
# not for everybody to see.
_FAINT_NAMES = (
    "applet audio button canvas datalist details dialog embed frameset marquee math meter noscript"
    " object option progress rp select svg textarea video"
)
_FAINT = frozenset(_FAINT_NAMES.split())
_STRUCK = frozenset({"del", "s", "strike"})


@dataclass(frozen=True, slots=True, eq=False)
class Element:
    tag: str
    marks: frozenset[str]
    quote: bool
    indent: bool
    """A quote that may be the writer's own text."""
    answers: bool
    """A quote in which the writer may answer."""
    below: bool
    """Whether it and everything below it is the original."""
    line_on_top: bool
    """Whether that is so if it looks like Outlook's box of header fields."""
    aside: bool
    """A signature."""
    faint: bool
    struck: bool
    kept_breaks: bool
    effect: Effect
    """Of its style and its attributes for colours."""
    important: bool
    """Whether a part of its style wins over that of sheets."""
    links: tuple[Colour | None, ...]
    """The colours of all links in it; None for those that are not understood."""
    plain: bool
    """Whether what is in it looks as it does around it."""
    long: bool
    """Whether it is too long to be kept."""


def element_of(tag: str, attributes: Attributes) -> Element:
    if not attributes and len(tag) <= _SHORT:
        return _known(tag, ())
    told: list[tuple[str, str | None]] = []
    size = len(tag)
    for name, value in attributes.items():
        if name in _PRESENT:
            told.append((name, None))
        elif name in _TELLING:
            told.append((name, value))
            size += len(value or "")
    return _known(tag, tuple(told)) if size <= _SHORT else _element(tag, told, long=True)


def _element(tag: str, told: Iterable[tuple[str, str | None]], *, long: bool = False) -> Element:
    attributes = dict(told)
    marks = marks_of(attributes)
    style = attributes.get("style") or ""
    quote = is_quote(tag, marks)
    aside = not quote and not marks.isdisjoint(SIGNATURE_MARKS)
    faint = _hidden(tag, attributes) or (tag in _FAINT and not quote)
    struck, kept_breaks = tag in _STRUCK, tag == "pre"
    effect = _own_effect(attributes, style)
    links = _links(attributes) if tag == "body" else ()
    return Element(
        tag=tag,
        marks=marks,
        quote=quote,
        indent=quote and is_indent(tag, attributes, marks),
        answers=quote and is_answer_box(tag, marks),
        below=not marks.isdisjoint(BELOW_IS_QUOTED),
        line_on_top=has_line_on_top(style),
        aside=aside,
        faint=faint,
        struck=struck,
        kept_breaks=kept_breaks,
        effect=effect,
        important="!" in style,
        links=links,
        plain=not (aside or faint or struck or kept_breaks or links) and effect == _NO_EFFECT,
        long=long,
    )


# A message has few different ones, and a program writes the same into all of its messages.
_known = lru_cache(maxsize=_ELEMENTS)(_element)


def _hidden(tag: str, attributes: Attributes) -> bool:
    return (
        "hidden" in attributes
        or "background" in attributes
        # An order of letters that the text does not have.
        or (tag == "bdo" and (attributes.get("dir") or "").strip().lower() != "ltr")
        or len(attributes.get("class") or "") > CLASSES
    )


def _own_effect(attributes: Attributes, style: str) -> Effect:
    # Colours in attributes come first: a style may overrule them.
    found = [
        (name, _with_hash((attributes.get(attribute) or "").strip().lower()))
        for attribute, name in _COLOURS
        if attributes.get(attribute)
    ]
    if not found and not style:
        return _NO_EFFECT
    return effect_of([*found, *declarations(style)])


def _links(attributes: Attributes) -> tuple[Colour | None, ...]:
    values = filter(None, map(attributes.get, _LINKS))
    return tuple(colour(_with_hash(value.strip().lower())) for value in values)


def _with_hash(value: str) -> str:
    # HTML, other than CSS, takes `ffffff` for a colour.
    return f"#{value}" if len(value) == 6 and not set(value) - set("0123456789abcdef") else value
