"""The table of guards fits the tree: `make guards` tries every row."""

import ast
from functools import cache

import pytest

from tests.guards.table import ROOT, TABLE, Guard, TableError, load
from tests.guards.trial import Report, fault_of

GUARDS = load()
PROMISES = {
    "nothing we send can be read as a decision",
    "only the approver's own new words decide",
    "no model decides, and none lowers a risk",
    "in doubt nothing happens, and only who may know is told",
    "a message is put away only after Temporal has taken it",
    "what runs is what was approved",
    "everything ends, and its end is told",
    "nothing secret is told, and nothing is sent in the clear",
    "a token is good for one thing alone",
    "a reply has one sender, who is nobody else",
    "a reply is proven to be its sender's, and about this",
    "nobody chooses their judges",
    "a vote counts once, in time, and for what it says",
    "a mail to ourselves disturbs nobody",
}


@cache
def written_in(file: str) -> set[str]:
    path = ROOT / file
    if not path.is_file():
        return set()
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return {
        node.name for node in ast.parse(path.read_text("utf-8")).body if isinstance(node, kinds)
    }


@pytest.mark.parametrize("guard", GUARDS, ids=lambda guard: guard.name.replace(" ", "-"))
def test_a_guard_stands_where_the_table_says_and_its_tests_are_there(guard):
    changed = guard.changed()
    before = (ROOT / guard.file).read_text("utf-8")
    assert ast.dump(ast.parse(changed)) != ast.dump(ast.parse(before))
    assert guard.tests
    for test in guard.tests:
        file, _, name = test.partition("::")
        assert name in written_in(file), test


def test_every_row_has_a_name_of_its_own_and_every_promise_a_guard():
    names = [guard.name for guard in GUARDS]
    assert len(set(names)) == len(names)
    assert {guard.holds for guard in GUARDS} == PROMISES


def test_a_row_that_does_not_fit_is_told_in_one_line(tmp_path):
    (tmp_path / "a.py").write_text("x = 1\nx = 1\n")
    for file, find, fault in (
        ("a.py", "x = 1\n", "doubt: a.py holds 2 times, not once: x = 1"),
        ("a.py", "y = 1\n", "doubt: a.py holds 0 times, not once: y = 1"),
        ("b.py", "x = 1\n", "doubt: there is no b.py"),
    ):
        with pytest.raises(TableError) as caught:
            Guard("doubt", "", file, find, "", ()).changed(tmp_path)
        assert str(caught.value) == fault
    (tmp_path / "rows.toml").write_text('[[guard]]\nname = "doubt"\ntests = []\n')
    with pytest.raises(TableError, match="a row is not whole"):
        load(tmp_path / "rows.toml")
    assert TABLE.is_file()


HELD = "tests/unit/test_a.py::test_held"


@pytest.mark.parametrize(
    ("report", "said"),
    [
        (Report(1, {HELD: "assert 1 == 2"}, (), (), ""), ""),
        (Report(1, {HELD: "Failed: Timeout (>40.0s)"}, (), (), ""), ""),
        (Report(0, {}, (), (), ""), f"no failure of {HELD}"),
        (Report(1, {"tests/unit/test_a.py::test_b": "x"}, (), (), ""), f"no failure of {HELD}"),
        (Report(1, {HELD: "x"}, (HELD,), (), ""), "did not run"),
        (Report(1, {HELD: "NameError: name 'x'"}, (), (), ""), "the change does not run"),
        (Report(5, {}, (), (), "no tests ran"), "pytest ended with 5: no tests ran"),
        (Report(-9, {}, (), (), "F"), "did not come to an end"),
    ],
)
def test_only_a_test_that_fails_shows_that_a_guard_is_held(report, said):
    fault = fault_of(Guard("doubt", "", "a.py", "x", "", (HELD,)), report)
    assert fault.startswith(said) if said else fault == ""
