"""Takes out of a reply what stood in our own mail, however its quote lost its marks."""

from dataclasses import replace

from mail.carriers import is_reference_line
from mail.quotes import OwnText

# Fewer words in a row may be anybody's: `REJECT too expensive` is a person's, whatever we sent.
_WORDS = 4


def without_sent(own: OwnText, sent: str) -> OwnText:
    """Drop reference lines, and lines that stand in `sent`: as a line of it, or as several of its
    words in a row."""
    lines = {" ".join(line.split()) for line in sent.split("\n")} if sent else set()
    running = f" {' '.join(sent.split())} "
    kept, beside, aside = (
        [
            line
            for line in part
            if not is_reference_line(line)
            and not _stands_in(" ".join(line.split()), lines, running)
        ]
        for part in (own.lines, own.beside, own.aside)
    )
    while kept and not kept[0]:
        kept.pop(0)
    while kept and not kept[-1]:
        kept.pop()
    return replace(own, lines=tuple(kept), beside=tuple(beside), aside=tuple(aside))


def _stands_in(line: str, lines: set[str], running: str) -> bool:
    if not line:
        return False
    return line in lines or (line.count(" ") >= _WORDS - 1 and f" {line} " in running)
