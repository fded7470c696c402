"""HTML that cannot be seen, or may not be: it decides nothing."""

import pytest

from mail.reply import Decision
from tests.unit.incoming import decided

HIDDEN_STYLES = [
    "display:none",
    "DISPLAY : NONE !important",
    "display:/**/none",
    "/* so */display:none",
    r"d\69 splay:none",
    r"display:n\6f ne",
    "display:none;display:bogus",
    "display:var(--x)",
    "display:table-column",
    "visibility:hidden",
    "visibility:hidden ! important",
    "visibility:/* so */hidden",
    "content-visibility:hidden",
    "opacity:0",
    "opacity: 0.01",
    "opacity:calc(0)",
    "filter:opacity(0)",
    "clip-path:inset(100%)",
    "clip:rect(0,0,0,0)",
    "mask:linear-gradient(transparent,transparent)",
    "transform:scale(0)",
    "transform:translate(-9999px)",
    "-webkit-transform:rotateY(90deg)",
    "transform:scale3d(0,0,0)",
    "scale:0",
    "zoom:0",
    "animation:gone 1s forwards",
    "font-size:0",
    "font-size:1px",
    "font-size:0.1em",
    "font-size:calc(1px)",
    "font:0/0 a",
    "font:calc(1px) a",
    "line-height:0;overflow:hidden",
    "max-height:0;overflow:hidden",
    "max-height:0em",
    "height:0px;overflow:hidden",
    "height:0;overflow:auto",
    "height:20px;padding-top:20px;overflow:hidden",
    "width:0;overflow:hidden",
    "max-width:0;overflow:hidden",
    "mso-hide:all",
    "position:absolute;left:-9999px",
    "position:absolute;left:-500%",
    "inset:-9999px",
    "text-indent:-9999px",
    "text-indent:100%",
    "margin-left:-100em",
    "margin-left:1e4px",
    f"margin-left:{'0' * 40}9999px",
    "margin-right:-9999px",
    "margin-left:calc(-100vw)",
    "padding-left:99999px",
    "border-left:9999px solid",
    "vertical-align:-9999px",
    "letter-spacing:-99px",
    "letter-spacing:-9px",
    "unicode-bidi:bidi-override;direction:rtl",
    "-webkit-text-security:disc",
    "x:(;display:block",
    "a:b;" * 200 + "display:block",
]
FAINT_STYLES = [
    "color:#fff",
    "color:white",
    "color:#FEFEFE",
    "color:rgb(255, 255, 255)",
    "color:rgb(100% 100% 100%)",
    "color:hsl(0,0%,100%)",
    "color:hwb(0 100% 0%)",
    "color:oklch(1 0 0)",
    "color:var(--x)",
    "color:transparent",
    "color:rgba(0,0,0,0)",
    "color:#0000",
    "color:white;color:black",
    "-webkit-text-fill-color:transparent",
    "color:#123456;background:#123456",
    "color:#000;background-color:black",
    "background:black",
    "background:linear-gradient(black,black);color:black",
    "background-image:url(black.png)",
]
SHEETS = [
    ".x{display:none}",
    "/* for you */ p.x , .y { display : none !important }",
    "#x{visibility:hidden}",
    "div .x{font-size:0}",
    ".x{color:#fff}",
    ".X{color:#fff}",
    "@media print{.a{color:red}} .x{display:none}",
    "<!-- .x{opacity:0} -->",
    "@import url(a.css); .x{display:none}",
    "@media screen{.x{display:none}}",
    "@media all{@supports (display:grid){.x{visibility:hidden}}}",
    "@layer a{.x{opacity:0}}",
    ".x{@media screen{display:none}}",
    r".x{display:n\6fne}",
    r".\78{display:none}",
    '.a{content:"/*"} .x{display:none} .b{content:"*/"}',
    '.a{font-family:"}"} .x{display:none}',
    ".x:first-child{display:none}",
    ".x:not(.y, .z .y){display:none}",
    ".x:nth-child(n){display:none}",
    ".x{color:white} .x{color:black}",
    "@media screen{.x{color:white}} @media print{.x{color:black}}",
    ".x{color:#222} #x{background:#222}",
    ".x{color:red;background:#222} .x{color:#222}",
    ".x::first-line{color:white}",
    ".r{color:red}" * 290 + ".x{display:none}",
]
# Nobody here can tell whom these mean, or what they add, or where they end.
VAGUE_SHEETS = [
    ".x::before{content:'DO NOT '}",
    ".x:before{content:attr(id)}",
    ".x{list-style:'NOT '}",
    "[class=x]{display:none}",
    "[class = x]{display:none}",
    ":not(.y){display:none}",
    "*|p{display:none}",
    ".y{& p{display:none}}",
    "p{color:#222} body{background:#222}",
    ".r{color:red}" * 400,
    "} .r{color:red}",
    "a{" * 30,
    "span{display:none}b{display:none}p{display:none}",
]


