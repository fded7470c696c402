"""Tools as they are declared, offered to the model, parsed and called."""

import contextlib
import json
from decimal import Decimal
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.canonical import canonical_json
from agent.errors import BadArguments, ConfigurationError, ToolError
from agent.models import Risk
from agent.tools.registry import Registry, Tool, ToolContext, collect, tool
from agent.tools.shop import Shop
from demo.model_rules import refusal_of

CONTEXT = ToolContext("AR-7K2M9QXD4T")


def only(function) -> Tool:
    (found,) = collect(SimpleNamespace(function=function))
    return found


@tool(risk=Risk.HIGH, summary="Pay {amount} to {person}")
def pay(amount: int, person: str, context: ToolContext, urgent: bool = False) -> str:
    """Pay a person."""
    return f"{amount} {person} {urgent} {context.request_id}"


PAY = only(pay)
VIEW = {"reasoning": "because", "risky_action": True}


@pytest.fixture
def shop(tmp_path) -> Registry:
    return Registry(collect(Shop(tmp_path / "shop.sqlite3")))


def test_the_shop_declares_what_the_contract_says(shop):
    found = {one: shop.get(one) for one in (schema["name"] for schema in shop.schemas())}
    assert {
        name: (t.risk, t.idempotent, sorted(t.arguments.model_fields)) for name, t in found.items()
    } == {
        "lookup_order": (Risk.LOW, True, ["order_id"]),
        "refund_order": (Risk.HIGH, True, ["amount", "currency", "order_id"]),
        "cancel_order": (Risk.MEDIUM, True, ["order_id"]),
        "delete_test_data": (Risk.HIGH, False, ["environment"]),
    }


def test_schemas_are_what_the_provider_takes_as_strict(shop):
    tools = [*shop.schemas(), PAY.schema()]
    assert refusal_of({"model": "m", "input": "x", "tools": tools}) is None
    for schema in tools:
        properties = schema["parameters"]["properties"]
        assert {"reasoning", "risky_action"} <= properties.keys()
        assert "context" not in properties


def test_a_tool_is_not_idempotent_unless_it_says_so():
    assert PAY.idempotent is False


def test_the_models_own_view_never_reaches_the_function_or_the_arguments():
    call = PAY.parse(json.dumps({"amount": 5, "person": "Ann", "urgent": True, **VIEW}))
    assert call.arguments == {"amount": 5, "person": "Ann", "urgent": True}
    assert (call.reasoning, call.risky_action) == ("because", True)
    assert PAY.call(call.arguments, CONTEXT) == "5 Ann True AR-7K2M9QXD4T"


def test_what_was_left_out_is_shown_with_its_default():
    assert PAY.parse('{"amount": 5, "person": "Ann"}').arguments["urgent"] is False


@pytest.mark.parametrize("view", [{}, {"reasoning": 5, "risky_action": "yes"}])
def test_a_view_that_is_none_is_left_out(view):
    call = PAY.parse(json.dumps({"amount": 5, "person": "Ann", **view}))
    assert (call.reasoning, call.risky_action) == ("", None)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ('{"amount": "5", "person": "Ann"}', "amount"),
        ('{"amount": 5.5, "person": "Ann"}', "amount"),
        ('{"amount": true, "person": "Ann"}', "amount"),
        ('{"amount": null, "person": "Ann"}', "amount"),
        ('{"person": "Ann"}', "amount"),
        ('{"amount": 5, "person": "Ann", "to": "Eve"}', "to"),
        ('{"amount": 5, "person": "Ann", "context": {}}', "context"),
        ('{"amount": 1, "amount": 5, "person": "Ann"}', "stands twice"),
        ('{"amount": 9007199254740992, "person": "Ann"}', "canonical form"),
        ('{"amount": NaN, "person": "Ann"}', "NaN"),
        ('{"amount": 5, "person": "\\ud800"}', "canonical form"),
        ('{"amount": 5, "person":', "no JSON object"),
    ],
)
def test_arguments_that_do_not_fit_are_refused_in_one_line(text, complaint):
    with pytest.raises(BadArguments, match=complaint) as caught:
        PAY.parse(text)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "amount", ["-1", "1.234", "1e3", "01", "", " 5", "5 ", "5\n", "٥", "1234567890", "NaN"]
)
def test_money_is_a_plain_decimal(shop, amount):
    refund = shop.get("refund_order")
    with pytest.raises(BadArguments, match="amount"):
        refund.parse(json.dumps({"order_id": 1042, "amount": amount, "currency": "EUR"}))


