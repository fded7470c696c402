"""The scripted model's last words: what of the request was done, and what was not. Pure."""

import re
from collections.abc import Sequence

from demo.phrases import Call

# The first field of what the agent tells; a long result is cut, so this need not be whole JSON.
_STATUS = re.compile(r'\A\{\s*"status":\s*"(\w+)"')
_DONE = "completed"
_DOUBTFUL = {
    "unknown": "nobody knows whether this was done",
    "unclear": "its result does not say whether this was done",
}


def closing_words(
    calls: Sequence[Call], results: Sequence[str], unmet: Sequence[Call], tools: Sequence[str]
) -> str:
    """The calls made, each with the result that came back for it; those that no tool was there
    for; the names of all tools."""
    if not results:
        return (
            "No action was needed: nothing in the request is something these tools can do: "
            f"{', '.join(tools) or 'there are none'}. "
            'The scripted model is told to call one by: Call TOOL {"argument": "value"}'
        )
    pairs = [(call.words, _status(result)) for call, result in zip(calls, results, strict=False)]
    missed = [f"{words} ({status})" for words, status in pairs if status not in (_DONE, *_DOUBTFUL)]
    missed += [f"{call.words} (there is no tool {call.tool})" for call in unmet]
    doubtful = [f"{words} ({_DOUBTFUL[status]})" for words, status in pairs if status in _DOUBTFUL]
    if not missed and not doubtful:
        return "Everything that was asked for has been done."
    told = [f"Not done: {'; '.join(missed)}."] if missed else []
    told += [f"In doubt: {'; '.join(doubtful)}."] if doubtful else []
    return " ".join([*told, "Nothing else was tried instead."])


def _status(result: str) -> str:
    match = _STATUS.match(result)
    return match[1] if match else "unclear"
