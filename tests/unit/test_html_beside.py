"""Text of HTML mail that decides nothing and is still the writer's: a doubt in it counts."""

import html

import pytest

from mail.reply import Decision
from tests.unit.incoming import ATTRIBUTION, REFERENCE, REQUEST_ID, decided

INDENTS = [
    '<blockquote style="margin:0 0 0 40px;border:none;padding:0">{}</blockquote>',
    "<blockquote>{}</blockquote>",
    '<blockquote class="elementToProof"><div>{}</div></blockquote>',
    '<div><blockquote dir="ltr"><blockquote>{}</blockquote></blockquote></div>',
]
SIGNATURES = [
    '<div id="Signature">{}</div>',
    '<div class="gmail_signature"><div>{}</div></div>',
    '<div id="x_ms-outlook-mobile-signature"><p>Ines Roth</p><p>{}</p></div>',
    '<pre class="moz-signature">-- \n{}</pre>',
]
QUESTION = "Will you, or will you not?"


def html_decision(source: str) -> Decision:
    return decided(source, "text/html")


@pytest.mark.parametrize("indent", INDENTS)
def test_an_indented_doubt_counts(indent):
    assert html_decision(f"<p>APPROVE</p>{indent}".format("not order 1042")) is Decision.UNCLEAR
    assert html_decision(f"<p>APPROVE</p>{indent}".format("for order 1042")) is Decision.APPROVE
    assert html_decision(f"{indent}<p>APPROVE</p>".format("only 1042")) is Decision.UNCLEAR


@pytest.mark.parametrize("indent", INDENTS)
@pytest.mark.parametrize("word", ["APPROVE", "REJECT"])
def test_an_indented_word_decides_nothing(indent, word):
    assert html_decision(indent.format(word)) is Decision.UNCLEAR
    assert html_decision(f"<p>Hm.</p>{indent}".format(word)) is Decision.UNCLEAR


@pytest.mark.parametrize(
    "line",
    [
        html.escape(ATTRIBUTION),
        "Am 23.11.26 um 08:00 schrieb Shop agent:",
        "23.11.2026, 08:00, Shop agent &lt;agent@shop.test&gt;:",
        "-----Original Message-----",
        "From: Shop agent &lt;agent@shop.test&gt;<br>Sent: Monday<br>To: Ines",
    ],
)
def test_below_an_attribution_an_indent_is_a_quote(line):
    for indent in INDENTS:
        source = f"<div>APPROVE</div><div>{line}</div>{indent.format(QUESTION)}"
        assert html_decision(source) is Decision.APPROVE
        assert html_decision(source.replace(line, "Ines")) is Decision.UNCLEAR


@pytest.mark.parametrize("ours", [REFERENCE, f"Approval needed: Refund [{REQUEST_ID}]"])
def test_an_indent_with_our_mail_in_it_is_a_quote(ours):
    for indent in INDENTS:
        source = f"<p>APPROVE</p>{indent}".format(f"<p>{QUESTION}</p><p>{ours}</p>")
        assert html_decision(source) is Decision.APPROVE


def test_many_indents_are_taken_for_own_words():
    indents = "<blockquote>x</blockquote>" * 25
    source = (
        f"<p>APPROVE</p>{indents}<p>{html.escape(ATTRIBUTION)}</p><blockquote>{{}}</blockquote>"
    )
    assert html_decision(source.format(QUESTION)) is Decision.UNCLEAR
    assert html_decision(source.format("Thanks")) is Decision.APPROVE


@pytest.mark.parametrize("signature", SIGNATURES)
@pytest.mark.parametrize(
    "doubt", ["not order 1042", "Only the first", "Rejected", "I disapprove", "\U0001f44e"]
)
def test_a_doubt_in_a_signature_counts(signature, doubt):
    assert html_decision(f"<p>APPROVE</p>{signature}".format(doubt)) is Decision.UNCLEAR


@pytest.mark.parametrize("signature", SIGNATURES)
@pytest.mark.parametrize(
    "words",
    [
        "Ines Roth<br>Change Manager, Back Office<br>Acme Limited",
        "Ines<br>no-reply@if.example<br>Approvals",
        "Ines<br><br>This e-mail is confidential and intended solely for the addressee."
        "<br>If you have received it in error, please delete it and do not use it.",
        '<div style="border-top:solid red 1pt">T: 030 1234</div>',
    ],
)
def test_a_usual_signature_voids_nothing(signature, words):
    assert html_decision(f"<p>APPROVE</p>{signature}".format(words)) is Decision.APPROVE
    below = f"<p>APPROVE</p>{signature.format(words)}<p>but not yet</p>"
    assert html_decision(below) is Decision.UNCLEAR


def test_a_picture_says_what_stands_for_it():
    for text in ("\U0001f44e", "do not", "\u274c"):
        assert html_decision(f'<p>APPROVE</p><p><img alt="{text}"></p>') is Decision.UNCLEAR
    # A mail program's emoji is a part of the line.
    assert html_decision('<p>APPROVE <img alt="\U0001f600"></p>') is Decision.APPROVE
    assert html_decision('<p>APPROVE <img alt="\U0001f44e"></p>') is Decision.UNCLEAR
    assert html_decision('<p>APPROVE</p><p><img alt="\U0001f44d"></p>') is Decision.APPROVE
    assert html_decision('<p>APPROVE</p><p><img alt="Logo"> Ines Roth</p>') is Decision.APPROVE
    assert html_decision('<p>APPROVE</p><input value="not yet">') is Decision.UNCLEAR


def test_controls_and_folded_text_may_void():
    for tag in ("button", "details", "textarea", "svg", "dialog"):
        assert html_decision(f"<p>APPROVE</p><{tag}>not yet</{tag}>") is Decision.UNCLEAR
        assert html_decision(f"<p>APPROVE</p><{tag}>Ines</{tag}>") is Decision.APPROVE
