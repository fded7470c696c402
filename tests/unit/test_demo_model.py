"""The scripted model, asked through the real openai SDK."""

import json
from typing import Any

import openai
import pytest
from openai import AsyncOpenAI

from demo.model import Answer, function_call, message, refusal
from demo.model_rules import ApiError
from tests.unit.tool_samples import TEXT, TOOLS, tool


async def ask(client: AsyncOpenAI, given: Any, **more: Any):
    options = {"tools": TOOLS, "store": False, "include": ["reasoning.encrypted_content"], **more}
    return await client.responses.create(model="demo", input=given, **options)


def said(text: str) -> list[dict[str, Any]]:
    return [{"role": "user", "content": text}]


def calls(response) -> list[Any]:
    return [item for item in response.output if item.type == "function_call"]


def carry_on(given: list[dict[str, Any]], response, *results: str) -> list[dict[str, Any]]:
    items = [item.model_dump(exclude_none=True, exclude={"id"}) for item in response.output]
    outputs = [
        {"type": "function_call_output", "call_id": call.call_id, "output": result}
        for call, result in zip(calls(response), results, strict=True)
    ]
    return [*given, *items, *outputs]


def told(status: str, **more: str) -> str:
    """A call's result as the agent gives it to the model."""
    return json.dumps({"status": status, **more})


@pytest.mark.parametrize(
    ("request_text", "name", "arguments", "risky"),
    [
        (
            "Refund 120.00 EUR for order 1042",
            "refund_order",
            {"order_id": 1042, "amount": "120.00", "currency": "EUR"},
            True,
        ),
        ("Cancel order 1042", "cancel_order", {"order_id": 1042}, True),
        ("Look up order 1042", "lookup_order", {"order_id": 1042}, False),
        (
            "Delete all test data from the production database",
            "delete_test_data",
            {"environment": "production"},
            True,
        ),
    ],
)
async def test_sentences_become_calls(client, request_text, name, arguments, risky):
    response = await ask(client, said(request_text))
    assert [item.type for item in response.output] == ["reasoning", "function_call"]
    assert response.output[0].encrypted_content
    (call,) = calls(response)
    sent = json.loads(call.arguments)
    assert call.name == name
    assert sent.pop("reasoning")
    assert sent.pop("risky_action") is risky
    assert sent == arguments


async def test_steps_come_one_after_the_other_even_after_a_rejection(client):
    given = said("Refund 5 EUR for order 1001 and then cancel order 1002")
    first = await ask(client, given)
    given = carry_on(given, first, told("rejected", reviewer_notes="too much"))
    second = await ask(client, given)
    assert [call.name for call in calls(second)] == ["cancel_order"]
    given = carry_on(given, second, told("completed", result="Order 1002 is cancelled"))
    last = await ask(client, given)
    assert calls(last) == []
    assert last.output_text == (
        "Not done: Refund 5 EUR for order 1001 (rejected). Nothing else was tried instead."
    )


@pytest.mark.parametrize("status", ["rejected", "expired", "undeliverable", "withdrawn", "failed"])
async def test_what_was_not_done_is_not_called_done(client, status):
    given = said("Cancel order 1042")
    first = await ask(client, given)
    last = await ask(client, carry_on(given, first, told(status)))
    assert last.output_text.startswith("Not done: Cancel order 1042 (")


@pytest.mark.parametrize("result", [told("unknown"), "a result without a status"])
async def test_what_may_have_been_done_is_not_called_undone(client, result):
    given = said("Cancel order 1042")
    last = await ask(client, carry_on(given, await ask(client, given), result))
    assert last.output_text.startswith("In doubt: Cancel order 1042 (")
    assert "Not done" not in last.output_text and "has been done" not in last.output_text


async def test_a_result_that_speaks_of_failures_and_is_cut_is_still_done(client):
    given = said("Look up order 1042")
    first = await ask(client, given)
    output = told("completed", result="payment failed, refund rejected")[:-10] + "… [cut]"
    last = await ask(client, carry_on(given, first, output))
    assert last.output_text == "Everything that was asked for has been done."


async def test_calls_joined_by_and_also_come_together(client):
    given = said("Look up order 1001 and also cancel order 1002 and then look up order 1002")
    first = await ask(client, given)
    assert [call.name for call in calls(first)] == ["lookup_order", "cancel_order"]
    second = await ask(client, carry_on(given, first, "open", "Order 1002 is cancelled"))
    assert [call.name for call in calls(second)] == ["lookup_order"]


async def test_nothing_understood_is_nothing_done(client):
    response = await ask(client, said("Tell me a joke"))
    assert calls(response) == []
    assert response.output_text.startswith("No action was needed")


async def test_only_offered_tools_are_called(client):
    response = await ask(client, said("Cancel order 1042"), tools=TOOLS[:1])
    assert calls(response) == []


