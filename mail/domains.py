"""Domain names in foreign text that may look like others: each in the form that the net knows.

No guessing which letters look alike: every name with a letter beyond ASCII is given as its A-labels
(RFC 5890), every A-label as what it shows. Linear in the text, and bounded in what comes out.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from string import ascii_lowercase, ascii_uppercase
from urllib.parse import unquote

import idna

from mail.suffixes import has_known_suffix

MOST = 10
LABEL = 63
NAME = 253
"""Octets of a label and of a name (RFC 1035 §2.3.4, less the length of the root)."""

_RUN = re.compile(r"[0-9A-Za-z_.\x80-\U0010ffff-]+")
# UTS 46 §4: what programs take for the dot between two labels. Of the letters only those of ASCII
# are folded here: there are others whose lower case is one of them.
_PLAIN = str.maketrans("\u3002\uff0e\uff61" + ascii_uppercase, "..." + ascii_lowercase)
# Punctuation by their category, and yet taken for a hyphen, a dot or an underscore of a name.
_OF_NAMES = frozenset("\ufe63\uff0d\uff3f")
# A part of the name to some programs, a mark beside it to others: read both ways.
_DOUBTFUL = frozenset(("Cf", "Pd", "Sk", "Sm", "So"))
_DOUBTFUL_MARKS = frozenset("\xb7\u0375\u05f3\u05f4\u2024\u30fb\ufe52")
_BETWEEN = frozenset(("Cc", "Cn", "Co", "Cs", "Sc", "Zl", "Zp", "Zs"))
# An address within an address is encoded twice.
_ROUNDS = 2
_WRITTEN = 4 * NAME
"""Characters of a name that are looked at: some of them mean nothing, and others three."""


@dataclass(frozen=True, slots=True)
class Name:
    written: str
    net: str
    """In A-labels; of a name that IDNA refuses what a lenient program makes of it, or ''."""
    shows: str = ""
    """What its A-labels show, where it was written with any."""
    refused: bool = False


@dataclass(frozen=True, slots=True)
class Names:
    found: tuple[Name, ...] = ()
    more: int = 0


def names_in(text: str, most: int = MOST) -> Names:
    """The domain names that have a label beyond ASCII or an A-label, each once."""
    found: dict[str, Name] = {}
    seen: set[str] = set()
    more = 0
    for word in (word for reading in _readings(text) for word in _words(reading)):
        if word in seen:
            continue
        seen.add(word)
        if len(found) >= most:
            more += 1
        else:
            name = name_of(word)
            found.setdefault(name.net or word, name)
    return Names(tuple(found.values()), more)


def name_of(word: str) -> Name:
    """One name, in any form."""
    start = word[:_WRITTEN]
    try:
        mapped = idna.uts46_remap(start, std3_rules=False, transitional=False)
        net = ".".join(map(_a_label, mapped.split(".")))
    except (idna.IDNAError, UnicodeError):
        mapped, net = unicodedata.normalize("NFKC", start).lower(), ""
    labels = mapped.split(".")
    shows = ".".join(map(_u_label, labels)) if any(map(_is_a_label, labels)) else ""
    if net and len(net) <= NAME and len(word) <= _WRITTEN:
        return Name(word, net, shows)
    return Name(word, _lenient(labels), shows, refused=True)


def _readings(text: str) -> Iterator[str]:
    """As it is, and with what its percent signs stand for."""
    yield text
    for _ in range(_ROUNDS):
        decoded = unquote(text)
        if decoded == text:
            return
        text = decoded
        yield text


def _words(text: str) -> Iterator[str]:
    """What is meant here, with plain dots."""
    for run in _RUN.finditer(text):
        chars = run[0].translate(_PLAIN)
        if not _is_odd(chars):
            continue
        before = text[max(0, run.start() - 2) : run.start()]
        readings = dict.fromkeys(_parted(chars, doubtful) for doubtful in (True, False))
        for words in readings:
            for word in words.split():
                at_start = words.startswith(word)
                name = word.strip(".")
                if _is_odd(name) and _is_a_name(name, before if at_start else ""):
                    yield name


def _parted(chars: str, doubtful: bool) -> str:
    return "".join(char if _belongs(char, doubtful) else " " for char in chars)


def _belongs(char: str, doubtful: bool) -> bool:
    if char.isascii() or char in _OF_NAMES:
        return True
    category = unicodedata.category(char)
    if category in _DOUBTFUL or char in _DOUBTFUL_MARKS:
        return doubtful
    return category[0] != "P" and category not in _BETWEEN


def _is_odd(name: str) -> bool:
    return not name.isascii() or "xn--" in name


def _is_a_name(name: str, before: str) -> bool:
    """By what stands before it; a bare one has to end as names on the net do, for many a sentence
    is followed by the next one without a blank."""
    if before in ("//", "\\\\"):
        return True
    first, dot, _ = name.partition(".")
    return bool(first and dot) and (before.endswith("@") or _ends_a_name(name.rpartition(".")[2]))


@lru_cache(maxsize=1024)
def _ends_a_name(label: str) -> bool:
    net = name_of(label).net if len(label) <= LABEL else ""
    return bool(net) and has_known_suffix(f"x.{net}")


def _is_a_label(label: str) -> bool:
    return label.startswith("xn--")


def _a_label(label: str) -> str:
    if not label or len(label) > LABEL:
        raise idna.IDNAError("a label has 1 to 63 octets")
    if label.isascii() and not _is_a_label(label):
        return label
    return idna.alabel(label).decode()


def _u_label(label: str) -> str:
    """Also of one that IDNA refuses: many programs show it all the same."""
    if not _is_a_label(label) or len(label) > LABEL:
        return label
    try:
        return label[4:].encode().decode("punycode")
    except UnicodeError:
        return label


def _lenient(labels: list[str]) -> str:
    """'' if no program can make a name of it."""
    if not all(0 < len(label) <= LABEL for label in labels):
        return ""
    parts = [one if one.isascii() else f"xn--{one.encode('punycode').decode()}" for one in labels]
    fits = all(len(part) <= LABEL for part in parts)
    name = ".".join(parts)
    return name if fits and len(name) <= NAME else ""
