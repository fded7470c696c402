"""The scripted model behind Chat Completions: what it says, and what it refuses as servers do."""

import json
from typing import Any

import openai
import pytest
from openai import AsyncOpenAI

from demo.model import Answer, function_call, message, refusal
from tests.unit.tool_samples import TOOLS as FLAT

TOOLS: list[Any] = [
    {"type": "function", "function": {key: tool[key] for key in ("name", "parameters", "strict")}}
    for tool in FLAT
]
ASKED = {"role": "user", "content": "Look up order 1001 and also cancel order 1002"}


async def ask(client: AsyncOpenAI, *messages: dict[str, Any], **more: Any):
    options: dict[str, Any] = {"messages": messages, "tools": TOOLS, **more}
    return (await client.chat.completions.create(model="m", **options)).choices[0]


def assistant(*call_ids: str, **more: Any) -> dict[str, Any]:
    function = {"name": "lookup_order", "arguments": "{}", **more}
    calls = [{"id": one, "type": "function", "function": function} for one in call_ids]
    return {"role": "assistant", "content": None, "tool_calls": calls}


def result(call_id: str, status: str = "completed") -> dict[str, Any]:
    return {"role": "tool", "tool_call_id": call_id, "content": json.dumps({"status": status})}


async def test_sentences_become_calls_and_then_closing_words(client):
    first = await ask(client, ASKED)
    assert (first.finish_reason, first.message.content) == ("tool_calls", None)
    assert [call.function.name for call in first.message.tool_calls] == [
        "lookup_order",
        "cancel_order",
    ]
    assert json.loads(first.message.tool_calls[1].function.arguments)["order_id"] == 1002
    outputs = [result(call.id) for call in first.message.tool_calls]
    said = first.message.model_dump(include={"role", "content", "tool_calls"})
    last = await ask(client, ASKED, said, *outputs)
    assert (last.finish_reason, last.message.tool_calls) == ("stop", None)
    assert last.message.content == "Everything that was asked for has been done."


async def test_scripts_answer_with_cuts_and_refusals(model, client):
    model.script = lambda request: Answer([refusal("I would rather not")])
    assert (await ask(client, ASKED)).message.refusal == "I would rather not"
    model.script = lambda request: Answer([message("Half")], "incomplete", "max_output_tokens")
    assert (await ask(client, ASKED)).finish_reason == "length"
    model.script = lambda request: Answer([function_call("x", "{")], "incomplete", "content_filter")
    assert (await ask(client, ASKED)).finish_reason == "content_filter"


@pytest.mark.parametrize(
    ("messages", "complaint"),
    [
        ([result("a")], "must be a response to a preceeding message"),
        ([assistant("a"), result("b")], "must be a response to a preceeding message"),
        ([assistant("a"), result("a"), result("a")], "must be a response to a preceeding"),
        ([assistant("a")], "must be followed by tool messages"),
        ([assistant("a", "b"), result("a"), ASKED], "No response: b"),
        ([assistant("a"), ASKED, result("a")], "must be followed by tool messages"),
        ([assistant("a", "a"), result("a")], "Duplicate value for 'id'"),
        ([assistant(""), result("")], r"tool_calls\[\].id"),
        ([assistant("a", arguments='{"a":'), result("a")], "invalid tool call arguments"),
        ([assistant("a", name="functions.x"), result("a")], r"tool_calls\[\].function.name"),
        ([{"role": "assistant", "content": None}], "expected a string, got null"),
        ([{"role": "assistant", "content": None, "tool_calls": []}], "empty array"),
        ([{**ASKED, "type": "message"}], r"messages\[1\].type' is unsupported"),
        ([{"role": "narrator", "content": "x"}], "Invalid value"),
        ([{"role": "tool", "content": "x"}], "tool_call_id"),
    ],
)
async def test_broken_talks_are_refused(client, messages, complaint):
    with pytest.raises(openai.BadRequestError, match=complaint):
        await ask(client, ASKED, *messages)


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        ({"store": False}, "Unrecognized request argument supplied: store"),
        ({"extra_body": {"include": []}}, "Unrecognized request argument supplied: include"),
        ({"temperature": "hot"}, "Invalid type for 'temperature'"),
        ({"tools": FLAT}, "Missing required parameter"),
        (
            {
                "tools": [
                    {"type": "function", "function": {**TOOLS[0]["function"], "parameters": {}}}
                ]
            },
            "Invalid schema for function 'lookup_order'",
        ),
    ],
)
async def test_what_is_no_request_of_this_api_is_refused(client, options, complaint):
    with pytest.raises(openai.BadRequestError, match=complaint):
        await ask(client, ASKED, **options)


async def test_it_tells_its_models_to_whoever_has_a_key(client):
    assert [one.id async for one in client.models.list()] == ["scripted"]
    with pytest.raises(openai.AuthenticationError):
        await client.models.list(extra_headers={"Authorization": openai.Omit()})
