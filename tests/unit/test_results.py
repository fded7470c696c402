"""Whatever a tool returns becomes text, and never an error: the tool has run."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, field_serializer

from agent.tools.results import as_text


class Order(BaseModel):
    number: int
    total: Decimal


class Broken(BaseModel):
    number: int

    @field_serializer("number")
    def refuse(self, number: int) -> int:
        raise RuntimeError("no")


@dataclass
class Line:
    order: Order
    raw: bytes


class Colour(Enum):
    RED = "red"


class Mute:
    def __str__(self) -> str:
        raise RuntimeError("it says nothing")

    __repr__ = __str__


class Strange(str):
    def encode(self, *_: object, **__: object) -> bytes:
        raise RuntimeError("no text of this world")


ORDER = Order(number=1042, total=Decimal("120.00"))


@pytest.mark.parametrize(
    ("result", "text"),
    [
        ("as it is\n", "as it is\n"),
        ("", ""),
        (None, "null"),
        (True, "true"),
        (5, "5"),
        (0.5, "0.5"),
        ([1, {"a": "ü"}], '[1, {"a": "ü"}]'),
        (ORDER, '{"number": 1042, "total": "120.00"}'),
        ([ORDER], '[{"number": 1042, "total": "120.00"}]'),
        (Line(ORDER, b"x"), '{"order": {"number": 1042, "total": "120.00"}, "raw": "x"}'),
        (Decimal("1.20"), '"1.20"'),
        (datetime(2026, 11, 23, 7, tzinfo=UTC), '"2026-11-23T07:00:00Z"'),
        (date(2026, 11, 23), '"2026-11-23"'),
        (UUID(int=1), '"00000000-0000-0000-0000-000000000001"'),
        (Colour.RED, '"red"'),
        ({1: (2, 3)}, '{"1": [2, 3]}'),
        (b"text", "text"),
        (b"\xff\xfe", "__4="),
        ({"a": b"\xff\xfe"}, '{"a": "__4="}'),
        (1j, '"1j"'),
        ("half \ud800", "half ?"),
        (["half \ud800"], '["half ?"]'),
    ],
)
def test_a_result_is_text_or_json(result, text):
    assert as_text(result) == text


endless: list[object] = []
endless.append(endless)
deep: list[object] = []
for _ in range(100_000):
    deep = [deep]


DONE = "Done. Its result, of type "


@pytest.mark.parametrize(
    ("result", "start"),
    [
        (Mute(), '"<Unserializable Mute object>"'),
        ([Mute()], '["<Unserializable Mute object>"]'),
        ({Mute(): 1}, '{"<Unserializable Mute object>": 1}'),
        (Broken(number=1), '"number=1"'),
        (endless, f"{DONE}list, cannot be shown: "),
        (deep, f"{DONE}list, cannot be shown: "),
        (Strange(), f"{DONE}Strange, cannot be shown: RuntimeError"),
        (10**5_000, f"{DONE}int, cannot be shown: ValueError"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_cannot_be_shown_is_still_told(result, start):
    assert as_text(result).startswith(start)


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.integers() | st.text() | st.binary(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.integers(), inner),
    )
)
def test_it_is_always_text_that_can_be_sent(result):
    as_text(result).encode()
