"""Characters of a line of words: what is harmless made plain, what is strange named.

Harmless is what keyboards and programs put in without anybody's doing: blanks of other widths,
full-width letters of an East Asian keyboard, marks of direction around words. Strange is
what makes a word look like another, or hides something in it: such a word is nobody's decision.
"""

import re
import unicodedata
from functools import lru_cache

_BLANKS = "\t\xa0\u1680\u2000-\u200a\u202f\u205f\u3000"
_BLANK = re.compile(f"[{_BLANKS}]")
# Full-width letters and digits; a keyboard that is switched to Japanese or Chinese types them.
FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F) if chr(code - 0xFEE0).isalnum()}
# Seen by nobody, and of no weight but between two letters.
_UNSEEN = "\u00ad\u034f\u061c\u200b-\u200f\u202a-\u202c\u2060\u2066-\u2069\ufe00-\ufe0f\ufeff"
_ASIDE = re.compile(rf"(?<![\w{_UNSEEN}])[{_UNSEEN}]++|[{_UNSEEN}]++(?!\w)")

_OVERRIDE = re.compile("[\u202d\u202e]")
_UNREAD = re.compile("[\ufffd\ue000-\uf8ff\U000f0000-\U0010fffd]")
# Joiners stand in words of scripts that need them; in others they hide.
_WESTERN = "A-Za-z\u00c0-\u024f\u0370-\u052f\u1e00-\u1fff"
_INVISIBLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202c"
    "\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\U000e0100-\U000e01ef"
)
_HIDDEN = re.compile(f"[{_WESTERN}][{_INVISIBLE}]+[{_WESTERN}]")
# Outside of flags of regions (an emoji) they spell text that nobody sees.
_TAGS = re.compile("(?<![\U0001f3f4\U000e0020-\U000e007f])[\U000e0000-\U000e007f]")
_MARKS = "\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
_COMBINED = re.compile(f"[{_WESTERN}][{_MARKS}]")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_WORD = re.compile(r"[^\W\d_]+")
_STYLED = re.compile(
    "[\u1d00-\u1dbf\u2100-\u2138\u213a-\u214f\u24b6-\u24e9\ua730-\ua731\U0001d400-\U0001d7ff"
    "\U0001f130-\U0001f189]"
)
# Signs for units and the like.
_ORDINARY = frozenset("\u2103\u2109\u2116\u2117\u2120\u2121\u2122\u2126\u212a\u212b\u213b")
_ALIKE = ("CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC", "GEORGIAN", "LISU", "GOTHIC")


def lowered(text: str) -> str:
    """In lower case, a letter for a letter: Python makes two of a Turkish İ."""
    return text.lower() if text.isascii() else text.lower().replace("i\u0307", "i")


def plain_word_text(text: str) -> str:
    """With plain blanks, ASCII for its full-width forms, and nothing unseen around its words.

    Inside a word nothing is changed but the width of its letters.
    """
    if text.isascii():
        return text.replace("\t", " ")
    plain = _BLANK.sub(" ", text.translate(FULL_WIDTH))
    return _ASIDE.sub("", unicodedata.normalize("NFC", plain))


def strange(text: str) -> str:
    """Why the words of `text` are not to be taken for what they look like; '' if they are."""
    if text.isascii():
        return "it holds control characters" if _controls(text) else ""
    for pattern, reason in _REASONS:
        if pattern.search(text):
            return reason
    if _controls(text):
        return "it holds control characters"
    composed = unicodedata.normalize("NFC", text)
    if _COMBINED.search(composed):
        return "it holds marks over letters that no keyboard writes"
    return next(filter(None, map(_mixed, _WORD.findall(composed))), "") or _styled(text)


_REASONS = (
    (_UNREAD, "it holds characters that cannot be read"),
    (_OVERRIDE, "it holds characters that turn the direction of text round"),
    (_HIDDEN, "it holds invisible characters inside a word"),
    (_TAGS, "it holds invisible characters"),
)


def _controls(text: str) -> bool:
    return _CONTROL.search(text) is not None


def _styled(text: str) -> str:
    for char in _STYLED.findall(text):
        if char not in _ORDINARY and unicodedata.normalize("NFKC", char).isascii():
            return f"it holds letters that only look like A to Z: {char}"
        if "SMALL CAPITAL" in unicodedata.name(char, ""):
            return f"it holds letters that only look like A to Z: {char}"
    return ""


def _mixed(word: str) -> str:
    if word.isascii():
        return ""
    scripts = [script_of(char) for char in word]
    if "LATIN" not in scripts:
        return ""
    for char, script in zip(word, scripts, strict=True):
        if script in _ALIKE:
            name = script.capitalize()
            return f"it mixes alphabets in one word: {char} is a {name} letter"
    return ""


@lru_cache(maxsize=4096)
def script_of(char: str) -> str:
    """The first word of a letter's Unicode name; '' for what is no letter, or of every script."""
    if not char.isalpha():
        return ""
    script = unicodedata.name(char, "?").partition(" ")[0]
    return "" if script == "KATAKANA-HIRAGANA" else script
