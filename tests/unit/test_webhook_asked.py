"""What of a call to `post_webhook` is refused unasked, and what people are asked."""

import json

import pytest

from agent.activities.assess import AssessActivities
from agent.errors import BadArguments, ConfigurationError, ToolError
from agent.jobs import AssessInput, ToolCall, Verdict
from agent.models import Risk
from agent.tools import webhook
from agent.tools.registry import Registry, ToolContext
from tests.unit.agent_samples import settings
from tests.unit.test_webhook import KEY, tool_for


async def test_another_server_is_refused_before_anybody_is_asked():
    """And again where it would be called: by a worker whose list may be another one."""
    registry = Registry([tool_for("https://hooks.example.com")])
    assess = AssessActivities(settings(), registry, False)

    async def assessed(url: str, body: str):
        given = json.dumps({"url": url, "body": body})
        call = ToolCall(call_id="1", name="post_webhook", arguments=given)
        return await assess.assess(AssessInput(request_id=KEY, call=call))

    asked = await assessed("HTTPS://hooks.example.com:443/a?b=c", '{ "a": 1 }')
    assert asked.verdict is Verdict.ASK and asked.idempotent
    assert asked.action.risk is Risk.HIGH
    assert asked.action.arguments == {"url": "https://hooks.example.com/a?b=c", "body": '{"a":1}'}
    assert asked.action.summary == "POST 7 bytes of JSON to https://hooks.example.com/a"
    refused = await assessed("https://hooks.example.com@evil.example/", "{}")
    assert refused.verdict is Verdict.REFUSE
    refused = await assessed("https://evil.example/", "{}")
    assert refused.reason == (
        "the arguments do not fit: url: https://evil.example is not in WEBHOOK_ALLOWED, which has "
        "https://hooks.example.com"
    )
    other = tool_for("https://other.example")
    with pytest.raises(ToolError, match="is not in WEBHOOK_ALLOWED"):
        await other.call(asked.action.arguments, ToolContext(KEY))


@pytest.mark.parametrize(
    "body",
    ["", "hello", "{", "{'a': 1}", '{"a": 1} {}', '{"a": 1, "a": 2}', "[NaN]", "[1e999]"]
    + ["[9007199254740993]", '"\\ud800"', "[" * 100_000],
)
def test_what_is_no_json_with_one_meaning_is_not_sent(body):
    with pytest.raises(BadArguments, match="body: the body: no"):
        tool_for("https://hooks.example.com").parse(
            json.dumps({"url": "https://hooks.example.com", "body": body})
        )


@pytest.mark.parametrize("body", ["[]", "null", '"x"', "0"])
def test_any_json_is_a_body(body):
    found = tool_for("https://hooks.example.com")
    given = json.dumps({"url": "https://hooks.example.com", "body": body})
    assert found.parse(given).arguments["body"] == body


def test_without_a_server_to_call_it_is_a_fault_of_the_settings():
    with pytest.raises(ConfigurationError, match="WEBHOOK_ALLOWED is empty, but AGENT_TOOLS has"):
        webhook.make_tools(settings())


def test_the_model_is_told_where_it_may_go():
    schema = tool_for("https://hooks.example.com").schema()["parameters"]
    assert "https://hooks.example.com" in schema["properties"]["url"]["description"]
