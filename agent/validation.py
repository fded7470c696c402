"""Reads a workflow's input, so that a wrong one fails the workflow instead of hanging it."""

from typing import Any, NoReturn, TypeVar

from pydantic import ValidationError
from temporalio.exceptions import ApplicationError

from agent.errors import BAD_REQUEST
from agent.models import Model

M = TypeVar("M", bound=Model)


def parse_input(kind: type[M], raw: Any) -> M:
    """Raises a non-retryable ApplicationError of type BadRequest, with every fault in one line."""
    try:
        return kind.model_validate(raw)
    except ValidationError as error:
        faults = (f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        refuse(f"{kind.__name__}: " + "; ".join(faults))


def refuse(reason: str) -> NoReturn:
    raise ApplicationError(reason, type=BAD_REQUEST, non_retryable=True)
