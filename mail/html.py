"""What a person sees of their own words in an HTML message, as lines of text.

Quotes become a line with a quote mark, so that the text goes through the same rules as plain text
(`mail.quotes`). What cannot be seen, or may not be, comes apart: it decides nothing, but may raise
doubt.

Compared: lxml (libxml2 makes other trees than browsers do), html5lib (their tree, but far slower),
html2text and html.parser (no tree, so that what a style hides is text).
"""

import re
from dataclasses import dataclass
from typing import NamedTuple

from selectolax.lexbor import LexborHTMLParser, LexborNode

from mail.carriers import holds_our_mail
from mail.element import Element, element_of
from mail.look import Look, Looks, looks_of
from mail.nesting import (
    AGAIN,
    TAMED,
    holds_drawing,
    is_crowded,
    is_too_deep,
    left_open,
    opened_again,
    tamed,
)
from mail.quoted_html import is_header_box, quote_in
from mail.quotes import introduces_quote
from mail.structure import HTML, TEXT

NODES = 30_000
INDENTS = 20
ABOVE = 20_000  # characters

# glibc gives the memory of every tree back to the system, and asking for it again takes a fifth of
# the time; once a block is freed, twice its size is kept (mallopt(3), M_MMAP_THRESHOLD).
bytearray(1024 * 1024)

# What a piece of text is; breaks are for all.
_OWN, _FAINTLY, _ALT, _SIGNATURE, _BREAK = "own", "faint", "alt", "signature", "break"
_SHOWN = frozenset({_OWN, _BREAK})
_Piece = tuple[str, str]
_QUOTE: _Piece = (_OWN, "\n\n> \n\n")
_LINE: tuple[_Piece] = ((_BREAK, "\n"),)
_BLOCKS = (
    "address article aside body center dd div dl dt fieldset figure footer form h1 h2 h3 h4 h5 h6"
    " header li main nav ol section tbody tfoot thead tr ul"
)
_PARAGRAPHS = "h1 h2 h3 h4 h5 h6 hr ol p pre table ul"
_AROUND: dict[str, tuple[_Piece]] = (
    dict.fromkeys(_BLOCKS.split(), _LINE)
    | dict.fromkeys(_PARAGRAPHS.split(), ((_BREAK, "\n\n"),))
    | dict.fromkeys(("td", "th"), ((_BREAK, " "),))
    | {"q": ((_BREAK, '"'),)}
)
# They have no text, or nobody is shown it.
_NO_TEXT_NAMES = "head iframe noembed noframes script style template title -comment -doctype"
_NO_TEXT = frozenset(_NO_TEXT_NAMES.split())
_WORDED = {"img": "alt", "input": "value"}
_BLANK = re.compile(r"[\s\xa0\u00ad\u034f\u200b-\u200f\u2060\ufeff]*")
_EMPTY_LINE = re.compile(r"\n[\0 \xa0]+(?=\n)")
# Stands in an own line for text that may be hidden: shown after all, it may be `DIS` before
# `APPROVE`. A picture or a line of its own needs none.
_GAP, _SHOWN_GAP = "\0", "\ufffc"
# A node that is read next, None at the end of an element; the look there, and the break at the end.
_Place = tuple[LexborNode | None, Look, tuple[_Piece, ...]]
_OUTSIDE: _Place = (None, Look(), ())


class HtmlText(NamedTuple):
    own: str
    """Visible text with `> ` for each quote left out; struck-through text stands in `~~`."""
    faint: str
    """Text that is hidden, or may be, and the writer's own that looks like a quote."""
    signature: str
    whole: str
    """All text, quotes included: where the reference line is looked for."""
    cut: bool
    """Whether there was more than what is read, or some of it may be hidden unseen."""


@dataclass(slots=True)
class Room:
    """What is left for all HTML of one message: each of these takes time."""

    characters: int = HTML
    again: int = AGAIN
    """Elements that HTML opens again (`mail.nesting`)."""
    indents: int = INDENTS
    """Quotes without an author that may be own text, for which all above is looked at."""
    above: int = ABOVE
    """Characters of what is looked at so."""


def html_text(source: str, room: Room | None = None) -> HtmlText | None:
    """None for HTML that no program wrote: nested too deeply, or crowded with attributes; or where
    there is no room for it."""
    room = room or Room()
    room.characters -= len(source)
    if room.characters < 0:
        return None
    # What Lexbor takes, and searched in half the time of text.
    octets = source.encode("utf-8", "ignore")
    if is_too_deep(octets) or is_crowded(source):
        return None
    reopened = opened_again(octets)
    tame = reopened > room.again
    end = ""
    if tame:
        octets, end = tamed(octets)
    else:
        room.again -= reopened
    tree = LexborHTMLParser(octets)
    root = tree.root
    if root is None:
        return HtmlText("", "", "", "", cut=False)
    looks = looks_of([node.text() for node in tree.tags("style")])
    sheet = looks.sheet
    reader = _Reader(looks, room)
    reader.read(root)
    own = reader.own()
    unseen = tame and (holds_drawing(octets) or _may_hide_below(root, end, looks))
    return HtmlText(
        own=own[:TEXT],
        faint=f"{reader.text(_FAINTLY, _ALT)}\n{sheet.generated}".strip("\n"),
        signature=reader.text(_SIGNATURE),
        # Joined both ways: a pair may be broken by an inline tag, and must not grow into its
        # neighbour.
        whole=f"{root.text(separator=' ')}\n{root.text_lexbor()}",
        cut=reader.cut or sheet.cut or len(own) > TEXT or unseen,
    )


