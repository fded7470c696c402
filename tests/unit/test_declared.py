"""What may be a tool: methods, wrapped and partial functions; and what is said of what may not."""

import functools
import json
from collections.abc import Callable
from types import SimpleNamespace
from typing import Annotated, Any

import pytest
from pydantic import Field

from agent.errors import ConfigurationError
from agent.models import Risk
from agent.tools.declared import RESERVED
from agent.tools.registry import Tool, ToolContext, collect, tool

CONTEXT = ToolContext("AR-7K2M9QXD4T")
LOW = tool(risk=Risk.LOW, summary="Do it")


def only(source) -> Tool:
    (found,) = collect(source)
    return found


def called(found: Tool, **arguments):
    return found.call(found.parse(json.dumps(arguments)).arguments, CONTEXT)


def logged(function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    def wrapper(*arguments: Any, **named: Any) -> str:
        return f"logged {function(*arguments, **named)}"

    return wrapper


class Bank:
    def __init__(self, name: str) -> None:
        self._name = name

    @LOW
    def balance(self, account: int) -> str:
        """Look at an account."""
        return f"{self._name} {account}"

    @property
    def broken(self) -> str:
        raise RuntimeError("a property that is not to be asked")


class OneBank:
    @classmethod
    @LOW
    def rate(cls, percent: int) -> str:
        """Look at a rate."""
        return f"{cls.__name__} {percent}"


class Wrapped:
    @LOW
    @logged
    def below(self, account: int, context: ToolContext) -> str:
        """Wrapped below."""
        return f"{account} {context.request_id}"


class Outside:
    @logged
    @LOW
    def above(self, account: int) -> str:
        """Wrapped above."""
        return str(account)


def transfer(bank: Bank, amount: int, currency: str = "EUR") -> str:
    """Move money."""
    return f"{amount} {currency}"


def test_methods_of_an_instance_are_tools_and_its_properties_are_left_alone():
    assert called(only(Bank("North")), account=5) == "North 5"
    assert called(only(OneBank()), percent=2) == "OneBank 2"


def test_a_class_in_place_of_its_instance_is_told():
    with pytest.raises(ConfigurationError, match="self has no type: let make_tools return an inst"):
        collect(Bank)


def test_wrapped_functions_have_the_arguments_of_what_they_wrap():
    assert called(only(Wrapped()), account=5) == "logged 5 AR-7K2M9QXD4T"
    assert called(only(Outside()), account=5) == "logged 5"


@pytest.mark.parametrize("finish", [lambda f, _: f, functools.update_wrapper])
def test_what_an_author_has_bound_is_not_the_models_to_choose(finish):
    bound = functools.partial(transfer, Bank("North"), currency="USD")
    found = only(SimpleNamespace(transfer=LOW(finish(bound, transfer))))
    assert (found.name, found.description) == ("transfer", "Move money.")
    assert list(found.arguments.model_fields) == ["amount"]
    assert called(found, amount=5) == "5 USD"


def test_a_function_by_itself_is_a_source_too():
    @LOW
    def wave() -> str:
        """Wave."""
        return "hello"

    assert called(only(wave)) == "hello"


def test_arguments_may_be_named_like_methods_of_pydantics_models():
    @LOW
    def migrate(schema: str, copy: bool, json: str, model_number: int) -> str:
        """Migrate."""
        return f"{schema} {copy} {json} {model_number}"

    assert called(only(migrate), schema="a", copy=True, json="b", model_number=4) == "a True b 4"


def test_every_call_has_what_is_reserved():
    properties = only(Bank("North")).schema()["parameters"]["properties"]
    assert properties.keys() - {"account"} == RESERVED


class Opaque:
    """Nothing that JSON knows."""


def several(*people: str, **more: int) -> None:
    """Pay."""


def by_place(amount: int, /) -> None:
    """Pay."""


def opaque(thing: Opaque) -> None:
    """Pay."""


def callback(then: Callable[[int], int]) -> None:
    """Pay."""


def away(amount: "NotThere") -> None:  # type: ignore[name-defined]  # noqa: F821
    """Pay."""


def unfit(amount: int = None) -> None:  # type: ignore[assignment]
    """Pay."""


def outside(amount: Annotated[int, Field(ge=1)] = 0) -> None:
    """Pay."""


def maybe(context: ToolContext | None = None) -> None:
    """Pay."""


def twice(context: ToolContext, other: ToolContext) -> None:
    """Pay."""


def taken(model_dump: str) -> None:
    """Pay."""


def café() -> None:
    """Pay."""


def blank() -> None:
    """ """


def pay_very_very_very_very_very_very_very_very_very_very_very_long_i() -> None:
    """Pay."""


FAULTY: list[tuple[Any, str]] = [
    (several, "*people is nothing that a model can give"),
    (several, "**more is nothing that a model can give"),
    (by_place, "amount is positional-only"),
    (opaque, "thing has a type of which no JSON schema can be made: "),
    (callback, "then has a type of which no JSON schema can be made: "),
    (away, "its types cannot be found: name 'NotThere' is not defined"),
    (unfit, "the default of amount does not fit its type"),
    (outside, "the default of amount does not fit its type"),
    (maybe, "context: one parameter is a ToolContext, and nothing else"),
    (twice, "other: one parameter is a ToolContext, and nothing else"),
    (taken, "model_dump is a reserved argument"),
    (café, "its name has to be 1 to 64 of"),
    (
        pay_very_very_very_very_very_very_very_very_very_very_very_long_i,
        "its name has to be 1 to 64 of",
    ),
    (blank, "it has no docstring"),
]


@pytest.mark.parametrize(("function", "complaint"), FAULTY)
def test_what_a_call_would_stumble_over_is_named_before_there_is_one(function, complaint):
    with pytest.raises(ConfigurationError) as caught:
        collect(SimpleNamespace(function=LOW(function)))
    prefix = f"{__file__}: tool {function.__name__}: "
    faults = [fault.removeprefix(prefix) for fault in caught.value.faults]
    assert any(fault.startswith(complaint) for fault in faults), faults
    assert all("\n" not in fault for fault in faults)


@pytest.mark.parametrize(
    ("declared", "complaint"),
    [
        ({"risk": "high", "summary": "Pay"}, "its risk is 'high', not Risk.LOW"),
        ({"risk": None, "summary": "Pay"}, "its risk is None"),
        ({"risk": Risk.LOW, "summary": "Pay", "idempotent": "no"}, "neither True nor False"),
        ({"risk": Risk.LOW, "summary": " "}, "its summary is neither a text nor a function"),
        ({"risk": Risk.LOW, "summary": "Pay {"}, "its summary is no format string: "),
    ],
)
def test_a_declaration_of_the_wrong_kind_is_named(declared, complaint):
    def pay() -> None:
        """Pay."""

    with pytest.raises(ConfigurationError, match=f"tool pay: .*{complaint}"):
        collect(SimpleNamespace(pay=tool(**declared)(pay)))


def test_all_faults_of_all_tools_are_told_together():
    with pytest.raises(ConfigurationError) as caught:
        collect(SimpleNamespace(one=LOW(several), two=LOW(by_place)))
    assert len(caught.value.faults) == 3
