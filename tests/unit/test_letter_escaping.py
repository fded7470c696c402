"""No variable of a template is markup: proven field by field, and variable by variable."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from jinja2 import DictLoader, Environment
from selectolax.lexbor import LexborHTMLParser

from mail import letter as letters
from mail.compose import Answer, AnswerKind, Approval, compose_answer, compose_request
from mail.compose import compose_result as result_of
from mail.letter import Letter, Link, as_html, as_text
from tests.unit.every_field import filled
from tests.unit.mail_samples import APPROVER, ASKED, REQUEST_ID, REQUESTER, SENDER, parts

TEMPLATES = Path(letters.__file__).parent / "templates"
HTML = (TEMPLATES / "letter.html.j2").read_text(encoding="utf-8")
HOSTILE = (
    "\"'`><script>alert(1)</script></title></style></textarea><!--<svg/onload=x> "
    '<a href="javascript:alert(1)">x</a><img src=x onerror=x>&amp;&#60;b&#62;{{ 7 * 7 }}{% raw %}'
    "]]><!doctype x><base href=//x>"
)
HARMLESS = "x " * (len(HOSTILE) // 2) + "y"
# What is no text of anybody's: our own constants, macros, and colours chosen by a text.
OURS = re.compile(r"fence|names_lead|legend|\w+\(.*|'.*' if .*|\{'high'.*")
VARIABLES = [
    match for match in re.finditer(r"\{\{ (.+?) \}\}", HTML) if not OURS.fullmatch(match[1])
]


def text_at(path: str, text: str) -> str:
    marked = f"{text}[{path}]"
    return f"mailto:x?{marked}" if path.endswith(".href") else marked


def a_letter(text: str) -> Letter:
    letter: Letter = filled(Letter, lambda path: text_at(path, text))
    return letter


def structure(html: str) -> list[tuple[str, tuple[tuple[str, str | None], ...]]]:
    """Every node but text, in its place, with its attributes; of a link's target that it is one."""
    root = LexborHTMLParser(html).root
    assert root is not None
    return [
        (
            str(node.tag),
            tuple(
                (name, "" if name == "href" else value) for name, value in node.attributes.items()
            ),
        )
        for node in root.traverse()
    ]


def read(html: str) -> str:
    document = LexborHTMLParser(html)
    title, body = document.css_first("title"), document.body
    assert title is not None and body is not None
    links = [link.attributes["href"] or "" for link in document.css("a")]
    return "\n".join((title.text(), body.text(), *links)).replace("\xa0", " ")


def paths(letter: Letter) -> set[str]:
    return set(re.findall(r"\[(Letter\.[\w.\[\]]+)\]", repr(letter)))


def test_every_template_is_one_of_the_two_that_are_tested_here():
    assert {path.name for path in TEMPLATES.iterdir()} == {"letter.html.j2", "letter.txt.j2"}


def test_no_field_of_a_letter_is_markup():
    hostile = a_letter(HOSTILE)
    html = as_html(hostile)
    assert structure(html) == structure(as_html(a_letter(HARMLESS)))
    shown = read(html)
    for path in paths(hostile):
        # The tone of a link chooses its colour, and is not printed.
        assert text_at(path, HOSTILE) in shown or path.endswith(".tone"), path


def test_the_walk_reaches_every_kind_of_field():
    found = {re.sub(r"\[\d+\]", "", path) for path in paths(a_letter("x"))}
    assert found >= {
        "Letter.subject",
        "Letter.summary.lines",
        "Letter.summary.left_out",
        "Letter.summary.names",
        "Letter.facts",
        "Letter.sections.quoted.lines",
        "Letter.sections.rows.name",
        "Letter.sections.rows.value.names",
        "Letter.sections.links.href",
        "Letter.reference",
    }


def test_every_field_of_a_letter_stands_in_its_text_too():
    letter = a_letter("x")
    text = as_text(letter).replace("\n", " ").casefold()
    shown_as_html_alone = ("Letter.subject", ".href", ".label", ".tone")
    for path in paths(letter):
        assert f"[{path}]".casefold() in text or path.endswith(shown_as_html_alone), path


def rendered(template: str, monkeypatch, **options) -> str:
    environment = letters._environment()
    loader = DictLoader({"letter.html.j2": template})
    changed: Environment = environment.overlay(loader=loader, **options)
    monkeypatch.setattr(letters, "_environment", lambda: changed)
    return as_html(a_letter(HOSTILE))


def test_this_test_sees_when_nothing_is_escaped(monkeypatch):
    plain = structure(as_html(a_letter(HARMLESS)))
    assert structure(rendered(HTML, monkeypatch)) == plain
    assert structure(rendered(HTML, monkeypatch, autoescape=False)) != plain


@pytest.mark.parametrize("variable", VARIABLES, ids=lambda v: f"{v[1]}@{v.start()}")
def test_this_test_sees_when_one_variable_is_not_escaped(variable, monkeypatch):
    plain = structure(as_html(a_letter(HARMLESS)))
    start, end = variable.span()
    loose = f"{HTML[:start]}{{{{ ({variable[1]}) | safe }}}}{HTML[end:]}"
    assert structure(rendered(loose, monkeypatch)) != plain


def test_nothing_in_the_template_turns_escaping_off():
    assert len(VARIABLES) >= 13
    assert not re.search(r"\|\s*safe|autoescape|Markup|\|\s*(?:tojson|xmlattr|urlize)", HTML)


@pytest.mark.parametrize("href", ["javascript:alert(1)", "https://x.example", "", " mailto:x"])
def test_a_link_opens_a_mail_and_nothing_else(href):
    with pytest.raises(ValueError, match="opens a mail"):
        Link("label", href, "go")


# ---- the whole way, from the values that come of others ----


def mails(text: str) -> list[str]:
    """The HTML of every kind of mail, with `text` in every field of what it is made of."""
    approval: Approval = filled(Approval, lambda path: text)
    approval = replace(approval, request_id=REQUEST_ID, approvers=(APPROVER, text))
    answer: Answer = filled(Answer, lambda path: text)
    sender = replace(SENDER, display_name=text)
    told = [
        replace(answer, kind=kind, outcome=outcome, last=last, voided=last)
        for kind in AnswerKind
        for outcome in ("", "approved", text)
        for last in (True, False)
    ]
    composed = [
        compose_request(sender, approval, APPROVER, ASKED),
        *(compose_answer(sender, approval, to, a, ASKED) for a in told for to in (APPROVER, "x@y")),
        *(result_of(sender, REQUESTER, text, text, text, a, ASKED) for a in (approval, None)),
    ]
    return [parts(mail)[1] for mail in composed]


def test_nothing_that_others_wrote_is_markup_in_any_mail():
    for hostile, harmless in zip(mails(HOSTILE), mails(HARMLESS), strict=True):
        assert structure(hostile) == structure(harmless)
        for link in LexborHTMLParser(hostile).css("a"):
            assert (link.attributes["href"] or "").startswith("mailto:agent%2Bar-")
