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
from mail.domains import MOST, NAME, Name, names_in
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
# To be told from others where every character counts: breaks, blanks, variation selectors, and our
# own dot.
_ALIKE = re.compile(
    r"[\t\v\f\r\x1c-\x1e\x85\xa0\xb7\u1680\u180b-\u180f\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
    r"\ufe00-\ufe0f\U000e0100-\U000e01ef]"
)
# The letter of an escape of JSON's is none of the word behind it.
_WORD = re.compile(r"\\(?:[\\bfnrt]|u[0-9a-f]{4})|[^\W\d_]{2,}")
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
    names: tuple[str, ...] = ()
    """The domain names in it that may look like others, as the net knows them."""


def visible(text: str) -> str:
    """Show control, bidi and invisible characters as `<U+202E>`; every line break becomes \\n."""
    return _SPECIAL.sub(_shown, _BREAK.sub("\n", text))


def exact(text: str) -> str:
    """`visible`, for what is run to the letter: two texts that differ are never shown alike.

    Also shown as code points: every break but LF, every blank but the space, variation selectors,
    our own dot, marks and letters for which Unicode has another spelling, and Cyrillic or Greek
    letters in a word that has Latin ones.
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


def title(text: str, longest: int, whole: str = "") -> Quoted:
    """Foreign text for a block of one line; `whole` is what it was cut from before, if it was."""
    line = one_line(text, longest)
    if not whole and (len(text.strip()) > 4 * longest or line != one_line(text, 2 * longest)):
        whole = text
    left_out = f"Shortened from {_measure(whole)}" if whole else ""
    return Quoted((line,), left_out, domain_names(text[: 4 * longest]))


def quote(
    text: str,
    longest: int = LONGEST,
    shown: Callable[[str], str] = visible,
    names: tuple[str, ...] | None = None,
) -> Quoted:
    """Foreign text for a block of its own, cut only where it is very long; `names`, if they have
    been looked for already."""
    start = text[:longest]
    left_out = f"The first {longest:,} of {_measure(text)}" if len(text) > longest else ""
    names = domain_names(start) if names is None else names
    return Quoted(tuple(undecided(shown(start)).split("\n")), left_out, names)


def fence(lines: tuple[str, ...], hang: str = "") -> list[str]:
    """Wrap, and begin every physical line with the fence, those that go on with `hang` as well."""
    return [f"{FENCE} {part}".rstrip() for line in lines for part in _parts(line, hang)]


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


def _parts(line: str, hang: str) -> list[str]:
    # Spaces are kept as they are: in an argument each of them counts.
    return textwrap.wrap(
        line,
        WIDTH - len(FENCE) - 1,
        subsequent_indent=hang,
        drop_whitespace=False,
        replace_whitespace=False,
        expand_tabs=False,
        break_on_hyphens=False,
    ) or [""]


def _measure(text: str) -> str:
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return f"{len(text):,} characters. SHA-256 of the whole: {digest}"


def domain_names(text: str, most: int = MOST) -> tuple[str, ...]:
    """Those in foreign text that may look like others, a line each."""
    names = names_in(text, most)
    more = (f"and {names.more:,} more",) if names.more else ()
    return (*map(_about_name, names.found), *more)


def _about_name(name: Name) -> str:
    shows = f"shows as {_marked(name.shows)}" if name.shows else ""
    if not name.refused:
        net = undecided(name.net)
        return f"{net} ({shows})" if shows else net
    lenient = f"known to some programs as {undecided(name.net)}" if name.net else ""
    told = "; ".join(part for part in ("refused", shows or lenient) if part)
    return f"{_marked(name.written)} ({told})"


def _marked(name: str) -> str:
    """Within marks that it cannot close itself."""
    shown = exact(name).replace("‹", _code("‹")).replace("›", _code("›"))
    return f"‹{one_line(shown, NAME)}›"


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
