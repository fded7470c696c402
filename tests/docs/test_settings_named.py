"""Settings on pages are settings of the agent, and each stands where people look for it."""

import re

import pytest

from agent.settings import Settings
from demo.options import Options
from tests.docs.blocks import blocks, prose
from tests.docs.pages import PAGES, text_of
from tests.docs.scratch import ROOT

SETTINGS = {name.upper() for name in Settings.model_fields}
NAME = re.compile(r"(?<![\w<.*-])[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+(?![\w*>])")
CODE = re.compile(r"`([^`\n]+)`")
# Of Temporal, of the demo, and of what the settings are spoken of with.
OTHERS = {name.upper() for name in Options.__dataclass_fields__} | {
    "REJECT_DUPLICATE",
    "REQUEST_CANCEL",
    "MAILHOG_URL",
    "REPLY_SMTP",
    "REPLY_IMAP_PORT",
    "GREENMAIL_OPTS",
    "SSL_CERT_FILE",
    "HTTPS_PROXY",
    "OLLAMA_CONTEXT_LENGTH",
    "WRONG_VERSION_NUMBER",
    "TYPE_CHECKING",
    "WAIT_CANCELLATION_COMPLETED",
}


def code_in(page: str) -> list[str]:
    return CODE.findall(prose(text_of(page)))


def test_every_setting_has_a_row():
    rows = [line for line in text_of("docs/settings.md").splitlines() if line.startswith("| `")]
    named = {name for row in rows for name in CODE.findall(row.split("|")[1])}
    assert named - {"…"} >= SETTINGS
    assert {n for n in named if not n.startswith("TEMPORAL_")} <= SETTINGS


def test_every_setting_is_in_the_file_to_begin_with():
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    each = [match[1] for line in lines if (match := re.match(r"#?([A-Z_]+)=", line))]
    named = set(each)
    assert len(each) == len(named), "one stands there twice"
    assert named >= SETTINGS
    assert {n for n in named if not n.startswith("TEMPORAL_")} <= SETTINGS


@pytest.mark.parametrize("page", PAGES)
def test_what_a_page_calls_a_setting_is_one(page):
    named = {name for code in code_in(page) for name in NAME.findall(code)}
    named |= {n for line in text_of(page).splitlines() for n in re.findall(r"^#?([A-Z_]+)=", line)}
    unknown = {n for n in named - SETTINGS - OTHERS if not n.startswith("TEMPORAL_")}
    # What an example defines for itself may be spoken of.
    shown = "\n".join(line for block in blocks(text_of(page)) for line in block.lines).upper()
    assert not {name for name in unknown if name not in shown}
