"""Paragraphs that a program broke into lines, joined again (RFC 3676, format=flowed)."""

_SIGNATURE = "-- "


def joined(text: str, deletes_space: bool) -> str:
    """Join the lines of own paragraphs. Quoted lines stay as they are: nobody wraps them anew.

    `deletes_space` is DelSp=yes: the blank that makes a line flow is none of the text's.
    """
    lines: list[str] = []
    open_paragraph: list[str] = []
    for line in text.split("\n"):
        if line.startswith(">"):
            _close(lines, open_paragraph)
            lines.append(line)
            continue
        # Before a blank, `>` and `From ` a blank is stuffed (§4.4).
        own = line[1:] if line.startswith(" ") else line
        if own in ("", _SIGNATURE):
            _close(lines, open_paragraph)
            lines.append(own)
        elif own.endswith(" "):
            open_paragraph.append(own[:-1] if deletes_space else own)
        else:
            open_paragraph.append(own)
            _close(lines, open_paragraph)
    _close(lines, open_paragraph)
    return "\n".join(lines)


def _close(lines: list[str], open_paragraph: list[str]) -> None:
    if open_paragraph:
        lines.append("".join(open_paragraph))
        open_paragraph.clear()
