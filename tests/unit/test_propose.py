"""The model's next step, and its failures sorted into worth a retry and not.

Through the real openai SDK, against servers that answer as providers and gateways do.
"""

import asyncio
import json
import traceback
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from temporalio.exceptions import ApplicationError, ApplicationErrorCategory
from temporalio.testing import ActivityEnvironment

from agent.activities.propose import ProposeActivities, make_client
from agent.jobs import Proposal, ProposeInput
from agent.report import completed, output_item
from agent.tools.registry import Registry, collect
from agent.tools.shop import Shop
from demo.model import Answer, ScriptedModel, function_call, message, refusal
from demo.model_rules import ApiError
from mail.carriers import reference_line
from mail.identity import TOKEN_LENGTH
from tests.planted import MODEL_KEY as KEY
from tests.planted import NOTE

REGISTRY = Registry(collect(Shop(Path("never-opened"))))
BENIGN = ApplicationErrorCategory.BENIGN


async def proposed(base_url: str, request: str = "Cancel order 1042", items=()) -> Proposal:
    async with make_client(KEY, base_url) as client:
        activities = ProposeActivities(client, "demo", REGISTRY)
        job = ProposeInput(user_request=request, items=tuple(items))
        return await ActivityEnvironment().run(activities.propose, job)


async def scripted(answer: Answer | ApiError) -> Proposal:
    async with ScriptedModel(lambda request: answer) as model:
        return await proposed(model.base_url)


async def failure(answer: Answer | ApiError) -> ApplicationError:
    with pytest.raises(ApplicationError) as caught:
        await scripted(answer)
    return caught.value


async def test_calls_come_back_as_they_were_written():
    found = await scripted(Answer([function_call("cancel_order", '{"a":'), message("Working.")]))
    (call,) = found.calls
    assert (call.name, call.arguments) == ("cancel_order", '{"a":')
    assert (found.text, found.failure) == ("Working.", "")


async def test_the_conversation_goes_back_without_server_ids_and_is_taken():
    async with ScriptedModel() as model:
        first = await proposed(model.base_url)
        assert [item["type"] for item in first.items] == ["reasoning", "function_call"]
        assert not any("id" in item or "status" in item for item in first.items)
        result = output_item(first.calls[0].call_id, completed("Cancelled", auto=False))
        second = await proposed(model.base_url, items=[*first.items, result])
        assert (second.calls, second.failure) == ((), "")
        assert second.text
        sent = model.requests[0]
    assert (sent["store"], sent["include"]) == (False, ["reasoning.encrypted_content"])
    assert {tool["name"] for tool in sent["tools"]} >= {"cancel_order", "refund_order"}


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
            "the model's output was cut off (max_output_tokens)",
        ),
        (
            Answer([function_call("cancel_order", '{"order_id":1042}')], "incomplete"),
            "the model's output was cut off (no reason given)",
        ),
        (Answer([], "failed"), "the model failed: failed"),
        (
            Answer([function_call("cancel_order", '{"order_id":1042}')], "cancelled"),
            "the model failed: cancelled",
        ),
    ],
)
async def test_no_call_is_taken_from_an_answer_that_is_none(answer, words):
    found = await scripted(answer)
    assert found == Proposal(failure=words)


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
        ("0.5", timedelta(seconds=0.5)),
        ("-1", timedelta(0)),
        ("999999", timedelta(hours=1)),
        ("inf", timedelta(hours=1)),
        ("nan", None),
        ("Mon, 23 Nov 2026 07:00:00 GMT", None),
        ("", None),
    ],
)
async def test_the_providers_wish_for_a_pause_is_kept_within_reason(header, delay):
    error = await failure(ApiError(429, "Slow down", headers={"retry-after": header}))
    assert (error.non_retryable, error.next_retry_delay) == (False, delay)


@asynccontextmanager
async def answering(raw: bytes) -> AsyncIterator[str]:
    """A server that answers every request with these bytes, and closes."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(raw)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"


def http(kind: str, body: bytes) -> bytes:
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n"
    return head.encode() + b"Connection: close\r\n\r\n" + body


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
