"""Any bytes are read without an error, and no copy of a message is a decision."""

import html
import json
import re

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mail.opening import takes_back
from mail.phrases import tokens
from mail.read import read
from mail.reply import Decision, Refusal, Reply
from mail.vocabulary import DEFAULT
from tests.unit.incoming import ATTRIBUTION, alternative, message, quoted

DECIDED = (Decision.APPROVE, Decision.REJECT)
EXAMPLES = settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)

PIECES = st.sampled_from(
    [
        "APPROVE",
        "approved.",
        "REJECT",
        "Rejected: no",
        "not",
        "if",
        "\n",
        "\n\n",
        "\r",
        "\r\n",
        "\x0b",
        "\x0c",
        "\x85",
        "\u2028",
        "\u200b",
        "\xa0",
        "> ",
        "| ",
        "-- ",
        "\n--\n",
        "________________",
        "On Mon, 23 Nov 2026 Ines <ines@example.com> wrote:",
        "\nFrom: Ines\nSent: Monday\nTo: Tom\n",
        "-----Original Message-----",
        "<p>",
        "</div>",
        "</blockquote>",
        "<br>",
        "<!--",
        "&gt;",
        "?",
        " ",
        "é",
    ]
)
TEXT = st.lists(PIECES | st.text(max_size=10), max_size=12).map("".join)

FIELDS = st.sampled_from(
    [
        b"From: Ines <ines@example.com>",
        b"From: a@[",
        b"From: " + b"(" * 50,
        b"Message-ID: <[x]>",
        b"Message-ID: <",
        b"Subject: =?utf-8?b?/////w==?= [AR-7K2M9QXD4T]",
        b"Content-Type: multipart/mixed; boundary=b",
        b'Content-Type: multipart/alternative; boundary="b"',
        b"Content-Type: text/html; charset=idna",
        b"Content-Type: text/plain; charset*=x''%ff",
        b"Content-Type: ;;;=\xff",
        b"Content-Type: multipart/report; report-type=delivery-status; boundary=b",
        b"Content-Type: message/rfc822",
        b"Content-Transfer-Encoding: base64",
        b"Content-Transfer-Encoding: quoted-printable",
        b"Content-Transfer-Encoding: x-uuencode",
        b"Content-Disposition: attachment; filename*0*=\xff",
        b"--b",
        b"--b--",
        b"",
        b"APPROVE",
        b"=\xff=",
        b"<p style='color:#12;font:;width:1e9px'>&#xD800;<b></p>",
    ]
)


@EXAMPLES
@given(st.lists(FIELDS | st.binary(max_size=30), max_size=25), st.sampled_from([b"\n", b"\r\n"]))
def test_no_bytes_raise_and_every_answer_can_be_printed(lines, end):
    result = read(end.join(lines))
    if isinstance(result, Refusal):
        assert result.reason == "unreadable: no header fields"
    else:
        json.dumps([result.note, result.reason, result.message_id]).encode()
        result.note.encode()


@EXAMPLES
@given(st.binary(max_size=300))
def test_arbitrary_bytes_never_decide(raw):
    result = read(raw)
    assert isinstance(result, (Reply, Refusal))


def decision(raw: bytes) -> Decision | None:
    result = read(raw)
    return result.decision if isinstance(result, Reply) else None


def lines_of(text: str) -> str:
    """As a program sees lines that is to quote them: at LF, and CRLF is one."""
    return text.replace("\r\n", "\n")


@EXAMPLES
@given(above=TEXT, original=TEXT)
def test_a_marked_copy_below_an_undecided_text_decides_nothing(above, original):
    above, original = lines_of(above), lines_of(original)
    if decision(message(above)) in DECIDED:
        return
    for mark in ("> ", ">", "| ", ">> "):
        copy = quoted(original, mark)
        assert decision(message(f"{above}\n\n{copy}")) not in DECIDED
        assert decision(message(f"{above}\n\n{ATTRIBUTION}\n{copy}")) not in DECIDED
        assert decision(message(f"{above}\n\n{ATTRIBUTION}\n\n{copy}\n")) not in DECIDED


@EXAMPLES
@given(above=TEXT, original=TEXT)
def test_outlooks_copy_below_an_undecided_text_decides_nothing(above, original):
    above, original = lines_of(above), lines_of(original)
    if decision(message(above)) in DECIDED:
        return
    block = "From: Shop <agent@shop.test>\nSent: Monday\nTo: Ines\nSubject: Approval needed"
    for head in (block, "-----Original Message-----\n" + block, f"{'_' * 32}\n{block}"):
        assert decision(message(f"{above}\n\n{head}\n\n{original}")) not in DECIDED


@EXAMPLES
@given(above=TEXT, original=TEXT)
def test_an_html_copy_below_an_undecided_text_decides_nothing(above, original):
    own = f"<div>{html.escape(above)}</div>"
    if decision(message(own, "text/html")) in DECIDED:
        return
    copied = html.escape(original).replace("\n", "<br>")
    copies = (
        f"<blockquote>{copied}</blockquote>",
        f'<div class="gmail_quote">{html.escape(ATTRIBUTION)}<br>{copied}</div>',
        f'<div id="appendonsend"></div><hr><div id="divRplyFwdMsg">From: x</div><p>{copied}</p>',
    )
    for copy in copies:
        assert decision(message(own + copy, "text/html")) not in DECIDED
        assert decision(alternative(f"{above}\n\n{quoted(original)}", own + copy)) not in DECIDED


@EXAMPLES
@given(TEXT.filter(lambda text: not re.search(r"wrote|^--|\A\n", text, re.MULTILINE)))
def test_nothing_behind_a_rejection_takes_it_back(rest):
    raw = message(f"REJECT\n\nNote: {rest}")
    back = takes_back(tokens(rest), DEFAULT)
    assert decision(raw) is (Decision.UNCLEAR if back else Decision.REJECT)
