"""A worker's tools: from exactly the modules that AGENT_TOOLS names."""

import importlib
import linecache
import os
import sys
import sysconfig
import traceback
from collections.abc import Callable, Iterable
from types import ModuleType
from typing import Any

from pydantic import ValidationError

from agent.errors import AgentError, ConfigurationError
from agent.settings import Settings
from agent.tools.registry import Registry, Tool, collect

_WORDS = "--debug shows its words"
_FOREIGN = tuple(sysconfig.get_path(name) for name in ("stdlib", "purelib", "platlib"))
_IMPORT = ("<frozen importlib", str(importlib.__file__))


def load_registry(settings: Settings) -> Registry:
    """From each module its marked functions, and what its `make_tools(settings)` returns, if it has
    one. It is given the settings, because what stands in `.env` is not in the environment.

    Raises ConfigurationError with the faults of all modules, one line each.
    """
    _look_here()
    tools: list[Tool] = []
    errors: list[ConfigurationError] = []
    if not settings.agent_tools:
        errors.append(ConfigurationError(["AGENT_TOOLS names no module"]))
    for name in settings.agent_tools:
        try:
            tools += _tools_of(name, settings)
        except ConfigurationError as error:
            errors.append(error)
    try:
        registry = Registry(tools)
    except ConfigurationError as error:
        errors.append(error)
    if errors:
        faults = [fault for error in errors for fault in error.faults]
        raise ConfigurationError(faults) from ExceptionGroup("AGENT_TOOLS", errors)
    return registry


def _look_here() -> None:
    """`python worker.py` looks only where it lies. Last, so that nothing of ours is shadowed."""
    here = os.getcwd()
    if here not in sys.path and "" not in sys.path:
        sys.path.append(here)


def _tools_of(name: str, settings: Settings) -> list[Tool]:
    module = _imported(name, settings)
    tools: list[Tool] = []
    faults: list[str] = []
    for source in (module, *_made(module, settings)):
        try:
            found = collect(source)
        except ConfigurationError as error:
            faults += error.faults
            continue
        if not found and source is not module:
            kind = type(source).__name__
            faults.append(f"{_file(module)}: make_tools returned a {kind} that has no tool")
        tools += found
    if faults:
        raise ConfigurationError(faults)
    if not tools:
        raise ConfigurationError(
            [f"{_file(module)}: no tool in it: mark a function with @tool, or define make_tools"]
        )
    return tools


def _imported(name: str, settings: Settings) -> ModuleType:
    try:
        return importlib.import_module(name)
    except (Exception, SystemExit) as error:
        place = _place(error)
        if isinstance(error, ModuleNotFoundError) and not place:
            said = ", ".join(settings.agent_tools)
            fault = (
                f"AGENT_TOOLS: there is no module {name}, neither installed, nor on PYTHONPATH, "
                f"nor in {os.getcwd()} (AGENT_TOOLS={said})"
            )
        else:
            fault = _crash(error, place or f"AGENT_TOOLS: {name}")
        raise ConfigurationError([fault]) from error


def _made(module: ModuleType, settings: Settings) -> Iterable[object]:
    make: Callable[[Settings], Any] | None = vars(module).get("make_tools")
    if make is None:
        return ()
    where = f"{_file(module)}: make_tools"
    try:
        return tuple(make(settings))
    except ConfigurationError:
        raise
    except ValidationError as error:
        # Of the author's own settings, most likely. The value that does not fit may be a secret.
        faults = [
            f"{where}: {error.title}: {'.'.join(map(str, fault['loc']))}: {fault['msg']}"
            for fault in error.errors(include_input=False, include_url=False)
        ]
        raise ConfigurationError(faults) from error
    except (Exception, SystemExit) as error:
        if place := _place(error):
            raise ConfigurationError([f"{_crash(error, place)}, in make_tools"]) from error
        wanted = "takes the worker's settings and returns a list: def make_tools(settings)"
        raise ConfigurationError([f"{where}: it {wanted}"]) from error


def _crash(error: BaseException, place: str) -> str:
    """Where it arose and the line there. Not its words: they may repeat a secret."""
    kind = type(error).__name__
    if isinstance(error, SyntaxError) and error.filename and os.path.isfile(error.filename):
        return f"{error.filename}:{error.lineno}: {kind}: {error.msg}"
    if isinstance(error, TypeError) and str(error).startswith("tool() "):
        # Python's own words about a decorator with too little or too much: no value is in them.
        return f'{place}: {error}: write @tool(risk=Risk.HIGH, summary="…")'
    if isinstance(error, ImportError | AgentError):
        return f"{place}: {kind}: {' '.join(str(error).split())}"
    file, _, line = place.rpartition(":")
    code = linecache.getline(file, int(line)).strip() if line.isdecimal() else ""
    return f"{place}: {kind} at `{code}` ({_WORDS})"


def _place(error: BaseException) -> str:
    """`file:line` of the last step outside the standard library and what is installed, or of the
    last at all; '' if nothing but the import itself, or the call, has failed."""
    steps = traceback.extract_tb(error.__traceback__)[1:]
    steps = [s for s in steps if not s.filename.startswith(_IMPORT)]
    own = [s for s in steps if not s.filename.startswith(("<", *_FOREIGN))]
    for step in reversed(own or steps):
        return f"{step.filename}:{step.lineno}"
    return ""


def _file(module: ModuleType) -> str:
    return module.__file__ or module.__name__