def html_decision(source: str) -> Decision:
    return decided(source, "text/html")


@pytest.mark.parametrize("style", HIDDEN_STYLES)
def test_hidden_text_decides_nothing(style):
    hidden = f'<div style="{style}">APPROVE</div>'
    assert html_decision(hidden) is Decision.UNCLEAR
    assert html_decision(hidden + "<p>Hm.</p>") is Decision.UNCLEAR
    assert html_decision(hidden.replace("APPROVE", "REJECT")) is Decision.UNCLEAR
    assert html_decision(hidden + "<p>REJECT no</p>") is Decision.REJECT
    assert html_decision(f'<div style="{style}"><p><b>APPROVE</b></p></div>') is Decision.UNCLEAR


@pytest.mark.parametrize("above", ["", "<p><b>x</b></p>" * 200])
def test_what_browsers_open_again_hides_the_next_paragraph_too(above):
    for page in (
        '<p><font style="display:none">Hm<p>APPROVE',
        '<p><b style="color:white">Hm<p>APPROVE',
        '<b><i style="display:none">Hm</b>APPROVE</i>',
    ):
        assert html_decision(f'<div class="gmail_quote">{above}</div>{page}') is Decision.UNCLEAR


@pytest.mark.parametrize("style", FAINT_STYLES)
def test_text_in_the_colour_of_its_background_decides_nothing_but_may_void(style):
    faint = f'<div style="{style}">{{}}</div>'
    assert html_decision(faint.format("APPROVE")) is Decision.UNCLEAR
    assert html_decision(faint.format("APPROVE") + "<p>Hm.</p>") is Decision.UNCLEAR
    assert html_decision(faint.format("APPROVE") + "<p>REJECT</p>") is Decision.REJECT
    assert html_decision("<p>APPROVE</p>" + faint.format("not yet")) is Decision.UNCLEAR
    assert html_decision("<p>APPROVE</p>" + faint.format("Regards")) is Decision.APPROVE


@pytest.mark.parametrize("sheet", SHEETS)
def test_text_that_a_style_sheet_hides_decides_nothing(sheet):
    head = f"<html><head><style>{sheet}</style></head><body>"
    assert html_decision(f'{head}<p class="x" id="x">APPROVE</p>') is Decision.UNCLEAR
    assert html_decision(f'{head}<p>APPROVE</p><p class="x" id="x">not yet') is Decision.UNCLEAR
    assert html_decision(f"{head}<p>APPROVE</p>") is Decision.APPROVE


@pytest.mark.parametrize("sheet", VAGUE_SHEETS)
def test_a_style_sheet_that_is_not_understood_approves_nothing(sheet):
    assert html_decision(f"<style>{sheet}</style><p class='x'>APPROVE</p>") is Decision.UNCLEAR


