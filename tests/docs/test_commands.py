"""Every command of every page runs, from the top of the page to its end, and does what is shown.

All in this file, so that no two pages want the same ports at once.
"""

import re
import shutil
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.docs.blocks import PROMPT, Command, File, Stands, blocks, steps
from tests.docs.page_run import PageRun
from tests.docs.pages import PAGES, text_of
from tests.docs.scratch import copy_repository, environment
from tests.docs.standing import Standing

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.timeout(400),
    pytest.mark.shows_mail("pages show what approvers get"),
]
SHOWN = {"", "text", "mermaid", "python", "go", "typescript", "ini", "yaml", "json", "toml"}
TYPED = re.compile(r"(\$ |make |(\.venv/bin/)?python3? |docker |temporal |curl |go run |npm )")


def _stand(page: str) -> bool:
    return any(isinstance(step, Stands) for step in steps(text_of(page)))


WITH_COMMANDS = [page for page in PAGES if steps(text_of(page))]
# Those that bring their own servers come first: what the others share may stay up to the end.
IN_ORDER = sorted(WITH_COMMANDS, key=_stand)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def standing(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Standing]:
    standing = Standing(tmp_path_factory.mktemp("standing"))
    yield standing
    await standing.leave()


@pytest.mark.parametrize("page", IN_ORDER)
async def test_every_command_of_a_page_runs(page, standing, tmp_path):
    directory, state, programs = (tmp_path / name for name in ("repository", "state", "bin"))
    for each in (directory, state, programs):
        each.mkdir()
    copy_repository(directory)
    run = PageRun(page, directory, state, environment(programs, {}))
    try:
        for step in steps(text_of(page)):
            match step:
                case Stands(names=names):
                    await standing.need(names)
                    run.environ = environment(programs, standing.settings)
                case File():
                    run.write(step)
                case Command():
                    await run.run(step)
        await run.end()
    finally:
        await run.clear_up()
        shutil.rmtree(directory)


@pytest.mark.parametrize("page", PAGES)
async def test_no_command_stands_where_nobody_runs_it(page):
    for block in blocks(text_of(page)):
        where = f"{page}:{block.line}"
        if block.language == "console":
            assert block.lines[0].startswith(PROMPT), f"{where}: a console block begins with $"
            continue
        assert block.language in SHOWN, f"{where}: what is to be typed stands in a console block"
        typed = [line for line in block.lines if TYPED.match(line)]
        assert not typed, f"{where}: {typed[0]} is run by nobody: put it into a console block"
