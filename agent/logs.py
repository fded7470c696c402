"""The worker's log: where it goes, what of it is ours, and what may stand in none of its lines.

No password, token or body, at any level. Our own lines hold none; here it is seen to that those of
libraries hold none either, nor the words of an error, which may repeat whatever it was about.
"""

import logging
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator
from types import TracebackType

from pydantic import SecretStr
from temporalio.service import RPCError

from agent.errors import ConfigurationError, Unavailable
from agent.settings import Settings
from mail.carriers import without_tokens
from mail.credentials import SHORTEST_SECRET
from mail.errors import MailError

_OURS = ("worker", "agent", "mail", "temporalio.activity", "temporalio.workflow")
_HELD_BACK = {
    # Of every activity it tells the whole result: what the model wrote, what a tool returned.
    "temporalio": logging.INFO,
    # One line a request, with its URL; at DEBUG headers, and with OPENAI_LOG=debug at any level.
    "openai": logging.WARNING,
    "httpx2": logging.WARNING,
    "httpcore2": logging.WARNING,
    # Of a slow callback it tells the arguments: whole messages.
    "asyncio": logging.ERROR,
}
# Their words are ours, or Temporal's about its own calls.
_SPEAKING = (MailError, ConfigurationError, Unavailable, RPCError)

_Raised = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


def set_up(settings: Settings) -> None:
    """Log to standard error at the level of the settings; libraries never below INFO."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Formatter(secrets_of(settings), lambda: printed_secrets(settings)))
    level = logging.getLevelNamesMapping()[settings.log_level]
    logging.basicConfig(level=max(level, logging.INFO), handlers=[handler])
    hold_back(level)
    for name in _OURS:
        logging.getLogger(name).setLevel(level)


def hold_back(level: int = logging.DEBUG) -> None:
    """Whatever level the root logger has: these say at their lower ones what nobody may read."""
    for name, least in _HELD_BACK.items():
        logging.getLogger(name).setLevel(max(level, least))


def secrets_of(settings: Settings) -> tuple[str, ...]:
    """What a line may not hold, the longest first: one may be a part of another."""
    values = [value.get_secret_value() for _, value in settings if isinstance(value, SecretStr)]
    words = {word.strip() for value in values for word in (value, *value.split(","))}
    return tuple(sorted((w for w in words if len(w) >= SHORTEST_SECRET), key=len, reverse=True))


def printed_secrets(settings: Settings) -> tuple[str, ...]:
    """The same of what commands have printed, and files held, by now."""
    sources = (settings.smtp_source, settings.imap_source)
    forms = [form for source in sources if source for form in source.secrets]
    return tuple(form for form in forms if len(form) >= SHORTEST_SECRET)


def said(record: logging.LogRecord) -> str:
    """A record's message. Below its first line asyncio tells of tasks and what they failed with."""
    text = record.getMessage()
    return text.partition("\n")[0] if record.name == "asyncio" else text


class Formatter(logging.Formatter):
    """One line a record, and for an error where it arose; the last to look at what is written."""

    def __init__(
        self, secrets: Iterable[str] = (), more: Callable[[], Iterable[str]] = tuple
    ) -> None:
        """`more` is asked at every line, for what is secret by then."""
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")
        self._secrets = tuple(secrets)
        self._more = more

    def format(self, record: logging.LogRecord) -> str:
        text = super().format(record)
        for secret in (*self._secrets, *self._more()):
            text = text.replace(secret, "<secret>")
        return without_tokens(text)

    def formatMessage(self, record: logging.LogRecord) -> str:
        record.message = said(record)
        return super().formatMessage(record)

    def formatException(self, ei: _Raised) -> str:
        return "\n".join(_lines(ei[1], set())) if ei[1] else ""


def _lines(error: BaseException, seen: set[int]) -> Iterator[str]:
    """As Python prints a traceback, but of each error only its name."""
    seen.add(id(error))
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None and id(before) not in seen:
        yield from _lines(before, seen)
        yield "which led to:"
    yield "Traceback (most recent call last):"
    yield from (line.rstrip("\n") for line in traceback.format_tb(error.__traceback__))
    yield _name(error)
    for part in error.exceptions if isinstance(error, BaseExceptionGroup) else ():
        yield from _lines(part, seen)


def _name(error: BaseException) -> str:
    kind = type(error)
    builtin = kind.__module__ == "builtins"
    name = kind.__qualname__ if builtin else f"{kind.__module__}.{kind.__qualname__}"
    if isinstance(error, _SPEAKING):
        return f"{name}: {' '.join(str(error).split())}"
    # Of an ApplicationError that one of us has raised: MailRejected, ModelRefused.
    what = getattr(error, "type", None)
    return f"{name} ({what})" if isinstance(what, str) and what.isidentifier() else name
