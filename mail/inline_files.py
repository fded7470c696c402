"""Files inside a text, as before MIME: uuencode and yEnc. They are attachments, nobody's words."""

import re

# No line of the encoding has a small letter, so that none is taken for `end`.
_UUENCODED = re.compile(
    r"^begin [0-7]{3,4} [^\n]+\n(?:[\x20-\x60]{1,62}\n)+end[ \t]*$", re.MULTILINE
)
_YENC_BEGIN = re.compile(r"^=ybegin [^\n]*\bname=", re.MULTILINE)
_YENC_END = re.compile(r"^=yend [^\n]*", re.MULTILINE)


def without_files(text: str) -> str:
    if "begin " not in text:
        return text
    text = _UUENCODED.sub("", text)
    kept: list[str] = []
    at = 0
    while begin := _YENC_BEGIN.search(text, at):
        end = _YENC_END.search(text, begin.end())
        if end is None:
            break
        kept.append(text[at : begin.start()])
        at = end.end()
    return "".join((*kept, text[at:]))
