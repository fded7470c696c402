"""HTML that cannot be seen, or may not be: it decides nothing."""

import pytest

from mail.reply import Decision
from tests.unit.incoming import decided

HIDDEN_STYLES = [
    "display:none",
    "DISPLAY : NONE !important",
    "visibility:hidden",
    "visibility:hidden !important",
    "opacity:0",
    "opacity: 0.01",
    "font-size:0",
    "font-size:1px",
    "font-size:0.1em",
    "font:0/0 a",
    "max-height:0;overflow:hidden",
    "height:0px;overflow:hidden",
    "width:0;overflow:hidden",
    "max-width:0;overflow:hidden",
    "max-height:0",
    "mso-hide:all",
    "position:absolute;left:-9999px",
    "text-indent:-9999px",
    "margin-left:-100em",
    "clip:rect(0,0,0,0)",
    "transform:scale(0)",
]
FAINT_STYLES = [
    "color:#fff",
    "color:white",
    "color:#FEFEFE",
    "color:rgb(255, 255, 255)",
    "color:transparent",
    "color:rgba(0,0,0,0)",
    "color:#123456;background:#123456",
    "color:#000;background-color:black",
]
SHEETS = [
    ".x{display:none}",
    "/* for you */ p.x , .y { display : none !important }",
    "#x{visibility:hidden}",
    "div .x{font-size:0}",
    ".x{color:#fff}",
    "@media print{.a{color:red}} .x{display:none}",
    "<!-- .x{opacity:0} -->",
    "@import url(a.css); .x{display:none}",
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
        '<div class="gmail_signature">APPROVE</div>',
        '<div id="Signature">APPROVE</div>',
        '<div class="moz-signature">APPROVE</div>',
    ],
)
def test_what_is_no_visible_own_text_decides_nothing(source):
    assert html_decision(source) is Decision.UNCLEAR
    assert html_decision(f"{source}<p>Hm.</p>") is Decision.UNCLEAR
