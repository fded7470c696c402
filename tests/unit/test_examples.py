"""What `examples/` promises besides running: ten lines an approval, and nothing of ours."""

import ast
import difflib
import json
import runpy
import sys
from pathlib import Path

import pytest

from agent.canonical import action_digest, load_object

EXAMPLES = Path(__file__).parents[2] / "examples"
PYTHON = EXAMPLES / "python"
KNOWN = json.loads((EXAMPLES / "digests.json").read_text("utf-8"))
LINES = 10


def code(name):
    """The lines of a module that are neither empty nor docstrings."""
    text = (PYTHON / f"{name}.py").read_text("utf-8")
    return [
        line
        for line in text.splitlines()
        if line.strip() and not line.strip().startswith(('"""', "#"))
    ]


@pytest.mark.parametrize("known", KNOWN, ids=lambda known: known["about"])
def test_the_digests_for_other_languages_are_those_of_the_agent(known):
    arguments = load_object(json.dumps(known["arguments"]), "arguments")
    assert action_digest(known["request_id"], known["action_type"], arguments) == known["digest"]


@pytest.mark.parametrize("known", KNOWN, ids=lambda known: known["about"])
def test_the_digest_of_the_example_in_python_is_right_or_refused(known):
    digest = runpy.run_path(str(PYTHON / "approval.py"))["digest"]
    given = (known["request_id"], known["action_type"], known["arguments"])
    if "numbers" in known["arguments"]:
        with pytest.raises(TypeError, match="write it as a string"):
            digest(*given)
    else:
        assert digest(*given) == known["digest"]


def test_an_approval_is_ten_lines_in_a_workflow_that_had_none():
    new = difflib.unified_diff(code("payout_before"), code("payout"), lineterm="", n=0)
    added = [line for line in new if line.startswith("+") and not line.startswith("+++")]
    assert 0 < len(added) <= LINES, "\n".join(added)


@pytest.mark.parametrize("path", sorted(PYTHON.glob("*.py")), ids=lambda path: path.name)
def test_the_examples_in_python_need_temporal_alone(path):
    own = {each.stem for each in PYTHON.glob("*.py")}
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        names += [str(node.module)] if isinstance(node, ast.ImportFrom) else []
        for name in names:
            top = name.partition(".")[0]
            assert top in own | {"temporalio"} or top in sys.stdlib_module_names, name
