"""The model's next step, and its failures sorted into worth a retry and not.

Through the real openai SDK, against servers that answer as providers and gateways do.
"""

import json
import traceback
from datetime import timedelta

import pytest
from temporalio.exceptions import ApplicationError, ApplicationErrorCategory

from agent.jobs import Proposal
from agent.report import completed, output_item
from demo.model import Answer, ScriptedModel, function_call, message, refusal
from demo.model_rules import ApiError
from mail.carriers import reference_line
from mail.identity import TOKEN_LENGTH
from tests.planted import MODEL_KEY as KEY
from tests.planted import NOTE
from tests.unit.proposing import answering, failure, http, proposed, scripted

BENIGN = ApplicationErrorCategory.BENIGN


@pytest.fixture(autouse=True, params=["responses", "chat"])
def api(request, monkeypatch):
    """Everything here holds of both APIs, unless it says of which."""
    monkeypatch.setattr("tests.unit.proposing.API", request.param)
    return request.param


async def test_calls_come_back_as_they_were_written():
    found = await scripted(Answer([function_call("cancel_order", '{"a":'), message("Working.")]))
    (call,) = found.calls
    assert (call.name, call.arguments) == ("cancel_order", '{"a":')
    assert (found.text, found.failure) == ("Working.", "")


async def test_the_conversation_goes_back_and_is_taken(api):
    async with ScriptedModel() as model:
        first = await proposed(model.base_url)
        assert not any("id" in item or "status" in item for item in first.items)
        result = output_item(first.calls[0].call_id, completed("Cancelled", auto=False))
        second = await proposed(model.base_url, items=[*first.items, result])
        assert (second.calls, second.failure) == ((), "")
        assert second.text == "Everything that was asked for has been done."


async def test_of_each_api_no_more_is_used_than_is_needed(api):
    async with ScriptedModel() as model:
        found = await proposed(model.base_url)
        (sent,) = model.requests
    if api == "chat":
        assert sent.keys() == {"model", "messages", "tools"}
        assert [message["role"] for message in sent["messages"]] == ["system", "user"]
        assert [item["type"] for item in found.items] == ["function_call"]
        tools = [tool["function"] for tool in sent["tools"]]
    else:
        assert (sent["store"], sent["include"]) == (False, ["reasoning.encrypted_content"])
        assert [item["type"] for item in found.items] == ["reasoning", "function_call"]
        tools = sent["tools"]
    assert {tool["name"] for tool in tools} >= {"cancel_order", "refund_order"}
    assert all(tool["strict"] for tool in tools)


async def test_plain_schemas_are_no_strict_ones(api):
    async with ScriptedModel() as model:
        assert (await proposed(model.base_url, strict=False)).calls
        (sent,) = model.requests
    # Left out, it would mean off in Chat Completions, and on in the Responses API.
    told = ["strict" in t["function"] if api == "chat" else t["strict"] for t in sent["tools"]]
    assert told == [False] * 4


@pytest.mark.parametrize(("begun", "goes_on"), [("responses", "chat"), ("chat", "responses")])
async def test_a_run_that_began_under_one_api_goes_on_under_the_other(begun, goes_on):
    request = "Look up order 1001 and then cancel order 1002 and then look up order 1002"
    async with ScriptedModel() as model:
        items: list = []
        for api in (begun, goes_on, begun):
            found = await proposed(model.base_url, request, items, api)
            result = output_item(found.calls[0].call_id, completed("Done", auto=True))
            items += [*found.items, result]
        last = await proposed(model.base_url, request, items, goes_on)
    assert last.text == "Everything that was asked for has been done."


async def test_several_calls_of_one_turn_all_come_back():
    calls = [function_call("lookup_order", {"order_id": n}) for n in (1001, 1002)]
    assert len((await scripted(Answer(calls))).calls) == 2


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Answer([refusal("I would rather not")]), "the model refused: I would rather not"),
        (
            Answer([function_call("cancel_order", '{"order'), refusal("no")]),
            "the model refused: no",
        ),
        (
            Answer([message("Half")], "incomplete", "max_output_tokens"),
            "the model's output was cut off (",
        ),
        (
            Answer([function_call("cancel_order", '{"order_id":1042}')], "incomplete"),
            "the model's output was cut off (",
        ),
    ],
)
async def test_no_call_is_taken_from_an_answer_that_is_none(answer, words):
    found = await scripted(answer)
    assert found.failure.startswith(words)
    assert found == Proposal(failure=found.failure)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 413, 422])
async def test_what_the_provider_refuses_for_good_is_not_tried_again(status):
    error = await failure(ApiError(status, "No such model"))
    assert (error.type, error.non_retryable) == ("ModelRefused", True)
    assert f"{status}: " in error.message and "No such model" in error.message


@pytest.mark.parametrize("status", [408, 409, 429, 500, 502, 503, 529])
async def test_what_may_pass_is_left_to_temporals_retries(status):
    async with ScriptedModel(lambda request: ApiError(status, "Not now")) as model:
        with pytest.raises(ApplicationError) as caught:
            await proposed(model.base_url)
        assert len(model.requests) == 1, "the client retried by itself"
    assert (caught.value.type, caught.value.non_retryable) == ("ModelError", False)
    assert caught.value.next_retry_delay is None
    assert caught.value.category is BENIGN


