"""Where attacks are played: the stage of a module's table, and IMAP servers."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from demo.temporal_server import Temporal
from tests.integration.conftest import dovecot_server, greenmail_server
from tests.redteam.attack import Attack
from tests.redteam.stage import Stage, stage_of

__all__ = ["dovecot_server", "greenmail_server"]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage(
    request: pytest.FixtureRequest,
    temporal: Temporal,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[Stage]:
    """One worker for all attacks that are to be tested in a module; they begin at once."""
    directory = tmp_path_factory.mktemp("redteam")
    async with stage_of(_attacks(request), temporal, directory) as stage:
        yield stage


def _attacks(request: pytest.FixtureRequest) -> list[Attack]:
    """`-k` plays those alone that it selects."""
    tests = (test for test in request.session.items if test.path == request.path)
    calls = (getattr(test, "callspec", None) for test in tests)
    attacks = (call.params["attack"] for call in calls if call is not None)
    return [attack for attack in attacks if isinstance(attack, Attack)]
