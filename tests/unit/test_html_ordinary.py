"""Markup of real mail programs: what styles it has hides nothing."""

import re

import pytest

from mail.reply import Decision
from tests.unit.incoming import message, reading
from tests.unit.mail_samples import every_mail, parts

WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office"><head>
<!--[if !mso]><style>v\\:* {behavior:url(#default#VML);}</style><![endif]--><style><!--
/* Font Definitions */
@font-face {font-family:"Cambria Math"; panose-1:2 4 5 3 5 4 6 3 2 4;}
@font-face {font-family:Aptos; src:url(https://fonts.test/a.woff2) format("woff2");}
/* Style Definitions */
p.MsoNormal, li.MsoNormal, div.MsoNormal {margin:0in;margin-bottom:.0001pt;font-size:11.0pt;
  font-family:"Calibri",sans-serif;mso-ligatures:standardcontextual;mso-fareast-language:EN-US;}
a:link, span.MsoHyperlink {mso-style-priority:99;color:#0563C1;text-decoration:underline;}
a:visited, span.MsoHyperlinkFollowed {color:#954F72;}
p.MsoListParagraph {margin-top:0in;margin-left:.5in;mso-add-space:auto;}
span.EmailStyle17 {mso-style-type:personal-compose;color:windowtext;}
.MsoChpDefault {mso-style-type:export-only;}
@page WordSection1 {size:8.5in 11.0in;margin:1.0in 1.0in 1.0in 1.0in;}
div.WordSection1 {page:WordSection1;}
@list l0:level1 {mso-level-text:\\F0B7;text-indent:-.25in;font-family:Symbol;}
--></style></head>
<body lang="EN-US" link="#0563C1" vlink="#954F72" style="word-wrap:break-word">
<div class="WordSection1"><p class="MsoNormal"><span style="font-size:11.0pt;color:#1F497D">
APPROVE<o:p></o:p></span></p><p class="MsoNormal"><o:p>&nbsp;</o:p></p>
<p class="MsoListParagraph" style="text-indent:-.25in;mso-list:l0 level1 lfo1">Well done</p></div>
</body></html>"""
WEB_OUTLOOK = """<html><head><style type="text/css" style="display:none;"> P {margin-top:0;
margin-bottom:0;} </style></head><body dir="ltr"><div class="elementToProof" style="font-family:
Aptos, Aptos_EmbeddedFont, Calibri; font-size: 12pt; color: rgb(0, 0, 0); background-color:
rgb(255, 255, 255);">APPROVE</div><div class="elementToProof"><br></div><div>Well done</div>"""
APPLE = """<html><body style="overflow-wrap: break-word; -webkit-nbsp-mode: space; line-break:
after-white-space;"><span style="caret-color: rgb(0, 0, 0); color: rgb(0, 0, 0); font-family:
Helvetica; font-size: 18px; font-variant-caps: normal; font-weight: 400; letter-spacing: normal;
orphans: auto; text-align: start; text-indent: 0px; white-space: normal; widows: auto;
word-spacing: 0px; -webkit-text-size-adjust: auto; -webkit-text-stroke-width: 0px;
text-decoration: none; float: none; display: inline !important;">APPROVE</span>
<div>Well done</div>"""
GMAIL = """<div dir="auto">APPROVE</div><div dir="ltr"><div style="font-family:arial,sans-serif;
font-size:small;color:#500050">Well done</div></div>"""
HEBREW = '<div dir="rtl">APPROVE</div><div dir="rtl">Well done</div>'
THUNDERBIRD = """<html><head><meta http-equiv="content-type" content="text/html; charset=UTF-8">
</head><body text="#000000" bgcolor="#FFFFFF"><p>APPROVE</p><p><font color="333333">Well done</font>
</p></body></html>"""
NEWSLETTER = """<style>body,table,td{margin:0;padding:0;-webkit-text-size-adjust:100%}
img{border:0;height:auto;line-height:100%;outline:none} .ExternalClass{width:100%;line-height:100%}
@media only screen and (max-width:600px){.wrap{width:100%!important} .hide{display:none!important}}
@media (prefers-color-scheme:dark){body,.bg{background:#111!important;color:#eee!important}
.muted{color:#aaa!important}} a{color:#1a73e8;text-decoration:none} a:hover{color:#000}
.btn{background:#06c;color:#fff;border-radius:9999px;transition:all .2s ease} #outlook a{padding:0}
@import url(https://fonts.test/a.css); .clear:after{content:".";visibility:hidden;height:0}
:root{color-scheme:light dark;font-size:62.5%} *{box-sizing:border-box} u+.body{min-width:100vw}
@keyframes in{from{opacity:0}to{opacity:1}}</style>"""
BODY = "<p class='clear'>APPROVE</p><p>Well done</p>"

OUR_STYLE = re.findall(r"<style>.*?</style>", parts(every_mail("x")[0])[1], re.DOTALL)[0]


@pytest.mark.parametrize(
    "source",
    [
        WORD,
        WEB_OUTLOOK,
        APPLE,
        GMAIL,
        HEBREW,
        THUNDERBIRD,
        NEWSLETTER + BODY,
        # The quote below brings our own style back: its dark colours are a pair.
        OUR_STYLE + BODY,
        OUR_STYLE + THUNDERBIRD,
        f"{GMAIL}<blockquote type='cite'>{OUR_STYLE}Will you?</blockquote>",
    ],
)
def test_a_plain_approval_of_a_real_program_approves(source):
    reply = reading(message(source, "text/html"))
    assert (reply.decision, reply.note.strip()) == (Decision.APPROVE, "Well done")


@pytest.mark.parametrize("program", [WORD, WEB_OUTLOOK, APPLE, GMAIL, THUNDERBIRD])
def test_what_such_a_program_hides_decides_nothing(program):
    hidden = program.replace("APPROVE", '<span style="display:none">APPROVE</span>')
    assert reading(message(hidden, "text/html")).decision is Decision.UNCLEAR


@pytest.mark.parametrize(
    ("rule", "style"),
    [
        ("color:red!important;background:#222!important", "color:#222!important"),
        ("color:red;background:#222", "color:#222"),
    ],
)
def test_a_pair_of_colours_may_be_broken_up(rule, style):
    source = f'<style>.x{{{rule}}}</style><p class="x" style="{style}">APPROVE</p>'
    assert reading(message(source, "text/html")).decision is Decision.UNCLEAR