async def test_an_empty_account_is_not_worth_a_retry():
    error = await failure(ApiError(429, "You exceeded your current quota", "insufficient_quota"))
    assert (error.type, error.non_retryable) == ("ModelRefused", True)


@pytest.mark.parametrize(
    ("header", "delay"),
    [
        ("7", timedelta(seconds=7)),
        ("Mon, 23 Nov 2026 07:00:40 GMT", timedelta(seconds=40)),
        ("999999", timedelta(hours=1)),
        # The policy's own pause is longer: a server that is down is not asked every moment.
        ("0.5", None),
        ("Mon, 23 Nov 2026 06:59:00 GMT", None),
        ("soon", None),
        ("", None),
    ],
)
async def test_the_providers_wish_for_a_pause_is_kept_within_reason(header, delay):
    headers = {"retry-after": header, "date": "Mon, 23 Nov 2026 07:00:00 GMT"}
    error = await failure(ApiError(429, "Slow down", headers=headers))
    assert (error.non_retryable, error.next_retry_delay) == (False, delay)


@pytest.mark.parametrize(
    "raw",
    [
        http("text/html", b"<h1>Please log in to the hotel network</h1>"),
        http("application/json", b"<h1>Bad gateway</h1>"),
        http("application/json", b'{"output": ['),
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{",
        b"",
        b"220 mail.test ESMTP\r\n",
    ],
    ids=["html", "html as json", "half json", "cut off", "closed", "not http"],
)
async def test_a_server_that_is_no_model_is_named_and_tried_again(raw):
    async with answering(raw) as base_url:
        with pytest.raises(ApplicationError, match="the model's server") as caught:
            await proposed(base_url)
    assert (caught.value.type, caught.value.non_retryable) == ("ModelError", False)


async def test_an_unreachable_server_is_named_and_tried_again(caplog):
    async with answering(b"") as base_url:
        pass
    secret = base_url.replace("http://", "http://me:hidden@")
    with pytest.raises(ApplicationError) as caught:
        await proposed(secret)
    assert (caught.value.non_retryable, caught.value.category) == (False, BENIGN)
    said = f"the model's server at {base_url}/ (OPENAI_BASE_URL) cannot be reached: "
    assert caught.value.message.startswith(said)
    assert [record.getMessage() for record in caplog.records if said in record.getMessage()]
    assert "hidden" not in caplog.text and "\n" not in caught.value.message


async def test_a_page_instead_of_an_answer_is_told_in_one_short_line():
    error = await failure(ApiError(503, "<html>\n" + "<p>Service unavailable</p>\n" * 1_000))
    assert (error.category, "\n" in error.message) == (BENIGN, False)
    assert len(error.message) < 600


@pytest.mark.parametrize("status", [401, 503])
async def test_a_server_that_repeats_the_key_is_quoted_without_it(status):
    error = await failure(ApiError(status, f"Incorrect API key provided: {KEY}"))
    assert "Incorrect API key provided: <secret>" in error.message
    # Temporal keeps an error with its causes.
    assert KEY not in "".join(traceback.format_exception(error))


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("invalid_api_key", "answered 401 (invalid_api_key)"),
        ("not a word of the protocol", "answered 401"),
        (None, "answered 401 (invalid_request_error)"),
        (401, "answered 401"),
    ],
)
async def test_of_what_a_server_has_said_the_log_has_the_code_alone(caplog, code, told):
    await failure(ApiError(401, f"no such request: {NOTE}", code))
    (line,) = (r.getMessage() for r in caplog.records if "was not asked" in r.getMessage())
    assert told in line
    assert NOTE not in line and "not a word" not in line


async def test_the_key_stands_in_no_error():
    error = await failure(ApiError(401, "Incorrect API key provided"))
    assert KEY not in f"{error!r}{error.__cause__!r}"


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Answer([function_call("x", "{}")] * 251), "the model made 251 calls at once"),
        (Answer([message("x" * 1_100_000)]), "the model's answer is too long: "),
        (Answer([function_call("x", "x" * 600_000)]), "the model's answer is too long: "),
        (Answer([message("half \ud83d")]), "the model's answer holds characters that are no text"),
    ],
)
async def test_an_answer_that_temporal_cannot_carry_is_an_end(answer, words):
    found = await scripted(answer)
    assert found.failure.startswith(words)
    assert found == Proposal(failure=found.failure)


async def test_as_many_calls_as_can_be_carried_are_taken():
    assert len((await scripted(Answer([function_call("x", "{}")] * 250))).calls) == 250


async def test_no_token_of_a_mail_that_somebody_has_copied_reaches_the_model():
    token = "a" * TOKEN_LENGTH
    mail = f"> {reference_line('AR-7K2M9QXD4T', token)}\n<ar-7k2m9qxd4t.{token}@demo.test>\n"
    call = function_call("read_mail", "{}")
    del call["id"], call["status"]
    result = output_item(call["call_id"], completed(mail, auto=True))
    async with ScriptedModel(lambda request: Answer([message("Done.")])) as model:
        await proposed(model.base_url, f"Answer this:\n{mail}", [call, result])
        (heard,) = model.requests
    assert token not in json.dumps(heard)
    assert json.dumps(heard).count("<token>") == 4
