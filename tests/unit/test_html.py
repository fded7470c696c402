"""What of an HTML message is its writer's own and can be seen."""

import html
import time

import pytest

from mail.html import html_text
from mail.reply import Decision
from tests.unit.incoming import ATTRIBUTION, decided, message, reading

OUTLOOK_BOX = (
    '<div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0in 0in 0in">'
    "<p><b>From:</b> Shop agent<br><b>Sent:</b> Monday</p></div>"
)

QUOTES = [
    '<blockquote type="cite">{}</blockquote>',
    '<blockquote cite="mid:1@shop.test">{}</blockquote>',
    '<blockquote class="gmail_quote">{}</blockquote>',
    '<div class="gmail_quote"><div class="gmail_attr">On Monday:</div>{}</div>',
    '<div class="gmail_quote gmail_quote_container">{}</div>',
    '<div class="x_gmail_quote">{}</div>',
    '<div class="yahoo_quoted">{}</div>',
    '<div id="yahoo_quoted_4711">{}</div>',
    '<div class="moz-cite-prefix">{}</div>',
    '<div class="moz-forward-container">{}</div>',
    '<div class="protonmail_quote">{}</div>',
    '<div class="zmail_extra">{}</div>',
    '<div class="AppleMailQuote">{}</div>',
    '<div class="OutlookMessageHeader">{}</div>',
    '<div class="ms-outlook-mobile-reference-message">{}</div>',
    '<div id="mail-editor-reference-message-container">{}</div>',
    '<div id="isReplyContent">{}</div>',
    '<span id="OLK_SRC_BODY_SECTION">{}</span>',
    '<div name="messageReplySection">{}</div>',
]
BELOW = [
    '<div id="divRplyFwdMsg">From: Shop agent</div>',
    '<div id="appendonsend"></div>',
    '<div id="x_divRplyFwdMsg"></div>',
    '<hr id="stopSpelling">',
    OUTLOOK_BOX,
    OUTLOOK_BOX.replace("From", "Von"),
]


def own(source: str) -> str:
    text = html_text(source)
    assert text is not None
    return text.own


def html_decision(source: str) -> Decision:
    return decided(source, "text/html")


@pytest.mark.parametrize(
    "source",
    [
        "APPROVE",
        "<p>APPROVE</p>",
        "<div>APPROVE</div><div>Thanks</div>",
        "<p><b>APP</b><i>ROVE</i></p>",
        "APPROVE<br>Thanks",
        "<body style='background:#000;color:#fff'><p>APPROVE</p></body>",
        "<table><tr><td>APPROVE</td></tr></table>",
        "<p>&#65;PPROVE&nbsp;</p>",
        "<pre>APPROVE\nThanks</pre>",
        "<p>APPROVE</p><!-- not yet -->",
        "<style>p{color:#222}</style><p>APPROVE</p>",
    ],
)
def test_the_word_on_a_line_of_its_own_approves(source):
    assert html_decision(source) is Decision.APPROVE


def test_blocks_and_breaks_are_lines_and_other_white_space_is_none():
    source = "<p>one\n  two<br>three</p><ul><li>four</li><li>five</li></ul><div>six</div>"
    assert own(source) == "one two\nthree\n\nfour\n\nfive\n\nsix"


@pytest.mark.parametrize("quote", QUOTES)
@pytest.mark.parametrize("word", ["<p>APPROVE</p>", "<p>REJECT too expensive</p>"])
def test_a_quote_decides_nothing(quote, word):
    assert html_decision(quote.format(word)) is Decision.UNCLEAR
    assert html_decision(f"<p>Hm.</p>{quote.format(word)}") is Decision.UNCLEAR


@pytest.mark.parametrize("quote", QUOTES)
def test_words_above_and_below_a_quote_are_own(quote):
    quote = quote.format("<p>Will you, or will you not?</p>")
    assert html_decision(f"<p>APPROVE</p>{quote}") is Decision.APPROVE
    assert html_decision(f"{quote}<p>APPROVE</p>") is Decision.APPROVE
    assert html_decision(f"<p>APPROVE</p>{quote}<p>but not yet</p>") is Decision.UNCLEAR


@pytest.mark.parametrize("mark", BELOW)
def test_below_outlooks_marks_nothing_is_own(mark):
    assert html_decision(f"<p>APPROVE</p>{mark}<p>Is that so?</p>") is Decision.APPROVE
    assert html_decision(f"<div>{mark}</div><div><p>APPROVE</p></div>") is Decision.UNCLEAR
    assert html_decision(f"<p>Hm.</p>{mark}<p>REJECT</p>") is Decision.UNCLEAR


def test_an_attribution_above_a_quote_is_no_word_of_the_writers():
    source = f"<div>{html.escape(ATTRIBUTION)}</div><blockquote>Will you?</blockquote>"
    assert html_decision(f"{source}<p>APPROVE</p>") is Decision.APPROVE
    assert html_decision(source.replace("blockquote", "p") + "<p>APPROVE</p>") is Decision.UNCLEAR


def test_a_line_on_top_alone_is_no_mark_of_outlooks():
    assert html_decision('<div style="border-top:solid red 1pt">APPROVE</div>') is Decision.APPROVE


