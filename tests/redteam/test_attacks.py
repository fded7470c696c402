"""The whole way from a mailbox on a real server to the workflow, under attack.

Every attack is put into the agent's mailbox as it would lie there, with signatures by keys of our
own. It must change nothing, stand in the audit trail under its gate's name, and be told to the
approver in whose name it came; and the approvers' true answers, which come after it, must count.
"""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import pytest
import pytest_asyncio

from tests.redteam import (
    automatic,
    colleagues,
    elsewhere,
    genuine,
    replays,
    sealed,
    senders,
    signatures,
    tokens,
    told,
)
from tests.redteam.desk import DESKS, Desk, Post, desk
from tests.redteam.people import DAVE
from tests.redteam.play import Record, play
from tests.redteam.scene import TRUE_NOTE
from tests.servers.store import ImapProcess

TABLES = (
    senders,
    tokens,
    signatures,
    elsewhere,
    told,
    sealed,
    colleagues,
    replays,
    automatic,
    genuine,
)
ATTACKS = {attack.name: attack for table in TABLES for attack in table.ATTACKS}
# What depends on the server is what it gives back of a message: all that must count is held on
# both, of the rest every third attack on the second one.
THIRD = [name for n, name in enumerate(ATTACKS) if name.startswith("true-") or n % 3 == 0]

pytestmark = pytest.mark.timeout(300)


@dataclass
class Played:
    records: dict[str, Record]
    desks: dict[str, Desk]
    post: Post


@asynccontextmanager
async def _stage(request, temporal, factory, imap: ImapProcess) -> AsyncIterator[Played]:
    """All that are chosen, at once: only then they take seconds."""
    asked = [
        item.callspec.params["name"]
        for item in request.session.items
        if item.path == request.path and request.fixturename in item.fixturenames
    ]
    home = factory.mktemp("redteam")
    with pytest.MonkeyPatch.context() as patch:
        if imap.certificate:
            patch.setenv("SSL_CERT_FILE", str(imap.certificate))
        async with AsyncExitStack() as stack:
            post = await stack.enter_async_context(Post())
            desks = {
                name: await stack.enter_async_context(
                    desk(temporal.client, post, imap, home, **DESKS[name])
                )
                for name in DESKS
            }
            yield Played(await play(desks, [ATTACKS[name] for name in asked]), desks, post)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def dovecot(request, temporal, tmp_path_factory, dovecot_server) -> AsyncIterator[Played]:
    async with _stage(request, temporal, tmp_path_factory, dovecot_server) as played:
        yield played


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def greenmail(request, temporal, tmp_path_factory, greenmail_server) -> AsyncIterator[Played]:
    async with _stage(request, temporal, tmp_path_factory, greenmail_server) as played:
        yield played


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_changes_nothing_and_the_true_answer_counts(dovecot: Played, name: str):
    _judge(dovecot.records[name])


@pytest.mark.parametrize("name", THIRD)
def test_nor_does_it_on_another_server(greenmail: Played, name: str):
    _judge(greenmail.records[name])


def _judge(record: Record) -> None:
    attack = record.attack
    assert tuple(record.stood) == attack.stands
    assert record.voted == attack.voted
    assert record.status == "waiting"
    assert (record.outcome, record.fault) == ("approved", "")
    true = [vote for vote in record.votes if vote["approver"] not in attack.voted]
    assert true and all(vote["note"].startswith(TRUE_NOTE) for vote in true)
    assert record.warned == list(attack.warns)
    assert set(record.letters) <= {*attack.approvers, DAVE}