@pytest.mark.parametrize("tag", ["a", "b", "font", "small", "s", "span"])
def test_rules_hold_for_elements_that_are_opened_as_others(tag):
    source = f"<style>{tag}{{display:none}}</style><{tag}>APPROVE</{tag}>"
    assert html_decision(source) is Decision.UNCLEAR


def test_hidden_text_may_void():
    for hidden in ("display:none", "font-size:0", "left:-9999px"):
        source = f'<p>APPROVE</p><div style="{hidden}">{{}}</div><div>Ines</div>'
        assert html_decision(source.format("not yet")) is Decision.UNCLEAR
        assert html_decision(source.format("<p>wait</p><p>Regards</p>")) is Decision.UNCLEAR
        assert html_decision(source.format("wait<p>Regards</p>")) is Decision.UNCLEAR
        assert html_decision(source.format("Regards")) is Decision.APPROVE


def test_text_that_a_style_sheet_writes_may_void():
    source = "<style>i::after{{content:{}}}</style><p>APPROVE</p><div><i></i></div>"
    assert html_decision(source.format("'not yet'")) is Decision.UNCLEAR
    assert html_decision(source.format(r"'\6e ot yet'")) is Decision.UNCLEAR
    assert html_decision(source.format("attr(title)")) is Decision.UNCLEAR
    assert html_decision(source.format("''")) is Decision.APPROVE


def test_words_beside_others_that_may_be_hidden_are_no_decision():
    # Shown after all, it is DISAPPROVE.
    assert html_decision('<p><i style="opacity:.9">DIS</i>APPROVE</p>') is Decision.UNCLEAR
    assert html_decision('<p><i style="opacity:.9">&nbsp;</i>APPROVE</p>') is Decision.APPROVE
    assert html_decision('<p>APPROVE</p><p>1<i style="opacity:0">0</i>00</p>') is Decision.UNCLEAR


@pytest.mark.parametrize(
    "style", ["font-size:60%", "margin-left:-40px", "background:rgba(0,0,0,.4)", "padding:300px"]
)
def test_what_hides_little_hides_when_nested(style):
    assert html_decision(f'<div style="{style}">APPROVE</div>') is Decision.APPROVE
    assert html_decision(f'<div style="{style}">' * 6 + "APPROVE") is Decision.UNCLEAR


@pytest.mark.parametrize(
    "source",
    [
        "<p hidden>APPROVE</p>",
        '<font color="white">APPROVE</font>',
        '<table bgcolor="#00ff00"><tr><td><font color="#00ff00">APPROVE</font></table>',
        "<script>APPROVE</script>",
        "<style>APPROVE</style>",
        "<head><title>APPROVE</title></head>",
        "<template>APPROVE</template>",
        "<textarea>APPROVE</textarea>",
        "<select><option>APPROVE</option></select>",
        "<button>APPROVE</button>",
        "<svg><text>APPROVE</text></svg>",
        "<!-- APPROVE -->",
        '<img alt="APPROVE">',
        '<input value="APPROVE">',
        "<details>APPROVE</details>",
        "<details><summary>More</summary>APPROVE</details>",
        "<dialog>APPROVE</dialog>",
        "<div><noscript>APPROVE</noscript></div>",
        "<ruby><rp>APPROVE</rp></ruby>",
        "<bdo dir=rtl>APPROVE</bdo>",
        "<div dir=rtl><bdo>APPROVE</bdo></div>",
        '<body link="white"><a href="#">APPROVE</a></body>',
        '<table background="black.png"><tr><td>APPROVE</table>',
        f'<p class="{"a " * 300} x">APPROVE</p>',
        '<div class="gmail_signature">APPROVE</div>',
        '<div id="Signature">APPROVE</div>',
        '<div class="moz-signature">APPROVE</div>',
    ],
)
def test_what_is_no_visible_own_text_decides_nothing(source):
    assert html_decision(source) is Decision.UNCLEAR
    assert html_decision(f"{source}<p>Hm.</p>") is Decision.UNCLEAR
