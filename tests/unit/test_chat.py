"""Chat Completions: items as messages that every server takes, and its answers as items."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent import chat
from agent.jobs import Proposal
from agent.proposals import NoAnswerError
from agent.report import completed, failed, output_item
from demo.chat_rules import refusal_of

USER = {"role": "user", "content": "Cancel order 1042"}
TOOL = {
    "type": "function",
    "name": "cancel_order",
    "description": "Cancel one order.",
    "parameters": {"type": "object", "properties": {}},
    "strict": False,
}


def call(call_id: str, arguments: str = "{}", **more) -> dict:
    item = {"type": "function_call", "call_id": call_id, "name": "cancel_order"}
    return {**item, "arguments": arguments, **more}


def result(call_id: str, text: str = "done") -> dict:
    return {"type": "function_call_output", "call_id": call_id, "output": text}


def said(text: str) -> dict:
    part = {"type": "output_text", "text": text, "annotations": []}
    return {"type": "message", "role": "assistant", "content": [part]}


def messages(*items: dict) -> list[dict]:
    sent = chat.request("m", "Be careful.", [USER, *items], [TOOL])
    assert refusal_of(sent) is None
    assert sent["messages"][:2] == [{"role": "system", "content": "Be careful."}, USER]
    told: list[dict] = sent["messages"][2:]
    return told


def ids(message: dict) -> list[str]:
    return [one["id"] for one in message["tool_calls"]]


def test_calls_of_one_turn_stand_in_one_message_with_its_words():
    asked, first, second = messages(said("Two."), call("a"), call("b"), result("a"), result("b"))
    assert (asked["role"], asked["content"], ids(asked)) == ("assistant", "Two.", ["a", "b"])
    assert (first["tool_call_id"], second["tool_call_id"]) == ("a", "b")


def test_calls_of_two_turns_stand_in_two_messages():
    roles = [m["role"] for m in messages(call("a"), result("a"), call("b"), result("b"))]
    assert roles == ["assistant", "tool", "assistant", "tool"]


def test_results_follow_their_calls_in_whatever_order_they_are_kept():
    told = messages(result("b", "2"), call("a"), call("b"), result("a", "1"))
    assert [m.get("content") for m in told] == [None, "1", "2"]


def test_a_call_without_a_result_is_answered_with_not_known():
    _, answer = messages(call("a"))
    assert json.loads(answer["content"])["status"] == "unknown"


def test_a_result_without_a_call_is_left_out():
    assert messages(result("a"), said("Done.")) == [{"role": "assistant", "content": "Done."}]


def test_ids_that_two_calls_share_are_told_apart_and_keep_their_results():
    told = messages(call("a"), result("a", "1"), call("a"), result("a", "2"))
    assert ids(told[0]) != ids(told[2])
    assert [told[1]["content"], told[3]["content"]] == ["1", "2"]


@pytest.mark.parametrize("raw", ['{"a":', "[]", '"text"', "", "NaN", '{"a": NaN}', "[" * 100_000])
def test_arguments_that_are_no_object_go_back_as_one(raw):
    asked, _ = messages(call("a", raw), output_item("a", failed("the arguments do not fit")))
    sent = asked["tool_calls"][0]["function"]["arguments"]
    assert json.loads(sent) == {"not_an_object": raw}


def test_a_name_that_no_tool_can_have_goes_back_as_one():
    asked, _ = messages(call("a", name="functions.cancel order" + "x" * 100))
    name = asked["tool_calls"][0]["function"]["name"]
    assert name.startswith("functions_cancel_order") and len(name) == 64


def test_of_reasoning_only_what_a_server_wants_back_is_sent():
    thoughts = {"type": "reasoning", "summary": [], "encrypted_content": "x"}
    asked, _ = messages(thoughts, call("a"), result("a"))
    assert asked.keys() == {"role", "content", "tool_calls"}


def test_only_strict_tools_say_so():
    tools = [TOOL, {**TOOL, "strict": True}]
    sent = chat.request("m", "Be careful.", [USER], tools)["tools"]
    assert ["strict" in tool["function"] for tool in sent] == [False, True]
    assert sent[1]["function"]["strict"] is True


IDS = st.sampled_from(["a", "b", "call00001", "call00002", ""])
TEXTS = st.text(max_size=8)
FIELDS = {
    "function_call": {"call_id": IDS, "name": TEXTS, "arguments": TEXTS | st.just("{}")},
    "function_call_output": {"call_id": IDS, "output": TEXTS},
    "reasoning": {"reasoning_content": TEXTS, "encrypted_content": TEXTS},
}
ITEMS = st.one_of(
    *(
        st.fixed_dictionaries({"type": st.just(kind)}, optional=fields)
        for kind, fields in FIELDS.items()
    ),
    TEXTS.map(said),
    TEXTS.map(lambda text: {"role": "user", "content": text}),
)


@given(st.lists(ITEMS, max_size=12))
def test_whatever_was_said_in_whatever_order_makes_messages_that_servers_take(items):
    messages(*items)


@given(st.lists(st.tuples(st.integers(1, 3), st.booleans()), max_size=5), st.randoms())
def test_nothing_of_a_talk_is_lost(turns, random):
    items, results = [], []
    for number, (calls, worked) in enumerate(turns):
        made = [f"id{number}-{n}" for n in range(calls)]
        fate = completed("x", auto=True) if worked else failed("rejected")
        outputs = [output_item(call_id, fate) for call_id in made]
        random.shuffle(outputs)
        items += [*map(call, made), *outputs]
        results += [output_item(call_id, fate)["output"] for call_id in made]
    told = messages(*items)
    assert [m["content"] for m in told if m["role"] == "tool"] == results


def answer(message: object, reason: object = "stop", **more) -> Proposal:
    choice = {"index": 0, "message": message, "finish_reason": reason, **more}
    return chat.proposal_of({"choices": [choice]}, [USER, call("call_0"), result("call_0")])


def tool_calls(*calls: dict, **message) -> dict:
    return {"role": "assistant", "content": None, "tool_calls": list(calls), **message}


def wire(call_id: object = "new", arguments: object = "{}", **more) -> dict:
    function = {"name": "cancel_order", "arguments": arguments}
    return {"id": call_id, "type": "function", "function": function, **more}


def test_words_come_back_as_an_item_of_the_responses_api():
    found = answer({"content": "Done.", "refusal": None})
    assert found == Proposal(items=(said("Done."),), text="Done.")


def test_words_in_parts_are_put_together_and_thoughts_among_them_left_out():
    parts = [{"type": "thinking", "thinking": []}, {"type": "text", "text": "Done."}, None]
    assert answer({"content": parts}).text == "Done."


@pytest.mark.parametrize("reason", ["tool_calls", "function_call", "stop", None, ""])
def test_several_calls_and_words_are_taken_whatever_word_stands_for_a_whole_output(reason):
    found = answer(tool_calls(wire("a"), wire("b"), content="Two."), reason)
    assert [one.call_id for one in found.calls] == ["a", "b"]
    assert [item["type"] for item in found.items] == ["message", "function_call", "function_call"]
    assert found.text == "Two."


@pytest.mark.parametrize("given_id", [None, "", 7, "call_0"], ids=repr)
def test_ids_that_are_missing_or_used_before_are_replaced(given_id):
    found = answer(tool_calls(wire(given_id), wire(given_id)))
    new = [one.call_id for one in found.calls]
    assert len({*new, "call_0"}) == 3 and all(new)
    assert [item["call_id"] for item in found.items] == new


@pytest.mark.parametrize(
    ("arguments", "text"),
    [({"order_id": 1}, '{"order_id": 1}'), (None, "{}"), ("", "{}"), ('{"a":', '{"a":'), (5, "5")],
)
def test_arguments_become_text(arguments, text):
    (found,) = answer(tool_calls(wire(arguments=arguments))).calls
    assert found.arguments == text


def test_the_one_call_of_the_older_api_is_taken():
    found = answer({"content": None, "function_call": {"name": "f", "arguments": "{}"}})
    assert [(one.name, one.arguments) for one in found.calls] == [("f", "{}")]


@pytest.mark.parametrize("odd", [{"id": "a"}, {"id": "a", "function": "f"}, {"type": "custom"}])
def test_a_call_that_names_no_function_is_the_call_of_no_tool(odd):
    assert [one.name for one in answer(tool_calls(odd)).calls] == [""]


@pytest.mark.parametrize(
    ("message", "reason", "words"),
    [
        (tool_calls(wire()), "length", "cut off (length)"),
        (tool_calls(wire()), "content_filter", "cut off (content_filter)"),
        (tool_calls(wire()), "error", "did not come to its end: error"),
        (tool_calls(wire()), 7, "did not come to its end: no reason given"),
        ({"content": None, "refusal": "I would rather not"}, "stop", "refused: I would rather not"),
        (tool_calls(wire(), refusal="no"), "tool_calls", "refused: no"),
        ({"content": [{"type": "refusal", "refusal": "no"}]}, "stop", "refused: no"),
        ({"content": None}, "tool_calls", "handed no call on"),
        ({"content": '<tool_call>{"name": "x"}</tool_call>'}, "stop", "wrote its call as text"),
        ({"content": "\n[TOOL_CALLS] [{}]"}, "stop", "wrote its call as text"),
    ],
)
def test_no_call_is_taken_from_an_answer_that_is_none(message, reason, words):
    found = answer(message, reason)
    assert words in found.failure
    assert found == Proposal(failure=found.failure)


def test_words_about_a_call_are_only_words_beside_one():
    assert answer(tool_calls(wire(), content="<tool_call>")).calls


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"choices": []},
        {"choices": None, "error": {"message": "no"}},
        {"choices": [None]},
        {"choices": [{"message": None}]},
        {"choices": [{"message": {"content": ""}, "error": {"code": 502}}]},
    ],
)
def test_what_holds_no_message_is_no_answer(body):
    with pytest.raises(NoAnswerError):
        chat.proposal_of(body, [])


@pytest.mark.parametrize("thoughts", ["First …", ""])
def test_thoughts_go_back_with_the_calls_that_they_led_to(thoughts):
    found = answer(tool_calls(wire("a"), reasoning_content=thoughts))
    asked, _ = messages(*found.items, result("a"))
    assert asked["reasoning_content"] == thoughts


def test_thoughts_without_a_call_are_dropped():
    assert answer({"content": "Done.", "reasoning_content": "…"}).items == (said("Done."),)


def test_what_a_server_has_hung_on_a_call_goes_back_with_it():
    signature = {"google": {"thought_signature": "x"}}
    found = answer(tool_calls(wire("a", extra_content=signature)))
    asked, _ = messages(*found.items, result("a"))
    assert asked["tool_calls"][0]["extra_content"] == signature
