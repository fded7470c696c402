"""Which of a message's parts are its body: the first text, in both forms if it has two."""

from typing import NamedTuple

from mail.armour import opened
from mail.bounce import RETURNED
from mail.html import HtmlText, html_text
from mail.structure import HTML, Message, Part

_UNREADABLE = HtmlText(own="\ufffc", faint="", signature="", whole="", cut=True)


class Body(NamedTuple):
    plain: str | None
    """None if there is no text part, or a blank one beside HTML."""
    html: str | None
    """What is seen of the HTML part, quotes as `> `; None if there is none."""
    faint: str
    """Text that the HTML part may hide."""
    signature: str
    """What stands in the HTML part where programs put signatures."""
    later: tuple[str, ...]
    """Inline text below the body: mailing lists' footers, words below a picture."""
    whole: str
    """The text of all parts, quotes included."""
    returned: str
    """The headers of a message of ours that a report brings back."""
    cut: bool
    sealed: str
    """Why there is text that cannot be read; '' if there is none."""


def body_of(message: Message) -> Body:
    texts = [
        part
        for part in message.parts
        if part.content_type in ("text/plain", "text/html") and not part.attached
    ]
    if len(texts) == len(message.parts) == 1 and texts[0].content_type == "text/plain":
        # Most mail.
        text, cut = texts[0].text, message.cut or texts[0].cut
        return Body(text, None, "", "", (), text, "", cut, texts[0].sealed)
    plain = next((part for part in _first(texts) if part.content_type == "text/plain"), None)
    html = next((part for part in _first(texts) if part.content_type == "text/html"), None)
    seen = _seen([part for part in texts if part.content_type == "text/html"])
    later = tuple(
        seen[id(part)].own if id(part) in seen else part.text
        for part in texts
        if part not in (plain, html)
    )
    shown = seen[id(html)] if html else None
    own, sealed = opened(shown.own) if shown else ("", "")
    blank = plain is not None and shown is not None and not plain.text.strip()
    return Body(
        plain=plain.text if plain and not blank else None,
        html=own if shown else None,
        faint=shown.faint if shown else "",
        signature=shown.signature if shown else "",
        later=later,
        whole="\n".join(seen[id(p)].whole if id(p) in seen else p.text for p in texts),
        returned="\n".join(p.text for p in message.parts if p.content_type in RETURNED),
        cut=message.cut
        or any(part.cut for part in (plain, html) if part)
        or (shown is not None and shown.cut),
        sealed=next((part.sealed for part in message.parts if part.sealed), sealed),
    )


def _first(texts: list[Part]) -> list[Part]:
    """The first text, or all forms of it: those of its multipart/alternative."""
    if not texts or not texts[0].alternative:
        return texts[:1]
    return [part for part in texts if part.alternative == texts[0].alternative]


def _seen(parts: list[Part]) -> dict[int, HtmlText]:
    """By the part's id. All together are no longer than one may be: each character takes time."""
    room = HTML
    found = {}
    for part in parts:
        room -= len(part.text)
        found[id(part)] = (html_text(part.text) if room >= 0 else None) or _UNREADABLE
    return found
