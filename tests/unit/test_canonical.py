"""The one form of an action's arguments, and what has no such form."""

import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.canonical import (
    REQUEST_ID,
    action_digest,
    action_fingerprint,
    canonical_json,
    load_arguments,
    request_id_from,
)
from agent.errors import BadArguments

SAFE = st.integers(-(2**53) + 1, 2**53 - 1)
TEXT = st.text(st.characters(exclude_categories=["Cs"]))
FLOATS = st.floats(-(2.0**53) + 1, 2.0**53 - 1)
VALUES = st.recursive(
    st.none() | st.booleans() | SAFE | TEXT | FLOATS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)
OBJECTS = st.dictionaries(TEXT, VALUES, max_size=4)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ('{"a":1,"a":2}', "stands twice"),
        ('{"a":{"b":1,"b":1}}', "stands twice"),
        ('{"a":1,"\\u0061":2}', "stands twice"),
        ('{"a":NaN}', "NaN"),
        ('{"a":Infinity}', "Infinity"),
        ('{"a":-Infinity}', "-Infinity"),
        ('{"a":1e400}', "canonical form"),
        (f'{{"a":{2**53}}}', "canonical form"),
        (f'{{"a":{-(2**53)}}}', "canonical form"),
        (f'{{"a":{"9" * 5000}}}', "no JSON object"),
        ('{"a":"\\ud800"}', "canonical form"),
        ('{"\\udfff":1}', "canonical form"),
        ('{"a":[{"b":"\\ud800x"}]}', "canonical form"),
        ('{"a":', "no JSON object"),
        ("", "no JSON object"),
        ("[1]", "no JSON object"),
        ('"text"', "no JSON object"),
        ("null", "no JSON object"),
        ("[" * 100_000, "no JSON object"),
        ('{"a":' * 100_000, "no JSON object"),
        ("{}{}", "no JSON object"),
    ],
    ids=range(21),
)
def test_arguments_that_could_be_read_in_two_ways_are_refused(text, complaint):
    with pytest.raises(BadArguments, match=complaint):
        load_arguments(text)


@pytest.mark.parametrize("number", [2**53 - 1, -(2**53) + 1])
def test_the_largest_safe_integers_are_taken(number):
    assert load_arguments(f'{{"a":{number}}}') == {"a": number}


def test_the_digest_is_the_one_of_the_contract():
    arguments = {"order_id": 1042, "amount": "120.00", "currency": "EUR"}
    written = (
        '{"arguments":{"amount":"120.00","currency":"EUR","order_id":1042},'
        '"purpose":"hitl-action-v1","request_id":"AR-7K2M9QXD4T","tool":"refund_order"}'
    )
    expected = hashlib.sha256(written.encode()).hexdigest()
    assert action_digest("AR-7K2M9QXD4T", "refund_order", arguments) == expected


def test_a_digest_is_of_one_request_one_tool_and_these_arguments():
    digests = {
        action_digest("AR-7K2M9QXD4T", "refund_order", {"order_id": 1}),
        action_digest("AR-7K2M9QXD4V", "refund_order", {"order_id": 1}),
        action_digest("AR-7K2M9QXD4T", "cancel_order", {"order_id": 1}),
        action_digest("AR-7K2M9QXD4T", "refund_order", {"order_id": 2}),
        action_digest("AR-7K2M9QXD4T", "refund_order", {"order_id": "1"}),
        action_digest("AR-7K2M9QXD4T", "refund_order", {"order_id": 1, "note": ""}),
    }
    assert len(digests) == 6


def test_a_fingerprint_knows_an_action_again_under_another_request_id():
    assert action_fingerprint("t", {"a": 1, "b": 2}) == action_fingerprint("t", {"b": 2, "a": 1})
    assert action_fingerprint("t", {"a": 1}) != action_fingerprint("u", {"a": 1})


@given(OBJECTS)
def test_the_canonical_form_means_the_same_and_is_a_fixed_point(value):
    text = canonical_json(value)
    assert json.loads(text) == value
    assert canonical_json(load_arguments(text)) == text


@given(OBJECTS)
def test_the_order_of_keys_does_not_matter(value):
    turned = dict(reversed(value.items()))
    assert action_digest("AR-7K2M9QXD4T", "t", turned) == action_digest("AR-7K2M9QXD4T", "t", value)


@given(st.integers(min_value=0))
def test_request_ids_have_their_form_whatever_the_number(number):
    assert REQUEST_ID.fullmatch(request_id_from(number))


@given(st.integers(0, 2**50 - 1), st.integers(0, 2**50 - 1))
def test_different_numbers_give_different_request_ids(one, other):
    assert (request_id_from(one) == request_id_from(other)) == (one == other)
