"""Which action of a run an operator means whose outcome is unknown."""

from typing import Any

import pytest
from temporalio.service import RPCError, RPCStatusCode

from agent.errors import ConfigurationError
from agent.resolving import _the_unknown

RUN = "human-in-the-loop-1"
TRAIL = [
    {"kind": "started"},
    {"kind": "unknown", "request_id": "AR-0000000001"},
    {"kind": "executed", "request_id": "AR-0000000002"},
    {"kind": "unknown", "request_id": "AR-0000000003"},
]


class Temporal:
    """Knows the resolutions of these."""

    def __init__(self, *resolved: str) -> None:
        self._ids = {f"resolution-{request_id}" for request_id in resolved}

    def get_workflow_handle(self, workflow_id: str) -> Any:
        if workflow_id not in self._ids:
            raise RPCError("not found", RPCStatusCode.NOT_FOUND, b"")
        return self

    async def describe(self) -> Any:
        return self

    async def memo(self) -> dict[str, Any]:
        return {"done": True}


async def meant(wanted: str | None = None, *resolved: str) -> str:
    client: Any = Temporal(*resolved)
    return await _the_unknown(client, TRAIL, wanted, RUN)


async def test_the_one_that_is_named_is_meant_resolved_before_or_not():
    assert await meant("AR-0000000003") == "AR-0000000003"
    assert await meant("AR-0000000003", "AR-0000000003") == "AR-0000000003"


async def test_of_several_the_one_that_is_left_is_meant():
    assert await meant(None, "AR-0000000001") == "AR-0000000003"


@pytest.mark.parametrize("resolved", [(), ("AR-0000000001", "AR-0000000003")])
async def test_of_several_alike_one_must_be_named(resolved):
    with pytest.raises(ConfigurationError, match="--action: AR-0000000001, AR-0000000003"):
        await meant(None, *resolved)


async def test_what_is_known_cannot_be_meant():
    with pytest.raises(ConfigurationError, match="AR-0000000002: no outcome"):
        await meant("AR-0000000002")