def _may_hide_below(root: LexborNode, end: str, looks: Looks) -> bool:
    """Whether an element that HTML opens again below changes anything there."""
    found = (element_of(TAMED[node.tag or ""], node.attributes) for node in left_open(root, end))
    return any(one.marks or not looks.is_plain(one) for one in found)


class _Reader:
    def __init__(self, looks: Looks, room: Room) -> None:
        self.cut = False
        self._room = room
        self._pieces: list[_Piece] = []
        self._kinds: set[str] = set()
        self._looks = looks

    def read(self, root: LexborNode) -> None:
        """In document order and without recursion: where it goes on behind each of the elements
        that it is in stands on a stack.
        """
        pieces, look_in = self._pieces, self._looks.of
        stack: list[_Place] = []
        node, (ahead, look, end) = root, _OUTSIDE
        for _ in range(NODES):
            tag = node.tag or ""
            tag = TAMED.get(tag, tag)
            if tag == "-text":
                self._write(node.text_content or "", look)
            elif tag == "br":
                pieces += _LINE
            elif tag not in _NO_TEXT:
                attributes = node.attributes
                element = element_of(tag, attributes)
                inside = look_in(element, look)
                stack.append((ahead, look, end))
                if element.quote:
                    ahead, look, end = self._in_quote(node, element, inside)
                # Signatures have lines, too, and `T: 030 …` below them.
                elif element.below or (
                    element.line_on_top and not look.aside and is_header_box(node)
                ):
                    pieces.append(_QUOTE)
                    return
                else:
                    if tag in _WORDED:
                        word = attributes.get(_WORDED[tag]) or ""
                        self._write_attribute(tag, word, inside, look.aside)
                    ahead, look, end = node.first_child, inside, _AROUND.get(tag, ())
                    pieces += end
            while ahead is None:
                pieces += end
                if not stack:
                    return
                ahead, look, end = stack.pop()
            node, ahead = ahead, ahead.next
        self.cut = True

    def text(self, *kinds: str) -> str:
        if self._kinds.isdisjoint(kinds):
            return ""
        pieces = [text for kind, text in self._pieces if kind == _BREAK or kind in kinds]
        return _tidy(_on_lines("".join(pieces)))

    def own(self) -> str:
        pieces = [text if kind in _SHOWN else _gap(kind, text) for kind, text in self._pieces]
        lines = _on_lines("".join(pieces))
        if _GAP in lines or "\xa0" in lines:
            lines = _EMPTY_LINE.sub("\n", f"\n{lines}\n")
        return _tidy(lines).replace(_GAP, _SHOWN_GAP)

    def _in_quote(self, node: LexborNode, element: Element, inside: Look) -> _Place:
        """Where the writer's own words may begin in a quote, how they look and the break behind."""
        own = element.indent and self._may_be_own(node)
        self._pieces.append(_QUOTE)
        if own:
            return node.first_child, inside._replace(faint=True), ()
        if element.answers and (quote := quote_in(node)) is not None:
            return quote.next, inside, _LINE
        return None, inside, ()

    def _may_be_own(self, node: LexborNode) -> bool:
        room = self._room
        room.indents -= 1
        # Without room they are not told from own text.
        if room.indents < 0 or room.above < 0:
            return True
        above = self.own()
        room.above -= len(above)
        return not holds_our_mail(node.text()) and not introduces_quote(above)

    def _write_attribute(self, tag: str, text: str, look: Look, aside: bool) -> None:
        """What stands for a picture or in a field. Mail programs send emojis as pictures."""
        if text:
            worded = tag == "input" or look.faint or look.alike or any(map(str.isalnum, text))
            if worded and not aside:
                self._add(_ALT, f" {text} ")
            else:
                self._write(text, look if aside else look._replace(aside=False))

    def _write(self, text: str, look: Look) -> None:
        if not look.kept_breaks:
            text = text.replace("\n", " ").replace("\r", " ").replace("\f", " ")
        if look.aside:
            self._add(_SIGNATURE, text)
        elif look.faint or look.alike:
            self._add(_FAINTLY, text)
        elif look.struck and text.strip():
            self._pieces.append((_OWN, f"~~{text}~~"))
        else:
            self._pieces.append((_OWN, text))

    def _add(self, kind: str, text: str) -> None:
        self._kinds.add(kind)
        self._pieces.append((kind, text))


def _gap(kind: str, text: str) -> str:
    return "" if kind == _ALT or _BLANK.fullmatch(text) else _GAP


def _on_lines(text: str) -> str:
    """Without blanks around each line, and with single ones in it."""
    text = _fewer("  ", text.replace("\t", " "))
    return text.replace(" \n", "\n").replace("\n ", "\n").strip(" ")


def _tidy(lines: str) -> str:
    """With one blank line where there are several."""
    return _fewer("\n\n\n", lines).strip("\n")


def _fewer(run: str, text: str) -> str:
    """Without runs of this length: each pass takes a third of the longest away at least."""
    while run in text:
        text = text.replace(run, run[1:])
    return text
