"""HTML that stays ours, whatever is printed in it, and loads nothing."""

import re
from dataclasses import fields, replace
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser

from mail.compose import (
    Answer,
    AnswerKind,
    compose_answer,
    compose_request,
    compose_result,
)
from tests.unit.mail_samples import (
    APPROVAL,
    APPROVER,
    ASKED,
    OTHER,
    REQUESTER,
    SENDER,
    every_mail,
    parts,
)

HOSTILE = "<script>\"'&"
# A name with odd characters is shown as JSON spells it.
ESCAPED = re.compile(r"&lt;script&gt;\\?&#34;&#39;&amp;")
FOREIGN_FIELDS = [
    *("summary", "action_type", "description", "reasoning", "requested_by", "request"),
    *("risk", "digest", "require_text"),
]


def assert_escaped(html: str) -> None:
    assert "<script" not in html
    assert ESCAPED.search(html)


@pytest.mark.parametrize("field", FOREIGN_FIELDS)
def test_every_field_of_an_approval_is_escaped(field):
    changes: dict[str, Any] = {field: HOSTILE}
    approval = replace(APPROVAL, **changes)
    assert_escaped(parts(compose_request(SENDER, approval, APPROVER, ASKED))[1])


@pytest.mark.parametrize(
    "arguments", [((HOSTILE, "1"),), (("name", HOSTILE),)], ids=["name", "value"]
)
def test_names_and_values_of_arguments_are_escaped(arguments):
    approval = replace(APPROVAL, arguments=arguments)
    assert_escaped(parts(compose_request(SENDER, approval, APPROVER, ASKED))[1])


def test_approvers_are_escaped():
    approval = replace(APPROVAL, approvers=(APPROVER, HOSTILE))
    assert_escaped(parts(compose_request(SENDER, approval, APPROVER, ASKED))[1])


def test_no_field_of_an_approval_is_left_out_here():
    ours = {"risky_action", "request_id", "requested_at", "expires_at"}
    names = {field.name for field in fields(APPROVAL)}
    assert names == {*FOREIGN_FIELDS, "arguments", "approvers"} | ours


@pytest.mark.parametrize(
    "answer",
    [
        Answer(AnswerKind.HELP, read=HOSTILE),
        Answer(AnswerKind.HELP, reason=HOSTILE),
        Answer(AnswerKind.RECEIPT, note=HOSTILE),
        Answer(AnswerKind.RECEIPT, progress=HOSTILE),
        Answer(AnswerKind.NEWS, outcome="rejected", by=HOSTILE),
        Answer(AnswerKind.NEWS, outcome="rejected", note=HOSTILE),
        Answer(AnswerKind.LATE, outcome="approved", by=HOSTILE),
        Answer(AnswerKind.LATE, outcome="approved", read=HOSTILE),
        Answer(AnswerKind.UNKNOWN, note=HOSTILE),
    ],
)
def test_every_field_of_an_answer_is_escaped(answer):
    assert_escaped(parts(compose_answer(SENDER, APPROVAL, OTHER, answer, ASKED))[1])


@pytest.mark.parametrize(("request_text", "result"), [(HOSTILE, "x"), ("x", HOSTILE)])
def test_request_and_result_are_escaped(request_text, result):
    mail = compose_result(SENDER, REQUESTER, request_text, result, "run", None, ASKED)
    assert_escaped(parts(mail)[1])


def test_a_curly_brace_is_no_template():
    html = parts(compose_result(SENDER, REQUESTER, "{{ 7 * 7 }}", "{% raw %}", "run", None, ASKED))
    assert "{{ 7 * 7 }}" in html[1] and "{% raw %}" in html[1]


def test_nothing_is_loaded_and_no_link_leads_to_the_web():
    for mail in every_mail("text"):
        html = parts(mail)[1]
        tree = LexborHTMLParser(html)
        assert not tree.css("img, script, link, iframe, object, form, input, video, audio, base")
        assert not re.search(r"url\(|@import|@font-face|https?:|src=", html)
        hrefs = [link.attributes["href"] or "" for link in tree.css("a")]
        assert all(href.startswith("mailto:") for href in hrefs)


def test_dark_mode_and_narrow_windows_are_cared_for():
    html = parts(every_mail("text")[0])[1]
    assert '<meta name="color-scheme" content="light dark">' in html
    assert "prefers-color-scheme: dark" in html
    assert "max-width:600px" in html and 'name="viewport"' in html


@pytest.mark.parametrize("outcome", ["approved", "rejected", "expired"])
def test_a_legend_explains_marks_that_are_there(outcome):
    answer = Answer(AnswerKind.NEWS, outcome=outcome, note="I approve this")
    text = " ".join(parts(compose_answer(SENDER, APPROVAL, OTHER, answer, ASKED))[0].split())
    assert "I ap·prove this" in text and 'A "·" inside a word was put there' in text
    plain = parts(compose_request(SENDER, APPROVAL, APPROVER, ASKED))[0]
    assert "·" not in plain
