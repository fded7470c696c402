"""Pictures show what people get today."""

import asyncio
import json
import re
import sys
from html import unescape

import pytest

from demo.terminal import QUESTION
from docs.render_mail import SHOWN, shown
from docs.render_terminal import ANSWER, COLUMNS, COMMAND
from docs.terminal_svg import CHARACTER
from tests.docs.scratch import ROOT, environment
from tests.docs.shape import Names, unmatched

PIECE = re.compile(r'<text x="([\d.]+)" y="(\d+)"[^>]*>([^<]*)</text>')


def recorded() -> list[str]:
    """The lines of the recording, from its picture."""
    lines: dict[int, str] = {}
    for x, y, text in PIECE.findall((ROOT / "docs/demo.svg").read_text(encoding="utf-8")):
        line = lines.get(int(y), "")
        lines[int(y)] = line.ljust(round(float(x) / CHARACTER)) + unescape(text)
    return [lines[y] for y in sorted(lines)]


def test_the_pictures_of_mail_are_of_this_mail():
    drawn = json.loads(SHOWN.read_text(encoding="utf-8"))
    assert drawn == shown(), "the mail has changed: run `python -m docs.render_mail`"


@pytest.mark.shows_mail("the demo shows what its people get")
async def test_the_recording_shows_what_the_demo_prints(tmp_path):
    lines = recorded()
    typed = [f"$ {' '.join(COMMAND)}", QUESTION, ANSWER]
    assert [line for line in lines if line in typed] == typed
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "demo",
        cwd=ROOT,
        env={**environment(ROOT, tmp_path, {}), "REPLY": ANSWER, "COLUMNS": str(COLUMNS)},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    printed, _ = await process.communicate()
    missing = unmatched([line for line in lines if line not in typed], printed.decode(), Names())
    assert not missing, "the demo has changed: run `python -m docs.render_terminal`"


def test_the_recording_needs_nothing_but_itself():
    svg = (ROOT / "docs/demo.svg").read_text(encoding="utf-8")
    assert not re.search(r"<script|<image|<foreignObject|@import|url\(|href=|\son\w+=", svg, re.I)
