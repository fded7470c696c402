"""SECURITY.md tells the truth about tests: each that it names is there."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", PAGE)))
ROWS = [line for line in PAGE.splitlines() if line.startswith("| ") and "`tests/" not in line]
HEADS = {"| they try |", "| it tries |"}


@cache
def functions(path: str) -> set[str]:
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return {node.name for node in tree.body if isinstance(node, kinds)}


@pytest.mark.parametrize(("path", "name"), NAMED)
def test_a_test_that_the_page_names_is_there(path, name):
    found = functions(path)
    assert name in found if name else any(each.startswith("test_") for each in found)


def test_every_threat_names_a_test():
    assert len(NAMED) > 50
    assert {" ".join(row.split()[:4]) for row in ROWS} <= HEADS
