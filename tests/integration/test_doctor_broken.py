"""Each thing broken in turn: `doctor` names it, and says what to do."""

import asyncio
import secrets
import socket
from collections.abc import AsyncIterator

import pytest
from pymap.config import IMAPConfig

from demo.model_rules import ApiError
from tests.integration.doctoring import doctor, only, relaying, rows, states
from tests.integration.office import Office
from tests.planted import PASSWORD
from tests.servers.temporal import TemporalProcess

_CAPABILITY = IMAPConfig.login_capability.fget  # type: ignore[attr-defined]


@pytest.fixture
async def office(temporal, tmp_path) -> AsyncIterator[Office]:
    async with relaying(temporal, tmp_path) as office:
        yield office


@pytest.fixture
def nowhere() -> str:
    """A port where nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


# ---- settings


async def test_every_fault_of_the_settings_is_named_and_the_rest_is_checked(office):
    found = await rows(
        office,
        code=2,
        SMTP_PORT="many",
        IMAP_SECURITY="starttls",
        APPROVAL_SECRET="short",
        OPENAI_API_KEY="",
    )
    wrong = {"SMTP_PORT", "IMAP_SECURITY", "APPROVAL_SECRET", "OPENAI_API_KEY"}
    assert states(found, "failed") == wrong
    assert found["APPROVAL_SECRET"]["advice"].startswith("`python -m agent secret` makes one")
    assert found["OPENAI_API_KEY"]["detail"] == "is not set"
    assert found["smtp"]["detail"] == "not checked: first mend SMTP_PORT"
    assert found["model"]["detail"] == "not checked: first mend OPENAI_API_KEY"
    assert {"temporal", "namespace", "dns"} <= states(found, "ok")
    assert all(found[check]["ok"] is None for check in ("probe", "imap", "folders", "clean-up"))


async def test_a_role_is_asked_for_nothing_of_the_other(office):
    sidecar = await rows(office, role="inbox", OPENAI_API_KEY="")
    assert states(sidecar, "failed") == set()
    assert "probe" in states(sidecar, "ok")
    assert not {"model", "tools"} & sidecar.keys()
    agent = await rows(office, role="agent", IMAP_HOST="", IMAP_PASSWORD="")
    assert states(agent, "failed") == set()
    assert {"model", "tools", "smtp"} <= states(agent, "ok")
    assert not {"imap", "probe"} & agent.keys()


async def test_an_unknown_role_is_a_fault_of_the_command_line(office):
    finished = await doctor(office, "--role", "boss")
    assert finished.code == 2
    assert "boss" in finished.err and "doctor --help" in finished.err


# ---- Temporal


async def test_without_temporal_everything_else_is_checked(office, nowhere):
    found = await rows(office, code=1, TEMPORAL_ADDRESS=f"127.0.0.1:{nowhere}")
    assert states(found, "failed") == {"temporal"}
    assert f"127.0.0.1:{nowhere} cannot be reached" in found["temporal"]["detail"]
    assert "temporal server start-dev" in found["temporal"]["advice"]
    assert found["agent-worker"]["detail"] == "not checked: it needs temporal and namespace"
    assert {"model", "probe", "clean-up"} <= states(found, "ok")


async def test_a_namespace_that_is_not_there_is_named(office):
    found = await only(office, "namespace", code=2, TEMPORAL_NAMESPACE="elsewhere")
    assert found["detail"] == "there is no elsewhere"
    assert "temporal operator namespace create -n elsewhere" in found["advice"]


async def test_search_attributes_that_are_not_there_yet_are_no_fault(
    office, temporal_process: TemporalProcess
):
    async with temporal_process.running() as server:
        found = await rows(office, TEMPORAL_ADDRESS=server.address)
    assert found["search-attributes"]["ok"] is None
    assert "the worker adds them" in found["search-attributes"]["advice"]


# ---- the model


@pytest.mark.parametrize(
    ("answer", "advice"),
    [
        (ApiError(401, "Incorrect API key provided", "invalid_api_key"), "OPENAI_API_KEY"),
        (ApiError(404, "The model does not exist", "model_not_found"), "set OPENAI_MODEL"),
        (ApiError(404, "Not Found"), "set OPENAI_API=chat"),
        (ApiError(400, "Invalid schema for function 'x'"), "OPENAI_STRICT_SCHEMAS=off"),
        (ApiError(429, "Too many"), "the account's limit"),
        (ApiError(500, "Oops"), "see the server's log"),
    ],
    ids=["key", "model", "api", "schema", "limit", "broken"],
)
async def test_what_the_model_refuses_is_told_with_the_setting(office, answer, advice):
    office.model.script = lambda request: answer
    found = await only(office, "model", send=False)
    assert f"answered {answer.status}" in found["detail"]
    assert advice in found["advice"] and found["advice"] not in found["detail"]


async def test_a_model_that_is_down_is_told(office, nowhere):
    found = await only(office, "model", send=False, OPENAI_BASE_URL=f"http://127.0.0.1:{nowhere}")
    assert "cannot be reached" in found["detail"]
    assert found["advice"].startswith("OPENAI_BASE_URL")


async def test_chat_completions_are_asked_as_the_settings_say(office):
    found = await rows(office, send=False, OPENAI_API="chat", OPENAI_STRICT_SCHEMAS="off")
    assert "(chat) answers" in found["model"]["detail"]
    (request,) = office.model.requests
    assert request["messages"] and not request["tools"][0]["function"].get("strict")


async def test_the_models_server_sees_the_tools_and_runs_none(office):
    await rows(office, send=False)
    (request,) = office.model.requests
    assert {tool["name"] for tool in request["tools"]} >= {"refund_order", "delete_test_data"}


async def test_a_tool_that_does_not_load_is_named_and_the_model_asked_all_the_same(office):
    found = await only(office, "tools", code=2, send=False, AGENT_TOOLS="nowhere.at_all")
    assert "there is no module nowhere.at_all" in found["detail"]
    assert "AGENT_TOOLS" in found["advice"]


# ---- the mail servers


async def test_a_wrong_password_is_told_of_the_right_server(office):
    found = await only(office, "smtp", SMTP_PASSWORD="wrong")
    assert "refused the login: 535" in found["detail"]
    assert found["advice"].startswith("SMTP_USERNAME and SMTP_PASSWORD (or its …_FILE")
    found = await only(office, "imap", IMAP_PASSWORD="wrong")
    assert found["detail"].endswith("the IMAP server refused the login")
    assert found["advice"].startswith("IMAP_USERNAME and IMAP_PASSWORD (or its …_FILE")


async def test_a_command_that_fails_is_told_and_not_its_host(office):
    changes = {"IMAP_PASSWORD": "", "IMAP_TOKEN_COMMAND": "echo no consent >&2; exit 3"}
    found = await only(office, "imap", **changes)
    assert "IMAP_TOKEN_COMMAND" in found["detail"]
    assert found["advice"].startswith("run the command by hand")


async def test_a_password_may_come_from_a_command(office):
    changes = {"IMAP_PASSWORD": "", "IMAP_PASSWORD_COMMAND": f"echo {PASSWORD}"}
    assert "probe" in states(await rows(office, **changes), "ok")
    missing = {"IMAP_PASSWORD": "", "IMAP_PASSWORD_FILE": "/nowhere/at/all"}
    found = await rows(office, code=2, **missing)
    assert any(check.startswith("IMAP_PASSWORD") for check in states(found, "failed"))
    assert "smtp" in states(found, "ok")


async def test_a_wrong_port_is_told_with_its_setting(office, nowhere):
    found = await only(office, "smtp", SMTP_PORT=nowhere)
    assert f"127.0.0.1:{nowhere} (none)" in found["detail"]
    assert "SMTP_HOST and SMTP_PORT" in found["advice"]
    found = await only(office, "imap", IMAP_PORT=nowhere)
    assert "IMAP_HOST and IMAP_PORT" in found["advice"]


async def test_tls_where_there_is_none_is_told(office):
    found = await only(office, "smtp", SMTP_SECURITY="tls")
    assert "SMTP_PORT and SMTP_SECURITY do not fit" in found["advice"]
    found = await only(office, "smtp", SMTP_SECURITY="starttls")
    assert "speaks no STARTTLS" in found["advice"]


async def test_a_server_without_idle_is_polled(office, monkeypatch):
    monkeypatch.setattr(IMAPConfig, "login_capability", property(_without_idle))
    found = await rows(office, IMAP_POLL_SECONDS="7")
    assert found["imap-extensions"]["state"] == found["idle"]["state"] == "warning"
    assert "no IDLE" in found["imap-extensions"]["detail"]
    assert "every 7 s" in found["idle"]["detail"]
    assert "probe" in states(found, "ok")


def _without_idle(config) -> list[bytes]:
    return [name for name in _CAPABILITY(config) if name != b"IDLE"]


# ---- a worker that is gone


async def test_a_worker_that_has_gone_is_not_called_one_that_reads(office):
    changes = {"TEMPORAL_TASK_QUEUE": f"gone-{secrets.token_hex(4)}"}
    async with office.worker(**changes):
        await asyncio.sleep(0)
    found = await rows(office, send=False, **changes)
    row = found["inbox-workflow"]
    assert row["state"] == "warning"
    assert "nobody reads the mailbox" in row["detail"]
    assert PASSWORD not in str(found)
