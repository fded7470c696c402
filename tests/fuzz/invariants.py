"""What holds for any bytes that are read, told as the one that does not; '' if all hold."""

import re
import time
import unicodedata

from mail.decision import NOTE
from mail.read import read
from mail.reply import Decision, Refusal, Reply

SECONDS = 2.0
"""Of processor time for one message; ten times what the worst of them took, for the fuzzer's own
counting slows everything down."""

QUESTION = b"Who is to decide about this?"
_UNSHOWN = frozenset({"Cc", "Cs"})
_BIDI = frozenset("\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_PLAIN_HEAD = re.compile(rb"\A(?:[\w-]+:[^\r\n]*\r?\n)+\r?\n")
_STRUCTURED = re.compile(rb"^(?:content-|mime-)", re.IGNORECASE | re.MULTILINE)


def broken(raw: bytes) -> str:
    start = time.process_time()
    result = read(raw)
    seconds = time.process_time() - start
    if seconds > SECONDS:
        return f"took {seconds:.1f} s"
    if read(raw) != result:
        return "read twice, it says two things"
    if isinstance(result, Refusal):
        known = "unreadable: no header fields"
        return "" if result.reason == known else f"refused: {result.reason}"
    return _of_reply(result) or _of_question(raw)


def _of_reply(reply: Reply) -> str:
    if not reply.reason:
        return "no reason"
    for name, text in (("note", reply.note), ("reason", reply.reason)):
        if len(text) > NOTE:
            return f"a {name} of {len(text)} characters"
        if any(_is_unshown(char) for char in text):
            return f"a {name} with characters that are not to be shown: {text!r}"
    return ""


def _is_unshown(char: str) -> bool:
    return char in _BIDI or (unicodedata.category(char) in _UNSHOWN and char not in "\n\t")


def _of_question(raw: bytes) -> str:
    """A question above whatever stands in a plain text approves nothing."""
    head = _PLAIN_HEAD.match(raw)
    if head is None or _STRUCTURED.search(head[0]):
        return ""
    asked = head[0] + QUESTION + b"\r\n\r\n" + raw[head.end() :]
    reply = read(asked)
    if isinstance(reply, Reply) and reply.decision is Decision.APPROVE:
        return f"a question above it, and it still approves: {reply.reason}"
    return ""
