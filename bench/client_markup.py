"""The HTML that mail programs write around a person's words and the original below them."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bench.replies import AGENT, VOTER


@dataclass(frozen=True, slots=True)
class Original:
    """The request mail that is answered."""

    subject: str
    message_id: str
    reply_to: str
    text: str
    html: str
    """What stands in its <body>."""
    style: str
    """Its <style> element, which Gmail and the Outlooks leave out."""
    asked: datetime
    """In the morning."""
    number: int

    @property
    def twelve(self) -> str:
        """Its time as `9:00`, by the clock of twelve hours."""
        return f"{self.asked:%H:%M}".removeprefix("0")


_CLASS = re.compile(r'class="([^"]+)"')
_SENDER = f'<a href="mailto:{AGENT}">{AGENT}</a>'


def _gmail(words: str, original: Original) -> str:
    return (
        f'<div dir="ltr">{words}</div><br><div class="gmail_quote gmail_quote_container">'
        f'<div dir="ltr" class="gmail_attr">On Tue, Nov 24, 2026 at {original.twelve}\u202fAM'
        f" Approval agent &lt;{_SENDER}&gt; wrote:<br></div>"
        '<blockquote class="gmail_quote" style="margin:0px 0px 0px 0.8ex;border-left:1px solid'
        ' rgb(204,204,204);padding-left:1ex"><u></u>\n'
        f"{_renamed(original.html, 'm_-4870916265512398046')}\n</blockquote></div>\n"
    )


_WORD_STYLE = """<style><!--
/* Font Definitions */
@font-face
	{font-family:"Cambria Math";
	panose-1:2 4 5 3 5 4 6 3 2 4;}
@font-face
	{font-family:Calibri;
	panose-1:2 15 5 2 2 2 4 3 2 4;}
@font-face
	{font-family:Aptos;}
/* Style Definitions */
p.MsoNormal, li.MsoNormal, div.MsoNormal
	{margin:0in;
	font-size:11.0pt;
	font-family:"Calibri",sans-serif;}
a:link, span.MsoHyperlink
	{mso-style-priority:99;
	color:#0563C1;
	text-decoration:underline;}
span.EmailStyle19
	{mso-style-type:personal-reply;
	font-family:"Aptos",sans-serif;
	color:windowtext;}
.MsoChpDefault
	{mso-style-type:export-only;
	font-size:10.0pt;
	mso-ligatures:none;}
@page WordSection1
	{size:8.5in 11.0in;
	margin:1.0in 1.0in 1.0in 1.0in;}
div.WordSection1
	{page:WordSection1;}
