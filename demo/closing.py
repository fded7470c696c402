"""The scripted model's last words: what of the request was done, and what was not. Pure."""

import re
from collections.abc import Sequence

from demo.phrases import Call

# The first field of what the agent tells; a long result is cut, so this need not be whole JSON.
_STATUS = re.compile(r'\A\{\s*"status":\s*"(\w+)"')
_DONE = "completed"
_IN_WORDS = {"unknown": "nobody knows whether it was", "unclear": "its result does not say it was"}


def closing_words(calls: Sequence[Call], results: Sequence[str]) -> str:
    """The calls made, each with the result that came back for it."""
    if not results:
        return "No action was needed: nothing in the request is something these tools can do."
    statuses = [_status(result) for result in results]
    missed = [
        f"{call.words} ({_IN_WORDS.get(status, status)})"
        for call, status in zip(calls, statuses, strict=False)
        if status != _DONE
    ]
    if not missed:
        return "Everything that was asked for has been done."
    return f"Not done: {'; '.join(missed)}. Nothing else was tried instead."


def _status(result: str) -> str:
    match = _STATUS.match(result)
    return match[1] if match else "unclear"
