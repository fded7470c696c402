"""What servers answer instead of a turn, and what whoever runs the worker is told to set."""

import json
from typing import Any

import pytest
from temporalio.exceptions import ApplicationError

from agent.model_faults import advice, fault_of
from demo.model_rules import ApiError
from tests.certificates import Authority, server_context
from tests.planted import MODEL_KEY as KEY
from tests.planted import NOTE
from tests.unit.proposing import answering, failure, http, proposed


def error(message: str, **more: Any) -> dict:
    return {"error": {"message": message, "type": "invalid_request_error", **more}}


PAGE = "<!DOCTYPE html>\n<html><body>Sign in</body></html>"
STRICT = "Invalid schema for function 'f': 'additionalProperties' is required to be false"
EXTRA = [{"loc": ["body", "tools", 0, "function", "strict"], "msg": "Extra inputs not permitted"}]
# Answers as these servers give them, and the setting that each is about.
ANSWERS = [
    ("wrong key", 401, error(f"Incorrect API key provided: {KEY}"), "OPENAI_API_KEY"),
    ("Gemini, wrong key", 400, [error("API key not valid.", code=400)], "OPENAI_API_KEY"),
    ("no right", 403, error("You have no access"), "OPENAI_API_KEY"),
    ("no credit", 402, error("Insufficient Balance"), "no credit left"),
    ("quota", 429, error("You exceeded", code="insufficient_quota"), "no credit left"),
    ("OpenAI, no model", 404, error("x", code="model_not_found"), "OPENAI_MODEL"),
    (
        "Ollama, no model",
        404,
        error('model "qwen" not found, try pulling it first', type="not_found_error"),
        "OPENAI_MODEL",
    ),
    (
        "vLLM, no model",
        404,
        {"object": "error", "message": "The model `x` does not exist.", "code": 404},
        "OPENAI_MODEL",
    ),
    (
        "Azure, no deployment",
        404,
        error("The API deployment for this resource does not exist", code="DeploymentNotFound"),
        "OPENAI_MODEL",
    ),
    (
        "Ollama, no tools",
        400,
        error("registry.ollama.ai/library/gemma:2b does not support tools"),
        "a model that calls tools",
    ),
    (
        "vLLM, no tools",
        400,
        error('"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser'),
        "start the server with its tool calling on",
    ),
    ("llama.cpp, no tools", 500, error("tools param requires --jinja flag"), "OPENAI_MODEL"),
    ("OpenAI, schema", 400, error(STRICT, code="invalid_function_parameters"), "SCHEMAS=off"),
    ("unknown strict", 422, {"detail": EXTRA}, "SCHEMAS=off"),
    ("too long", 400, error("x", code="context_length_exceeded"), "OPENAI_MODEL"),
    (
        "llama.cpp, too long",
        400,
        error("the request exceeds the available context size", type="exceed_context_size_error"),
        "longer context",
    ),
    ("llama.cpp, too long in a 500", 500, error("Context size has been exceeded."), "OPENAI_MODEL"),
    ("Anthropic, too long", 400, error("prompt is too long: 213462 tokens > 200000"), "longer"),
    ("Gemini, too long", 400, error("The input token count (9) exceeds the maximum"), "longer"),
    ("vLLM, too long", 400, error("maximum context length is 4096 tokens", code=400), "longer"),
    (
        "LiteLLM, budget",
        429,
        error("Budget has been exceeded!", type="budget_exceeded", code="429"),
        "no credit left",
    ),
    ("LiteLLM, no model", 400, error("Invalid model name passed in model=x"), "OPENAI_MODEL"),
    (
        "LiteLLM, no tools",
        400,
        error("litellm.UnsupportedParamsError: x does not support parameters: ['tools']"),
        "calls tools",
    ),
    ("OpenAI, no chat", 404, error("This is not a chat model and thus"), "OPENAI_MODEL"),
    (
        "LM Studio, elsewhere",
        200,
        {"error": "Unexpected endpoint or method. (POST /chat/completions)"},
        "OPENAI_BASE_URL",
    ),
    ("page", 404, PAGE, "OPENAI_BASE_URL"),
    ("outage", 503, PAGE, ""),
    ("overloaded", 429, error("Slow down"), ""),
    ("error in a 200", 200, error("Provider returned error", code=429), ""),
    ("key in a 200", 200, error("No auth credentials found", code=401), "OPENAI_API_KEY"),
    ("nothing in a 200", 200, {"object": "list", "data": []}, "OPENAI_BASE_URL and OPENAI_API"),
    ("another fault", 400, error("temperature is too high"), ""),
]


@pytest.mark.parametrize("api", ["responses", "chat"])
@pytest.mark.parametrize(
    ("status", "body", "setting"),
    [row[1:] for row in ANSWERS],
    ids=[row[0] for row in ANSWERS],
)
def test_the_setting_that_would_mend_it_is_named(api, status, body, setting):
    told = advice(fault_of(status, body, KEY), api, strict=True)
    assert setting in told and bool(told) is bool(setting)
    assert "\n" not in told and len(told) < 200


