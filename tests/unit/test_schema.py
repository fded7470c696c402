"""What the model is told of a tool: strict where its arguments have that form, plain where not."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, Field, HttpUrl

from agent.models import Risk
from agent.tools.registry import ToolContext, collect, tool
from agent.tools.schema import OWN_FIELDS
from demo.model_rules import refusal_of, strict_faults


class Line(BaseModel):
    """A model of a tool's author, with a default and with arguments named like schema words."""

    title: str
    default: int = 1


def tool_of(function: Any):
    (found,) = collect(SimpleNamespace(function=tool(risk=Risk.LOW, summary="x")(function)))
    return found


def order(
    line: Line,
    context: ToolContext,
    note: str | None = None,
    kind: Literal["new", "used"] = "new",
    lines: Annotated[list[Line], Field(description="More.")] = [],  # noqa: B006
) -> str:
    """Order something."""
    return ""


def offered(function: Any, *, strict: bool) -> dict[str, Any]:
    found: dict[str, Any] = tool_of(function).schema(strict=strict)
    assert refusal_of({"model": "m", "input": "x", "tools": [found]}) is None
    return found


def test_a_strict_schema_is_closed_and_asks_for_everything_at_every_depth():
    found = offered(order, strict=True)
    assert found["strict"] is True
    assert found["parameters"]["required"] == ["line", "note", "kind", "lines", *OWN_FIELDS]
    line = found["parameters"]["$defs"]["Line"]
    assert (line["required"], line["additionalProperties"]) == (["title", "default"], False)
    assert "'default':" not in str({**found, "parameters": {**found["parameters"], "$defs": {}}})


def test_a_plain_schema_keeps_defaults_and_leaves_optional_what_is():
    found = offered(order, strict=False)
    parameters = found["parameters"]
    assert found["strict"] is False
    assert parameters["required"] == ["line", *OWN_FIELDS]
    assert parameters["properties"]["kind"]["default"] == "new"
    assert parameters["properties"]["note"]["default"] is None
    assert parameters["properties"]["lines"]["description"] == "More."
    assert parameters["$defs"]["Line"]["required"] == ["title"]
    assert parameters["$defs"]["Line"]["properties"].keys() == {"title", "default"}
    assert "additionalProperties" not in str(found)


@pytest.mark.parametrize("strict", [True, False])
def test_the_models_own_view_is_always_asked_for(strict):
    def nothing(context: ToolContext) -> str:
        """Do nothing."""
        return ""

    parameters = offered(nothing, strict=strict)["parameters"]
    assert parameters["required"] == [*OWN_FIELDS]
    assert parameters["properties"] == OWN_FIELDS


@pytest.mark.parametrize(
    "kind",
    [dict[str, int], dict[str, Any], Any, tuple[int, str], HttpUrl, list[Any]],
    ids=str,
)
def test_what_has_no_strict_form_goes_out_plain(kind):
    def take(value: kind, amount: int = 5) -> str:  # type: ignore[valid-type]
        """Take it."""
        return ""

    found = offered(take, strict=True)
    assert found["strict"] is False
    assert found["parameters"]["required"] == ["value", *OWN_FIELDS]
    assert found == offered(take, strict=False)


@pytest.mark.parametrize("kind", [int, Decimal, date, list[str], Literal["a"], int | None], ids=str)
def test_what_has_a_strict_form_goes_out_strict(kind):
    def take(value: kind) -> str:  # type: ignore[valid-type]
        """Take it."""
        return ""

    found = offered(take, strict=True)
    assert found["strict"] is True
    assert list(strict_faults(found["parameters"])) == []


def test_what_a_plain_schema_leaves_open_is_shown_with_the_default_that_will_be_used():
    call = tool_of(order).parse(
        '{"line": {"title": "Pen"}, "reasoning": "x", "risky_action": true}'
    )
    assert call.arguments == {
        "line": {"title": "Pen", "default": 1},
        "note": None,
        "kind": "new",
        "lines": [],
    }
