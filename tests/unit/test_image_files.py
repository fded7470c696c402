"""The image's own files: what it is made from, what it may do, and what it must not hold."""

import re
import tomllib

import pytest
import yaml

from agent.settings import Settings
from tests.image import ROOT, context, ignored, stages

STAGES = stages((ROOT / "Dockerfile").read_text(encoding="utf-8"))
_PIN = re.compile(r"^([a-z0-9-]+)==(\S+).*?((?:\s+--hash=sha256:[0-9a-f]{64}\s*\\?\n?)+)", re.M)


def values(stage: str, keyword: str) -> list[str]:
    return [step.value for step in STAGES[stage] if step.keyword == keyword]


def pins(lock: str) -> dict[str, tuple[str, frozenset[str]]]:
    """Package -> its version and hashes."""
    text = (ROOT / lock).read_text(encoding="utf-8").replace("\\\n", "\n")
    return {
        match[1]: (match[2], frozenset(re.findall(r"sha256:[0-9a-f]{64}", match[3])))
        for match in _PIN.finditer(text)
    }


def names(requirements: list[str]) -> set[str]:
    return {re.split(r"[\[<>=,]", requirement)[0] for requirement in requirements}


def test_the_workers_lock_is_a_part_of_that_of_the_tests():
    worker, tests = pins("requirements-worker.lock"), pins("requirements.lock")
    assert worker.items() <= tests.items()
    assert len(worker) > 30


def test_what_is_installed_is_what_the_lock_names():
    (installing,) = [run for run in values("build", "RUN") if " install " in run]
    assert {"--require-hashes", "requirements-worker.lock"} <= {*installing.split()}


def test_the_workers_lock_holds_what_it_needs_and_no_tool():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    worker = pins("requirements-worker.lock").keys()
    assert names(project["project"]["dependencies"]) <= worker
    groups = project["dependency-groups"]
    tools = [one for one in groups["dev"] if isinstance(one, str)]
    assert not worker & names([*groups["demo"], *tools])


def test_python_is_pinned_and_the_worker_is_what_is_built_unasked():
    bases = {values(name, "FROM")[0] for name in STAGES}
    (python,) = bases - STAGES.keys()
    assert re.fullmatch(r"python:3\.\d+\.\d+-slim-[a-z]+", python)
    assert list(STAGES)[-1] == "worker"


def test_it_runs_as_nobody_and_gets_its_signals_itself():
    # By number: Kubernetes cannot tell otherwise that it is not root.
    assert values("base", "USER") == ["10001:10001"]
    for stage in ("demo", "worker"):
        assert not values(stage, "USER")
        assert values(stage, "CMD")[0].startswith('["python", ')
        assert not values(stage, "ENTRYPOINT")


def test_the_scripted_model_and_its_demo_stay_out_of_production():
    assert values("demo", "COPY") == ["demo demo"]
    assert not [
        copy for copy in values("worker", "COPY") + values("build", "COPY") if "demo" in copy
    ]


def test_the_probe_looks_where_the_worker_touches():
    environ = " ".join(values("worker", "ENV"))
    assert "HEALTH_FILE=/tmp/" in environ
    assert '"$HEALTH_FILE"' in values("worker", "HEALTHCHECK")[0]


def examples(language: str) -> list[str]:
    """The blocks of a language in docs/containers.md."""
    page = (ROOT / "docs" / "containers.md").read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", page, re.M | re.S)


def test_the_deployment_that_is_shown_fits_the_image():
    (deployment,) = (one for one in map(yaml.safe_load, examples("yaml")) if "kind" in one)
    pod = deployment["spec"]["template"]["spec"]
    (worker,) = pod["containers"]
    user, group = values("base", "USER")[0].split(":")
    assert (
        pod["securityContext"] | {"runAsUser": int(user), "runAsGroup": int(group)}
        == (pod["securityContext"])
    )
    environ = dict(pair.split("=") for pair in values("worker", "ENV")[0].split())
    for probe in ("startupProbe", "livenessProbe"):
        assert worker[probe]["exec"]["command"] == [
            *("python", "-m", "agent.health", environ["HEALTH_FILE"])
        ]
    written = {mount["mountPath"] for mount in worker["volumeMounts"] if "readOnly" not in mount}
    assert written == {"/tmp", "/data"}
    assert worker["securityContext"]["readOnlyRootFilesystem"] is True


@pytest.mark.parametrize("text", examples("yaml"))
def test_settings_that_are_shown_are_the_agents(text):
    set_there = set(re.findall(r"\b([A-Z]+(?:_[A-Z]+)+)(?=:|,)", text)) - {"TEMPORAL_ADDRESS"}
    assert set_there
    assert {name.lower() for name in set_there} <= set(Settings.model_fields)


def test_an_image_of_ones_own_begins_with_the_same_python():
    python = stages((ROOT / "Dockerfile").read_text(encoding="utf-8"))["build"][0].value
    begun = {
        name for text in examples("dockerfile") for name in re.findall(r"^FROM (\S+)", text, re.M)
    }
    assert begun == {python, "mail-approval-agent"}


@pytest.mark.parametrize("text", examples("dockerfile"))
def test_an_image_of_ones_own_ends_as_the_same_user(text):
    users = re.findall(r"^USER (\S+)$", text, re.M)
    assert users[-1:] in ([], values("base", "USER"))


def test_nothing_is_sent_to_the_build_but_what_it_needs():
    sent = context()
    tops = {path.partition("/")[0] for path in sent}
    assert tops == {
        *("agent", "demo", "mail", "LICENSE"),
        *("requirements-worker.lock", "start_workflow.py", "worker.py"),
    }
    assert not [path for path in sent if "__pycache__" in path or path.endswith(".go")]


@pytest.mark.parametrize("path", [".env", "agent/.env.pyc", ".git/config", "mail/__pycache__/x"])
def test_what_may_lie_beside_it_is_not_sent(path):
    assert ignored(path)
