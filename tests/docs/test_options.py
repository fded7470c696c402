"""Commands that stand in a sentence are not run; they and their options exist all the same."""

import contextlib
import io
import re
from collections.abc import Iterator
from functools import cache

import pytest
import typer
from typer.core import TyperGroup
from typer.main import get_command

import mail.__main__
import start_workflow
import worker
from agent.__main__ import app as agent_app
from demo.__main__ import app as demo_app
from tests.docs.blocks import prose
from tests.docs.pages import PAGES, text_of
from tests.docs.scratch import ROOT

CODE = re.compile(r"`([^`\n]+)`")
PROGRAM = re.compile(r"(?:-m (agent|demo|mail)|\b(worker|start_workflow)\.py)(?![\w./])(.*)")
OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]*")
TARGETS = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))


def _alone(function) -> typer.Typer:
    app = typer.Typer()
    app.command()(function)
    return app


COMMANDS = {
    "agent": get_command(agent_app),
    "demo": get_command(demo_app),
    "worker": get_command(_alone(worker.main)),
    "start_workflow": get_command(_alone(start_workflow.main)),
}


@cache
def options(program: str, name: str) -> frozenset[str]:
    """Of a program, or of its command of this name. KeyError if there is no such command."""
    if program == "mail":
        with contextlib.redirect_stdout(io.StringIO()) as said, contextlib.suppress(SystemExit):
            mail.__main__.main([*([name] if name else []), "--help"])
        if "usage" not in said.getvalue():
            raise KeyError(name)
        return frozenset(OPTION.findall(said.getvalue()))
    command = COMMANDS[program]
    if name:
        assert isinstance(command, TyperGroup)
        command = command.commands[name]
    given = [each for one in command.params for each in (*one.opts, *one.secondary_opts)]
    return frozenset({"--help", *given})


def faults(code: str) -> Iterator[str]:
    """What of a piece of code names a command or an option that is not there."""
    for target in re.findall(r"^make ([a-z]+)\b", code):
        if target not in TARGETS:
            yield f"make knows no {target}"
    if not (match := PROGRAM.search(code)):
        return
    program = match[1] or match[2]
    words = match[3].split()
    has_commands = program == "mail" or isinstance(COMMANDS[program], TyperGroup)
    name = words[0] if has_commands and words and re.fullmatch(r"[a-z][a-z-]*", words[0]) else ""
    try:
        known = options(program, name)
    except KeyError:
        yield f"{program} knows no {name}"
        return
    for option in OPTION.findall(match[3]):
        if option not in known:
            yield f"{program} {name}".strip() + f" knows no {option}"


@pytest.mark.parametrize("page", [*PAGES, "CHANGELOG.md"])
def test_what_a_page_tells_to_type_is_there(page):
    found = [
        f"{code}: {fault}" for code in CODE.findall(prose(text_of(page))) for fault in faults(code)
    ]
    assert not found


def test_what_is_not_there_is_found():
    assert list(faults("python -m agent lst")) == ["agent knows no lst"]
    assert list(faults("python -m agent show ID --yaml")) == ["agent show knows no --yaml"]
    assert list(faults("python -m mail parse - --yaml")) == ["mail parse knows no --yaml"]
    assert list(faults("python -m mail pars -")) == ["mail knows no pars"]
    assert list(faults("worker.py --inbox")) == ["worker knows no --inbox"]
    assert list(faults("make tests")) == ["make knows no tests"]
    assert not list(faults("python -m agent list [--all]"))
    assert not list(faults("python -m agent doctor --no-send"))
    assert not list(faults("python -m mail parse --sent DIR"))
