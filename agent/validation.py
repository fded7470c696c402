"""Reads what comes from outside, so that a wrong input fails a workflow instead of hanging it.

The data converter would raise before any code of ours runs, and Temporal would retry for ever.
"""

from collections.abc import Callable
from typing import Any, NoReturn, TypeVar

from pydantic import ValidationError
from temporalio.api.common.v1 import Payload
from temporalio.common import RawValue
from temporalio.exceptions import ApplicationError

from agent.canonical import load_loosely, load_object
from agent.errors import BAD_REQUEST, BadArguments
from agent.models import Model

M = TypeVar("M", bound=Model)

NOTHING = RawValue(Payload())
"""What a workflow reads that was started without its input."""


def read_signal(kind: type[M], raw: RawValue) -> M:
    """Raises BadArguments, with every fault in one line, unless it is one JSON object (RFC 8259)
    with distinct keys that fits `kind`. What stands beside its fields is nobody's business."""
    return _read(kind, raw, load_loosely)


def read_input(kind: type[M], raw: RawValue) -> M:
    """A workflow's input, in characters and numbers that RFC 8785 can write. Raises a
    non-retryable ApplicationError of type BadRequest."""
    try:
        return _read(kind, raw, load_object)
    except BadArguments as error:
        refuse(str(error))


def _read(kind: type[M], raw: RawValue, load: Callable[[str, str], dict[str, Any]]) -> M:
    try:
        text = raw.payload.data.decode()
        return kind.model_validate(load(text, kind.__name__))
    except UnicodeDecodeError:
        raise BadArguments(f"{kind.__name__}: no JSON in UTF-8") from None
    except ValidationError as error:
        faults = (f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise BadArguments(f"{kind.__name__}: " + "; ".join(faults)) from None


def refuse(reason: str) -> NoReturn:
    raise ApplicationError(reason, type=BAD_REQUEST, non_retryable=True)
