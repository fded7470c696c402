"""What a person sees of their own words in an HTML message, as lines of text.

Quotes become a line with a quote mark, so that the text goes through the same rules as plain text
(`mail.quotes`). What cannot be seen, or may not be, comes apart: it decides nothing, but may raise
doubt.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from mail.carriers import holds_our_mail
from mail.look import Attributes, Look, look_of
from mail.nesting import is_crowded, is_too_deep, renamed
from mail.quoted_html import (
    BELOW_IS_QUOTED,
    SIGNATURE_MARKS,
    answers_below,
    is_header_box,
    is_indent,
    is_quote,
    marks_of,
)
from mail.quotes import introduces_quote
from mail.sheet import Sheet
from mail.structure import TEXT

NODES = 30_000
INDENTS = 20

_QUOTE = "\n\n> \n\n"
_BLOCKS = (
    "address article aside body center dd div dl dt fieldset figure footer form h1 h2 h3 h4 h5 h6"
    " header li main nav ol section tbody tfoot thead tr ul"
)
_PARAGRAPHS = "h1 h2 h3 h4 h5 h6 hr ol p pre table ul"
_AROUND = (
    dict.fromkeys(_BLOCKS.split(), "\n")
    | dict.fromkeys(_PARAGRAPHS.split(), "\n\n")
    | dict.fromkeys(("td", "th"), " ")
    | {"q": '"'}
)
# They have no text, or nobody is shown it.
_NO_TEXT_NAMES = "head iframe noembed noframes script style template title"
_NO_TEXT = frozenset(_NO_TEXT_NAMES.split())
# Shown by some programs, at some times, or as something else than text: whatever is in them is
# not for everybody to see.
_FAINT_NAMES = (
    "applet audio button canvas datalist details dialog embed frameset marquee math meter noscript"
    " object option progress rp select svg textarea video"
)
_FAINT = frozenset(_FAINT_NAMES.split())
_LOOKS = frozenset({"del", "pre", "bdo", "blockquote", "img", "input"}) | _FAINT
_SPACE = re.compile(r"[ \t\n\r\f]+")
_SPACES = re.compile(r"[ \t]+")
_BLANK = re.compile(r"[\s\xa0\u00ad\u034f\u200b-\u200f\u2060\ufeff]*")
_MANY_BREAKS = re.compile(r"\n{3,}")


@dataclass(frozen=True, slots=True)
class HtmlText:
    own: str
    """Visible text with `> ` for each quote left out; struck-through text stands in `~~`."""
    faint: str
    """Text that is hidden, or may be, and the writer's own that looks like a quote."""
    signature: str
    whole: str
    """All text, quotes included: where the reference line is looked for."""
    cut: bool
    """Whether there was more than what is read."""


def html_text(source: str) -> HtmlText | None:
    """None for HTML that no program wrote: nested too deeply, or crowded with attributes."""
    if is_too_deep(source) or is_crowded(source):
        return None
    tree = LexborHTMLParser(renamed(source))
    if tree.root is None:
        return HtmlText("", "", "", "", cut=False)
    sheet = Sheet(node.text() for node in tree.tags("style"))
    reader = _Reader(sheet)
    reader.read(tree.root)
    own = reader.own()
    return HtmlText(
        own=own[:TEXT],
        faint=f"{reader.text(_FAINTLY, _ALT)}\n{sheet.generated}".strip("\n"),
        signature=reader.text(_SIGNATURE),
        # Joined both ways: a pair may be broken by an inline tag, and must not grow into its
        # neighbour.
        whole=f"{tree.root.text(separator=' ')}\n{tree.root.text()}",
        cut=reader.cut or sheet.cut or len(own) > TEXT,
    )


# What a piece of text is; breaks are for all.
_OWN, _FAINTLY, _ALT, _SIGNATURE, _BREAK = "own", "faint", "alt", "signature", "break"
# Stands in an own line for text that may be hidden: shown after all, it may be `DIS` before
# `APPROVE`. A picture or a line of its own needs none.
_GAP, _SHOWN_GAP = "\0", "\ufffc"


