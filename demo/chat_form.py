"""The Chat Completions API's form of what the scripted model hears and answers. Pure."""

import time
import uuid
from collections.abc import Sequence
from typing import Any

Item = dict[str, Any]

_REASONS = {"max_output_tokens": "length", "content_filter": "content_filter"}


def tools_of(request: Item) -> dict[str, Item]:
    """The parameters of each tool, by its name."""
    functions = [tool["function"] for tool in request.get("tools") or []]
    return {str(one["name"]): one.get("parameters") or {} for one in functions}


def conversation_of(request: Item) -> tuple[str, list[str]]:
    """The last thing a person said, and the results of the calls made since."""
    asked = ""
    results: list[str] = []
    for message in request["messages"]:
        if message["role"] == "user":
            asked, results = message["content"], []
        elif message["role"] == "tool":
            results.append(message["content"])
    return asked, results


def completion(request: Item, output: Sequence[Item], incomplete: str | None) -> Item:
    """The items of the Responses API as one message; `incomplete` is why the output was cut off."""
    message: Item = {"role": "assistant", "content": None, "refusal": None}
    for item in output:
        if item["type"] == "message":
            for part in item["content"]:
                if part["type"] == "refusal":
                    message["refusal"] = part["refusal"]
                else:
                    message["content"] = (message["content"] or "") + part["text"]
        elif "reasoning_content" in item:  # not in OpenAI's own API: DeepSeek's, and others'
            message["reasoning_content"] = item["reasoning_content"]
    calls = [_tool_call(item) for item in output if item["type"] == "function_call"]
    if calls:
        message["tool_calls"] = calls
    ended = _REASONS.get(incomplete, "length") if incomplete else "stop"
    return {
        "id": f"chatcmpl-{uuid.uuid4().hex}",
        "object": "chat.completion",
        "created": int(time.time()),
        "model": request["model"],
        "choices": [
            {
                "index": 0,
                "message": message,
                "logprobs": None,
                "finish_reason": "tool_calls" if calls and not incomplete else ended,
            }
        ],
        "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2},
    }


def _tool_call(item: Item) -> Item:
    function = {"name": item["name"], "arguments": item["arguments"]}
    extra = {name: item[name] for name in ("extra_content",) if name in item}
    return {"id": item["call_id"], "type": "function", "function": function, **extra}
