"""Workers whose model has Chat Completions only, or whose server wants another setting."""

import pytest

from demo.model_rules import ApiError
from tests.integration.office import REFUND
from tests.waiting import logged

pytestmark = pytest.mark.asyncio(loop_scope="module")

CHAT = {"OPENAI_API": "chat", "OPENAI_STRICT_SCHEMAS": "off"}


async def test_a_request_goes_its_whole_way_over_chat_completions(office):
    before = len(office.model.requests)
    async with office.worker(**CHAT):
        run, letter = await office.asked(f"Look up order 1042 and then {REFUND}")
        assert run.effects() == []
        await office.reply(letter, "APPROVE")
        found = await run.result()
    assert "Action completed successfully: Refunded 120.00 EUR for order 1042\n" in found
    assert found.endswith("Everything that was asked for has been done.")
    assert [tool for tool, _ in run.effects()] == ["refund_order"]
    turns = [[message["role"] for message in r["messages"]] for r in office.model.requests[before:]]
    assert turns == [["system", "user", *["assistant", "tool"] * calls] for calls in range(3)]


async def test_a_run_that_waits_goes_on_under_the_other_api(office):
    async with office.worker():
        run, letter = await office.asked(f"{REFUND} and then look up order 1001")
    async with office.worker(**CHAT):
        await office.reply(letter, "REJECT too expensive")
        found = (await run.result()).splitlines()
    assert found[0] == "Action rejected. Reviewer notes: too expensive"
    assert found[1].startswith("Action completed successfully (auto-approved): ")
    assert run.effects() == []
    last = office.model.requests[-1]["messages"]
    assert [message["role"] for message in last[2:]] == ["assistant", "tool"] * 2
    assert "too expensive" in last[3]["content"]


@pytest.mark.parametrize("api", ["responses", "chat"])
async def test_the_setting_to_change_stands_in_the_log_and_in_the_result(office, api):
    office.model.script = lambda request: ApiError(401, "Who are you?", "invalid_api_key")
    try:
        async with office.worker("--no-inbox", OPENAI_API=api) as worker:
            run = await office.start()
            found = await run.result()
            line = await logged(worker, "the model was not asked")
    finally:
        office.model.script = None
    told = "set OPENAI_API_KEY to a key of this server"
    assert found.startswith("Action failed: the model could not be asked: ")
    assert f"answered 401: {told}; it says: Who are you?" in found
    assert told in line and "Who are you" not in line
