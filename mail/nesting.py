"""What keeps Lexbor from taking quadratic time: no nesting without end, few elements opened again,
no attributes by the thousand."""

import hashlib
import re
from collections.abc import Iterable, Iterator

from selectolax.lexbor import LexborNode

# 50,000 <div> take five seconds.
NESTING = 400
# Each is compared with all before it: 60,000 in one tag take seven seconds.
ATTRIBUTES = 2_000
_SHORT = 16 * 1024  # characters: as many attributes as go in there take a twentieth of a second

# HTML opens these again in every paragraph until they are closed: 400 <b> and 50,000 <p> of 4 bytes
# become twenty million elements. On a page that opens too many again they get other names, by which
# they are opened once. Then one that its parent has closed may hide what stands below it, as it
# would: before each of their end tags stands an element that nobody else can write.
AGAIN = 20_000  # so many take a hundredth of a second; of 3,400 pages three may come to more
_FEW = 100
_FORMATS = "a b big code em font i nobr s small strike strong tt u"
FORMATS = frozenset(_FORMATS.split())
TAMED = {f"x-{name}": name for name in FORMATS}
_STARTS = {f"<{name}".encode(): f"<x-{name}".encode() for name in FORMATS}


def _any_of(letters: Iterable[str]) -> str:
    found = "".join(sorted(set(letters)))
    return f"[{found}{found.upper()}]"


_LONG = [name for name in FORMATS if len(name) > 1]
_LETTER = _any_of(name for name in FORMATS if len(name) == 1)
_START = _any_of(name[0] for name in _LONG) + _any_of(name[1] for name in _LONG)
# Sets of letters are looked for twice as fast as names, and a few names more do no harm.
_NAME = rf"(?:{_LETTER}|{_START}[a-zA-Z]{{0,{max(map(len, _LONG)) - 2}}})(?![\w:\x80-\xff-])"
_DRAWING = re.compile(rb"<(?:svg|math)", re.IGNORECASE)
_OPENED = re.compile(f"<{_NAME}".encode())
_REOPENED = re.compile(f"</?+{_NAME}".encode())
# Elements that another of their kind closes: they do not nest without others that are counted.
_SELF_CLOSING = (
    "area base body br col dd dt embed head hr html img input li link meta option p param source"
    " td th tr wbr"
)
_UNCOUNTED = frozenset(_SELF_CLOSING.encode().split())
_TAG_START = re.compile(r"<[a-zA-Z]")
_BETWEEN_ATTRIBUTES = re.compile(r"[\s/\"']+")
_OPEN_VALUE = re.compile(r"=\s*(?:\"[^\">]*|'[^'>]*)>")
_TAG = re.compile(rb"<(/?)([a-zA-Z][a-zA-Z0-9:]*)")


def opened_again(source: bytes) -> int:
    """How many elements may be opened again at most: at each tag all that are opened above."""
    tags = source.count(b"<")
    # Most where one half of the tags opens them and the other half parts paragraphs.
    return tags * tags // 4 if tags <= _FEW else tags * len(_OPENED.findall(source))


def tamed(source: bytes) -> tuple[bytes, str]:
    """With other names for what is opened again; and the name of what stands before their ends."""
    # No page holds its own hash.
    end = f"x-{hashlib.sha256(source).hexdigest()[:32]}"
    ends = {
        f"</{name}".encode(): f"<{end} of={name}></{end}></x-{name}".encode() for name in FORMATS
    }
    names = _STARTS | ends
    return _REOPENED.sub(lambda match: names.get(match[0].lower(), match[0]), source), end


def holds_drawing(source: bytes) -> bool:
    """Whether SVG or MathML may begin, which what was renamed would have ended."""
    return _DRAWING.search(source) is not None


def left_open(root: LexborNode, end: str) -> Iterator[LexborNode]:
    """The elements of a tamed page that others have closed: HTML opens these again below."""
    for node in root.traverse():
        if (name := TAMED.get(node.tag or "")) is None:
            continue
        last = node.last_child
        if last is None or last.tag != end or last.attributes.get("of") != name:
            yield node


def is_too_deep(source: bytes) -> bool:
    # Nothing is deeper than it has opening tags: few messages are gone through one by one.
    tags = source.count(b"<")
    if tags <= NESTING or tags - source.count(b"</") <= NESTING:
        return False
    open_elements: dict[bytes, int] = {}
    depth = 0
    for closing, name in _TAG.findall(source):
        tag = name.lower()
        if tag in _UNCOUNTED:
            continue
        count = open_elements.get(tag, 0)
        if not closing:
            open_elements[tag] = count + 1
            depth += 1
        elif count:
            open_elements[tag] = count - 1
            depth -= 1
        if depth > NESTING:
            return True
    return False


def is_crowded(source: str) -> bool:
    """Whether one of its tags may have more than ATTRIBUTES.

    A tag ends at the first `>` outside of a value. Comments are not told from tags: where it is not
    clear whether a `>` stands in a value it does.
    """
    if len(source) < _SHORT:
        return False
    pieces = source.split(">")
    if max(map(len, pieces)) < 2 * ATTRIBUTES and not _OPEN_VALUE.search(source):
        return False
    count, quotes = 0, ""
    for piece in pieces:
        if not quotes:
            count = 0
            start = _TAG_START.search(piece)
            piece = piece[start.start() :] if start else ""
        count += len(_BETWEEN_ATTRIBUTES.findall(piece))
        if count > ATTRIBUTES:
            return True
        quotes = "".join(quote for quote in "\"'" if _is_open(piece, quote, quotes))
    return False


def _is_open(piece: str, quote: str, before: str) -> bool:
    """Whether a value in this quote may go on behind the piece."""
    last = piece.rfind(quote)
    return quote in before if last < 0 else piece[:last].rstrip().endswith("=")
