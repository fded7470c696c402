"""A DNS that gives no answer, and mail that somebody moves back by hand."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from agent import reading
from agent.activities import watch_inbox
from tests.redteam.desk import Desk, Post, desk
from tests.redteam.people import ABSENT, BOB, CAROL, CORP
from tests.redteam.play import WARNING, name_of
from tests.redteam.scene import About, Scene, bob
from tests.signing import key_record, signed
from tests.waiting import until

LATER = "later"  # a key that no other test has looked up: known ones are remembered for a while

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def office(temporal, tmp_path_factory, dovecot_server) -> AsyncIterator[Desk]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(watch_inbox, "_KEPT_IDLE_SECONDS", 0.5)
        patch.setenv("SSL_CERT_FILE", str(dovecot_server.certificate))
        home = tmp_path_factory.mktemp("unproven")
        async with Post() as post, desk(temporal.client, post, dovecot_server, home) as made:
            yield made


async def _asked(office: Desk, *approvers: str, require: str = "any") -> Scene:
    about = await office.ask(approvers, require)
    return Scene(office.settings.mailbox, about, About("AR-0000000000", "0" * 64))


async def _stood(office: Desk, scene: Scene) -> list[str]:
    return [name for e in await office.events(scene.this.request_id) if (name := name_of(e))]


async def _without_answer(office: Desk, scene: Scene, times: int) -> None:
    """Bob's true vote arrives while the DNS is down, and is tried so often in vain."""
    office.zone.down = True
    before = len(office.zone.asked)
    await office.put([signed(scene.mail(), CORP, key=CORP, selector=LATER)])

    async def tried() -> bool:
        return len(office.zone.asked) >= before + times

    await until(tried, "look-ups in vain")


async def test_a_vote_waits_for_a_dns_that_comes_back(office: Desk):
    scene = await _asked(office, BOB)
    await _without_answer(office, scene, times=2)
    assert office.bodies("INBOX")
    assert (await office.status(scene.this.request_id))["status"] == "waiting"
    assert await _stood(office, scene) == []
    office.zone.records[f"{LATER}._domainkey.{CORP}"] = key_record(CORP)
    office.zone.down = False
    await office.emptied()
    assert (await office.handle(scene.this.request_id).result())["outcome"] == "approved"


async def test_who_cannot_be_proven_for_long_is_told_so(office: Desk, monkeypatch):
    monkeypatch.setattr(reading, "UNPROVEN_SECONDS", 0.1)
    scene = await _asked(office, CAROL)
    office.zone.down = True
    raw = scene.mail(sender=CAROL, token=scene.this.token(CAROL))
    # By a key that nothing has asked for yet: known ones are remembered for a while.
    await office.put([signed(raw, CORP, selector=ABSENT)])
    await office.emptied()
    assert await _stood(office, scene) == ["refused not-proven-now"]

    async def told() -> bool:
        letters = office.post.letters(scene.this.request_id)
        return any(WARNING in letter.text for letter in letters.get(CAROL, []))

    await until(told, "a warning")
    office.zone.down = False
    await office.put([bob(raw)])
    await office.emptied()
    assert (await office.handle(scene.this.request_id).result())["outcome"] == "approved"


async def test_a_vote_moved_back_by_hand_is_known(office: Desk):
    scene = await _asked(office, BOB, CAROL, require="all")
    await office.put([bob(scene.mail(message_id="<moved@corp.test>"))])
    await office.emptied()
    assert office.move_back("Processed", b"<moved@corp.test>") == 1
    await office.emptied()
    assert await _stood(office, scene) == [f"vote {BOB}", "ignored duplicate"]
    assert (await office.status(scene.this.request_id))["status"] == "waiting"
    await office.put([bob(scene.mail(sender=CAROL, token=scene.this.token(CAROL)))])
    await office.emptied()
    assert (await office.handle(scene.this.request_id).result())["outcome"] == "approved"


async def test_each_refusal_is_counted_under_its_gates_name(office: Desk):
    scene = await _asked(office, BOB)
    before = office.counts.sums.copy()
    wrong = bob(scene.mail(token="a" * 28))
    await office.put([scene.mail(), wrong, bob(scene.elsewhere(subject=scene.subject))])
    await office.emptied()
    wanted = {"unauthenticated", "token-mismatch", "no-token"}

    async def counted() -> bool:
        """They are counted when they have been put away."""
        new = office.counts.sums - before
        refused = {label for name, label in new if name == "approval_mail_refused_total"}
        return refused == wanted

    await until(counted, f"counts of {wanted}", 20)
