"""HTML that would take a parser minutes is refused before, and what was read once is read again."""

import time

import pytest

from mail.body import body_of
from mail.html import ABOVE, INDENTS, HtmlText, html_text
from mail.read import read
from mail.reply import Decision
from mail.sheet import RULES
from mail.structure import parse
from tests.unit.incoming import decided, multipart, reading

NAMES = [f"a{number:x}" for number in range(20_000)]
CROWDED = {
    "blanks": "<p " + " ".join(NAMES),
    "slashes": "<p/" + "/".join(NAMES),
    "values": "<p " + " ".join(f'{name}="x"' for name in NAMES),
    "angles in values": "<p " + " ".join(f'{name}=">"' for name in NAMES),
    "angles, nothing between": "<p " + "".join(f"{name}='>'" for name in NAMES),
    "angles after a blank": "<p " + " ".join(f'{name}= \n">"' for name in NAMES),
    "names that look like values": "<p " + " ".join(f'="x {name}=">"' for name in NAMES),
    "two angles": "<p " + " ".join(f'{name}=">>\'>"' for name in NAMES),
    "names that look like tags": "<p " + " ".join(f"<b{name}" for name in NAMES),
    "behind a comment": '<!-- <p a="-->' + "<p " + " ".join(NAMES),
}


@pytest.mark.parametrize("source", CROWDED.values(), ids=CROWDED)
def test_a_tag_crowded_with_attributes_is_refused(source):
    page = f"APPROVE<br>{source[: 250 * 1024]}>"
    assert html_text(page) is None
    assert decided(page, "text/html") is Decision.UNCLEAR


@pytest.mark.parametrize(
    "rest",
    [
        '<img src="data:image/png;base64,' + "iVBORw0KGgoA+AAA" * 5_000 + '">',
        "<p>" + "many words and no tag between them " * 1_000 + "</p>",
        '<p title="a > b" class="x">it is so</p>' * 1_000,
        "<table>" + '<tr><td style="color:red">1</td><td width="5">2</td></tr>' * 1_000,
    ],
)
def test_long_ordinary_html_is_no_crowd(rest):
    found = html_text(f"<div>REJECT</div>{rest}")
    assert found is not None
    assert found.own.startswith("REJECT")


def test_html_of_many_parts_is_read_up_to_a_limit_for_all():
    pages = ["<p>APPROVE</p>", *["<p style='color:red'>seen" * 4_000] * 20]
    raw = multipart("mixed", *(("text/html", page) for page in pages))
    later = body_of(parse(raw)).later
    assert "seen" in later[0] and "seen" in later[1]
    assert not any("seen" in text for text in later[3:])
    assert reading(raw).decision is Decision.UNCLEAR


def test_text_above_indents_is_looked_at_up_to_a_limit_for_all_parts():
    page = "<p>Thanks" * 1_400 + "<blockquote>x</blockquote>" * 20
    raw = multipart("mixed", *(("text/html", page) for _ in range(10)))
    start = time.process_time()
    read(raw)
    # A tenth of a second on a quiet machine; without the limit, three.
    assert time.process_time() - start < 1


def test_beyond_the_limits_an_indent_is_not_told_from_own_text():
    indent = "<blockquote>only half of it</blockquote>"
    quote = f"<div>On 1 May 2026 at 9:00 Ann &lt;ann@example.com&gt; wrote:</div>{indent}"
    assert seen(f"<div>APPROVE</div>{quote}").faint == ""
    for before in (indent * INDENTS, f"<p>{'words ' * (ABOVE // 6)}</p>{indent}"):
        page = f"<div>APPROVE</div>{before}{quote}"
        assert seen(page).faint.count("only half of it") == page.count("only half of it")
        assert decided(page, "text/html") is Decision.UNCLEAR


def seen(source: str) -> HtmlText:
    found = html_text(source)
    assert found is not None
    return found


