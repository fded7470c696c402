"""A page that opens too many elements again is read with other names, and shows no more by them."""

import random

import pytest

from mail.html import HtmlText, Room, html_text
from mail.nesting import AGAIN, FORMATS, opened_again

ATTRIBUTES = """

hidden
style='display:none'
color=white
class=gmail_quote
class=x
href=x
style=font-size:1px
style='color:blue'
"""
BLOCKS = """p
div
td
table
tr
li
ul
blockquote
blockquote type=cite
h1
span
center
div hidden
p style=background:#000;color:white
style
select
option
button
template
svg
math
textarea
title"""


def page(seed: int) -> str:
    chosen = random.Random(seed)
    formats = sorted(FORMATS)
    pieces = []
    for _ in range(chosen.randrange(2, 14)):
        name, block = chosen.choice(formats), chosen.choice(BLOCKS.split("\n"))
        attributes = chosen.choice(ATTRIBUTES.split("\n"))
        pieces.append(
            chosen.choice(
                [f"<{name} {attributes}>"] * 2
                + [f"</{name}>", f"<{block}>", f"</{block.split()[0]}>", "x", "<!--</b>--><br>"]
            )
        )
    return f"{''.join(pieces)}{chosen.choice(['', '<p>'])}Approved"


def seen(source: str, room: Room) -> HtmlText:
    found = html_text(source, room)
    assert found is not None
    return found


@pytest.mark.parametrize("start", range(0, 20_000, 2_000))
def test_nothing_is_shown_by_other_names_that_is_hidden_by_its_own(start):
    uncut = 0
    for seed in range(start, start + 2_000):
        source = page(seed)
        renamed = seen(source, Room(again=-1))
        if renamed.cut:
            continue
        uncut += 1
        assert renamed.own.count("Approved") <= seen(source, Room()).own.count("Approved"), source
    assert uncut > 100


def test_most_pages_are_read_as_they_are():
    assert opened_again(b"<p><b>x</b></p>" * 33) < AGAIN
    assert opened_again(b"<p><b>x</b></p>" * 60) < AGAIN < opened_again(b"<p><b>x</b></p>" * 80)