--></style><!--[if gte mso 9]><xml>
<o:shapedefaults v:ext="edit" spidmax="1026" />
</xml><![endif]-->"""


def _outlook(words: str, original: Original) -> str:
    paragraph = '<p class="MsoNormal">{}<o:p></o:p></p>\n'
    own = "".join(map(paragraph.format, [*words.split("<br>"), "&nbsp;", "Best regards,", "Vera"]))
    return (
        '<html xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office'
        ':office" xmlns:w="urn:schemas-microsoft-com:office:word" xmlns:m="http://schemas.'
        'microsoft.com/office/2004/12/omml" xmlns="http://www.w3.org/TR/REC-html40">\n<head>\n'
        '<meta http-equiv="Content-Type" content="text/html; charset=utf-8">\n'
        '<meta name="Generator" content="Microsoft Word 15 (filtered medium)">\n'
        f'{_WORD_STYLE}\n</head>\n<body lang="EN-US" link="#0563C1"'
        f' vlink="#954F72" style="word-wrap:break-word">\n<div class="WordSection1">\n{own}'
        '<div>\n<div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0in 0in 0in">'
        f'\n<p class="MsoNormal"><b>From:</b> Approval agent &lt;{AGENT}&gt; <br>\n<b>Sent:</b>'
        f" Tuesday, November 24, 2026 {original.twelve} AM<br>\n"
        f"<b>To:</b> Vera Oter &lt;{VOTER}&gt;<br>\n"
        f"<b>Subject:</b> {original.subject}<o:p></o:p></p>\n</div>\n</div>\n"
        f'<p class="MsoNormal"><o:p>&nbsp;</o:p></p>\n{original.html}\n</div>\n</body>\n</html>\n'
    )


def _outlook_web(words: str, original: Original) -> str:
    font = (
        "font-family: Aptos, Aptos_EmbeddedFont, Aptos_MSFontService, Calibri, Helvetica,"
        " sans-serif; font-size: 12pt; color: rgb(0, 0, 0);"
    )
    return (
        '<html>\n<head>\n<meta http-equiv="Content-Type" content="text/html; charset=utf-8">\n'
        '<style type="text/css" style="display:none;"> P {margin-top:0;margin-bottom:0;} </style>\n'
        f'</head>\n<body dir="ltr">\n<div class="elementToProof" style="{font}">\n{words}</div>\n'
        f'<div class="elementToProof" style="{font}">\n<br>\n</div>\n'
        f'<div id="Signature" style="{font}">\nBest regards,<br>\nVera Oter</div>\n'
        '<div id="appendonsend"></div>\n'
        '<hr style="display:inline-block;width:98%" tabindex="-1">\n'
        '<div id="divRplyFwdMsg" dir="ltr"><font face="Calibri, sans-serif"'
        f' style="font-size:11pt" color="#000000"><b>From:</b> Approval agent &lt;{AGENT}&gt;<br>\n'
        f"<b>Sent:</b> Tuesday, November 24, 2026 {original.twelve} AM<br>\n"
        f"<b>To:</b> Vera Oter &lt;{VOTER}&gt;<br>\n<b>Subject:</b> {original.subject}</font>\n"
        f"<div>&nbsp;</div>\n</div>\n"
        f"<div>{_renamed(original.html, 'x')}</div>\n</body>\n</html>\n"
    )


def _apple(words: str, original: Original) -> str:
    return (
        '<html><head><meta http-equiv="content-type" content="text/html; charset=utf-8"></head>'
        '<body style="overflow-wrap: break-word; -webkit-nbsp-mode: space; line-break:'
        f' after-white-space;">{words}<br id="lineBreakAtBeginningOfMessage"><div><br>'
        f'<blockquote type="cite"><div>On 24. Nov 2026, at {original.asked:%H:%M}, Approval agent'
        f' &lt;{AGENT}&gt; wrote:</div><br class="Apple-interchange-newline"><div>{original.style}'
        f"<div>{original.html}</div></div></blockquote></div><br></body></html>"
    )


def _iphone(words: str, original: Original) -> str:
    return (
        '<html><head><meta http-equiv="content-type" content="text/html; charset=utf-8"></head>'
        f'<body dir="auto">{words}<br id="lineBreakAtBeginningOfMessage"><div dir="ltr"><br>'
        'Sent from my iPhone</div><div dir="ltr"><br><blockquote type="cite">On Nov 24, 2026, at'
        f" {original.twelve}\u202fAM, Approval agent &lt;{AGENT}&gt; wrote:<br><br>"
        "</blockquote></div>"
        '<blockquote type="cite"><div dir="ltr">\ufeff'
        f"{original.style}{original.html}</div></blockquote></body></html>"
    )


def _thunderbird(words: str, original: Original) -> str:
    return (
        "<!DOCTYPE html>\n<html>\n  <head>\n"
        '    <meta http-equiv="Content-Type" content="text/html; charset=UTF-8">\n  </head>\n'
        f"  <body>\n    <p>{words}<br>\n    </p>\n"
        f'    <div class="moz-cite-prefix">On 24/11/2026 {original.asked:%H:%M}, Approval agent'
        " wrote:<br>\n"
        '    </div>\n    <blockquote type="cite"\n'
        f'      cite="mid:{original.message_id[1:-1]}">\n'
        '      <meta http-equiv="content-type" content="text/html; charset=UTF-8">\n'
        f"      {original.style}\n{original.html}\n    </blockquote>\n  </body>\n</html>\n"
    )


HTML: dict[str, Callable[[str, Original], str]] = {
    "Gmail": _gmail,
    "Outlook": _outlook,
    "Outlook on the web": _outlook_web,
    "Apple Mail": _apple,
    "iPhone": _iphone,
    "Thunderbird": _thunderbird,
}


def _renamed(html: str, prefix: str) -> str:
    """Gmail and Outlook.com put a word before every class of what they quote."""

    def prefixed(match: re.Match[str]) -> str:
        return f'class="{" ".join(f"{prefix}_{name}" for name in match[1].split())}"'

    return _CLASS.sub(prefixed, html)
