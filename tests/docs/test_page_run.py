"""A page that is wrong is found wrong."""

import os
import sys

import pytest

from tests.docs.blocks import steps
from tests.docs.page_run import PageError, PageRun
from tests.docs.scratch import STAND_INS

COMPOSE = """\
services:
  mail:
    image: mail
  worker:
    image: worker
    profiles: ["roles"]
volumes:
  kept:
"""


@pytest.fixture
async def run(tmp_path):
    directory, state = tmp_path / "repository", tmp_path / "state"
    directory.mkdir()
    state.mkdir()
    (directory / "docker-compose.yml").write_text(COMPOSE)
    path = os.pathsep.join([str(STAND_INS), os.path.dirname(sys.executable), os.environ["PATH"]])
    run = PageRun("page.md", directory, state, {"PATH": path})
    yield run
    await run.clear_up()


@pytest.fixture
def play(run):
    """Does what stands in a console block."""

    async def play(*lines: str) -> None:
        for step in steps("\n".join(["```console", *lines, "```"])):
            await run.run(step)
        await run.end()

    return play


async def test_what_is_exported_and_where_one_goes_holds_for_the_next_line(play):
    await play(
        "$ export A=b", "$ mkdir sub && cd sub", '$ echo "$A in $(basename "$PWD")"', "b in sub"
    )


@pytest.mark.parametrize(
    ("lines", "fault"),
    [
        (["$ false"], "exit code 1 instead of 0"),
        (["$ true # exit 1"], "exit code 0 instead of 1"),
        (["$ false | cat"], "exit code 1 instead of 0"),
        (["$ echo one", "two"], "does not print this line of the page:\ntwo"),
        (["$ echo …"], "nobody can run what holds"),
        (["$ echo worker.py"], "it ended with 0"),
        (["$ docker compose up ghost"], "exit code 1"),
        (["$ docker compose --profile ghost up"], "exit code 1"),
        (["$ docker compose -f ghost.yml up"], "exit code 1"),
        (["$ docker rm everything"], "exit code 1"),
        (["$ make tests"], "exit code 2"),
    ],
)
async def test_a_line_that_does_not_do_what_the_page_says_is_named(play, lines, fault):
    with pytest.raises(PageError) as caught:
        await play(*lines)
    assert "page.md:2" in str(caught.value) and fault in str(caught.value)


async def test_a_server_runs_on_and_ends_with_its_page(run, play):
    serves = "echo $$; echo reading the inbox; exec sleep 600 # worker.py"
    await play(f"$ {serves}", "reading the inbox", "$ echo next", "next")
    pid = int((run.state / "1.txt").read_text().split()[0])
    os.kill(pid, 0)
    await run.clear_up()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


async def test_who_waits_for_people_must_have_ended_well(play):
    waits = 'echo "AR-ABCDEFGHJK: waiting for a"; while [ ! -e done ]; do sleep 0.05; done'
    command = f"$ {waits}; echo ended # start_workflow.py"
    await play(command, "AR-0000000000: waiting for a", "ended", "$ touch done")
    with pytest.raises(PageError, match="never showed"):
        await play("$ echo nothing # start_workflow.py", "AR-0000000001: waiting for b")


async def test_compose_and_its_parts_may_be_named(play):
    await play("$ docker compose up --detach mail", "$ docker compose --profile roles up worker")
