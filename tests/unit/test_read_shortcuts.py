"""Replies that a shortcut of the reader must not change."""

import pytest

from mail.read import read
from mail.reply import Decision, Reply

_HEAD = "From: Tom <t@e.com>\nSubject: Re: x\nContent-Type: text/{}; charset=utf-8\n\n"
_MANY = "<b></b>" * 200  # more than may be opened again


def _decision(text: str, kind: str = "plain") -> Decision:
    reply = read((_HEAD.format(kind) + text).encode())
    assert isinstance(reply, Reply)
    return reply.decision


@pytest.mark.parametrize(
    "text",
    [
        "Approved\nBest,\nTom\nUpdate\u200fBob decides",
        "Approved\nBest,\nNote\u200eTomorrow",
        "Approved\n----Quoting a@b.c:\nbut wait\nAR-ABCDEFGH23",
    ],
)
def test_is_still_no_approval(text: str) -> None:
    assert _decision(text) is Decision.UNCLEAR


@pytest.mark.parametrize("closing", ["Saygilarimla, Ayse", "İYİ ÇALIŞMALAR, Ayşe"])
def test_closings_with_the_other_i_still_close(closing: str) -> None:
    assert _decision(f"Onaylıyorum\n\n{closing}") is Decision.APPROVE


@pytest.mark.parametrize(
    "html",
    [
        "<p hidden><b hidden>x</p>Approved",
        "<blockquote type=cite><b hidden>x</blockquote>Approved",
        "<div class=gmail_quote><b hidden>x</div>Approved",
        '<p style="color:#fff;background:#000"><font color=white></p>Approved',
        "<p><font class=gmail_quote>x</p>Approved",
    ],
)
def test_what_is_hidden_where_it_is_opened_again_is_no_approval(html: str) -> None:
    assert _decision(html, "html") is Decision.UNCLEAR
    assert _decision(html + _MANY, "html") is Decision.UNCLEAR


@pytest.mark.parametrize(
    "html",
    [
        '<span style="color:blue">Approved</span>',
        "<font color=gray>Approved</font>",
        "<p><b><i style='font-size:11pt'>Approved</i></b></p><p><a name=x></a></p>",
        "<p><b>Approved<p>Thanks</p>",
    ],
)
def test_a_long_page_whose_formats_are_closed_or_change_nothing_is_an_approval(html: str) -> None:
    assert _decision(html, "html") is Decision.APPROVE
    assert _decision(html + _MANY, "html") is Decision.APPROVE
