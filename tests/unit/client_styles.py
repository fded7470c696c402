"""How mail programs bring our mail back in an answer: one row a program, in plain text or HTML.

A style writes the person's words above the quote, in the middle of it and below it.
"""

import html
import re
import textwrap
from collections.abc import Callable
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser

from tests.unit.client_heads import Head, Language, bare, block, notes, qq, wrote
from tests.unit.incoming import alternative, message


@dataclass(frozen=True, slots=True)
class Original:
    """Our mail as a program has decoded it."""

    plain: str
    html: str

    @property
    def inner(self) -> str:
        body = LexborHTMLParser(self.html).body
        assert body is not None
        return str(body.inner_html)

    @property
    def seen(self) -> str:
        """The text of the HTML as converters write it: headings in `*`, links behind the words."""
        tree = LexborHTMLParser(re.sub(r"(?s)<h\d[^>]*>(.*?)</h\d>", r"<p>*\1*</p>", self.html))
        assert tree.body is not None
        return tree.body.text(separator="\n", strip=True)


@dataclass(frozen=True, slots=True)
class Typed:
    """What the person types."""

    above: str = ""
    inside: str = ""
    below: str = ""


@dataclass(frozen=True, slots=True)
class Style:
    name: str
    write: Callable[[Original, Typed, Language], bytes]

    def __repr__(self) -> str:
        return self.name


Quote = Callable[[str], list[str]]


def marking(mark: str, tight: bool = False) -> Quote:
    """`tight`: no blank behind the mark of an empty line."""
    return lambda text: [
        mark.rstrip(" ") if tight and not line else mark + line for line in text.splitlines()
    ]


def unmarked(text: str) -> list[str]:
    return text.splitlines()


def marked_then_wrapped(width: int) -> Quote:
    """The tail of a long line loses its mark: Gmail and Outlook Express, sending plain text."""
    return lambda text: [
        part for line in marking("> ")(text) for part in textwrap.wrap(line, width) or [""]
    ]


def refilled(width: int) -> Quote:
    """Paragraphs filled anew, without marks, as phones and gateways do."""
    return lambda text: [
        line for block in re.split(r"\n\s*\n", text) for line in (*textwrap.wrap(block, width), "")
    ]


def plain_style(name: str, head: Head, quote: Quote, phone: str = "", seen: bool = False) -> Style:
    def write(original: Original, typed: Typed, language: Language) -> bytes:
        lines = quote(original.seen if seen else original.plain)
        middle = len(lines) // 2
        if typed.inside:
            lines[middle:middle] = ["", typed.inside, ""]
        below = ["", typed.below] if typed.below else []
        first = [typed.above, "", *([phone, ""] if phone else [])] if typed.above else []
        return message("\n".join([*first, *head(language), *lines, *below, ""]))

    return Style(name, write)


def html_style(name: str, frame: str, plain: Style | None = None) -> Style:
    """`frame` holds `{quote}`, and an attribution (`{wrote}`) or a header block (`{head}`).

    With `plain` the same stands in a text part.
    """

    def write(original: Original, typed: Typed, language: Language) -> bytes:
        head = "<br>".join(html.escape(line) for line in block(language) if line)
        if "{wrote}" in frame:
            head = html.escape("".join(wrote(language)))
        quote = (_divs(typed.inside) if typed.inside else "") + original.inner
        around = frame.replace("{wrote}", "{head}").replace("{head}", head)
        shown = _divs(typed.above) + around.replace("{quote}", quote)
        shown = f'<html><body dir="ltr">{shown}{_divs(typed.below)}</body></html>'
        if plain is None:
            return message(shown, "text/html")
        text = plain.write(original, typed, language).partition(b"\r\n\r\n")[2].decode()
        return alternative(text, shown)

    return Style(name, write)


def _divs(text: str) -> str:
    return "".join(
        f"<div>{html.escape(line) or '<br>'}</div>" for line in text.splitlines() or [""]
    )


_GMAIL = plain_style("Gmail, text", wrote, marking("> ", tight=True))
_OUTLOOK = plain_style("Outlook, text", block, unmarked)
_THUNDERBIRD = plain_style("Thunderbird, text", wrote, marking("> ", tight=True))

# A mark before every line: the end of the quote can be told.
MARKED = (
    _GMAIL,
    plain_style("mutt", wrote, marking("> ")),
    plain_style("iPhone", wrote, marking("> "), phone="Sent from my iPhone"),
    plain_style("Apple Mail, nested", wrote, marking("> > ")),
    plain_style("Mail.ru, text", wrote, marking(">")),
    plain_style("HTML as marked text", wrote, marking("> "), seen=True),
    plain_style("marks alone", bare, marking("> ")),
    plain_style("bars", wrote, marking("| ")),
    html_style(
        "Gmail",
        '<div class="gmail_quote gmail_quote_container"><div class="gmail_attr">{wrote}<br></div>'
        '<blockquote class="gmail_quote" style="margin:0 0 0 .8ex">{quote}</blockquote></div>',
        _GMAIL,
    ),
    html_style("Apple Mail", '<br><blockquote type="cite">{wrote}<br>{quote}</blockquote>'),
    html_style(
        "Thunderbird",
        '<div class="moz-cite-prefix">{wrote}<br></div><blockquote type="cite">{quote}'
        "</blockquote>",
        _THUNDERBIRD,
    ),
    html_style("163", '<blockquote id="isReplyContent">{wrote}<br>{quote}</blockquote>'),
    html_style("Yahoo", '<div class="yahoo_quoted"><div>{wrote}</div>{quote}</div>'),
    html_style(
        "Proton",
        '<div class="protonmail_quote">{wrote}<br><blockquote class="protonmail_quote">{quote}'
        "</blockquote></div>",
    ),
)
# A line or a block says where the quote begins, and nothing where it ends.
UNMARKED = (
    _OUTLOOK,
    plain_style("Outlook, rule", lambda lang: ["_" * 32, *block(lang)], unmarked),
    plain_style(
        "Outlook, classic",
        lambda lang: ["-----Original Message-----", *block(lang)],
        unmarked,
    ),
    plain_style("K-9", lambda lang: ["-------- Original Message --------", *block(lang)], unmarked),
    plain_style("Yahoo, text", wrote, unmarked),
    plain_style("Notes", notes, unmarked),
    plain_style("QQ", qq, unmarked),
    plain_style("tabs", wrote, marking("\t")),
    plain_style("filled at 60", wrote, refilled(60)),
    plain_style("filled at 72", block, refilled(72)),
    plain_style("HTML as text", wrote, unmarked, seen=True),
    html_style(
        "Outlook",
        '<div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0in 0in 0in">'
        '<p class="MsoNormal">{head}</p></div>{quote}',
        _OUTLOOK,
    ),
    html_style(
        "Outlook on the web",
        '<div id="appendonsend"></div><hr tabindex="-1"><div id="divRplyFwdMsg" dir="ltr">{head}'
        "</div><div>{quote}</div>",
        _OUTLOOK,
    ),
    html_style("GMX", '<div name="quote" style="margin:10px 5px">{head}<br>{quote}</div>'),
)
BARE = (
    plain_style("nothing at all", bare, unmarked),
    plain_style("nothing but the HTML's text", bare, unmarked, seen=True),
    plain_style("filled, nothing else", bare, refilled(66)),
)
# The tails of marked lines look like the person's own.
TORN = tuple(
    plain_style(f"wrapped at {width} behind marks", wrote, marked_then_wrapped(width))
    for width in (40, 50, 60, 72)
)
STYLES = (*MARKED, *UNMARKED, *TORN, *BARE)
