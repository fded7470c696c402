"""Replies to our own request mail as the common mail programs write them, in text and in HTML.

What each puts around the words and the original is copied from its markup; the words are ours.
"""

import email
import email.policy
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from html import escape
from itertools import count, product
from pathlib import Path

from agent.canonical import request_id_from
from bench.client_markup import HTML, Original
from bench.replies import AGENT, VOTER, request_mail
from mail.identity import Keyring

_CORPUS = Path(__file__).resolve().parents[1] / "tests/data/replies"
_PLAIN_GOAL, _HTML_GOAL = 1.0, 0.6
_NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
_MORNING = 180  # minutes
# {} is a number that no other reply has: what people write beside their decision differs.
WORDS = (
    "APPROVE",
    "APPROVE\n\nChecked with Rosa, the order is hers. Ticket {}.",
    "REJECT costs {} too much",
)
_WIRE = email.policy.SMTP.clone(max_line_length=998)
_BODY = re.compile(r"<body[^>]*>(.*)</body>", re.DOTALL)
_STYLE = re.compile(r"<style>.*?</style>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Kind:
    name: str
    rounds: Sequence[Sequence[bytes]]
    """The messages of each."""
    goal: float
    """Times the messages a second of the peer that it is held against."""


def kinds(keyring: Keyring, rounds: int) -> list[Kind]:
    """Each message answers a request of its own: no two share an id, a token, a digest, the time in
    the line above the quote, or a note. So none is read twice, and what a reader may remember of
    one helps it as much as it would with people's mail."""
    originals = _originals(keyring)
    made = [[_as_each_kind(*one, next(originals)) for one in _REPLIES] for _ in range(rounds)]
    names = ("text/plain", "text/plain and text/html", "text/html alone")
    goals = (_PLAIN_GOAL, _HTML_GOAL, _HTML_GOAL)
    return [
        Kind(name, [[reply[number] for reply in one] for one in made], goal)
        for number, (name, goal) in enumerate(zip(names, goals, strict=True))
    ]


def _as_each_kind(client: str, words: str, original: Original) -> tuple[bytes, bytes, bytes]:
    words = words.format(original.number)
    text, html = _TEXTS[client](words, original), HTML[client](_marked_up(words), original)
    return (
        _reply(original, text, None),
        _reply(original, text, html),
        _reply(original, None, html),
    )


def corpus(rounds: int) -> list[Kind]:
    """The messages that the tests read, odd ones and all: the same in each round."""
    found = [path.read_bytes() for path in sorted(_CORPUS.rglob("*.eml"))]
    texts = [raw for raw in found if b"text/html" not in raw]
    pages = [raw for raw in found if b"text/html" in raw]
    both = [
        Kind("the tests' replies without HTML", [texts] * rounds, _PLAIN_GOAL),
        Kind("the tests' replies with HTML", [pages] * rounds, _HTML_GOAL),
    ]
    return [kind for kind in both if kind.rounds[0]]


def _originals(keyring: Keyring) -> Iterator[Original]:
    for number in count(1):
        raw = request_mail(keyring, request_id_from(number * 7_919), _NOW)
        message = email.message_from_bytes(raw, policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        text, html = (message.get_body((kind,)) for kind in ("plain", "html"))
        assert text is not None and html is not None
        page = html.get_content()
        inner, style = _BODY.search(page), _STYLE.search(page)
        assert inner and style
        yield Original(
            subject=message["Subject"],
            message_id=message["Message-ID"],
            reply_to=message["Reply-To"],
            text=text.get_content(),
            html=inner[1],
            style=style[0],
            asked=_NOW + timedelta(minutes=number % _MORNING),
            number=number,
        )


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.splitlines())


def _gmail(words: str, original: Original) -> str:
    wrote = f"On Tue, Nov 24, 2026 at {original.twelve} AM Approval agent <{AGENT}> wrote:"
    return f"{words}\n\n{wrote}\n\n{_quoted(original.text)}\n"


def _apple(words: str, original: Original) -> str:
    above = f"> On 24. Nov 2026, at {original.asked:%H:%M}, Approval agent <{AGENT}> wrote:\n> \n"
    return f"{words}\n\n{above}{_quoted(original.text)}\n\n"


def _iphone(words: str, original: Original) -> str:
    above = f"> On Nov 24, 2026, at {original.twelve} AM, Approval agent <{AGENT}> wrote:\n> \n"
    return f"{words}\n\nSent from my iPhone\n\n{above}{_quoted(original.text)}\n"


def _thunderbird(words: str, original: Original) -> str:
    wrote = f"On 24/11/2026 {original.asked:%H:%M}, Approval agent wrote:"
    return f"{words}\n\n{wrote}\n{_quoted(original.text)}\n"


def _outlook(words: str, original: Original) -> str:
    block = (
        f"From: Approval agent <{AGENT}>\nSent: Tuesday, November 24, 2026 {original.twelve} AM\n"
        f"To: Vera Oter <{VOTER}>\nSubject: {original.subject}\n"
    )
    return f"{words}\n\nBest regards,\nVera Oter\n\n{block}\n{original.text}\n"


_TEXTS: dict[str, Callable[[str, Original], str]] = {
    "Gmail": _gmail,
    "Outlook": _outlook,
    "Outlook on the web": _outlook,
    "Apple Mail": _apple,
    "iPhone": _iphone,
    "Thunderbird": _thunderbird,
}
# So many a round that what the reader before has left in the processor's caches counts little.
_EACH = 5
_REPLIES = list(product(_TEXTS, WORDS)) * _EACH


def _marked_up(words: str) -> str:
    return escape(words).replace("\n", "<br>\n")


def _reply(original: Original, text: str | None, html: str | None) -> bytes:
    reply = EmailMessage(policy=_WIRE)
    # What servers on the way put on top, as few of it as there ever is.
    reply["Received"] = (
        "from mail-ej1-f54.example.net (mail-ej1-f54.example.net [192.0.2.54])"
        " by mx.bench.test (Postfix) with ESMTPS id 4Cg1QX0L5qz9sVs"
        f" for <{original.reply_to}>; Tue, 24 Nov 2026 10:15:02 +0000 (UTC)"
    )
    reply["DKIM-Signature"] = (
        "v=1; a=rsa-sha256; c=relaxed/relaxed; d=bench.test; s=20230601; t=1795515302;"
        " h=to:subject:message-id:date:from:in-reply-to:references:mime-version:from;"
        f" bh={'4Xq9' * 11}=; b={'mJ0sQe7L' * 43}=="
    )
    reply["From"] = f"Vera Oter <{VOTER}>"
    reply["To"] = f"Approval agent <{original.reply_to}>"
    reply["Subject"] = f"Re: {original.subject}"
    reply["Date"] = "Tue, 24 Nov 2026 10:15:00 +0000"
    reply["Message-ID"] = f"<CAF{original.message_id[4:20]}@mail.bench.test>"
    reply["In-Reply-To"] = original.message_id
    reply["References"] = original.message_id
    if text is not None:
        reply.set_content(text, cte="quoted-printable")
    if html is not None and text is not None:
        reply.add_alternative(html, subtype="html", cte="quoted-printable")
    elif html is not None:
        reply.set_content(html, subtype="html", cte="quoted-printable")
    return reply.as_bytes()
