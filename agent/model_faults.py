"""What a model's server answers instead of a turn, and which setting would mend it. Pure.

Its words may repeat the request, or the key: they go into the workflow's history, without the key,
and into no log. The advice is ours, and goes into both.
"""

import json
import re
from dataclasses import dataclass
from typing import Any, Literal

from mail.credentials import SHORTEST_SECRET

Api = Literal["responses", "chat"]

# Asked again in the same way they would be refused again.
_PERMANENT = {400, 401, 402, 403, 404, 405, 413, 422, 501}
_NO_CREDIT = {
    "insufficient_quota",
    "credit_balance_exhausted",
    "billing_hard_limit_reached",
    "budget_exceeded",
}
_NO_MODEL = {"model_not_found", "model_not_found_error", "DeploymentNotFound", "invalid_model"}
_TOO_LONG = {"context_length_exceeded", "string_above_max_length"}
_TOO_LONG_WORDS = re.compile(
    r"context[ _-]?(length|size|window)|prompt is too long|token count.{0,40}exceeds|"
    r"longer than the maximum",
    re.I,
)
_LONGEST_TEXT = 500  # of a server's own words: a gateway answers with a whole page
_CODE = re.compile(r"[a-z][a-z0-9_]{0,39}")  # such as insufficient_quota: a word of the protocol
_PAGE = re.compile(r"\s*<(!doctype|html|head|body|\?xml|h1|title)\b", re.I)

_NO_KEY_WORDS = re.compile(r"api[ _-]?key.{0,40}(not valid|invalid|incorrect|missing)", re.I)
_NO_MODEL_WORDS = re.compile(
    r"(no such|unknown|invalid) (model|deployment)|"
    r"(model|deployment)\b.{0,200}?\b(not found|not exist|unknown|not available|is not a valid)",
    re.I | re.S,
)
_NO_TOOLS_WORDS = re.compile(
    r"not support(ed)? .{0,20}\b(tools?|functions?)\b|"
    r"\b(tools?|functions?)\b.{0,40}\bnot (supported|enabled|allowed)|"
    r"tool[-_ ]choice.{0,10} requires|tools param requires|not a chat model",
    re.I | re.S,
)
_SCHEMA_WORDS = re.compile(
    r"\bstrict\b|additionalproperties|\bschemas?\b|function_parameters|\btools?\W*\[",
    re.I,
)
_NO_ENDPOINT = re.compile(r"unexpected endpoint or method", re.I)  # LM Studio's, in a 200
_NO_SUCH_REQUEST = re.compile(
    r"encrypted[ _]content|\bmessages\b.{0,40}\b(required|missing)|missing.{0,40}\bmessages\b",
    re.I | re.S,
)
_TOOLS = (
    "tools are needed: start the server with its tool calling on, or set OPENAI_MODEL to a model "
    "that calls tools"
)
_LENGTH = (
    "the talk is too long for this model: set OPENAI_MODEL to one that takes more, or start its "
    "server with a longer context"
)
_NO_TURN = "no turn of a model in it: if it stays so, check OPENAI_BASE_URL and OPENAI_API"
_API_ADDRESS = "the address of the API, which mostly ends in /v1"


@dataclass(frozen=True, slots=True)
class Fault:
    """`status` is the HTTP status, or what an error inside a 200 gives as one; `code` the
    protocol's word for it, or ''; `words` the server's own, in one line."""

    status: int
    code: str = ""
    words: str = ""
    page: bool = False

    @property
    def no_credit(self) -> bool:
        return self.status == 402 or self.code in _NO_CREDIT

    @property
    def permanent(self) -> bool:
        return self.status in _PERMANENT or self.no_credit

    @property
    def name(self) -> str:
        """` (insufficient_quota)`; gateways send numbers, or sentences, where a word belongs."""
        return f" ({self.code})" if _CODE.fullmatch(self.code) else ""


def fault_of(status: int, body: object, key: str = "") -> Fault:
    """Of a body as parsed from JSON, or as text; without the key, which servers repeat."""
    error = _error_in(body)
    if status == 200 and isinstance(error, dict):
        status = _status_in(error) or status
    words = _words_in(error) if status != 200 or error is not body else ""
    if status == 200 and _NO_ENDPOINT.search(words):
        status = 404
    words = without_key(words, key)
    return Fault(status, _code_in(error), one_line(words), page=is_page(body))


