"""Markdown -> where it leads, and where one can be led to in it. Pure."""

import re

from tests.docs.blocks import prose

_CODE = re.compile(r"`[^`\n]*`")
_LINK = re.compile(r"\[(?:[^\[\]]|\[[^\]]*\])*\]\((?P<target>[^)\s]+)\)")
_HEADING = re.compile(r"^#{1,6} +(?P<text>.+?) *#*$", re.M)
_ANCHOR = re.compile(r"""<a (?:id|name)="(?P<name>[^"]+)">""")


def links(markdown: str) -> list[str]:
    """The targets of links and pictures, as they are written."""
    return [match["target"] for match in _LINK.finditer(_CODE.sub("", prose(markdown)))]


def anchors(markdown: str) -> set[str]:
    """As GitHub names its headings, and what names itself."""
    text = prose(markdown)
    found: set[str] = {match["name"] for match in _ANCHOR.finditer(text)}
    for match in _HEADING.finditer(text):
        words = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", match["text"]).lower()
        name = re.sub(r"[^\w\- ]", "", words).replace(" ", "-")
        number = 0
        while (unique := f"{name}-{number}" if number else name) in found:
            number += 1
        found.add(unique)
    return found