@pytest.mark.parametrize(
    "source",
    [
        "<s>APPROVE</s>",
        "<strike>APPROVE</strike>",
        "<del><p>APPROVE</p></del>",
        '<span style="text-decoration:line-through">APPROVE</span>',
        '<p style="text-decoration: underline line-through"><b>APPROVE</b></p>',
        "<style>.x{text-decoration:line-through}</style><p class=x>APPROVE</p>",
        "AP<s>PROVE</s>",
        "<s><span class=x>APPROVE</span></s>",
        "<s>REJECT</s>",
        "<s>Hm.<br>APPROVE<br>Hm.</s>",
    ],
)
def test_struck_through_text_decides_nothing(source):
    assert html_decision(source) is Decision.UNCLEAR


def test_the_reference_line_is_found_in_what_is_quoted_hidden_or_broken_by_tags():
    text = html_text(
        "<p>APPROVE</p><blockquote>Reference: AR-7K2M9QXD4T/<wbr>abcd"
        "<p style='display:none'>hidden</p><p>next</p></blockquote>"
    )
    assert text is not None
    assert "AR-7K2M9QXD4T/abcd" in text.whole
    assert "hidden" in text.whole


def test_html_longer_than_what_is_read_approves_nothing():
    assert html_decision("<p>APPROVE</p>" + "<p>fine</p>" * 20_000) is Decision.UNCLEAR
    assert html_decision("<p>APPROVE</p>" + "x" * 70_000) is Decision.UNCLEAR
    assert html_decision("<p>APPROVE</p>" + "<i></i>" * 35_000) is Decision.UNCLEAR


def test_html_nested_without_end_is_refused():
    assert html_text("<div>" * 1_000 + "APPROVE") is None
    reply = reading(message("<div>" * 1_000 + "APPROVE", "text/html"))
    assert reply.decision is Decision.UNCLEAR


@pytest.mark.parametrize(
    "piece",
    [
        "<p><b id={}>",
        "<p>a",
        "<b id={}></b><!-- <b id={}> -->",
        "<b id={}><!--</b>--><p>",
        "<b><table><td></b></table>",
        '<i title="</i>"><p>x',
        "<div><!--</div>-->",
        "<style>{{{{</style>",
        "<style>/*</style>",
        "<style>.a,.b,.c{{color:red}}</style><i class='a b'>x</i>",
        "<i class='x_x_x_x_x_x_x_x_x_x_'>x</i>",
        "<span style='border-top:solid;color:#fff'>x</span>",
        "<style>*{{color:#{0:06d};background:rgba(9,9,9,.4)}}</style><i id=a{0}>x</i>",
        "<blockquote>x</blockquote>",
        "<td>",
    ],
)
def test_html_of_any_kind_is_read_in_bounded_time(piece):
    source = "".join(piece.format(n, n) for n in range(260_000 // len(piece)))
    in_bounded_time(source)


@pytest.mark.parametrize(
    "head",
    [
        "<style>" + "*{color:#012}" * 290,
        "<style>" + "*{color:#012;background:#eee}" * 50,
        "<style>" + "".join(f"*{{color:#{n:06d}}}" for n in range(60)),
        "<style>" + "a{" * 50_000,
        "<style>" + "a," * 50_000 + "b{color:red}",
        "<style>" + ":not(" * 20_000 + ")" * 20_000 + "b{color:red}",
        "<style>" + "\\" * 50_000,
        "<style>" + "url(" + " " * 50_000,
        "<style>p{!" + " " * 50_000,
        '<p style="margin:' + "1px " * 20_000 + '">',
        '<p style="margin:' + "1" * 50_000 + '">',
    ],
)
def test_styles_of_any_kind_are_read_in_bounded_time(head):
    end = "</style>" if head.startswith("<style>") else ""
    in_bounded_time(head + end + "".join(f"<i id=a{n}>x</i>" for n in range(15_000)))


def in_bounded_time(source: str) -> None:
    start = time.process_time()
    html_text(source[: 256 * 1024])
    # On a quiet machine the slowest takes half a second; what is quadratic takes a minute.
    assert time.process_time() - start < 5


GMAIL_HEAD = (
    '<div class="gmail_attr">On Mon, Mar 9, 2026 at 8:30 AM Shop &lt;a@shop.test&gt; wrote:'
)
GMAIL_FORWARD = '<div class="gmail_attr">---------- Forwarded message ---------'


def test_what_is_typed_between_the_quotes_in_gmails_box_is_own():
    quote = '<blockquote class="gmail_quote">Will you?</blockquote>'
    box = f'<div class="gmail_quote">{GMAIL_HEAD}</div>{quote}<div>REJECT</div>{quote}</div>'
    assert decided(box, "text/html") is Decision.REJECT
    for forwarded in (
        box.replace(GMAIL_HEAD, GMAIL_FORWARD),
        box.replace("<blockquote", "<p>Hello</p><blockquote", 1),
        box.replace("blockquote", "p"),
    ):
        assert decided(forwarded, "text/html") is Decision.UNCLEAR
