"""A scripted model behind the Responses API's wire format: the real openai SDK talks to it.

It follows the sentences of `demo.phrases`, or a script that a test gives; what the real API would
refuse, it refuses (`demo.model_rules`). Every request is recorded.
"""

import json
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from demo.closing import closing_words
from demo.http_server import HttpRequest, HttpResponse, HttpServer
from demo.mailboxes import LOOPBACK
from demo.model_rules import ENCRYPTED_PREFIX, INCLUDE_REASONING, ApiError, refusal_of
from demo.phrases import Call, plan

Item = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the model returns: its items, and `incomplete` with a reason if it was cut off."""

    output: Sequence[Item]
    status: str = "completed"
    incomplete_reason: str | None = None


Script = Callable[[dict[str, Any]], Answer | ApiError | None]
"""Given a request: what to answer; None leaves it to the sentences."""


class ScriptedModel:
    """The server; `base_url` is what OPENAI_BASE_URL has to be."""

    def __init__(self, script: Script | None = None, port: int = 0) -> None:
        self.script = script
        self.requests: list[dict[str, Any]] = []
        self._port = port
        self._http = HttpServer(self._handle)

    @property
    def base_url(self) -> str:
        return f"http://{LOOPBACK}:{self._http.port}/v1"

    async def __aenter__(self) -> Self:
        await self._http.start(self._port)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._http.stop()

    async def _handle(self, http: HttpRequest) -> HttpResponse:
        answer = self._answer(http)
        if isinstance(answer, ApiError):
            return HttpResponse(answer.status, answer.body, answer.headers)
        return HttpResponse(200, answer)

    def _answer(self, http: HttpRequest) -> dict[str, Any] | ApiError:
        if (http.method, http.path) != ("POST", "/v1/responses"):
            return ApiError(404, f"Invalid URL ({http.method} {http.path})")
        if not http.headers.get("authorization", "").removeprefix("Bearer ").strip():
            return ApiError(401, "You didn't provide an API key.", "invalid_api_key")
        try:
            request = json.loads(http.body)
        except ValueError:
            return ApiError(400, "We could not parse the JSON body of your request.")
        if not isinstance(request, dict):
            return ApiError(400, "The body of the request is no JSON object.")
        self.requests.append(request)
        scripted = self.script(request) if self.script else None
        if isinstance(scripted, ApiError):
            return scripted
        answer = refusal_of(request) or scripted or _follow(request)
        return answer if isinstance(answer, ApiError) else _response(request, answer)


def message(text: str) -> Item:
    return _message({"type": "output_text", "text": text, "annotations": [], "logprobs": []})


def refusal(text: str) -> Item:
    return _message({"type": "refusal", "refusal": text})


def function_call(tool: str, arguments: dict[str, Any] | str) -> Item:
    """A call; arguments given as a string go out as they are, be they JSON or not."""
    raw = arguments if isinstance(arguments, str) else json.dumps(arguments)
    return {
        "type": "function_call",
        "id": _new_id("fc"),
        "call_id": _new_id("call"),
        "name": tool,
        "arguments": raw,
        "status": "completed",
    }


def _message(content: Item) -> Item:
    return {
        "type": "message",
        "id": _new_id("msg"),
        "role": "assistant",
        "status": "completed",
        "content": [content],
    }


def _follow(request: dict[str, Any]) -> Answer:
    """The next turn of what the person asked for, or the closing words."""
    asked, results = _conversation(request["input"])
    tools = {str(tool["name"]): tool for tool in request.get("tools") or []}
    made: list[Call] = []
    for turn in plan(asked):
        calls = [call for call in turn if call.tool in tools]
        if len(made) < len(results) or not calls:
            made += calls
            continue
        if len(made) == len(results):
            return Answer([_reasoning(request), *(_call(call, tools[call.tool]) for call in calls)])
    return Answer([_reasoning(request), message(closing_words(made, results))])


def _conversation(given: str | list[Item]) -> tuple[str, list[str]]:
    """The last thing a person said, and the results of the calls made since."""
    if isinstance(given, str):
        return given, []
    asked = ""
    results: list[str] = []
    for item in given:
        if item.get("type", "message") == "message" and item["role"] == "user":
            asked, results = _text(item.get("content")), []
        elif item.get("type") == "function_call_output":
            results.append(_text(item["output"]))
    return asked, results


def _text(content: Any) -> str:
    if isinstance(content, list):
        return "\n".join(str(part.get("text", "")) for part in content)
    return str(content)


def _call(call: Call, tool: dict[str, Any]) -> Item:
    arguments = {**call.arguments, "reasoning": call.reasoning, "risky_action": call.risky}
    accepted = (tool.get("parameters") or {}).get("properties", {})
    return function_call(
        call.tool, {name: arguments[name] for name in arguments if name in accepted}
    )


def _reasoning(request: dict[str, Any]) -> Item:
    item: Item = {"type": "reasoning", "id": _new_id("rs"), "summary": []}
    if INCLUDE_REASONING in (request.get("include") or []):
        item["encrypted_content"] = ENCRYPTED_PREFIX + uuid.uuid4().hex
    return item


def _response(request: dict[str, Any], answer: Answer) -> dict[str, Any]:
    reason = answer.incomplete_reason
    return {
        "id": _new_id("resp"),
        "object": "response",
        "created_at": int(time.time()),
        "status": answer.status,
        "error": None,
        "incomplete_details": {"reason": reason} if reason else None,
        "instructions": request.get("instructions"),
        "metadata": {},
        "model": request["model"],
        "output": list(answer.output),
        "parallel_tool_calls": request.get("parallel_tool_calls", True),
        "store": request.get("store", True),
        "tool_choice": request.get("tool_choice", "auto"),
        "tools": request.get("tools") or [],
        "usage": {
            "input_tokens": 1,
            "input_tokens_details": {"cached_tokens": 0, "cache_write_tokens": 0},
            "output_tokens": 1,
            "output_tokens_details": {"reasoning_tokens": 0},
            "total_tokens": 2,
        },
    }


def _new_id(kind: str) -> str:
    return f"{kind}_{uuid.uuid4().hex}"
