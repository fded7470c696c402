"""What a worker tells its log at the level that tells most, while all goes well and while it does
not: `tests/leaks.py` looks for secrets, tokens and bodies; here they are made to pass by."""

import json

import pytest

from demo.model_rules import ApiError
from tests.integration.office import APPROVER2, REFUND
from tests.integration.proxy import Proxy
from tests.integration.run import APPROVER, words
from tests.planted import BODIES, MODEL_KEY, NOTE, PASSWORD, QUESTION, REQUEST, planted_in
from tests.waiting import logged

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture
def says(office):
    """What the model's server answers instead of a turn, one after the other."""
    answers: list[ApiError] = []
    office.model.script = lambda request: answers.pop(0) if answers else None
    yield answers
    office.model.script = None


async def test_the_whole_way_with_every_kind_of_answer(office):
    assert REFUND.startswith(REQUEST)
    async with office.worker() as worker:
        run, letter = await office.asked(approvers=[APPROVER, APPROVER2], require="all")
        second = await run.request(APPROVER2)
        await office.reply(letter, QUESTION)
        await run.letter(APPROVER, "could not be counted")
        await office.reply(letter, f"REJECT\n\n{NOTE}", APPROVER2)
        await run.event("notice", notice="refused")
        await office.reply(letter, f"REJECT\n\n{NOTE}")
        assert await run.outcome() == "rejected"
        assert NOTE in words(await run.letter(APPROVER2, "It does not run"))
        await office.reply(second, f"APPROVE\n\n{NOTE}", APPROVER2)
        await run.letter(APPROVER2, "Too late to count")
        await office.mail.deliver(office.agent, f"Subject: x\r\n\r\n{NOTE}".encode())
        await office.in_folder("Unmatched", b"Subject: x")
        await run.result()
        log = worker.log_text()
    assert " DEBUG " in log and planted_in(log) == []


async def test_servers_that_fail_and_repeat_what_they_know(office, says):
    said = f"{PASSWORD} {MODEL_KEY} {REQUEST} {NOTE}"
    says += [ApiError(503, said), ApiError(429, said, said)]
    office.mail.refuse(APPROVER, f"451 4.7.1 Not now {PASSWORD}")
    proxy = Proxy(office.mail.host, office.mail.imap_port, b"UID MOVE", lambda: None)
    async with proxy.serving(), office.worker(IMAP_PORT=str(proxy.port)) as worker:
        run = await office.start()
        await logged(worker, "the model was not asked")
        await run.request_id()
        await logged(worker, "mail not sent, will be tried again: 451 4.7.1 Not now <secret>")
        office.mail.accept(APPROVER)
        await office.reply(await run.request(), f"REJECT\n\n{NOTE}")
        await logged(worker, "inbox not read, next try")
        assert await run.outcome() == "rejected"
        await run.result()
        log = worker.log_text()
    assert "answered 503" in log and planted_in(log) == []


async def test_a_model_that_refuses_for_good_and_signals_that_cannot_be_read(office, says):
    async with office.worker() as worker:
        says.append(ApiError(401, f"Wrong key {MODEL_KEY} for {REQUEST}", "invalid_api_key"))
        refused = await office.start()
        told = await refused.result()
        assert "Wrong key <secret>" in told
        await logged(worker, "answered 401 (invalid_api_key)")
        run, letter = await office.asked()
        for signal in ("approval_decision", "reply_received", "nothing_of_ours"):
            await run.approval.signal(signal, {"approved": NOTE, "reason": [NOTE], "kind": NOTE})
        await office.reply(letter, "REJECT")
        assert await run.outcome() == "rejected"
        log = worker.log_text()
        history = await refused.handle.fetch_history()
    assert planted_in(log) == []
    kept = planted_in(json.dumps(history.to_json_dict()))
    assert set(kept) <= set(BODIES), "a secret is kept in Temporal's history"