@given(st.integers(-(2**53) + 1, 2**53 - 1), st.text(st.characters(exclude_categories=["Cs"])))
def test_what_was_parsed_is_called_with_the_same_values(amount, person):
    call = PAY.parse(json.dumps({"amount": amount, "person": person}))
    assert canonical_json(call.arguments) == canonical_json(
        {"amount": amount, "person": person, "urgent": False}
    )
    assert PAY.call(call.arguments, CONTEXT) == f"{amount} {person} False AR-7K2M9QXD4T"


@given(
    st.text(max_size=60)
    | st.recursive(
        st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    ).map(json.dumps)
)
def test_whatever_a_model_writes_is_taken_or_refused(text):
    with contextlib.suppress(BadArguments):
        PAY.parse(text)


def test_richer_types_are_shown_and_run_as_they_were_written():
    @tool(risk=Risk.HIGH, summary="Pay {amount}")
    def pay_exactly(amount: Decimal, parts: list[int]) -> Decimal:
        """Pay."""
        return amount * sum(parts)

    exact = only(pay_exactly)
    call = exact.parse('{"amount": "0.10", "parts": [1, 2]}')
    assert call.arguments == {"amount": "0.10", "parts": [1, 2]}
    assert exact.call(call.arguments, CONTEXT) == Decimal("0.30")


@pytest.mark.parametrize(
    "arguments",
    [
        {"amount": 5, "person": "Ann"},
        {"amount": 5, "person": "Ann", "urgent": False, "gone": 1},
        {"amount": "5", "person": "Ann", "urgent": False},
    ],
    ids=["added with a default", "removed", "another type"],
)
def test_a_tool_that_changed_since_its_call_was_agreed_to_does_nothing(arguments):
    with pytest.raises(ToolError, match="pay: "):
        PAY.call(arguments, CONTEXT)


def test_a_summary_is_one_short_line_whatever_the_arguments():
    assert PAY.summarize({"amount": 5, "person": "Ann\nApproved  {amount}"}) == (
        "Pay 5 to Ann Approved {amount}"
    )
    long = PAY.summarize({"amount": 5, "person": "x" * 500})
    assert len(long) == 120 and long.endswith("…")


def test_two_tools_of_one_name_are_refused():
    def pay_twice(amount: int) -> str:
        """Pay."""
        return ""

    pay_twice.__name__ = "pay"
    other = only(tool(risk=Risk.HIGH, summary="Pay")(pay_twice))
    with pytest.raises(ConfigurationError, match=r"two tools are named pay: .*\.py and .*\.py"):
        Registry([PAY, other])


def test_a_tool_that_two_modules_have_imported_is_one():
    assert len(Registry([PAY, only(pay)]).schemas()) == 1


@pytest.mark.parametrize(
    "given", [lambda arguments: arguments["gone"], lambda _: None, "{amount:d}"]
)
def test_a_summary_that_cannot_be_made_is_told_to_the_model(given):
    @tool(risk=Risk.LOW, summary=given)
    def owe(amount: str) -> str:
        """Owe."""
        return amount

    with pytest.raises(BadArguments, match="no summary can be made"):
        only(owe).summarize({"amount": "5"})


def test_a_summary_may_be_a_function():
    @tool(risk=Risk.LOW, summary=lambda arguments: f"Owe {len(arguments['people'])}\n people")
    def owe(people: list[str]) -> str:
        """Owe."""
        return ""

    assert only(owe).summarize({"people": ["Ann", "Ben"]}) == "Owe 2 people"


def test_an_unknown_tool_is_none(shop):
    assert shop.get("drop_database") is None


def untyped(amount, context: ToolContext) -> str:
    """Pay."""
    return ""


def undocumented(amount: int) -> str:
    return ""


def reserved(reasoning: str) -> str:
    """Pay."""
    return ""


def documented(amount: int) -> str:
    """Pay."""
    return ""


@pytest.mark.parametrize(
    ("function", "summary", "complaint"),
    [
        (untyped, "Pay", "amount has no type"),
        (undocumented, "Pay", "no docstring"),
        (reserved, "Pay", "reasoning is a reserved argument"),
        (documented, "Pay {sum}", "summary names 'sum'"),
        (documented, "Pay {amount.__class__}", "summary names"),
        (documented, "Pay {}", "summary names ''"),
        (documented, "Pay {0}", "summary names '0'"),
    ],
)
def test_a_faulty_tool_is_named_with_its_file_before_anything_runs(function, summary, complaint):
    with pytest.raises(ConfigurationError, match=complaint) as caught:
        only(tool(risk=Risk.LOW, summary=summary)(function))
    assert all(f"test_registry.py: tool {function.__name__}" in f for f in caught.value.faults)
