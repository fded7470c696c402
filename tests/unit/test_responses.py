"""The Responses API: what goes back to it, and answers that are not quite of its form."""

import pytest

from agent import responses
from agent.jobs import Proposal
from agent.proposals import NoAnswerError
from demo.model_rules import refusal_of

CALL = {"type": "function_call", "call_id": "a", "name": "f", "arguments": "{}"}
RESULT = {"type": "function_call_output", "call_id": "a", "output": "done"}
SAID = {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "Hi"}]}


def sent(*items: dict) -> list[dict]:
    user = {"role": "user", "content": "x"}
    asked = responses.request("m", "Be careful.", [user, *items], [])
    assert refusal_of(asked) is None
    told: list[dict] = asked["input"][1:]
    return told


def test_what_only_the_other_api_wants_back_stays_here():
    thoughts = {"type": "reasoning", "summary": [], "reasoning_content": "x"}
    assert sent(thoughts, {**CALL, "extra_content": {"google": {}}}, RESULT) == [CALL, RESULT]


def test_what_no_tool_can_be_named_or_given_goes_back_in_a_form_that_is_taken():
    call, _ = sent({**CALL, "name": "functions.f", "arguments": '{"a":'}, RESULT)
    assert (call["name"], call["arguments"]) == ("functions_f", '{"not_an_object": "{\\"a\\":"}')


def read(**answer) -> Proposal:
    return responses.proposal_of({"status": "completed", "output": [], **answer}, [CALL, RESULT])


def test_items_are_kept_without_the_servers_ids_and_nulls():
    part = {"type": "output_text", "text": "Hi", "logprobs": None}
    item = {**SAID, "id": "msg_1", "status": "completed", "content": [part], "phase": None}
    assert read(output=[item, {"type": "web_search_call"}]).items == (SAID,)


def test_an_id_that_was_used_before_is_replaced():
    found = read(output=[{**CALL, "name": "g"}, {**CALL, "call_id": None, "arguments": {"b": 1}}])
    assert len({"a", *(call.call_id for call in found.calls)}) == 3
    assert [call.arguments for call in found.calls] == ["{}", '{"b": 1}']
    assert [item["call_id"] for item in found.items] == [call.call_id for call in found.calls]


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({"status": "failed"}, "the model failed: failed"),
        ({"status": "failed", "error": {"message": "worn out"}}, "the model failed: worn out"),
        ({"status": "failed", "output": None}, "the model failed: failed"),
        ({"status": "cancelled", "output": [CALL]}, "the model failed: cancelled"),
        ({"status": 7, "output": [CALL]}, "the model failed: no reason given"),
        ({"status": "incomplete", "output": [CALL]}, "cut off (no reason given)"),
        ({"status": "incomplete", "output": None}, "cut off (no reason given)"),
        (
            {"status": "incomplete", "incomplete_details": {"reason": "content_filter"}},
            "cut off (content_filter)",
        ),
        (
            {"output": [{**SAID, "content": [{"type": "output_text", "text": "[TOOL_CALLS]"}]}]},
            "wrote its call as text",
        ),
    ],
)
def test_no_call_is_taken_from_an_answer_that_is_none(answer, words):
    found = read(**answer)
    assert words in found.failure
    assert found == Proposal(failure=found.failure)


@pytest.mark.parametrize("body", [{}, {"error": {"message": "no"}}, {"choices": []}])
def test_what_holds_no_output_is_no_answer(body):
    with pytest.raises(NoAnswerError):
        responses.proposal_of(body, [])
