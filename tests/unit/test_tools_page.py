"""The page for authors of tools shows files that are there, and that run."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from agent.errors import ConfigurationError
from agent.tools import webhook
from agent.tools.registry import collect, tool

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "tools.md").read_text(encoding="utf-8")
SHOWN = dict(re.findall(r"\[`(examples/[^`]+)`\]\([^)]+\):\n\n```python\n(.*?)```\n", PAGE, re.S))


def test_every_python_block_is_a_file():
    assert len(SHOWN) == PAGE.count("```python") == 3


@pytest.mark.parametrize("file", list(SHOWN))
def test_a_file_is_shown_as_it_is(file):
    assert SHOWN[file] == (ROOT / file).read_text(encoding="utf-8")
    assert f"](../{file})" in PAGE


def test_the_examples_own_tests_pass():
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "examples/tools"]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=100)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "5 passed" in ended.stdout


def test_it_says_the_limits_that_there_are():
    assert f"A call has {webhook.SECONDS:.0f} seconds" in PAGE
    assert f"{webhook.MAX_ANSWER // 1024} KiB of the answer" in PAGE


def wave(login, *names: str, reasoning: str = "", limit: int = None) -> str:  # type: ignore[assignment]
    return ""


@pytest.mark.parametrize(
    "fault",
    [
        "it has no docstring",
        "login has no type",
        "*names is nothing that a model can give",
        "is a reserved argument",
        "the default of limit does not fit its type",
        "its summary names 'customer'",
        "its risk is 'high', not Risk.LOW, ",
    ],
)
def test_it_names_the_faults_that_a_worker_names(fault):
    declared: Any = {"risk": "high", "summary": "Wave to {customer}"}
    with pytest.raises(ConfigurationError) as caught:
        collect(tool(**declared)(wave))
    assert any(fault in said for said in caught.value.faults)
    assert fault in PAGE
