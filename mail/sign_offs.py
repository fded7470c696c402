"""The last lines of a person's own words that sign and say nothing: `-Ann`, `/John`, `Thanks`."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from mail.signatures import CLOSED_BY_NAME, THANKS

_BETWEEN = r"(?:d[aeiou]|de[nrl]|del|van|von|vom|zu|zur|la|le|bin|ibn|al|el|ter|ten|af|of) "
_NAME = r"[^\W\d_a-zß-öø-ÿ][^\W\d_]{0,20}\.?(?:['’-][^\W\d_]{1,20})?"
# `-Ann`, `– Ann B. Example`, `/John`, `~ Ann`, `//Ann`, `/jd`.
_SIGNED = re.compile(
    rf"(?P<mark>[-–—~]{{1,3}}|/{{1,2}}) ?"
    rf"(?:{_NAME}(?: (?:{_BETWEEN}){{0,2}}{_NAME}){{0,3}}|(?<=/)[^\W\d_]{{2,12}})\.?"
)
_LONGEST = 80
_WORD = re.compile(r"[^\W\d_]+")


def names_of(sender: str) -> frozenset[str]:
    """The words of a From header's display name (decoded), casefolded."""
    return frozenset(word.casefold() for word in _WORD.findall(sender[:200].rpartition("<")[0]))


@dataclass(frozen=True, slots=True)
class SignedText:
    lines: tuple[str, ...]
    """What is said. The first line always is, whatever it looks like."""
    named: tuple[str, ...]
    """Names of the sender, thanks and closings."""
    signed: tuple[str, ...]
    """What looks like a name, but may be a word of a note."""


def split_sign_off(lines: Sequence[str], names: Collection[str]) -> SignedText:
    end = len(lines)
    named: list[str] = []
    signed: list[str] = []
    while end > 1:
        line = lines[end - 1]
        if _is_named(line, names):
            named.append(line)
        elif _is_signed(lines, end - 1):
            signed.append(line)
        elif line:
            break
        end -= 1
    return SignedText(tuple(lines[:end]), tuple(named), tuple(signed))


def _is_named(line: str, names: Collection[str]) -> bool:
    if not line or len(line) > _LONGEST:
        return False
    words = [word.casefold() for word in _WORD.findall(line)] if names else []
    named = bool(words) and all(word in names for word in words)
    return named or bool(THANKS.match(line) or CLOSED_BY_NAME.match(line))


def _is_signed(lines: Sequence[str], at: int) -> bool:
    match = _SIGNED.fullmatch(lines[at][: _LONGEST + 1])
    # The last of a list is none.
    above = next((lines[i] for i in range(at - 1, -1, -1) if lines[i]), "")
    return match is not None and not above.startswith(match["mark"][0])
