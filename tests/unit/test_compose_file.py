"""docker-compose.yml is what it promises: pinned, closed to the outside, without a secret."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from agent.service import GRACE
from tests.compose import load

ROOT = Path(__file__).parents[2]
FILE = ROOT / "docker-compose.yml"
SERVICES = load(FILE, {})
OURS = [name for name, service in SERVICES.items() if service.target]
ROLES = ["worker", "agent", "inbox"]


def test_only_images_of_a_fixed_version_are_taken():
    foreign = [service.image for service in SERVICES.values() if not service.target]
    assert len(foreign) == 3
    assert all(re.search(r":v?\d+\.\d+\.\d+$", image) for image in foreign)


def test_every_port_is_this_machines_alone():
    published = {port for service in SERVICES.values() for port in service.published.values()}
    assert published == {7233, 8233, 1025, 8025, 3025, 3143}


@pytest.mark.parametrize("name", OURS)
def test_our_image_runs_without_privileges(name):
    raw = SERVICES[name].raw
    assert raw["read_only"] is True
    assert raw["cap_drop"] == ["ALL"]
    assert raw["security_opt"] == ["no-new-privileges:true"]
    assert "user" not in raw  # the image's own is nobody's
    assert raw["tmpfs"] == ["/tmp"]  # where the worker says that it is alive


def test_each_of_our_images_is_built_once_and_before_anybody_needs_it():
    """Two at once under one name fail where Docker keeps images in containerd."""
    builders = {s.image: name for name, s in SERVICES.items() if s.builds}
    assert len(builders) == len([s for s in SERVICES.values() if s.builds]) == 2
    for name in OURS:
        builder = builders[SERVICES[name].image]
        assert name == builder or builder in SERVICES[name].needs
        assert SERVICES[name].raw["pull_policy"] == "never"  # nobody else's of that name


@pytest.mark.parametrize("name", ["worker", "inbox"])
def test_whoever_is_on_anothers_network_is_restarted_with_it(name):
    """Compose infers that, but only where `depends_on` says nothing of it."""
    assert SERVICES[name].host == "greenmail"
    assert "greenmail" not in SERVICES[name].raw["depends_on"]


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_what_serves_comes_back_and_says_how_it_is(name):
    service = SERVICES[name]
    once = name == "secret"
    assert service.raw["restart"] == ("no" if once else "unless-stopped")
    # Of a worker the image says it.
    assert bool(service.healthcheck) is (name not in (*ROLES, "secret"))


def test_what_waits_outlasts_temporals_container():
    temporal = SERVICES["temporal"]
    file = temporal.command[temporal.command.index("--db-filename") + 1]
    (volume,) = temporal.raw["volumes"]
    assert file.startswith(f"{volume.partition(':')[2]}/")
    assert temporal.raw["user"] == "root"  # a new volume is root's


@pytest.mark.parametrize("name", ROLES)
def test_a_worker_that_is_stopped_may_end_what_it_does(name):
    seconds = int(SERVICES[name].raw["stop_grace_period"].removesuffix("s"))
    assert seconds > GRACE.total_seconds()


@pytest.mark.parametrize("name", ROLES)
def test_a_worker_waits_for_what_it_needs(name):
    needs = SERVICES[name].needs
    assert needs["secret"] == "service_completed_successfully"
    others = {needs[other] for other in needs if other not in ("secret", "greenmail")}
    assert others == {"service_healthy"}


def test_no_secret_is_written_here_nor_wanted():
    text = FILE.read_text(encoding="utf-8")
    assert "APPROVAL_SECRET:" not in text
    assert not re.search(r"\$\{\w+:?\?", text)  # nothing has to be given
    for name in ROLES:
        assert SERVICES[name].environment["APPROVAL_SECRET_FILE"].startswith("/data/")


def test_each_role_has_only_what_it_needs():
    agent, inbox = SERVICES["agent"], SERVICES["inbox"]
    assert not [name for name in agent.environment if name.startswith("IMAP_")]
    assert not [name for name in inbox.environment if name.startswith("OPENAI_")]
    assert agent.raw["profiles"] == inbox.raw["profiles"] == ["split"]
    assert agent.environment | inbox.environment == SERVICES["worker"].environment


def test_a_model_of_ones_own_is_named_by_the_environment():
    environ = {"OPENAI_BASE_URL": "https://models.example.com/v1", "OPENAI_API_KEY": "mine"}
    environment = load(FILE, environ)["worker"].environment
    assert {name: environment[name] for name in environ} == environ
    assert SERVICES["worker"].environment["OPENAI_BASE_URL"] == "http://model:8080/v1"


@pytest.mark.parametrize("name", ["worker", "agent"])
def test_a_model_on_this_machine_has_a_name_there_on_linux_too(name):
    """Docker refuses names for whoever is on another's network: they are that one's."""
    service = SERVICES[name]
    names = SERVICES[service.host].raw["extra_hosts"]
    assert names == ["host.docker.internal:host-gateway"]
    assert service.host == name or "extra_hosts" not in service.raw


def test_compose_itself_takes_the_file():
    if shutil.which("docker-compose") is None:
        pytest.skip("no Compose: on Debian, apt-get install docker-compose")
    command = ["docker-compose", "--profile", "split", "config", "--services"]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr
    assert set(ended.stdout.split()) == set(SERVICES)