async def test_item_ids_are_refused_as_nothing_is_stored(client):
    given = said("Cancel order 1042")
    first = await ask(client, given)
    given.append(first.output[0].model_dump(exclude_none=True))
    with pytest.raises(openai.NotFoundError, match="Item with id 'rs_"):
        await ask(client, given)


@pytest.mark.parametrize(
    ("items", "complaint"),
    [
        (
            [{"type": "function_call_output", "call_id": "call_1", "output": ""}],
            "No tool call found",
        ),
        (
            [{"type": "function_call", "call_id": "call_1", "name": "x", "arguments": "{}"}],
            "No tool output found",
        ),
        ([{"type": "reasoning", "summary": [], "encrypted_content": "forged"}], "encrypted"),
        ([{"type": "telepathy"}], "Invalid value"),
    ],
)
async def test_broken_conversations_are_refused(client, items, complaint):
    with pytest.raises(openai.BadRequestError, match=complaint):
        await ask(client, [*said("Cancel order 1042"), *items])


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        ({"temperature": "hot"}, "Invalid type for 'temperature'"),
        ({"extra_body": {"wisdom": 1}}, "Unknown parameter: 'wisdom'"),
        ({"tools": [{**TOOLS[0], "parameters": {"type": "object"}}]}, "additionalProperties"),
    ],
)
async def test_parameters_of_the_wrong_kind_are_refused(client, options, complaint):
    with pytest.raises(openai.BadRequestError, match=complaint):
        await ask(client, "hello", **options)


async def test_a_key_is_asked_for(client):
    with pytest.raises(openai.AuthenticationError):
        await ask(client, "hello", extra_headers={"Authorization": openai.Omit()})


async def test_a_script_answers_with_errors(model, client):
    limited = ApiError(429, "Slow down", "rate_limit_exceeded", headers={"retry-after": "7"})
    model.script = lambda request: limited
    with pytest.raises(openai.RateLimitError) as caught:
        await ask(client, "hello")
    assert caught.value.code == "rate_limit_exceeded"
    assert caught.value.response.headers["retry-after"] == "7"


async def test_a_script_answers_with_refusals_cuts_and_garbage(model, client):
    model.script = lambda request: Answer([refusal("I would rather not")])
    assert (await ask(client, "hello")).output[0].content[0].refusal == "I would rather not"
    model.script = lambda request: Answer([message("Half")], "incomplete", "max_output_tokens")
    cut = await ask(client, "hello")
    assert (cut.status, cut.incomplete_details.reason) == ("incomplete", "max_output_tokens")
    model.script = lambda request: Answer([function_call("no_such_tool", '{"a":')])
    assert calls(await ask(client, "hello"))[0].arguments == '{"a":'
    assert len(model.requests) == 3


ITEM = tool("write_off", item=TEXT, reason=TEXT)
WRITE_OFF = 'Call write_off {"item": "AB-1", "reason": "fell, and then broke"}'


async def test_any_tool_is_called_with_the_arguments_that_are_written_out(client):
    """Which is how tools of one's own are tried; what stands in an argument joins nothing."""
    given = said(f"{WRITE_OFF} and then look up order 1001")
    first = await ask(client, given, tools=[ITEM, *TOOLS])
    (call,) = calls(first)
    sent = json.loads(call.arguments)
    assert call.name == "write_off" and sent.pop("reasoning") and sent.pop("risky_action") is False
    assert sent == {"item": "AB-1", "reason": "fell, and then broke"}
    given = carry_on(given, first, told("completed"))
    second = await ask(client, given, tools=[ITEM, *TOOLS])
    assert [call.name for call in calls(second)] == ["lookup_order"]


async def test_arguments_go_out_as_they_are_written_for_the_agent_to_judge(client):
    written = {"itm": 5, "risky_action": True, "reasoning": "I say so"}
    response = await ask(client, said(f"call write_off {json.dumps(written)}"), tools=[ITEM])
    assert json.loads(calls(response)[0].arguments) == written


@pytest.mark.parametrize("text", ['Call write_of {"item": "AB-1"}', "Call write_off {item: 1}"])
async def test_a_call_that_cannot_be_made_is_answered_with_the_tools_there_are(client, text):
    response = await ask(client, said(text), tools=[ITEM, TOOLS[0]])
    assert calls(response) == []
    assert "these tools can do: write_off, lookup_order." in response.output_text
    assert 'Call TOOL {"argument": "value"}' in response.output_text


async def test_a_call_of_a_tool_that_is_not_there_is_not_called_done(client):
    given = said('Look up order 1001 and then call write_off {"item": "AB-1"}')
    last = await ask(client, carry_on(given, await ask(client, given), told("completed")))
    assert last.output_text.startswith(
        'Not done: call write_off {"item": "AB-1"} (there is no tool write_off).'
    )
