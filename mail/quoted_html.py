"""Which elements of an HTML message are a quote or a signature: one row a client.

Outlook.com puts `x_` before every class and id of what it quotes; it is taken off before.
"""

import re
from collections.abc import Mapping

from selectolax.lexbor import LexborNode

from mail.header_fields import field_of
from mail.nesting import FORMATS, TAMED

# Characters of a class attribute; `mail.element` takes an element with more for hidden.
CLASSES = 500

# Elements that hold a quote and nothing else.
QUOTE_MARKS = frozenset(
    {
        ".gmail_quote",  # Gmail
        ".gmail_quote_container",  # Gmail since 2024
        ".gmail_attr",  # Gmail: the line above the quote
        ".yahoo_quoted",  # Yahoo, AOL
        ".moz-cite-prefix",  # Thunderbird: the line above the quote
        ".moz-forward-container",  # Thunderbird
        ".protonmail_quote",  # Proton
        ".tutanota_quote",  # Tuta
        ".zmail_extra",  # Zoho
        ".applemailquote",  # Apple Mail in rich text
        ".outlookmessageheader",  # Outlook Express, Windows Mail
        ".ms-outlook-mobile-reference-message",  # Outlook for iOS and Android
        ".front-blockquote",  # Front
        ".freshdesk_quote",  # Freshdesk
        ".zendesk_quoted",  # Zendesk
        ".quoted-text",  # Basecamp, Help Scout
        ".replied-message",  # HEY
        ".cite",  # Horde, IncrediMail
        ".mailquote",  # eM Client
        ".ntes-mailmaster-quote",  # NetEase
        "#isreplycontent",  # NetEase 163
        "#olk_src_body_section",  # Outlook for Mac 2011
        "#mail-editor-reference-message-container",  # Outlook for iOS, new Outlook
        "#reply-intro",  # Roundcube: the line above the quote
        "#forwardbody1",  # Roundcube
        "#orig_message",  # Alimail
        "#ymail_ctr_id_quote",  # Yahoo on Android
        "[messagereplysection]",  # Spark
        "[quote]",  # Mailspring, Nylas
    }
)

# Marks of Outlook below which everything is the original, not nested in anything.
BELOW_IS_QUOTED = frozenset(
    {
        "#appendonsend",  # Outlook on the web
        "#divrplyfwdmsg",  # Outlook on the web, Outlook.com
        "#stopspelling",  # Outlook on the web 2010
        "#replysplit",  # Mail.ru
        "#spnewsignaturequote",  # Outlook for Mac
        ".__aliyun_previous_quote",  # Alimail
    }
)

SIGNATURE_MARKS = frozenset(
    {
        ".gmail_signature",  # Gmail
        ".gmail_signature_prefix",
        ".moz-signature",  # Thunderbird
        ".protonmail_signature_block",  # Proton
        ".protonmail_signature_block-user",
        ".protonmail_signature_block-proton",
        ".yahoo-signature",  # Yahoo
        ".elementtoproof-signature",
        "#signature",  # Outlook
        "#ms-outlook-mobile-signature",  # Outlook for iOS and Android
        "#composer_signature",  # Samsung Email
        "#applemailsignature",  # Apple Mail
        "#ymail_android_signature",  # Yahoo on Android
        "#protonmail_mobile_signature_block",  # Proton
    }
)

_BOXES = frozenset({".gmail_quote", ".gmail_quote_container"})
# What Gmail puts into the box above the quote: `On <day> <name> wrote:`.
_HEAD = FORMATS | TAMED.keys() | {"-text", "div", "br", "span"}
_FORWARDED = re.compile(r"\s*-{2,}")

# `<div style="border:none;border-top:solid #E1E1E1 1.0pt"><p><b>From:</b> …`: Outlook for Windows.
_BORDER_TOP = re.compile(r"border-top:\s?(?:solid|[\w#.]+\s+solid|none\s)")


def marks_of(attributes: Mapping[str, str | None]) -> frozenset[str]:
    """`.class`, `#id` and `[name]` of an element, in lower case and without `x_`."""
    classes = (attributes.get("class") or "")[:CLASSES].lower().split()
    marks = ["." + _plain(name) for name in classes]
    if identity := attributes.get("id"):
        marks.append("#" + _plain(identity.strip().lower()))
    if name := attributes.get("name"):
        marks.append("[" + _plain(name.strip().lower()) + "]")
    return frozenset(marks)


def is_quote(tag: str, marks: frozenset[str]) -> bool:
    # Yahoo numbers its ids: yahoo_quoted_4711.
    return (
        tag == "blockquote"
        or not marks.isdisjoint(QUOTE_MARKS)
        or any(mark.startswith("#yahoo_quoted_") for mark in marks)
    )


def is_answer_box(tag: str, marks: frozenset[str]) -> bool:
    """Whether it is Gmail's box: whoever writes between the lines of a quote writes into it."""
    return tag != "blockquote" and not marks.isdisjoint(_BOXES)


def quote_in(box: LexborNode) -> LexborNode | None:
    """The first quote inside Gmail's box of an answer, behind which the writer may answer; None in
    a forwarded mail, which holds no quote of its own right below its head.
    """
    child = box.first_child
    while child is not None and child.tag != "blockquote":
        if child.tag not in _HEAD or _FORWARDED.match(child.text()[:100]):
            return None
        child = child.next
    return child


def is_indent(tag: str, attributes: Mapping[str, str | None], marks: frozenset[str]) -> bool:
    """Whether it may be the writer's own text, set off by a program's indent button."""
    return (
        tag == "blockquote"
        and "cite" not in attributes
        and (attributes.get("type") or "").strip().lower() != "cite"
        and marks.isdisjoint(QUOTE_MARKS)
    )


def has_line_on_top(style: str) -> bool:
    style = style.lower()
    return "border-top" in style and _BORDER_TOP.search(style) is not None


def is_header_box(node: LexborNode) -> bool:
    """Whether an element with a line on top is Outlook's box above the original: `From:` or so in
    it. To gather the text of every element would take quadratic time.
    """
    return bool(field_of(node.text()[:200].lstrip()))


def _plain(name: str) -> str:
    while name.startswith("x_"):
        name = name[2:]
    return name