class _Reader:
    """Walks in document order without recursion: a level is an iterator on a stack."""

    def __init__(self, sheet: Sheet) -> None:
        self.cut = False
        self._pieces: list[tuple[str, str]] = []
        self._indents = 0
        self._sheet = sheet
        self._stack: list[tuple[Iterator[LexborNode], Look, str]] = []

    def read(self, root: LexborNode) -> None:
        self._stack.append((iter((root,)), Look(), ""))
        seen = 0
        while self._stack:
            nodes, look, end = self._stack[-1]
            node = next(nodes, None)
            if node is None:
                self._stack.pop()
                self._pieces.append((_BREAK, end))
            elif seen < NODES:
                seen += 1
                self._visit(node, node.tag or "", look)
            else:
                self.cut = True
                return

    def text(self, *kinds: str) -> str:
        if not any(kind in kinds for kind, _ in self._pieces):
            return ""
        return _tidy(text for kind, text in self._pieces if kind == _BREAK or kind in kinds)

    def own(self) -> str:
        shown = (
            text if kind in (_OWN, _BREAK) else _GAP * (kind != _ALT and not _BLANK.fullmatch(text))
            for kind, text in self._pieces
        )
        lines = ("" if not line.strip(f"{_GAP} \xa0") else line for line in _lines(shown))
        return _joined(lines).replace(_GAP, _SHOWN_GAP)

    def _visit(self, node: LexborNode, tag: str, look: Look) -> None:
        if tag == "-text":
            self._write(node.text_content or "", look)
        elif tag == "br":
            self._pieces.append((_BREAK, "\n"))
        elif tag not in _NO_TEXT and not tag.startswith("-"):
            self._enter(node, tag, look)

    def _enter(self, node: LexborNode, tag: str, look: Look) -> None:
        attributes = node.attributes
        if not attributes and self._sheet.is_empty and tag not in _LOOKS:
            self._go_in(node, tag, look)
            return
        marks = marks_of(attributes)
        inside = look_of(tag, attributes, self._sheet.ruled(tag, marks), look)
        if is_quote(tag, marks):
            own = is_indent(tag, attributes, marks) and self._may_be_own(node)
            self._pieces.append((_OWN, _QUOTE))
            if own:
                self._go_in(node, tag, inside._replace(faint=True))
            elif (below := answers_below(node, marks)) is not None:
                self._stack.append((below, inside, "\n"))
        elif not marks.isdisjoint(BELOW_IS_QUOTED) or self._is_header_box(node, attributes, inside):
            self._pieces.append((_OWN, _QUOTE))
            self._stack.clear()
        else:
            self._write_attributes(tag, attributes, inside)
            if not marks.isdisjoint(SIGNATURE_MARKS):
                inside = inside._replace(aside=True)
            if tag in _FAINT:
                inside = inside._replace(faint=True)
            self._go_in(node, tag, inside)

    def _is_header_box(self, node: LexborNode, attributes: Attributes, look: Look) -> bool:
        # Signatures have lines, too, and `T: 030 …` below them.
        return not look.aside and is_header_box(node, attributes)

    def _may_be_own(self, node: LexborNode) -> bool:
        self._indents += 1
        # To look at everything above takes time; beyond that they are not told from own text.
        if self._indents > INDENTS:
            return True
        return not holds_our_mail(node.text()) and not introduces_quote(self.own())

    def _write_attributes(self, tag: str, attributes: Attributes, look: Look) -> None:
        """What stands for a picture or in a field. Mail programs send emojis as pictures."""
        text = attributes.get({"img": "alt", "input": "value"}.get(tag, "")) or ""
        if text:
            worded = tag == "input" or look.unseen or any(map(str.isalnum, text))
            if worded and not look.aside:
                self._pieces.append((_ALT, f" {text} "))
            else:
                self._write(text, look)

    def _go_in(self, node: LexborNode, tag: str, look: Look) -> None:
        around = _AROUND.get(tag, "")
        self._pieces.append((_BREAK, around))
        self._stack.append((node.iter(include_text=True), look, around))

    def _write(self, text: str, look: Look) -> None:
        flat = text if look.kept_breaks else _SPACE.sub(" ", text)
        if look.aside:
            self._pieces.append((_SIGNATURE, flat))
        elif look.unseen:
            self._pieces.append((_FAINTLY, flat))
        elif look.struck and flat.strip():
            self._pieces.append((_OWN, f"~~{flat}~~"))
        else:
            self._pieces.append((_OWN, flat))


def _tidy(pieces: Iterable[str]) -> str:
    return _joined(_lines(pieces))


def _lines(pieces: Iterable[str]) -> Iterator[str]:
    for line in "".join(pieces).split("\n"):
        yield _SPACES.sub(" ", line.strip(" \t"))


def _joined(lines: Iterable[str]) -> str:
    return _MANY_BREAKS.sub("\n\n", "\n".join(lines)).strip("\n")
