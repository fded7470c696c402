"""The tools of a worker come from the modules that AGENT_TOOLS names, or it does not start."""

import subprocess
import sys
import uuid
from pathlib import Path

import pytest

from agent.errors import ConfigurationError
from agent.tools.collecting import load_registry
from tests.unit.agent_samples import settings
from tests.unit.test_worker_start import ROOT, WHOLE

HEAD = """
from agent.models import Risk
from agent.tools.registry import tool
"""
TOOL = (
    HEAD
    + '''
@tool(risk=Risk.LOW, summary="Wave")
def {0}() -> str:
    """Wave."""
    return "hello"
'''
)
SECRET = "correct-horse-battery-staple"


@pytest.fixture
def module(monkeypatch, tmp_path):
    """Writes a module that no other test has, and returns its name."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path])

    def write(text: str, name: str = "") -> str:
        name = name or f"tools_{uuid.uuid4().hex}"
        path = tmp_path / Path(*name.split(".")).with_suffix(".py")
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        return name

    yield write
    for name in [name for name in sys.modules if name.startswith("tools_")]:
        del sys.modules[name]


def loaded(*modules: str, **changes):
    return load_registry(settings(agent_tools=",".join(modules), **changes))


def faults(*modules: str) -> list[str]:
    with pytest.raises(ConfigurationError) as caught:
        loaded(*modules)
    assert all("\n" not in fault for fault in caught.value.faults)
    return caught.value.faults


def test_by_default_it_is_the_sample_shop(tmp_path):
    registry = load_registry(settings(shop_database=tmp_path / "shop.sqlite3"))
    assert registry.get("refund_order") is not None


def test_who_names_modules_has_the_tools_of_these_alone(module, tmp_path):
    registry = loaded(module(TOOL.format("wave")), module(TOOL.format("nod")))
    assert [one.name for one in registry] == ["wave", "nod"]
    assert not (tmp_path / "shop.sqlite3").exists()


def test_a_module_may_lie_in_a_folder_of_the_current_directory(module):
    name = f"tools_{uuid.uuid4().hex}.inner"
    assert loaded(module(TOOL.format("wave"), name)).get("wave") is not None


def test_nothing_of_ours_is_shadowed_by_the_current_directory(module, tmp_path):
    loaded(module(TOOL.format("wave")))
    assert sys.path[-1] == str(tmp_path)


def test_instances_are_made_with_the_settings(module):
    made = (
        TOOL.format("wave").replace("def wave()", "def wave(self)").replace("\n", "\n    ")
    ).replace("    \n    from", "\nfrom")
    text = f"""
class Waver:{made}
    def __init__(self, mailbox): self.mailbox = mailbox

def make_tools(settings):
    assert settings.mailbox == "agent@demo.test"
    yield Waver(settings.mailbox)
"""
    assert loaded(module(text)).get("wave") is not None


def test_a_module_that_is_not_there_is_told_from_one_whose_import_fails(module, tmp_path):
    (fault,) = faults("tools_nowhere.inner")
    assert fault.startswith("AGENT_TOOLS: there is no module tools_nowhere.inner")
    assert fault.endswith(f"in {tmp_path} (AGENT_TOOLS=tools_nowhere.inner)")
    name = module("import os\n\nimport tools_of_nobody\n")
    assert faults(name) == [
        f"{tmp_path}/{name}.py:3: ModuleNotFoundError: No module named 'tools_of_nobody'"
    ]
    inner = module("import tools_of_nobody\n")
    assert faults(module(f"import {inner}\n"))[0].startswith(f"{tmp_path}/{inner}.py:1: ")
    name = module("from agent.models import Risky\n")
    assert "cannot import name 'Risky'" in faults(name)[0]


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("x = 1\ndef f(:\n", 2, "SyntaxError: invalid syntax"),
        ("\n  x = 1\n", 2, "IndentationError: unexpected indent"),
        (
            'import os\nos.environ["TOOLS_KEY"]\n',
            2,
            'KeyError at `os.environ["TOOLS_KEY"]` (--debug shows its words)',
        ),
        (
            "from agent.tools.registry import tool\n@tool\ndef wave(): ...\n",
            2,
            "tool() takes 0 positional arguments but 1 was given: "
            'write @tool(risk=Risk.HIGH, summary="…")',
        ),
        (
            "from agent.tools.registry import tool\n@tool(summary='Wave')\ndef wave(): ...\n",
            2,
            "tool() missing 1 required keyword-only argument: 'risk': "
            'write @tool(risk=Risk.HIGH, summary="…")',
        ),
        ("import sys\nsys.exit(1)\n", 2, "SystemExit at `sys.exit(1)` (--debug shows its words)"),
        (
            "def make_tools(settings):\n    return [1 / 0]\n",
            2,
            "ZeroDivisionError at `return [1 / 0]` (--debug shows its words), in make_tools",
        ),
    ],
)
def test_an_import_that_fails_is_told_by_its_place(module, tmp_path, text, line, said):
    name = module(text)
    assert faults(name) == [f"{tmp_path}/{name}.py:{line}: {said}"]


def test_the_words_of_an_error_may_hold_a_secret_and_are_not_repeated(module):
    name = module(f"secret = '-'.join({SECRET.split('-')!r})\nraise ValueError(secret)\n")
    assert SECRET not in str(faults(name))


def test_settings_of_a_tools_own_that_do_not_fit_are_named_without_their_values(
    module, monkeypatch
):
    text = """
