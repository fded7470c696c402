"""The last lines of a person's own words that sign and say nothing: `-Ann`, `/John`, `Thanks`."""

import re
from collections.abc import Sequence, Set
from typing import NamedTuple

from mail.characters import lowered
from mail.signatures import CLOSED_BY_NAME, NAME_CLOSED, THANKS, lower_words

_BETWEEN = r"(?:d[aeiou]|de[nrl]|del|van|von|vom|zu|zur|la|le|bin|ibn|al|el|ter|ten|af|of) "
_NAME = r"[^\W\d_a-zß-öø-ÿ][^\W\d_]{0,20}\.?(?:['’-][^\W\d_]{1,20})?"
# `-Ann`, `– Ann B. Example`, `/John`, `~ Ann`, `//Ann`, `/jd`.
_SIGNED = re.compile(
    rf"(?P<mark>[-–—~]{{1,3}}|/{{1,2}}) ?"
    rf"(?P<name>{_NAME}(?: (?:{_BETWEEN}){{0,2}}{_NAME}){{0,3}}|(?<=/)[^\W\d_]{{2,12}})\.?"
)
_SIGNING = ("-", "–", "—", "~", "/")
_LONGEST = 80
_NAMES = 4
_INITIALS = 4
_NAMED = re.compile(_NAME)
# Beside a name: `Dr. Marta Keller`, `Marta Keller (she/her)`.
_BESIDE = "dr prof mr mrs ms mx phd mba msc bsc ing dipl herr frau mme m she her he him they them"
_TITLES = frozenset(_BESIDE.split())
_WORD = re.compile(r"[^\W\d_]+")
_TITLED = re.compile(r"([^,|–—]{3,60}?)\s*([,|–—])\s+(.{2,60})$")


def names_of(sender: str) -> frozenset[str]:
    """The words of a From header's display name (decoded) and of its local part, casefolded."""
    name, _, address = sender[:200].rpartition("<")
    local = address.rpartition("@")[0]
    return frozenset(word.casefold() for word in _WORD.findall(f"{name} {local}"))


class SignedText(NamedTuple):
    lines: tuple[str, ...]
    """What is said. The first line always is, whatever it looks like."""
    named: tuple[str, ...]
    """Names of the sender, thanks and closings."""
    signed: tuple[str, ...]
    """What looks like a name."""
    unknown: tuple[str, ...]
    """What looks like one, but may be a word of a note."""


def split_sign_off(
    lines: Sequence[str], names: Set[str], footed: bool = False, words: Set[str] | None = None
) -> SignedText:
    """`footed`: whether a disclaimer stands right below the lines; `words`: what is no name, as far
    as that is known."""
    end = len(lines)
    named: list[str] = []
    signed: list[str] = []
    unknown: list[str] = []
    while end > 1:
        line = lines[end - 1]
        apart = footed or (end > 2 and not lines[end - 2])
        if _closes(line, names) or (apart and is_somebody(line, words, footed)):
            named.append(line)
        elif _is_signed(lines, end - 1):
            (unknown if _may_be_said(line, names) else signed).append(line)
        elif line:
            break
        footed = footed and not line
        end -= 1
    return SignedText(tuple(lines[:end]), tuple(named), tuple(signed), tuple(unknown))


def is_named(line: str, names: Set[str]) -> bool:
    """Whether the line holds nothing but words of the writer's name, with a title at most."""
    if len(line) > _LONGEST or not _holds(line, names):
        return False
    titled = _TITLED.match(line)
    name, mark, title = titled.groups() if titled else (line, "", "")
    # `Marta Keller, CFO`: both names, and in the title no word of a sentence.
    if mark and (" " not in name or lower_words(title)):
        return False
    words = [word.casefold() for word in _WORD.findall(name)]
    return not names.isdisjoint(words) and all(word in names or word in _TITLES for word in words)


def _holds(line: str, names: Set[str]) -> bool:
    """Whether one of the names stands anywhere in the line, be it in a word."""
    low = line.casefold()
    return any([name in low for name in names])


def _closes(line: str, names: Set[str]) -> bool:
    if not line or len(line) > _LONGEST:
        return False
    if THANKS.match(lowered(line)) or CLOSED_BY_NAME.match(line):
        return True
    return (not line.isascii() and NAME_CLOSED.match(line) is not None) or is_named(line, names)


def is_somebody(line: str, words: Set[str] | None, sure: bool = False) -> bool:
    """Whether the line is a full name, whoever's: two to four words with capital letters, of which,
    where it is not `sure`, none is one of `words`: `John Doe`, but not `Trial Run`."""
    said = line.rstrip(".,").split()
    if not 1 < len(said) <= _NAMES or not all(map(_NAMED.fullmatch, said)):
        return False
    unknown = words is not None and words.isdisjoint(_WORD.findall(line.lower()))
    return sure or (unknown and all(word[0].isupper() for word in said))


def is_single_name(line: str) -> bool:
    """One word that begins with a capital letter."""
    return _NAMED.fullmatch(line.rstrip(".,")) is not None


def _is_signed(lines: Sequence[str], at: int) -> bool:
    if lines[at][:1] not in _SIGNING:
        return False
    match = _SIGNED.fullmatch(lines[at][: _LONGEST + 1])
    # The last of a list is none.
    above = next((lines[i] for i in range(at - 1, -1, -1) if lines[i]), "")
    return match is not None and not above.startswith(match["mark"][0])


def _may_be_said(line: str, names: Set[str]) -> bool:
    """`-Testweise` is no name of the writer's, as far as that is known; `/Ann` and `-Ann Example`
    are somebody's."""
    mark = line[:1]
    return mark != "/" and " " not in line[1:].strip() and not is_writer(line, names)


def is_writer(text: str, names: Set[str]) -> bool:
    """Whether the words are the writer's name or their initials, as far as the name is known."""
    words = [word.casefold() for word in _WORD.findall(text)]
    initials = {name[0] for name in names}
    return not names or all(
        word in names or (len(word) < _INITIALS and initials.issuperset(word)) for word in words
    )
