"""The connection to Temporal: where it goes, and what is said if nobody is there."""

import socket
from types import SimpleNamespace
from typing import Any, cast

import pytest
from temporalio.service import RPCError, RPCStatusCode

from agent.connect import connect, register_search_attributes
from agent.errors import ConfigurationError, Unavailable


@pytest.fixture(autouse=True)
def clean(monkeypatch, tmp_path):
    for name in ("TEMPORAL_ADDRESS", "TEMPORAL_CONFIG_FILE", "TEMPORAL_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def nobody() -> str:
    """An address where nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{probe.getsockname()[1]}"


async def test_an_unreachable_server_is_one_line_with_its_address_and_setting(monkeypatch, nobody):
    monkeypatch.setenv("TEMPORAL_ADDRESS", nobody)
    with pytest.raises(Unavailable) as caught:
        await connect()
    said = str(caught.value)
    assert said.startswith(f"Temporal at {nobody} cannot be reached: ")
    assert said.endswith("(TEMPORAL_ADDRESS)")
    assert "\n" not in said


async def test_the_address_may_stand_in_the_file(clean, nobody):
    (clean / ".env").write_text(f"TEMPORAL_ADDRESS={nobody}\n")
    with pytest.raises(Unavailable, match=nobody):
        await connect()


async def test_the_environment_goes_before_the_file(monkeypatch, clean, nobody):
    (clean / ".env").write_text("TEMPORAL_ADDRESS=127.0.0.1:1\n")
    monkeypatch.setenv("TEMPORAL_ADDRESS", nobody)
    with pytest.raises(Unavailable, match=nobody):
        await connect()


async def test_a_broken_configuration_is_named(monkeypatch, clean):
    (clean / "broken.toml").write_text("[profile.default\n")
    monkeypatch.setenv("TEMPORAL_CONFIG_FILE", str(clean / "broken.toml"))
    with pytest.raises(ConfigurationError, match="Temporal's configuration: "):
        await connect()


class Operator:
    """Temporal's operator service, as far as search attributes go."""

    def __init__(self, *registered: str, refusal: RPCStatusCode | None = None) -> None:
        self.registered = list(registered)
        self.refusal = refusal

    async def list_search_attributes(self, request):
        return SimpleNamespace(custom_attributes={name: 2 for name in self.registered})

    async def add_search_attributes(self, request):
        if self.refusal is not None:
            raise RPCError("no", self.refusal, b"")
        self.registered += request.search_attributes


@pytest.mark.parametrize(
    "registered", [(), ("ApprovalStatus",), ("ApprovalStatus", "ApprovalRequestId", "Other")]
)
async def test_missing_search_attributes_are_added(registered):
    operator = Operator(*registered)
    client = cast(Any, SimpleNamespace(operator_service=operator, namespace="default"))
    assert await register_search_attributes(client) is True
    assert {"ApprovalStatus", "ApprovalRequestId"} <= set(operator.registered)
    assert len(operator.registered) == len(set(operator.registered))


@pytest.mark.parametrize(
    ("refusal", "usable"),
    [
        (RPCStatusCode.PERMISSION_DENIED, False),
        (RPCStatusCode.UNIMPLEMENTED, False),
        # Another worker was faster.
        (RPCStatusCode.ALREADY_EXISTS, True),
    ],
)
async def test_where_the_server_forbids_them_it_is_done_without(refusal, usable):
    operator = Operator(refusal=refusal)
    client = cast(Any, SimpleNamespace(operator_service=operator, namespace="default"))
    assert await register_search_attributes(client) is usable