@pytest.mark.parametrize("status", [404, 405, 501])
def test_a_server_without_the_api_is_told_apart_from_one_without_the_model(status):
    fault = fault_of(status, {"detail": "Not Found"})
    assert fault.permanent
    assert "OPENAI_API=chat, or OPENAI_BASE_URL" in advice(fault, "responses", strict=True)
    other = advice(fault, "chat", strict=True)
    assert "OPENAI_BASE_URL" in other and "OPENAI_API=" not in other


@pytest.mark.parametrize(
    ("words", "api", "setting"),
    [
        ("Encrypted content is not supported with this model.", "responses", "OPENAI_API=chat"),
        ("include: unknown 'reasoning.encrypted_content'", "responses", "OPENAI_API=chat"),
        ("Field required: messages is missing", "responses", "OPENAI_API=chat"),
        ("This model is only supported in v1/responses", "chat", "OPENAI_API=responses"),
    ],
)
def test_the_other_api_is_named_where_that_one_serves(words, api, setting):
    assert setting in advice(fault_of(400, error(words)), api, strict=True)


def test_what_is_off_already_is_not_asked_for():
    assert advice(fault_of(400, error(STRICT)), "chat", strict=False) == ""


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (error("a\n b"), "a b"),
        ({"error": "no such thing"}, "no such thing"),
        ({"detail": "Not Found"}, "Not Found"),
        ([error("in a list")], "in a list"),
        ("plain", "plain"),
        ({"ok": False}, '{"ok": false}'),
        (f"your key {KEY} is", "your key <secret> is"),
        (None, ""),
        ([], ""),
    ],
)
def test_a_servers_words_are_found_wherever_they_stand(body, words):
    assert fault_of(400, body, KEY).words == words


@pytest.mark.parametrize("api", ["responses", "chat"])
async def test_log_and_failure_name_the_setting_and_only_the_failure_the_servers_words(api, caplog):
    wrong = ApiError(401, f"no key {KEY} for {NOTE}", "invalid_api_key")
    refusal = await failure(wrong, api)
    advised = "set OPENAI_API_KEY to a key of this server"
    assert refusal.message == (
        f"the model's server answered 401: {advised}; it says: no key <secret> for {NOTE}"
    )
    (line,) = (r.getMessage() for r in caplog.records if "was not asked" in r.getMessage())
    assert f"(OPENAI_BASE_URL) answered 401 (invalid_api_key): {advised}" in line
    assert NOTE not in line and KEY not in line


async def fault(api, raw: bytes) -> ApplicationError:
    async with answering(raw) as base_url:
        with pytest.raises(ApplicationError) as caught:
            await proposed(base_url, api=api)
    return caught.value


@pytest.mark.parametrize("api", ["responses", "chat"])
@pytest.mark.parametrize(
    ("raw", "words", "final"),
    [
        (http("text/html", PAGE.encode()), "set OPENAI_BASE_URL", False),
        (http("application/json", PAGE.encode()), "set OPENAI_BASE_URL", False),
        (http("application/json", b'{"error": {"code": 401}}'), "set OPENAI_API_KEY", True),
        (http("application/json", b'{"error": {"code": "502"}}'), "answered 502", False),
        (http("application/json", b'{"error": "busy"}'), "answered 200: busy", False),
        (
            http("application/json", b'{"error": "Unexpected endpoint or method. (POST /x)"}'),
            "OPENAI_BASE_URL to the address of the API",
            True,
        ),
        (http("application/json", b"[]"), "check OPENAI_BASE_URL", False),
        (http("application/json", b'{"choices": [], "output": 5}'), "OPENAI_API", False),
        (http("application/json", b"[" * 100_000), "no JSON", False),
        (http("application/json", b'"text"'), "no JSON", False),
    ],
)
async def test_a_200_that_is_no_answer_is_named_too(api, raw, words, final):
    found = await fault(api, raw)
    assert words in found.message and "\n" not in found.message
    assert found.non_retryable is final


@pytest.mark.parametrize(
    ("known", "words"), [(True, "answered 200: busy"), (False, "CERTIFICATE_VERIFY_FAILED")]
)
async def test_a_ca_of_ones_own_is_named_by_the_environment(tmp_path, monkeypatch, known, words):
    authority = Authority(tmp_path)
    if known:
        monkeypatch.setenv("SSL_CERT_FILE", str(authority.certificate))
    context = server_context(authority.issue("model", "IP:127.0.0.1"))
    async with answering(http("application/json", b'{"error": "busy"}'), context) as base_url:
        with pytest.raises(ApplicationError, match=words):
            await proposed(base_url)


@pytest.mark.parametrize("api", ["responses", "chat"])
async def test_a_server_that_has_the_other_api_alone_says_which_to_set(api):
    told = json.dumps({"error": {"message": "Invalid URL (POST /v1/x)"}}).encode()
    head = f"HTTP/1.1 404 Not Found\r\nContent-Length: {len(told)}\r\nConnection: close\r\n"
    found = await fault(api, head.encode() + b"Content-Type: application/json\r\n\r\n" + told)
    assert found.non_retryable
    assert ("OPENAI_API=chat" in found.message) is (api == "responses")


def test_a_key_that_is_a_word_is_not_cut_out_of_others():
    said = {"error": {"message": "tools: none; the key sk-planted-1234 is unknown"}}
    assert "none;" in fault_of(400, said, "none").words
    assert "sk-planted" not in fault_of(400, said, "sk-planted-1234").words
