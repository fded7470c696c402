"""What a person sees of their own words in an HTML message, as lines of text.

Quotes become a line with a quote mark, so that the text goes through the same rules as plain text
(`mail.quotes`). What styles merely may hide comes apart: it decides nothing, but may raise doubt.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from mail.look import Look, is_hidden, look_of, ruled_style
from mail.nesting import is_too_deep, renamed
from mail.quoted_html import BELOW_IS_QUOTED, SIGNATURE_MARKS, is_header_box, is_quote, marks_of
from mail.structure import TEXT
from mail.style import Rule, rules

NODES = 30_000

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
)
# Elements whose looks follow from their names alone.
_LOOKS = frozenset({"del", "pre"})
_UNSEEN_NAMES = (
    "applet audio button canvas datalist embed frameset head iframe input math meter noembed"
    " noframes object option progress script select style svg template textarea title"
    " video"
)
_NO_TEXT = frozenset(_UNSEEN_NAMES.split())
_SPACE = re.compile(r"[ \t\n\r\f]+")
_SPACES = re.compile(r"[ \t]+")
_MANY_BREAKS = re.compile(r"\n{3,}")


@dataclass(frozen=True, slots=True)
class HtmlText:
    own: str
    """Visible text with `> ` for each quote left out; struck-through text stands in `~~`."""
    faint: str
    """Text left out because a colour or a style sheet seems to hide it."""
    whole: str
    """All text, quotes included: where the reference line is looked for."""
    cut: bool
    """Whether there was more than what is read."""


def html_text(source: str) -> HtmlText | None:
    """None for HTML nested so deeply that no program wrote it."""
    if is_too_deep(source):
        return None
    tree = LexborHTMLParser(renamed(source))
    if tree.root is None:
        return HtmlText("", "", "", cut=False)
    sheet = rules("\n".join(node.text() for node in tree.css("style")))
    reader = _Reader(sheet)
    reader.read(tree.root)
    # Joined both ways: a pair may be broken by an inline tag, and must not grow into its neighbour.
    whole = f"{tree.root.text(separator=' ')}\n{tree.root.text()}"
    own = _tidy(reader.own)
    return HtmlText(own[:TEXT], _tidy(reader.faint), whole, reader.cut or len(own) > TEXT)


class _Reader:
    """Walks in document order without recursion: a level is an iterator on a stack."""

    def __init__(self, sheet: list[Rule]) -> None:
        self.own: list[str] = []
        self.faint: list[str] = []
        self.cut = False
        self._sheet = sheet
        self._styles: dict[tuple[str, frozenset[str]], dict[str, str]] = {}
        self._stack: list[tuple[Iterator[LexborNode], Look, str]] = []

    def read(self, root: LexborNode) -> None:
        self._stack.append((iter((root,)), Look(), ""))
        seen = 0
        while self._stack:
            nodes, look, end = self._stack[-1]
            node = next(nodes, None)
            if node is None:
                self._stack.pop()
                self.own.append(end)
            elif seen < NODES:
                seen += 1
                self._visit(node, node.tag or "", look)
            else:
                self.cut = True
                return

    def _visit(self, node: LexborNode, tag: str, look: Look) -> None:
        if tag == "-text":
            self._write(node.text_content or "", look)
        elif tag == "br":
            self.own.append("\n")
        elif tag not in _NO_TEXT and not tag.startswith("-"):
            self._enter(node, tag, look)

    def _enter(self, node: LexborNode, tag: str, look: Look) -> None:
        attributes = node.attributes
        if not attributes and not self._sheet and tag not in _LOOKS and tag != "blockquote":
            self._go_in(node, tag, look)
            return
        marks = marks_of(attributes)
        if is_quote(tag, marks):
            self.own.append(_QUOTE)
        elif not marks.isdisjoint(BELOW_IS_QUOTED) or is_header_box(node, attributes):
            self.own.append(_QUOTE)
            self._stack.clear()
        elif marks.isdisjoint(SIGNATURE_MARKS) and not is_hidden(attributes):
            self._go_in(node, tag, look_of(tag, attributes, self._ruled(tag, marks), look))

    def _ruled(self, tag: str, marks: frozenset[str]) -> dict[str, str]:
        if (tag, marks) not in self._styles:
            self._styles[tag, marks] = ruled_style(tag, marks, self._sheet)
        return self._styles[tag, marks]

    def _go_in(self, node: LexborNode, tag: str, look: Look) -> None:
        around = _AROUND.get(tag, "")
        self.own.append(around)
        self._stack.append((node.iter(include_text=True), look, around))

    def _write(self, text: str, look: Look) -> None:
        flat = text if look.kept_breaks else _SPACE.sub(" ", text)
        if look.unseen:
            self.faint.append(flat)
        elif look.struck and flat.strip():
            self.own.append(f"~~{flat}~~")
        else:
            self.own.append(flat)


def _tidy(pieces: list[str]) -> str:
    lines = (" ".join(line.split(" ")).strip(" \t") for line in "".join(pieces).split("\n"))
    return _MANY_BREAKS.sub("\n\n", "\n".join(_SPACES.sub(" ", line) for line in lines)).strip("\n")
