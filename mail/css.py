"""CSS as it is written: declarations, and the rules of a <style> element.

Comments, escapes and strings are resolved first, so that there is one spelling of everything. A
selector is matched by the part of it that is understood, which is more elements than it means.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

# Of what is no CSS nobody can tell what it does; `mail.style` takes it for hiding.
UNREADABLE = ("", "")
ENTRIES = 200
DEPTH = 20

Declarations = Sequence[tuple[str, str]]
"""Lower-case property without a vendor's prefix, and value, in order: each may be the one that
counts, since a program drops the ones it does not understand."""

_TOKEN = re.compile(
    r"""(?P<url>url\(\s*(?!["'\s])[^)]*\)?)"""
    r"""|(?P<string>"(?:[^"\\\n]|\\.)*"?|'(?:[^'\\\n]|\\.)*'?)"""
    r"""|(?P<comment>/\*.*?(?:\*/|\Z)|<!--|-->)"""
    r"""|(?P<escape>\\(?:[0-9a-f]{1,6}\s?|.|\Z))""",
    re.IGNORECASE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\(?:([0-9a-f]{1,6})\s?|(.?))", re.IGNORECASE | re.DOTALL)
_STRUCTURE = str.maketrans(dict.fromkeys("{};:()[]!@,/", "_"))
_VENDOR = re.compile(r"-(?:webkit|moz|ms|o|khtml|apple)-")
_IMPORTANT = re.compile(r"!\s*important", re.IGNORECASE)
# What these hold are no selectors: `from`, `50%`, `:first`.
_NO_RULES = re.compile(r"@(?:-\w+-)?(?:keyframes|font-face|page|property|counter-style)", re.I)
_BRACKETS = re.compile(r"\[[^\]]*\]?")
_PARENTHESES = re.compile(r"\([^()]*\)")
_COMBINATOR = re.compile(r"[\s>+~]+")
_COMPOUND = re.compile(r"([a-z][\w-]*|\*)?((?:[.#][\w-]+)*)", re.IGNORECASE)
_MARK = re.compile(r"([.#])(?:x_)*([\w-]+)")
_GENERATED = re.compile(r"::?(?:before|after|marker)$")


@dataclass(frozen=True, slots=True)
class Selector:
    tag: str
    marks: frozenset[str]
    """`.class` and `#id`, all of which the element must have."""
    generated: bool
    """Whether it styles what CSS puts before or behind the element, not the element."""


@dataclass(frozen=True, slots=True)
class Block:
    selectors: tuple[Selector, ...]
    declarations: Declarations
    important: bool
    mixed: bool
    """Whether only a part of them is important: then they need not win together."""


def declarations(style: str) -> Declarations:
    return _declarations(_plain(style))


def blocks(stylesheet: str) -> Iterator[Block | None]:
    """Every rule, those of @media and the like included; None for what cannot be taken apart."""
    for around, body in _nested(_plain(stylesheet)):
        if body is None:
            yield None
        elif not any(_NO_RULES.match(prelude) for prelude in around):
            inner = next((prelude for prelude in reversed(around) if prelude[:1] != "@"), "")
            if inner:
                important = len(_IMPORTANT.findall(body))
                mixed = 0 < important < len(body.strip(" ;\n").split(";"))
                yield Block(_selectors(inner), _declarations(body), important > 0, mixed)


def vendorless(name: str) -> str:
    return _VENDOR.sub("", name, count=1) if name.startswith("-") else name


def _plain(css: str) -> str:
    return _TOKEN.sub(_plain_token, css)


def _plain_token(match: re.Match[str]) -> str:
    if match["url"]:
        return "url()"
    if match["comment"]:
        return " "
    text = _ESCAPE.sub(_unescaped, match[0])
    return text.translate(_STRUCTURE) if match["string"] else text


def _unescaped(match: re.Match[str]) -> str:
    if not match[1]:
        char = match[2]
    else:
        code = int(match[1], 16)
        char = chr(code) if 0 < code < 0x110000 else "\ufffd"
    # An escaped brace or blank is a letter of a name, and none of CSS's own signs.
    return char if char == "-" or char.isalnum() or not char.isascii() else "_"


def _declarations(plain: str) -> Declarations:
    entries = plain.lower().split(";")
    if len(entries) > ENTRIES:
        return (UNREADABLE,)
    return tuple(found for entry in entries if (found := _declaration(entry)))


def _declaration(entry: str) -> tuple[str, str] | None:
    if entry.count("(") != entry.count(")") or "{" in entry or "}" in entry:
        return UNREADABLE
    name, colon, value = entry.partition(":")
    if not colon:
        return None
    return vendorless(name.strip()), _IMPORTANT.sub("", value).strip()


def _nested(plain: str) -> Iterator[tuple[list[str], str | None]]:
    """Each block's own declarations with the preludes around it, outermost first."""
    preludes: list[str] = []
    bodies: list[list[str]] = []
    piece = ""
    for token in re.split(r"([{};])", plain):
        if token == "{":
            preludes.append(piece.strip())
            bodies.append([])
            if len(preludes) > DEPTH:
                yield preludes, None
                return
        elif token == "}" and not bodies:
            # A program takes it for a part of the next selector, and drops that rule.
            yield preludes, None
        elif token in ("}", ";"):
            if bodies:
                bodies[-1].append(piece)
            if token == "}":
                yield preludes, ";".join(bodies.pop())
                preludes.pop()
        piece = "" if token in ("{", "}", ";") else token
    while bodies:
        bodies[-1].append(piece)
        piece = ""
        yield preludes, ";".join(bodies.pop())
        preludes.pop()


def _selectors(prelude: str) -> tuple[Selector, ...]:
    bare = _BRACKETS.sub(":", prelude.replace(":root", "html"))
    for _ in range(DEPTH):
        bare, changed = _PARENTHESES.subn("", bare)
        if not changed:
            break
    return tuple(map(_selector, bare.split(",")))


def _selector(text: str) -> Selector:
    """Of the last element it names, the plain part in front; `*` where there is none."""
    words = [word for word in _COMBINATOR.split(text.strip()) if word]
    last = words[-1] if words else ""
    match = _COMPOUND.match(last)
    tag, marks = (match[1], match[2]) if match else ("", "")
    return Selector(
        tag=(tag or "*").lower(),
        marks=frozenset(kind + name for kind, name in _MARK.findall(marks.lower())),
        generated=bool(_GENERATED.search(last.lower())),
    )
