"""Pure: what a function says of itself as a tool, and what a call of it would stumble over."""

import functools
import inspect
import re
import string
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from types import MethodType
from typing import Any, get_args, get_type_hints

from pydantic import BaseModel, ConfigDict, create_model

from agent.models import Risk

RESERVED = frozenset({"reasoning", "risky_action"})
"""What every call has besides: the model's own view."""
_NAME = re.compile(r"[a-zA-Z0-9_-]{1,64}")  # what the Responses API and Chat Completions take
_NO_ARGUMENT: dict[Any, str] = {
    inspect.Parameter.VAR_POSITIONAL: "*{0} is nothing that a model can give",
    inspect.Parameter.VAR_KEYWORD: "**{0} is nothing that a model can give",
    inspect.Parameter.POSITIONAL_ONLY: "{0} is positional-only, and arguments are given by name",
}
_METHODS = (staticmethod, classmethod, MethodType)


@dataclass(frozen=True, slots=True)
class Declaration:
    """What stands in the decorator; of whatever type its author gave."""

    risk: Any
    summary: Any
    idempotent: Any


@dataclass(slots=True)
class Parameters:
    """A function's parameters: those that a model gives, and the one for the context."""

    fields: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    """name -> type and default, `...` for none; the type is None where none stands."""
    context: str | None = None
    faults: list[str] = field(default_factory=list)


def marked(source: object) -> Iterator[tuple[str, Callable[..., Any], Declaration]]:
    """The tools that a module or an instance holds, or a function is, in the order of their names.
    Nothing of it is run: a property may do anything."""
    if declaration := _declaration(source):
        yield "", source, declaration  # type: ignore[misc]
        return
    for name, member in inspect.getmembers_static(source):
        inner = member.__func__ if isinstance(member, _METHODS) else member
        if declaration := _declaration(member) or _declaration(inner):
            yield name, getattr(source, name), declaration


def name_of(function: Callable[..., Any], member: str) -> str:
    """A partial has no name of its own: then that under which it stands."""
    return getattr(function, "__name__", "") or member or type(function).__name__


def description_of(function: Callable[..., Any]) -> str:
    own = vars(function).get("__doc__") if isinstance(function, functools.partial) else None
    text = own or _written(function).__doc__ if _is_partial(function) else function.__doc__
    return inspect.cleandoc(text or "")


def source_of(function: Callable[..., Any]) -> str:
    """The file that it is written in."""
    try:
        return inspect.getsourcefile(_written(function)) or "?"
    except TypeError:  # written in C
        return "?"


def parameters_of(function: Callable[..., Any], context: type) -> Parameters:
    """`context` is the annotation of the parameter that no model gives."""
    found = Parameters()
    try:
        hints = get_type_hints(_written(function), include_extras=True)
    except Exception as error:  # the annotations are evaluated, and may be anything
        found.faults.append(f"its types cannot be found: {error}")
        return found
    for parameter in _signature(function):
        name, kind = parameter.name, hints.get(parameter.name)
        if fault := _NO_ARGUMENT.get(parameter.kind):
            found.faults.append(fault.format(name))
        elif kind is context and found.context is None:
            found.context = name
        elif _mentions(kind, context):
            found.faults.append(f"{name}: one parameter is a {context.__name__}, and nothing else")
        else:
            empty = parameter.default is inspect.Parameter.empty
            found.fields[name] = (kind, ... if empty else parameter.default)
    return found


def faults_of(name: str, function: Any, declaration: Declaration, found: Parameters) -> list[str]:
    """What is to be mended before a model may be offered it."""
    faults = list(found.faults)
    if not _NAME.fullmatch(name):
        faults.append("its name has to be 1 to 64 of A-Z, a-z, 0-9, _ and -")
    if not description_of(function):
        faults.append("it has no docstring")
    if not isinstance(declaration.risk, Risk):
        faults.append(f"its risk is {declaration.risk!r}, not Risk.LOW, Risk.MEDIUM or Risk.HIGH")
    if not isinstance(declaration.idempotent, bool):
        faults.append("its idempotent is neither True nor False")
    for field_name, (kind, default) in found.fields.items():
        if fault := _argument_fault(field_name, kind, default):
            faults.append(fault)
    return faults + _summary_faults(declaration.summary, found)


def model_of(name: str, fields: dict[str, tuple[Any, Any]]) -> type[BaseModel]:
    """Its arguments as a pydantic model."""
    config = ConfigDict(extra="forbid", frozen=True)
    with warnings.catch_warnings():
        # Of an argument named `copy` or `schema`, which pydantic's models once had as methods.
        warnings.simplefilter("ignore")
        model: type[BaseModel] = create_model(name, __config__=config, **fields)  # type: ignore[call-overload]
    return model


def _declaration(value: object) -> Declaration | None:
    try:
        found = inspect.getattr_static(value, "__tool__", None)
    except Exception:  # whatever stands in a module, it is not for us to judge
        return None
    return found if isinstance(found, Declaration) else None


def _is_partial(function: Any) -> bool:
    return isinstance(function, functools.partial)


def _written(function: Any) -> Any:
    """The function that somebody has written, below partials and wrappers."""
    while True:
        function = inspect.unwrap(function)
        if not _is_partial(function):
            break
        function = function.func
    return function if inspect.isroutine(function) else type(function).__call__


def _signature(function: Any) -> list[inspect.Parameter]:
    partial = inspect.unwrap(function, stop=_is_partial)
    if not _is_partial(partial):
        return [*inspect.signature(function).parameters.values()]
    # With `update_wrapper` a partial would be taken for the whole function.
    bare = functools.partial(partial.func, *partial.args, **partial.keywords)
    given = inspect.signature(bare).parameters.values()
    # What its author has bound is not the model's to choose.
    return [parameter for parameter in given if parameter.name not in partial.keywords]


def _mentions(kind: Any, context: type) -> bool:
    return kind is context or any(_mentions(part, context) for part in get_args(kind))


def _argument_fault(name: str, kind: Any, default: Any) -> str:
    if kind is None:
        unbound = (
            ": let make_tools return an instance, not the class" if name in ("self", "cls") else ""
        )
        return f"{name} has no type{unbound}"
    if name in RESERVED or (name.startswith("model_") and hasattr(BaseModel, name)):
        return f"{name} is a reserved argument"
    try:
        model = model_of("one", {name: (kind, default)})
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            model.model_json_schema()
    except Exception as error:
        why = str(error).partition("\n")[0]
        return f"{name} has a type of which no JSON schema can be made: {why}"
    return "" if _default_fits(model, name) else f"the default of {name} does not fit its type"


def _default_fits(model: type[BaseModel], name: str) -> bool:
    """As a call will take it: written as JSON, shown to people, and read again."""
    if model.model_fields[name].is_required():
        return True
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            model.model_validate_json(model().model_dump_json(), strict=True)
    except Exception:
        return False
    return True


def _summary_faults(summary: Any, found: Parameters) -> list[str]:
    if callable(summary):
        return []
    if not isinstance(summary, str) or not summary.strip():
        return ["its summary is neither a text nor a function"]
    try:
        used = {name for _, name, _, _ in string.Formatter().parse(summary) if name is not None}
    except ValueError as error:
        return [f"its summary is no format string: {error}"]
    # Where the parameters could not be read nobody knows which there are.
    unknown = set() if found.faults and not found.fields else used - found.fields.keys()
    return [f"its summary names {name!r}" for name in sorted(unknown)]
