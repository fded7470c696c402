"""A scripted model behind the wire formats of the Responses API and of Chat Completions: the real
openai SDK talks to it.

It follows the sentences of `demo.phrases`, or a script that a test gives; what real servers would
refuse, it refuses (`demo.model_rules`, `demo.chat_rules`). Every request is recorded.
"""

import json
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from demo import chat_form, chat_rules
from demo.accounts import LOOPBACK
from demo.closing import closing_words
from demo.http_server import HttpRequest, HttpResponse, HttpServer
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

    def __init__(self, script: Script | None = None, port: int = 0, host: str = LOOPBACK) -> None:
        self.script = script
        self.requests: list[dict[str, Any]] = []
        self._port = port
        self._host = host
        self._http = HttpServer(self._handle)

    @property
    def base_url(self) -> str:
        host = f"[{self._host}]" if ":" in self._host else self._host
        return f"http://{host}:{self._http.port}/v1"

    async def __aenter__(self) -> Self:
        await self._http.start(self._port, self._host)
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
        if not http.headers.get("authorization", "").removeprefix("Bearer ").strip():
            return ApiError(401, "You didn't provide an API key.", "invalid_api_key")
        if (http.method, http.path) == ("GET", "/v1/models"):
            return {"object": "list", "data": [{"id": "scripted", "object": "model"}]}
        api = _APIS.get(http.path)
        if api is None or http.method != "POST":
            return ApiError(404, f"Invalid URL ({http.method} {http.path})")
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
        answer = api.refusal_of(request) or scripted or _follow(request, api)
        return answer if isinstance(answer, ApiError) else api.written(request, answer)


@dataclass(frozen=True, slots=True)
class _Api:
    """How one of the two APIs is heard and written."""

    refusal_of: Callable[[dict[str, Any]], ApiError | None]
    conversation_of: Callable[[dict[str, Any]], tuple[str, list[str]]]
    """The last thing a person said, and the results of the calls made since."""
    tools_of: Callable[[dict[str, Any]], dict[str, dict[str, Any]]]
    """The parameters of each tool that is offered, by its name."""
    written: Callable[[dict[str, Any], Answer], dict[str, Any]]


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


def _follow(request: dict[str, Any], api: _Api) -> Answer:
    """The next turn of what the person asked for, or the closing words."""
    asked, results = api.conversation_of(request)
    tools = api.tools_of(request)
    turns = plan(asked)
    made: list[Call] = []
    for turn in turns:
        calls = [call for call in turn if call.tool in tools]
        if len(made) < len(results) or not calls:
            made += calls
            continue
        if len(made) == len(results):
            return Answer([_reasoning(request), *(_call(call, tools[call.tool]) for call in calls)])
    unmet = [call for turn in turns for call in turn if call.tool not in tools]
    last = closing_words(made, results, unmet, list(tools))
    return Answer([_reasoning(request), message(last)])


def _tools(request: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {str(one["name"]): one.get("parameters") or {} for one in request.get("tools") or []}


def _conversation(request: dict[str, Any]) -> tuple[str, list[str]]:
    given: str | list[Item] = request["input"]
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


def _call(call: Call, parameters: dict[str, Any]) -> Item:
    view = {"reasoning": call.reasoning, "risky_action": call.risky}
    accepted = parameters.get("properties", {})
    wanted = {name: view[name] for name in view if name in accepted}
    # What a person has written out goes first, a view of their own included.
    return function_call(call.tool, {**wanted, **call.arguments})


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


def _completion(request: dict[str, Any], answer: Answer) -> dict[str, Any]:
    cut = answer.status == "incomplete"
    return chat_form.completion(
        request, answer.output, (answer.incomplete_reason or "length") if cut else None
    )


def _new_id(kind: str) -> str:
    return f"{kind}_{uuid.uuid4().hex}"


_APIS = {
    "/v1/responses": _Api(refusal_of, _conversation, _tools, _response),
    "/v1/chat/completions": _Api(
        chat_rules.refusal_of, chat_form.conversation_of, chat_form.tools_of, _completion
    ),
}
