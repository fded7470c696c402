"""What stands in signatures beside names and addresses: advertisements and mottoes."""

import re

_LONGEST = 120
BOASTS = re.compile(
    r"\W*(?:approved|certified|accredited|preferred|recommended) (?:supplier|vendor|partner"
    r"|contractor|dealer|provider|employer|reseller)s?(?: of the year)?(?: \d{4})?"
    r"(?:\W*[|•·–-]\W*[\w.]{1,60})*\W*$"
    r"|\W*(?:follow|find|visit|like|join) us (?:on|at) [\w.:/|& -]{1,80}$",
    re.IGNORECASE,
)
MOTTO_BEGINS = re.compile(r"\W{0,4}[\"“„«]")
_MOTTO = re.compile(r"\W{0,4}[\"“„«][^\"”“»]{8,110}[\"”“»]\s*$")
# A saying and who said it.
_CITED = re.compile(r"\W{0,4}[\"“„«][^\"”“»]{8,110}[\"”“»]\s*[-–—]\s*[A-Z][\w. ]{1,40}$")


def is_boast(line: str, signed: bool) -> bool:
    """Whether the line is an advertisement or a motto; `signed`: whether it is in a signature."""
    return len(line) <= _LONGEST and bool(
        BOASTS.match(line) or (signed and (_MOTTO.match(line) or _CITED.match(line)))
    )