def test_a_style_sheet_that_was_read_before_hides_the_same():
    sheets = [
        "<style>.a{display:none}</style>",
        "<style>p:before{content:'DIS'}</style>",
        "<style>" + ".a{color:red}" * (RULES + 5) + "</style>",
        "<style>.a{color:white;background:white}</style>",
    ]
    pages = [f"{sheet}<p class=a>APPROVE</p><p>x</p>" for sheet in sheets]
    first = [seen(page) for page in pages]
    assert [seen(page) for page in reversed(pages)] == first[::-1]
    alone, together = pages[2], sheets[2].replace(str(RULES), "") + pages[0]
    assert seen(alone).cut and seen(together).cut


def test_rules_of_several_sheets_are_counted_together():
    half = "<style>" + ".a{color:red}" * (RULES // 2) + "</style>"
    assert not seen(half + half + "x").cut
    assert seen(half + half + half + "x").cut


def test_a_style_that_was_read_before_hides_only_where_it_stands():
    hidden, shown = '<p style="font-size:1px">APPROVE</p>', "<p>APPROVE</p>"
    for _ in range(2):
        assert seen(hidden).own == ""
        assert seen(shown).own == "APPROVE"


@pytest.mark.parametrize("style", ["", "<style>i{font-size:0.6em}</style>"])
def test_an_element_that_was_read_before_looks_as_it_does_around_it(style):
    shown = f'{style}<div><i class=a style="color:#fff">APPROVE</i></div>'
    dark = shown.replace("<div>", '<div style="background:#000">')
    small = shown.replace("<div>", '<div style="font-size:6px;background:#000">')
    for _ in range(2):
        assert seen(shown).own == ""
        assert seen(dark).own == "APPROVE"
        assert (seen(small).own == "APPROVE") is not style.startswith("<style")


@pytest.mark.parametrize("rule", ["color:#{0:06x}", "font-size:{0}px", "font-size:{0}%"])
@pytest.mark.parametrize("count", [30, 290])
def test_a_page_of_as_many_tags_as_elements_is_read_in_bounded_time(rule, count):
    rules = "".join(f"*{{{rule.format(number + 10)}}}" for number in range(count))
    page = "".join(f"<x{number}>x</x{number}>" for number in range(14_000))
    start = time.process_time()
    seen(f"<style>{rules}</style>{page}")
    # On a quiet machine less than half a second; rules put together for each take half a minute.
    assert time.process_time() - start < 5


def test_of_more_sizes_than_are_compared_nothing_is_seen():
    rules = [f"p{{font-size:{size}px}}" for size in range(12, 60)]
    assert seen(f"<style>{''.join(rules[:20])}</style><p>APPROVE").own == "APPROVE"
    assert seen(f"<style>{''.join(rules)}</style><p>APPROVE").own == ""


def test_an_element_too_long_to_be_kept_is_read_the_same():
    for length in (1, 600):
        assert seen(f'<p id={"x" * length} style="display:none">APPROVE</p>').own == ""
        assert seen(f"<p id={'x' * length}>APPROVE</p>").own == "APPROVE"
        assert seen(f"<{'x' * length}>APPROVE</{'x' * length}>").own == "APPROVE"
        assert seen(f"<div id={'x' * length} class=gmail_quote>APPROVE</div>").own == ">"


@pytest.mark.parametrize("name", ["ſ", "ſtrong", "stri\u212ae", "s“", "sé"])
def test_letters_that_are_the_same_in_another_case_make_no_other_tag(name):
    assert seen(f"<p>APPROVE</p><{name}>fine</{name}>").own.endswith("fine")
    assert "~~" not in seen(f"<p>APPROVE</p><{name}>fine").own


@pytest.mark.parametrize("name", ["s", "S", "strike", "sTRIKe", "s\n", "s/"])
def test_text_that_is_struck_through_is_told_in_any_case(name):
    assert seen(f"<{name}>APPROVE").own == "~~APPROVE~~"
