"""A tool is a typed Python function with a docstring; everything else is read off it.

The JSON schema comes from the types by pydantic. Besides its own arguments every call has the
model's `reasoning` and `risky_action`, which are shown to people and never reach the function.
"""

import inspect
import string
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, get_type_hints

from pydantic import BaseModel, ConfigDict, ValidationError, create_model

from agent.canonical import canonical_json, load_arguments
from agent.errors import BadArguments, ConfigurationError, ToolError
from agent.models import Risk
from agent.tools.schema import OWN_FIELDS, function_tool

_SUMMARY_LENGTH = 120


@dataclass(frozen=True, slots=True)
class ToolContext:
    """What a tool may know of its call; passed to a parameter annotated with this class."""

    request_id: str
    """The idempotency key: the same on every retry, another one for every call."""


@dataclass(frozen=True, slots=True)
class ParsedCall:
    """A model's call whose arguments fit: canonical ones apart from the model's own view."""

    arguments: dict[str, Any]
    reasoning: str
    risky_action: bool | None


@dataclass(frozen=True, slots=True)
class Tool:
    """One function the model may call. `idempotent` tools are retried with the request id as key,
    the others get one attempt."""

    name: str
    description: str
    risk: Risk
    idempotent: bool
    summary: str
    function: Callable[..., Any]
    arguments: type[BaseModel]
    context_parameter: str | None

    def schema(self, *, strict: bool = True) -> dict[str, Any]:
        """The function tool of the Responses API."""
        schema = self.arguments.model_json_schema()
        return function_tool(self.name, self.description, schema, strict=strict)

    def parse(self, text: str) -> ParsedCall:
        """Raises BadArguments, with every fault in one line, if the arguments do not fit."""
        given = load_arguments(text)
        reasoning, risky = given.pop("reasoning", ""), given.pop("risky_action", None)
        return ParsedCall(
            arguments=load_arguments(self._fit(given).model_dump_json()),
            reasoning=reasoning if isinstance(reasoning, str) else "",
            risky_action=risky if isinstance(risky, bool) else None,
        )

    def summarize(self, arguments: dict[str, Any]) -> str:
        """One line for people: `Refund 120.00 EUR for order 1042`."""
        line = " ".join(self.summary.format(**arguments).split())
        return line if len(line) <= _SUMMARY_LENGTH else line[: _SUMMARY_LENGTH - 1] + "…"

    def call(self, arguments: dict[str, Any], context: ToolContext) -> Any:
        """Run it; a coroutine comes back where the function is async. Raises ToolError if its
        parameters are not those of the arguments: it was changed since they were agreed to."""
        try:
            fitted = self._fit(arguments)
        except BadArguments as error:
            raise ToolError(f"{self.name}: {error}") from error
        if canonical_json(load_arguments(fitted.model_dump_json())) != canonical_json(arguments):
            # A parameter that was added with a default: nobody has seen, or agreed to, its value.
            raise ToolError(f"{self.name}: its parameters are no longer those that were agreed to")
        values = {name: getattr(fitted, name) for name in type(fitted).model_fields}
        if self.context_parameter is not None:
            values[self.context_parameter] = context
        return self.function(**values)

    def _fit(self, arguments: dict[str, Any]) -> BaseModel:
        try:
            return self.arguments.model_validate_json(canonical_json(arguments), strict=True)
        except ValidationError as error:
            faults = (f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
            raise BadArguments("the arguments do not fit: " + "; ".join(faults)) from error


class Registry:
    """The tools of one worker, by name."""

    def __init__(self, tools: Iterable[Tool]) -> None:
        self._tools: dict[str, Tool] = {}
        for one in tools:
            if one.name in self._tools:
                raise ConfigurationError([f"two tools are named {one.name}"])
            self._tools[one.name] = one

    def get(self, name: str) -> Tool | None:
        return self._tools.get(name)

    def schemas(self, *, strict: bool = True) -> list[dict[str, Any]]:
        return [one.schema(strict=strict) for one in self._tools.values()]


def tool(*, risk: Risk, summary: str, idempotent: bool = False) -> Callable[..., Any]:
    """Declare a function or method a tool. `summary` is a format string over its arguments."""

    def mark(function: Callable[..., Any]) -> Callable[..., Any]:
        function.__tool__ = (risk, summary, idempotent)  # type: ignore[attr-defined]
        return function

    return mark


def collect(source: object) -> list[Tool]:
    """Every tool that a module or an instance holds, in the order of their names."""
    members = inspect.getmembers(source, lambda value: hasattr(value, "__tool__"))
    return [_tool_of(function) for _, function in members]


def _tool_of(function: Any) -> Tool:
    risk, summary, idempotent = function.__tool__
    name: str = function.__name__
    hints = get_type_hints(function, include_extras=True)
    context_parameter = None
    fields: dict[str, Any] = {}
    for parameter in inspect.signature(function).parameters.values():
        annotation = hints.get(parameter.name)
        if annotation is ToolContext:
            context_parameter = parameter.name
        else:
            fields[parameter.name] = (annotation, _default(parameter))
    _check(name, function, fields, summary)
    arguments: type[BaseModel] = create_model(
        name, __config__=ConfigDict(extra="forbid", frozen=True), **fields
    )
    description = inspect.cleandoc(function.__doc__)
    return Tool(
        name, description, risk, idempotent, summary, function, arguments, context_parameter
    )


def _default(parameter: inspect.Parameter) -> Any:
    return ... if parameter.default is inspect.Parameter.empty else parameter.default


def _check(name: str, function: Any, fields: dict[str, Any], summary: str) -> None:
    """Raises ConfigurationError, naming file and function, for what a call would stumble over."""
    used = {field for _, field, _, _ in string.Formatter().parse(summary) if field is not None}
    faults = []
    if not function.__doc__:
        faults.append("it has no docstring")
    faults += [f"{field} has no type" for field, (kind, _) in fields.items() if kind is None]
    faults += [f"{field} is a reserved argument" for field in fields if field in OWN_FIELDS]
    faults += [f"its summary names {field!r}" for field in sorted(used - fields.keys())]
    if faults:
        where = f"{inspect.getsourcefile(inspect.unwrap(function))}: tool {name}"
        raise ConfigurationError([f"{where}: {fault}" for fault in faults])
