"""Which approval an operator means who names a run."""

from typing import Any

import pytest

from agent.errors import ConfigurationError
from agent.operations import Found, only_open_approval
from tests.unit.agent_samples import REQUEST_ID

OTHER = "AR-0000000001"


class Workflow:
    """A run with some approvals, and Temporal's answers about any workflow."""

    status = None
    workflow_type = "ApprovalWorkflow"
    task_queue = "q"

    def __init__(self, **approvals):
        self._approvals = [{"request_id": i, "status": s} for i, s in approvals.items()]

    async def query(self, name, args, rpc_timeout):
        return {"status": "waiting", "approvals": self._approvals}

    def get_workflow_handle(self, workflow_id):
        return self

    async def describe(self):
        return self

    async def memo(self):
        return {}


async def chosen(**approvals):
    run: Any = Workflow(**{name.replace("_", "-"): status for name, status in approvals.items()})
    return (await only_open_approval(run, Found(run, None, None))).request_id


@pytest.mark.parametrize("approvals", [{}, {"AR_0000000001": "rejected"}])
async def test_a_run_with_nothing_open_is_said_to_have_nothing_open(approvals):
    with pytest.raises(ConfigurationError, match="^no approval is open in this run$"):
        await chosen(**approvals)


async def test_the_only_open_approval_of_a_run_is_meant():
    assert await chosen(**{REQUEST_ID: "waiting", OTHER: "expired"}) == REQUEST_ID


async def test_of_several_open_approvals_one_must_be_named():
    with pytest.raises(ConfigurationError, match=f"{REQUEST_ID}, {OTHER}"):
        await chosen(**{REQUEST_ID: "waiting", OTHER: "waiting"})


async def test_an_approval_named_by_its_own_id_is_meant():
    temporal: Any = Workflow()
    found = Found(temporal, None, OTHER)
    assert await only_open_approval(temporal, found) is found