from pydantic_settings import BaseSettings

class Ours(BaseSettings):
    tools_port: int
    tools_token: str

def make_tools(settings):
    Ours()
"""
    monkeypatch.setenv("TOOLS_PORT", SECRET)
    name = module(text)
    found = faults(name)
    assert [fault.partition(f"{name}.py: ")[2] for fault in found] == [
        "make_tools: Ours: tools_port: Input should be a valid integer, unable to parse string as "
        "an integer",
        "make_tools: Ours: tools_token: Field required",
    ]
    assert SECRET not in str(found)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no tool in it: mark a function with @tool, or define make_tools"),
        ("def make_tools(settings): return []", "no tool in it: "),
        ("def make_tools(settings): return ['x']", "make_tools returned a str that has no tool"),
        ("def make_tools(): return []", "make_tools: it takes the worker's settings and returns"),
        ("def make_tools(settings): pass", "make_tools: it takes the worker's settings and ret"),
    ],
)
def test_a_module_without_tools_is_named(module, tmp_path, text, said):
    name = module(text)
    (fault,) = faults(name)
    assert fault.startswith(f"{tmp_path}/{name}.py: {said}")


def test_two_tools_of_one_name_are_told_with_both_their_files(module, tmp_path):
    one, two = module(TOOL.format("wave")), module(TOOL.format("wave"))
    assert faults(one, two) == [
        f"two tools are named wave: {tmp_path}/{one}.py and {tmp_path}/{two}.py"
    ]


def test_a_list_of_nothing_is_no_worker():
    assert faults(",") == ["AGENT_TOOLS names no module"]


def started(directory: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """`worker.py` with two faulty modules and one without its setting, from their directory."""
    (directory / "ours.py").write_text(TOOL.format("wave").replace('"""Wave."""', "").strip())
    (directory / "broken.py").write_text("def f(:\n")
    named = {"APPROVAL_SECRET": "s" * 32, "AGENT_TOOLS": "ours, broken, agent.tools.webhook"}
    environ = {name: value for name, value in (WHOLE | named).items() if name != "PYTHONPATH"}
    command = [sys.executable, str(ROOT / "worker.py"), *options]
    return subprocess.run(
        command, cwd=directory, env=environ, capture_output=True, text=True, timeout=100
    )


def test_a_worker_whose_tools_are_faulty_says_all_and_does_not_start(tmp_path):
    """Before it waits for any server, and without a traceback."""
    ended = started(tmp_path)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert [line for line in ended.stderr.splitlines() if line.startswith("error: ")] == [
        f"error: {tmp_path}/ours.py: tool wave: it has no docstring",
        f"error: {tmp_path}/broken.py:1: SyntaxError: invalid syntax",
        "error: WEBHOOK_ALLOWED is empty, but AGENT_TOOLS has agent.tools.webhook: "
        "name its servers",
    ]
    assert "Traceback" not in ended.stderr


def test_with_debug_it_shows_where_each_fault_comes_from(tmp_path):
    ended = started(tmp_path, "--debug")
    assert ended.returncode == 2
    assert "Traceback" in ended.stderr and "def f(:" in ended.stderr
