"""The two rings of the design, held by walking every import: pure code touches nothing outside,
and each library of the edge has the one file that may know it."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("agent", "mail", "demo")
FILES = sorted(
    path
    for top in (*PACKAGES, "examples", "tests")
    for path in (ROOT / top).rglob("*.py")
    if not {"data", "node_modules"} & {*path.parts}
) + [ROOT / "worker.py", ROOT / "start_workflow.py"]
LONGEST = 300

PURE_AGENT = {
    "agent.ballot",
    "agent.canonical",
    "agent.chat",
    "agent.consent",
    "agent.doctor.advice",
    "agent.doctor.finding",
    "agent.doctor.observed",
    "agent.doctor.place",
    "agent.doctor.probe",
    "agent.doctor.received",
    "agent.doctor.recognition",
    "agent.doctor.server_clock",
    "agent.durations",
    "agent.errors",
    "agent.hourly",
    "agent.jobs",
    "agent.ledger",
    "agent.letters",
    "agent.memo",
    "agent.model_faults",
    "agent.models",
    "agent.policy",
    "agent.proposals",
    "agent.quota",
    "agent.report",
    "agent.responses",
    "agent.sorting",
    "agent.told",
    "agent.tools.declared",
    "agent.tools.registry",
    "agent.tools.results",
    "agent.tools.schema",
    "agent.tools.signing",
    "agent.trail",
    "agent.weburl",
}
# Of mail/ only these touch anything: a server, or, for the command, files.
EDGE_MAIL = {
    "mail.dns",
    "mail.prover",
    "mail.secret_command",
    "mail.secret_file",
    "mail.smtp",
    "mail.smtp_login",
    "mail.tls",
    "mail.imap",
    "mail.imap_folders",
    "mail.imap_login",
    "mail.imap_protocol",
    "mail.__main__",
}
OUTSIDE = {
    "aioimaplib",
    "aiosmtplib",
    "asyncio",
    "ftplib",
    "http",
    "httpx2",
    "imaplib",
    "openai",
    "random",
    "secrets",
    "select",
    "smtplib",
    "socket",
    "sqlite3",
    "ssl",
    "subprocess",
    "temporalio",
    "threading",
    "time",
    "urllib.request",
}
CLOCKS = {"now", "today", "utcnow", "getenv", "environ", "uuid1", "uuid4"}
OWNERS = {
    "openai": {"agent.activities.propose"},
    "httpx2": {"agent.tools.webhook"},
    "aiosmtplib": {"mail.smtp", "mail.smtp_login"},
    "dkim": {"mail.dkim_check"},
    "dns": {"mail.dns"},
    "publicsuffixlist": {"mail.suffixes"},
    "aioimaplib": {"mail.imap", "mail.imap_protocol"},
}


def module_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


TREES = {module_of(path): ast.parse(path.read_text(encoding="utf-8")) for path in FILES}


def imports(module: str) -> Iterator[str]:
    """Every name imported anywhere in a module, also within functions; `a.b` of `from a import b`
    stands beside `a`, for b may be a module."""
    for node in ast.walk(TREES[module]):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module} imports relatively"
            assert node.module is not None
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def within(name: str, package: str) -> bool:
    return name == package or name.startswith(f"{package}.")


def of(package: str) -> list[str]:
    return [module for module in TREES if within(module, package)]


# agent.options takes one enum from there.
WORKFLOWS = [
    module
    for module in of("agent")
    if "temporalio.workflow" in imports(module) and module != "agent.options"
]
PURE = sorted(PURE_AGENT | set(of("mail")) - EDGE_MAIL)


def test_every_pure_module_is_there():
    assert set(PURE) <= TREES.keys()
    assert TREES.keys() >= EDGE_MAIL
    assert len(PURE) > 20


@pytest.mark.parametrize("module", PURE)
def test_pure_modules_touch_nothing_outside(module):
    found = {name for name in imports(module) if any(within(name, other) for other in OUTSIDE)}
    assert not found


@pytest.mark.parametrize("module", PURE)
def test_pure_modules_stand_on_pure_modules_only(module):
    ours = {name for name in imports(module) if name in TREES}
    assert ours - {"agent", "agent.doctor", "agent.tools", "mail"} <= set(PURE)


@pytest.mark.parametrize("module", PURE)
def test_pure_modules_read_no_clock_no_environment_and_no_chance(module):
    found = {
        node.attr
        for node in ast.walk(TREES[module])
        if isinstance(node, ast.Attribute) and node.attr in CLOCKS
    }
    assert not found


def test_mail_knows_neither_temporal_nor_the_agent():
    for module in of("mail"):
        assert not {n for n in imports(module) if within(n, "temporalio") or within(n, "agent")}


def test_nothing_but_tests_knows_the_demo():
    for module in [*of("agent"), *of("mail"), "worker", "start_workflow"]:
        assert not {name for name in imports(module) if within(name, "demo")}, module


def test_an_example_needs_nothing_that_does_not_ship():
    for module in of("examples"):
        assert not {name for name in imports(module) if within(name, "demo")}, module


def test_nothing_that_ships_knows_the_tests():
    for module in TREES:
        if not within(module, "tests"):
            assert not {name for name in imports(module) if within(name, "tests")}, module


@pytest.mark.parametrize("library", list(OWNERS))
def test_each_library_of_the_edge_has_its_file(library):
    users = {m for m in [*of("agent"), *of("mail")] if any(within(n, library) for n in imports(m))}
    assert users
    assert users <= OWNERS[library]


def test_the_environment_is_read_in_one_place():
    readers = {
        module
        for module in [*of("agent"), *of("mail"), "worker", "start_workflow"]
        for node in ast.walk(TREES[module])
        if isinstance(node, ast.Attribute) and node.attr in ("environ", "getenv")
    }
    # agent.settings reads it through pydantic-settings.
    assert readers == {"agent.connect"}


@pytest.mark.parametrize("module", WORKFLOWS)
def test_workflow_modules_import_ours_passed_through(module):
    """The sandbox would load them a second time, and refuse what they import."""
    plain = [node for node in TREES[module].body if isinstance(node, ast.ImportFrom)]
    assert not [node.module for node in plain if within(str(node.module), "agent")]


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_stay_short_enough_to_read(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_file_is_a_drawer_for_everything(path):
    assert not {"utils", "helpers", "common", "misc"} & {path.stem, path.parent.name}
