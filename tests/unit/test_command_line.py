"""What an operator hears of a command line that nobody can mean."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from agent.__main__ import app
from agent.command import run_app, run_command
from agent.errors import ConfigurationError
from agent.operations import Found
from agent.resending import resend
from agent.resolving import resolve
from agent.settings import load_settings
from tests.planted import PASSWORD, secrets_in
from tests.unit.agent_samples import REQUEST_ID, settings

ROOT = Path(__file__).parents[2]
TOKEN = "ar-7k2m9qxd4t.abcdefghijklmnopqrstuvwxyz23"
NOBODY: Any = None
"""Temporal is not asked: the fault is found before."""


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("inbox", "--retry", "abc"), "'--retry': Input should be a valid integer"),
        (("inbox", "--folder", "Sent"), "'--folder': 'Sent' is not one of"),
        (("resolve", REQUEST_ID, "maybe", "--note", "x"), "'maybe' is not one of"),
        (("resolve", REQUEST_ID, "done"), "--note"),
    ],
)
def test_a_wrong_parameter_is_named_with_the_help_of_its_command(
    monkeypatch, capsys, arguments, said
):
    monkeypatch.setattr(sys, "argv", ["agent", *arguments])
    with pytest.raises(SystemExit) as end:
        run_app(app, "python -m agent")
    fault = capsys.readouterr().err
    assert end.value.code == 2
    assert said in fault
    assert "Value error" not in fault
    assert fault.endswith(f"(see python -m agent {arguments[0]} --help)\n")


def run_secret(directory: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "agent", "secret"],
        cwd=directory,
        env={"PYTHONPATH": str(ROOT), "TEMPORAL_ADDRESS": "nowhere.invalid:1", "IMAP_PORT": "x"},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )


def test_a_secret_is_made_without_a_setting_or_a_server_and_printed_alone(tmp_path):
    (tmp_path / ".env").write_text("SMTP_PORT=none\nAPPROVAL_SECRET=short\n")
    made = [run_secret(tmp_path) for _ in range(2)]
    assert [one.stderr for one in made] == ["", ""]
    first, second = (one.stdout for one in made)
    assert first != second
    assert re.fullmatch(r"[0-9a-f]{64}\n", first)
    assert settings(approval_secret=f"{second.strip()},{first.strip()}").keyring.keys


def test_on_a_terminal_it_is_said_where_a_secret_goes_and_not_into_the_pipe(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["agent", "secret"])
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    with pytest.raises(SystemExit) as end:
        run_app(app, "python -m agent")
    said = capsys.readouterr()
    assert end.value.code == 0
    assert len(said.out.split()) == 1
    assert "APPROVAL_SECRET" in said.err and said.err.count("\n") == 1


@pytest.mark.parametrize("note", ["", " \n"])
async def test_a_finding_without_a_word_of_how_it_is_known_is_not_recorded(note):
    with pytest.raises(ConfigurationError, match="--note: say how you know"):
        await resolve(NOBODY, Found(NOBODY, None, REQUEST_ID), True, note)


@pytest.mark.parametrize("debug", [False, True])
def test_a_traceback_is_shown_to_whoever_asks_for_it_without_a_token(debug, capsys, monkeypatch):
    ended: list[int] = []
    monkeypatch.setattr(os, "_exit", ended.append)

    async def fails() -> None:
        raise ConfigurationError([f"no mail to agent+{TOKEN}@demo.test"])

    run_command(fails(), debug=debug)
    said = capsys.readouterr().err
    assert ended == [2]
    assert ("Traceback" in said) is debug
    assert "agent+ar-7k2m9qxd4t.<token>@demo.test" in said
    assert TOKEN not in said


@pytest.mark.parametrize("debug", [False, True])
@pytest.mark.parametrize("name", ["approval_secret", "smtp_port", "smtp_password"])
def test_a_wrong_setting_is_named_and_its_value_not_shown(name, debug, capsys, monkeypatch):
    monkeypatch.setattr(os, "_exit", lambda code: None)
    value = [PASSWORD] if name == "smtp_password" else PASSWORD

    async def fails() -> None:
        load_settings(_env_file=None, **{name: value})

    run_command(fails(), debug=debug)
    said = capsys.readouterr().err
    assert name.upper() in said
    assert ("Traceback" in said) is debug
    assert secrets_in(said) == []


async def test_an_empty_address_does_not_mean_everybody():
    with pytest.raises(ConfigurationError, match="--to: "):
        await resend(Found(NOBODY, None, REQUEST_ID), "")


def test_no_command_of_an_operator_waits_for_the_models_library():
    code = "import agent.__main__, sys; sys.exit('openai' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT).returncode == 0
