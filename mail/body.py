"""Which of a message's parts are its body: the first text, in both forms if it has two."""

from typing import NamedTuple

from mail.armour import opened
from mail.bounce import RETURNED
from mail.html import HtmlText, Room, html_text
from mail.structure import Message

_TEXTS = ("text/plain", "text/html")
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
    parts = message.parts
    texts = [part for part in parts if part.content_type in _TEXTS and not part.attached]
    if len(parts) == 1 and texts and parts[0].content_type == "text/plain":
        # Most mail.
        text, cut = parts[0].text, message.cut or parts[0].cut
        return Body(text, None, "", "", (), text, "", cut, parts[0].sealed)
    # The first text, or all forms of it: those of its multipart/alternative.
    forms = texts[0].alternative if texts else 0
    plain = html = shown = None
    later, whole = [], []
    room = Room()
    for part in texts:
        first = part is texts[0] or (forms and part.alternative == forms)
        text = everything = part.text
        if part.content_type == "text/html":
            seen = html_text(text, room) or _UNREADABLE
            text, everything = seen.own, seen.whole
            if first and html is None:
                html, shown = part, seen
        elif first and plain is None:
            plain = part
        whole.append(everything)
        if part not in (plain, html):
            later.append(text)
    own, sealed = opened(shown.own) if shown else ("", "")
    blank = plain is not None and shown is not None and not plain.text.strip()
    return Body(
        plain=plain.text if plain and not blank else None,
        html=own if shown else None,
        faint=shown.faint if shown else "",
        signature=shown.signature if shown else "",
        later=tuple(later),
        whole="\n".join(whole),
        returned="\n".join([part.text for part in parts if part.content_type in RETURNED]),
        cut=message.cut
        or (plain is not None and plain.cut)
        or (html is not None and html.cut)
        or (shown is not None and shown.cut),
        sealed=next((part.sealed for part in parts if part.sealed), sealed),
    )
