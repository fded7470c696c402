"""Values whose every field of text holds what a test wants: found by walking the types, so that a
field which is added later is filled as well."""

import dataclasses
from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from tests.unit.mail_samples import ASKED

Make = Callable[[str], str]
"""From the path of a field (`Letter.sections[0].prose[1]`) to its text."""


def filled(kind: Any, make: Make, path: str = "") -> Any:
    path = path or kind.__name__
    if kind is str:
        return make(path)
    if kind is bool:
        return True
    if kind is datetime:
        return ASKED
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return next(iter(kind))
    if dataclasses.is_dataclass(kind):
        hints = get_type_hints(kind)
        return _built(kind, {name: filled(hints[name], make, f"{path}.{name}") for name in hints})
    return _of_several(kind, make, path)


def _built(kind: Any, values: dict[str, Any]) -> Any:
    return kind(**values)


def _of_several(kind: Any, make: Make, path: str) -> Any:
    parts = get_args(kind)
    if get_origin(kind) in (Union, UnionType):
        (one,) = (part for part in parts if part is not NoneType)
        return filled(one, make, path)
    if get_origin(kind) is tuple:
        each = (parts[0], parts[0]) if parts[1:] == (...,) else parts
        return tuple(filled(one, make, f"{path}[{n}]") for n, one in enumerate(each))
    raise TypeError(f"{path}: nobody has said how to fill {kind}")
