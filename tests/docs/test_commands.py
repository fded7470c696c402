"""Every command of every page runs, from the top of the page to its end, and does what is shown.

All in this file, so that no two pages want the same ports at once.
"""

import re
import shutil
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest
import pytest_asyncio
from rich.console import Console

from demo.build_step import BuildError
from demo.temporal_server import NoTemporalError, find_temporal
from tests.docs.blocks import PROMPT, Answers, Command, File, Stands, blocks, steps
from tests.docs.page_run import PageRun
from tests.docs.pages import PAGES, text_of
from tests.docs.scratch import copy_repository, environment
from tests.docs.standing import Standing
from tests.servers.examples import LANGUAGES, build

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.timeout(400),
    pytest.mark.shows_mail("pages show what approvers get"),
]
# PowerShell is typed at a provider's alone.
SHOWN = {
    "powershell",
    "dockerfile",
    "",
    "text",
    "mermaid",
    "python",
    "go",
    "typescript",
    "ini",
    "yaml",
    "json",
    "toml",
}
TYPED = re.compile(r"(\$ |make |(\.venv/bin/)?python3? |docker |temporal |curl |go run |npm )")


def _stand(page: str) -> bool:
    return any(isinstance(step, Stands) for step in steps(text_of(page)))


WITH_COMMANDS = [page for page in PAGES if steps(text_of(page))]
# Those that bring their own servers come first: what the others share may stay up to the end.
IN_ORDER = sorted(WITH_COMMANDS, key=_stand)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def standing(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Standing]:
    try:
        await find_temporal(Console(stderr=True))
    except NoTemporalError as error:
        pytest.skip(str(error))
    standing = Standing(tmp_path_factory.mktemp("standing"))
    yield standing
    await standing.leave()


@pytest.mark.parametrize("page", IN_ORDER)
async def test_every_command_of_a_page_runs(page, standing, tmp_path):
    directory, state, programs = (tmp_path / name for name in ("repository", "state", "bin"))
    for each in (directory, state, programs):
        each.mkdir()
    await built(page)
    copy_repository(directory)
    run = PageRun(page, directory, state, environment(directory, programs, {}))
    async with AsyncExitStack() as stack:
        stack.callback(shutil.rmtree, directory)
        stack.push_async_callback(run.clear_up)
        for step in steps(text_of(page)):
            match step:
                case Stands(names=names):
                    await standing.need(names)
                    run.environ = environment(directory, programs, standing.settings)
                case Answers(words=words):
                    await stack.enter_async_context(standing.answering(words))
                case File():
                    run.write(step)
                case Command():
                    await run.run(step)
        await run.end()


async def built(page: str) -> None:
    """What a page of examples needs to have been fetched, as for their own tests."""
    language = LANGUAGES.get(page.split("/")[1]) if page.startswith("examples/") else None
    if language is None:
        return
    try:
        await build(language, Console(stderr=True))
    except BuildError as error:
        pytest.skip(str(error))


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