def is_page(body: object) -> bool:
    return isinstance(body, str) and _PAGE.match(body) is not None


def one_line(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST_TEXT else line[: _LONGEST_TEXT - 1] + "…"


def without_key(text: str, key: str) -> str:
    """Servers and libraries may repeat it; where none is wanted it is a word like any other."""
    return text.replace(key, "<secret>") if len(key) >= SHORTEST_SECRET else text


def advice(fault: Fault, api: Api, *, strict: bool) -> str:
    """What to set, in one line; '' where waiting helps, or nobody knows."""
    if fault.no_credit:
        return "the account of OPENAI_API_KEY has no credit left"
    if fault.status >= 500 and fault.status != 501:
        # llama.cpp's server says so with a 500.
        if _NO_TOOLS_WORDS.search(fault.words):
            return _TOOLS
        return _LENGTH if _TOO_LONG_WORDS.search(fault.words) else ""
    if fault.page:
        return f"a web page stands there: set OPENAI_BASE_URL to {_API_ADDRESS}"
    if fault.status == 200:
        return "" if fault.words else _NO_TURN
    if fault.status == 401 or (fault.status == 400 and _NO_KEY_WORDS.search(fault.words)):
        return "set OPENAI_API_KEY to a key of this server"
    if fault.status == 403:
        return "OPENAI_API_KEY may not use this: set another key, or another OPENAI_MODEL"
    if fault.status not in _PERMANENT:
        return ""
    return _of_words(fault, api, strict=strict) or _of_status(fault, api)


def _of_words(fault: Fault, api: Api, *, strict: bool) -> str:
    said = f"{fault.code} {fault.words}"
    if api == "chat" and "v1/responses" in said:
        return "this model is reached by the other API: set OPENAI_API=responses"
    if api == "responses" and _NO_SUCH_REQUEST.search(said):
        return "this model or server takes no such request: set OPENAI_API=chat"
    if fault.code in _NO_MODEL or _NO_MODEL_WORDS.search(said):
        return "set OPENAI_MODEL to a model of this server"
    if fault.code in _TOO_LONG or _TOO_LONG_WORDS.search(said):
        return _LENGTH
    if _NO_TOOLS_WORDS.search(said):
        return _TOOLS
    if strict and _SCHEMA_WORDS.search(said):
        return "set OPENAI_STRICT_SCHEMAS=off"
    return ""


def _of_status(fault: Fault, api: Api) -> str:
    if fault.status not in (404, 405, 501):
        return ""
    if api == "responses":
        return (
            "this server knows no Responses API there: set OPENAI_API=chat, or OPENAI_BASE_URL to "
            + _API_ADDRESS
        )
    return "this server knows no Chat Completions API there: set OPENAI_BASE_URL to " + _API_ADDRESS


def _error_in(body: object) -> object:
    """What stands in `{"error": …}`; Gemini's servers put even that into a list."""
    if isinstance(body, list) and body:
        return _error_in(body[0])
    if isinstance(body, dict) and body.get("error"):
        return _error_in(body["error"])
    return body


def _status_in(error: dict[str, Any]) -> int:
    for name in ("code", "status"):
        given = str(error.get(name))
        if given.isascii() and given.isdigit() and 400 <= int(given[:4]) < 600:
            return int(given[:4])
    return 0


def _code_in(error: object) -> str:
    if not isinstance(error, dict):
        return ""
    given = (error.get(name) for name in ("code", "type"))
    # Gateways write the status there, as a text: `"code": "429"`.
    words = (code for code in given if isinstance(code, str) and not code.isdecimal())
    return next(filter(None, words), "")


def _words_in(error: object) -> str:
    if isinstance(error, str):
        return error
    if isinstance(error, dict):
        for name in ("message", "detail", "msg", "title"):
            if error.get(name):
                return _words_in(error[name])
    return json.dumps(error, ensure_ascii=False) if error else ""
