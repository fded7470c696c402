"""What each language's own tools say of `examples/`."""

import asyncio

import pytest

from tests.docs.scratch import ROOT

pytestmark = pytest.mark.timeout(900)
STARTS = {
    "examples/go/approval/approval.go": 2,
    "examples/python/approval.py": 1,
    "examples/python/ask.py": 1,
    "examples/typescript/src/ask-as-child.ts": 1,
    "examples/typescript/src/ask.ts": 1,
}
"""How often each starts an approval."""


async def said(*command, directory):
    process = await asyncio.create_subprocess_exec(
        *command,
        cwd=directory,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await process.communicate()
    return process.returncode, output.decode()


@pytest.mark.parametrize("language", ["go", "typescript"], indirect=True)
async def test_its_own_checks_and_tests_find_no_fault(built):
    """Among them: its digests are those of `examples/digests.json`."""
    for check in built.checks:
        code, output = await said(*check, directory=built.directory)
        assert code == 0, output


@pytest.mark.parametrize("language", ["go"], indirect=True)
async def test_go_is_written_as_gofmt_writes_it(language):
    assert await said("gofmt", "-l", ".", directory=language.directory) == (0, "")


@pytest.mark.parametrize("language", ["typescript"], indirect=True)
async def test_the_lock_file_fits_and_names_no_registry(language):
    text = (language.directory / "package-lock.json").read_text("utf-8")
    assert '"integrity"' in text and '"resolved"' not in text
    listed = await said("npm", "ls", "--package-lock-only", directory=language.directory)
    assert listed[0] == 0, listed


@pytest.mark.parametrize("path", STARTS)
def test_whoever_starts_an_approval_refuses_an_id_that_was_used(path):
    """Ids are made by chance, so no run of these shows it."""
    assert (ROOT / path).read_text("utf-8").count("REJECT_DUPLICATE") == STARTS[path]
