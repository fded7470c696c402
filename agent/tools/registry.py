"""A tool is a typed Python function with a docstring; everything else is read off it.

The JSON schema comes from the types by pydantic. Besides its own arguments every call has the
model's `reasoning` and `risky_action`, which are shown to people and never reach the function.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from agent.canonical import canonical_json, load_arguments
from agent.errors import BadArguments, ConfigurationError, ToolError
from agent.models import Risk
from agent.tools.declared import (
    Declaration,
    description_of,
    faults_of,
    marked,
    model_of,
    name_of,
    parameters_of,
    source_of,
)
from agent.tools.schema import function_tool

_SUMMARY_LENGTH = 120

Summary = str | Callable[[dict[str, Any]], str]
"""For people, in one line: a format string over the arguments, or a function of them."""
F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class ToolContext:
    """What a tool may know of its call; passed to a parameter annotated with this class."""

    request_id: str
    """The idempotency key: the same on every retry, another one for every call."""
    attempt: int = 1
    """Above 1 an earlier try was begun, and nobody knows how far it came."""


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
    summary: Summary
    function: Callable[..., Any]
    arguments: type[BaseModel]
    context_parameter: str | None

    def schema(self, *, strict: bool = True) -> dict[str, Any]:
        """The function tool of the Responses API."""
        schema = self.arguments.model_json_schema()
        return function_tool(self.name, self.description, schema, strict=strict)

    @property
    def described(self) -> dict[str, Any]:
        """For `python -m agent tools`."""
        return {
            "name": self.name,
            "risk": self.risk,
            "idempotent": self.idempotent,
            "arguments": list(self.arguments.model_fields),
            "description": self.description,
            "file": source_of(self.function),
        }

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
        """One line for people: `Refund 120.00 EUR for order 1042`. Raises BadArguments."""
        summary = self.summary
        try:
            text = summary.format(**arguments) if isinstance(summary, str) else summary(arguments)
            line = " ".join(text.split())
        except Exception as error:  # an author's own function, or format of an argument
            raise BadArguments(f"no summary can be made: {type(error).__name__}") from error
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
            faults = (f"{'.'.join(map(str, e['loc']))}: {_said(e['msg'])}" for e in error.errors())
            raise BadArguments("the arguments do not fit: " + "; ".join(faults)) from error


class Registry:
    """The tools of one worker, by name."""

    def __init__(self, tools: Iterable[Tool]) -> None:
        """Raises ConfigurationError, naming both files, where two have one name."""
        self._tools: dict[str, Tool] = {}
        faults = []
        for one in tools:
            other = self._tools.setdefault(one.name, one)
            # One that a second module has imported is no second tool.
            if other.function != one.function:
                files = f"{source_of(other.function)} and {source_of(one.function)}"
                faults.append(f"two tools are named {one.name}: {files}")
        if faults:
            raise ConfigurationError(faults)

    def __iter__(self) -> Iterator[Tool]:
        return iter(self._tools.values())

    def get(self, name: str) -> Tool | None:
        return self._tools.get(name)

    def schemas(self, *, strict: bool = True) -> list[dict[str, Any]]:
        return [one.schema(strict=strict) for one in self._tools.values()]


def tool(*, risk: Risk, summary: Summary, idempotent: bool = False) -> Callable[[F], F]:
    """Declare a function or method a tool. `idempotent`: called again with the same
    `ToolContext.request_id` it does nothing twice."""

    def mark(function: F) -> F:
        function.__tool__ = Declaration(risk, summary, idempotent)  # type: ignore[attr-defined]
        return function

    return mark


def collect(source: object) -> list[Tool]:
    """Every tool that a module or an instance holds, or a function is, in the order of their names.
    Raises ConfigurationError, naming file and function, for what a call would stumble over."""
    tools, faults = [], []
    for member, function, declaration in marked(source):
        name = name_of(function, member)
        found = parameters_of(function, ToolContext)
        if wrong := faults_of(name, function, declaration, found):
            where = f"{source_of(function)}: tool {name}"
            faults += [f"{where}: {fault}" for fault in wrong]
            continue
        tools.append(
            Tool(
                name,
                description_of(function),
                declaration.risk,
                declaration.idempotent,
                declaration.summary,
                function,
                model_of(name, found.fields),
                found.context,
            )
        )
    if faults:
        raise ConfigurationError(faults)
    return tools


def _said(message: str) -> str:
    """A validator's own words, without those that pydantic puts before them."""
    return message.removeprefix("Value error, ")
