"""Reply extractors from PyPI, each used as its own documentation shows: MIME by `email`, the first
text part, decoded; of HTML alone the tags are taken off. None of them makes a decision of it."""

import email
import html
import importlib
import logging
import re
import warnings
from collections.abc import Callable
from email.message import EmailMessage, Message
from email.policy import compat32, default
from importlib.metadata import PackageNotFoundError, version
from typing import Any

Reader = Callable[[bytes], object]
STRICT = "email-reply-parser"
"""The peer, and with the faster of the two ways to read MIME, that the goals are set by."""
_TAG = re.compile(r"<[^>]*>")


def peers() -> dict[str, Reader | str]:
    """By name and version; instead of one that cannot be had, why."""
    found: dict[str, Reader | str] = {}
    for name, package, load in _PEERS:
        try:
            found[f"{name} {version(package)}"] = load()
        except (ImportError, PackageNotFoundError) as error:
            found[name] = str(error)
    return found


def _email_reply_parser() -> Reader:
    parse: Any = importlib.import_module("email_reply_parser").EmailReplyParser.parse_reply
    return lambda raw: parse(_as_text(*_first_text(raw)))


def _with_default_policy() -> Reader:
    parse: Any = importlib.import_module("email_reply_parser").EmailReplyParser.parse_reply
    return lambda raw: parse(_as_text(*_body(raw)))


def _talon() -> Reader:
    # It tells the log of every namespace of Outlook's that its parser does not know, and goes on.
    logging.getLogger("talon").setLevel(logging.CRITICAL)
    warnings.filterwarnings("ignore", module="html5lib")
    quotations: Any = importlib.import_module("talon.quotations")
    return lambda raw: quotations.extract_from(*_first_text(raw))


def _mail_parser_reply() -> Reader:
    parser: Any = importlib.import_module("mailparser_reply").EmailReplyParser(languages=["en"])
    return lambda raw: parser.parse_reply(text=_as_text(*_first_text(raw)))


_PEERS: list[tuple[str, str, Callable[[], Reader]]] = [
    (STRICT, "email-reply-parser", _email_reply_parser),
    ("the same, policy default", "email-reply-parser", _with_default_policy),
    ("talon", "talon", _talon),
    ("mail-parser-reply", "mail-parser-reply", _mail_parser_reply),
]


def _first_text(raw: bytes) -> tuple[str, str]:
    """Text and its content type, by `email.policy.compat32`, the default and the fastest."""
    message: Message[str, str] = email.message_from_bytes(raw, policy=compat32)
    found = None
    for part in message.walk():
        if part.get_content_type() == "text/plain":
            found = part
            break
        if part.get_content_type() == "text/html":
            found = found or part
    if found is None:
        return "", "text/plain"
    content = found.get_payload(decode=True)
    assert isinstance(content, bytes)
    charset = found.get_content_charset() or "utf-8"
    return content.decode(charset, "replace"), found.get_content_type()


def _body(raw: bytes) -> tuple[str, str]:
    message = email.message_from_bytes(raw, policy=default)
    assert isinstance(message, EmailMessage)
    part = message.get_body(("plain", "html"))
    return (part.get_content(), part.get_content_type()) if part else ("", "text/plain")


def _as_text(text: str, content_type: str) -> str:
    return html.unescape(_TAG.sub("", text)) if content_type == "text/html" else text
