"""Other people's words in our mail: made visible, undecidable and fenced.

Invariant: whatever the model, a requester or an approver wrote, no copy of our mail (quoted,
stripped of its quote marks, wrapped anew, as HTML or as text) holds a line that decides.
"""

import hashlib
import re
import textwrap
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from mail.carriers import REQUEST_ID
from mail.characters import FULL_WIDTH
from mail.doubt_words import UNPARTED
from mail.identity import TOKEN_LENGTH
from mail.vocabulary import DEFAULT

WIDTH = 66
"""A quoting program adds two to eight characters and wraps at 72 or 76: these lines stay whole."""

FENCE = "┆"
"""Stands before every quoted line. People read it as a bar, and no program takes it for a quote
mark (`>`, `|`) or a bullet, so it is still there when the marks of a quote have been stripped."""

DOT = "·"
"""Stands inside a decision word. A fence holds only where the lines stay as they were; a program
that wraps anew may bring any word to the start of a line, so none may be a decision word."""

LONGEST = 4_000
ARGUMENT = 16_000
"""Characters of one argument that are shown; whoever is to agree to it has to see all of it."""

_BREAK = re.compile(r"\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_SPECIAL = re.compile(r"[^\x20-\x7e\n]")
# Letters and marks by their category, but nothing can be seen of them.
_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
# To be told from others where every character counts: blanks, variation selectors, our dot.
_ALIKE = re.compile(
    r"[\t\xa0\xb7\u1680\u180b-\u180f\u2000-\u200a\u202f\u205f\u3000\ufe00-\ufe0f"
    r"\U000e0100-\U000e01ef]"
)
_WORD = re.compile(r"[^\W\d_]{2,}")
_LOOK_ALIKE = re.compile(r"[\u0370-\u052f\u1f00-\u1fff]")
# approver@example.org has to be readable as it is, and no line that begins so decides.
_ADDRESS = r"(?!provers?[\w.+-]{0,56}@[a-z0-9-]{1,63}\.[a-z])"
_DECISION = re.compile(
    "|".join(
        (
            rf"ap(?=prove){_ADDRESS}",
            "re(?=ject)",
            *(
                rf"(?<![^\W\d_]){word[:2]}(?={word[2:]}(?![^\W\d_]))"
                for word in sorted(DEFAULT.telling)
                if not UNPARTED.search(word)
            ),
            *(f"{w[:1]}(?={w[1:]})" for w in sorted(DEFAULT.telling) if UNPARTED.search(w)),
        )
    ),
    re.IGNORECASE,
)
# A pair like that of our reference line, planted in a note, would come back in a quote.
_CARRIER = re.compile(rf"{REQUEST_ID}(?=[./][a-z2-7]{{{TOKEN_LENGTH}}})", re.IGNORECASE)
# RFC 2047 §5: wherever a program decodes it, CR and LF may come out of it.
_ENCODED_WORD = re.compile(r"=(?=\?)")


@dataclass(frozen=True, slots=True)
class Quoted:
    """Foreign text, safe to show: lines without a fence yet, and what was left out, if anything."""

    lines: tuple[str, ...]
    left_out: str = ""


def visible(text: str) -> str:
    """Show control, bidi and invisible characters as `<U+202E>`; every line break becomes \\n."""
    return _SPECIAL.sub(_shown, _BREAK.sub("\n", text))


def exact(text: str) -> str:
    """`visible`, for what is run to the letter: two texts that differ are never shown alike.

    Also shown as code points: every blank but the space, variation selectors, our own dot, marks
    and letters for which Unicode has another spelling, and Cyrillic or Greek letters in a word that
    has Latin ones.
    """
    plain = _WORD.sub(_unmixed, _ALIKE.sub(_code_point, text.replace("<U+", "<U+003C>U+")))
    if not unicodedata.is_normalized("NFC", plain):
        plain = "".join(_code(char) if _has_a_twin(char) else char for char in plain)
    return visible(plain)


def undecided(text: str) -> str:
    """Put a dot into decision words (`ap·prove`), request ids with a token, and encoded words."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    places = [match.end() for match in _DECISION.finditer(text.translate(FULL_WIDTH))]
    starts = (0, *places)
    dotted = DOT.join(text[a:b] for a, b in zip(starts, (*places, len(text)), strict=True))
    return _ENCODED_WORD.sub(_with_dot, _CARRIER.sub(_with_dot, dotted))


def one_line(text: str, longest: int) -> str:
    """Foreign text for a header or the middle of a sentence of ours."""
    flat = undecided(" ".join(visible(text.strip()[: 4 * longest]).split()))
    return flat if len(flat) <= longest else flat[: longest - 1].rstrip() + "…"


def quote(text: str, longest: int = LONGEST, shown: Callable[[str], str] = visible) -> Quoted:
    """Foreign text for a block of its own, cut only where it is very long."""
    lines = tuple(undecided(shown(text[:longest])).split("\n"))
    if len(text) <= longest:
        return Quoted(lines)
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return Quoted(
        lines,
        f"The first {longest:,} of {len(text):,} characters. SHA-256 of the whole: {digest}",
    )


def fence(lines: tuple[str, ...]) -> list[str]:
    """Wrap, and begin every physical line with the fence."""
    return [f"{FENCE} {part}".rstrip() for line in lines for part in _parts(line)]


def wrap(text: str, first: str = "", rest: str = "") -> str:
    """Our own prose, filled; `first` and `rest` start the first and the other lines."""
    return textwrap.fill(
        " ".join(text.split()),
        WIDTH,
        initial_indent=first,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _parts(line: str) -> list[str]:
    # Spaces are kept as they are: in an argument each of them counts.
    return textwrap.wrap(
        line,
        WIDTH - len(FENCE) - 1,
        drop_whitespace=False,
        replace_whitespace=False,
        expand_tabs=False,
        break_on_hyphens=False,
    ) or [""]


def _with_dot(match: re.Match[str]) -> str:
    return match[0] + DOT


def _code(char: str) -> str:
    return f"<U+{ord(char):04X}>"


def _has_a_twin(char: str) -> bool:
    return bool(unicodedata.combining(char)) or unicodedata.normalize("NFC", char) != char


def _code_point(match: re.Match[str]) -> str:
    return _code(match[0])


def _unmixed(match: re.Match[str]) -> str:
    word = match[0]
    if word.isascii() or not any("LATIN" in unicodedata.name(char, "") for char in word):
        return word
    return _LOOK_ALIKE.sub(_code_point, word)


def _shown(match: re.Match[str]) -> str:
    char = match[0]
    category = unicodedata.category(char)
    if category == "Zs" or char == "\t":
        return " "
    if category[0] == "C" or char in _BLANK:
        return _code(char)
    return char
