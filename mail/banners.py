"""Warnings that the host of whoever reads a mail puts above it.

A person's first paragraph may begin like one: it needs two more marks of one, and no word that
decides.
"""

import re
from collections.abc import Sequence

from mail.characters import lowered
from mail.disclaimers import DECIDES, paragraph
from mail.quote_marks import is_blank

# Put above a mail by the host of whoever reads it.
_BANNER_LINE = re.compile(
    r"[\W_]*(?:external(?: (?:e-?mail|sender|message))?|ext|extern|externe e-?mail"
    r"|(?:classification|sensitivity|klassifizierung)[ \t]*:[ \t]*"
    r"(?:internal|public|confidential|restricted|general|intern|öffentlich|vertraulich))[\W_]*$",
    re.IGNORECASE,
)
_BANNER = re.compile(
    r"[\W_]{0,10}(?:you don['’]t often get e-?mails? from [^\s@]{1,64}@|sie erhalten nicht"
    r" (?:oft|häufig) e-?mails? von [^\s@]{1,64}@|(?:caution|warning|attention|notice"
    r"|be careful|external|vorsicht|achtung|warnung|this (?:e-?mail|message))\b)",
    re.IGNORECASE,
)
# The first word of both, or a line without one: of most texts that word is another one.
MAY_BEGIN = re.compile(
    r"[\W_]*+(?:$|ext|classification|sensitivity|klassifizierung|you|sie|caution|warning|attention"
    r"|notice|be|vorsicht|achtung|warnung|this)"
)
_OUTSIDE = re.compile(
    r"you don['’]t often|nicht (?:oft|häufig)|originat\w{1,3} (?:from )?outside"
    r"|(?:came|sent|is) from (?:outside|an external)|external (?:e-?mail|sender|source)"
    r"|externe[rnm]? (?:absender|e-?mail)|außerhalb",
    re.IGNORECASE,
)
_ADVICE = re.compile(
    r"learn why this is important|erfahren sie"
    r"|(?:click|open)\w{0,3}\b.{0,60}\b(?:links?|attachments?)"
    r"|outside (?:of )?(?:your|the|our) (?:organi[sz]ation|company)"
    r"|(?:klicken|öffnen)\b|anhänge",
    re.IGNORECASE,
)
_BANNER_LINES = 6
_BANNER_CHARACTERS = 800


def banner(paragraph: Sequence[str]) -> int:
    """How many of the paragraph's first lines are a warning of the reader's own mail host."""
    if _BANNER_LINE.match(paragraph[0]):
        return 1
    text = " ".join(line.strip() for line in paragraph)
    if len(paragraph) > _BANNER_LINES or len(text) > _BANNER_CHARACTERS:
        return 0
    marked = _BANNER.match(text) and _OUTSIDE.search(text) and _ADVICE.search(text)
    return len(paragraph) if marked and not DECIDES.search(text) else 0


def below_banners(lines: Sequence[str]) -> int:
    """The first line that is neither blank nor of such a warning, above all others."""
    at = 0
    while at < len(lines):
        if is_blank(lines[at]):
            at += 1
        elif MAY_BEGIN.match(lowered(lines[at])) and (length := banner(paragraph(lines, at))):
            at += length
        else:
            return at
    return at
