"""The services of docker-compose.yml, run without an engine: answered through MailHog."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest
import pytest_asyncio

from demo.mailhog import caught
from tests.compose import load
from tests.image import Builder
from tests.integration.topology import Topology, without_privileges
from tests.waiting import until

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    # Two images are built, all of it is started, and others may be at work here, too.
    pytest.mark.timeout(900),
]
ROOT = Path(__file__).parents[2]
COMPOSE = ROOT / "docker-compose.yml"
REFUND = "Refund 120.00 EUR for order 1042"
WORDS = "APPROVE fine"
PEOPLE = ("approver@demo.test", "approver2@demo.test", "requester@demo.test")


@pytest.fixture(scope="module")
def images(tmp_path_factory):
    """Built where nobody may write afterwards, as on a read-only file system."""
    directory = tmp_path_factory.mktemp("images")
    builder = Builder(directory)
    built = {name: builder.build(name) for name in ("worker", "demo")}
    for image in built.values():
        subprocess.run(["chmod", "-R", "a-w", image.root], check=True)
    yield built
    subprocess.run(["chmod", "-R", "u+w", directory], check=True)
    shutil.rmtree(directory)


def within(image, *command):
    """Run in a directory that is the image, and with the privileges that it leaves."""
    return subprocess.run(
        [*without_privileges(), *command],
        cwd=image.below("."),
        env=image.environment(),
        capture_output=True,
        text=True,
    )


async def test_the_image_holds_what_it_needs_and_no_tool(images):
    worker = images["worker"]
    bare = within(worker, *worker.command)
    # It has come as far as its settings.
    assert (bare.returncode, "error: MAIL_FROM is not set" in bare.stderr) == (2, True), bare.stderr
    for command in ("start_workflow.py", "-m agent", "-m agent doctor", "-m mail parse"):
        helped = within(worker, "python", *command.split(), "--help")
        assert helped.returncode == 0, helped.stderr
    for module in ("demo", "pip", "pytest", "aiosmtpd", "pymap", "yaml"):
        assert within(worker, "python", "-c", f"import {module}").returncode == 1
    assert (worker.below("LICENSE")).read_text() == (ROOT / "LICENSE").read_text()


async def test_nothing_in_the_image_can_be_written(images):
    worker = images["worker"]
    for path in (worker.below("."), worker.below("agent"), worker.below("/venv")):
        assert within(worker, "touch", f"{path}/new").returncode == 1
    assert not within(worker, "python", "-m", "agent", "secret").stderr


@pytest_asyncio.fixture(loop_scope="module")
async def topology(images, tmp_path):
    topology = Topology(load(COMPOSE, {}), images, tmp_path)
    try:
        yield topology
    finally:
        await topology.down()


async def answered(topology, worker):
    """Start a request within a worker, answer it from MailHog, and see what came of it."""
    typed = ("python", "start_workflow.py", REFUND, "--requester", PEOPLE[2], "--id", "1", "--json")
    started = await topology.exec(worker, *typed, "--no-wait")
    assert started.code == 0, started.err

    async def waiting():
        listed = await topology.exec(worker, "python", "-m", "agent", "list", "--json")
        return [row["request_id"] for row in json.loads(listed.out)]

    (request_id,) = await until(waiting, "an approval")
    reply = ("-m", "demo", "reply", request_id, WORDS, "--as", PEOPLE[1])

    replied = await topology.exec("model", "python", *reply)
    assert replied.code == 0, replied.err
    ended = await topology.exec(worker, *typed)
    assert ended.code == 0, ended.err
    shown = await topology.exec(worker, "python", "-m", "agent", "show", request_id, "--json")
    mailhog = f"http://127.0.0.1:{topology.port('mailhog', 8025)}"
    return json.loads(ended.out)["result"], json.loads(shown.out), list(caught(mailhog, request_id))


async def test_up_and_a_reply_from_mailhog_are_all_it_takes(topology):
    await topology.up("worker")
    result, shown, letters = await answered(topology, "worker")
    assert result.startswith("Action completed successfully: Refunded")
    assert shown["status"] == "approved"
    assert [vote["approver"] for vote in shown["votes"]] == [PEOPLE[1]]
    # Receipt, news and result, too: MailHog refuses the sender that answers have by right.
    assert {one.recipient for one in letters} == set(PEOPLE)
    assert sum(one.letter.asks for one in letters) == 2

    doctor = ("python", "-m", "agent", "doctor", "--no-send", "--json")
    asked = await topology.exec("worker", *doctor)
    failed = [row for row in json.loads(asked.out) if row["ok"] is False]
    assert (asked.code, failed) == (0, []), asked.err

    healthy = await topology.healthy("worker")
    assert healthy.code == 0, healthy.out
    secret = topology.directory / "volume-worker" / "approval-secret"
    assert len(secret.read_text().strip()) == 64
    assert secret.stat().st_mode & 0o077 == 0
    assert await topology.stopped("worker") == 0
    assert (await topology.healthy("worker")).code == 1


async def test_a_secret_that_was_made_stays(topology):
    await topology.up("secret")
    assert await topology.running["secret"].wait() == 0
    made = (topology.directory / "volume-worker" / "approval-secret").read_text()
    topology.running.clear()
    await topology.up("secret")
    assert await topology.running["secret"].wait() == 0
    assert (topology.directory / "volume-worker" / "approval-secret").read_text() == made


async def test_the_two_roles_apart_do_the_same(topology):
    await topology.up("agent", "inbox")
    assert "worker" not in topology.running
    result, *_ = await answered(topology, "agent")
    assert result.startswith("Action completed successfully: Refunded")
    for name in ("agent", "inbox"):
        assert (await topology.healthy(name)).code == 0
