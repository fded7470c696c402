"""A request as it was typed: read, or every fault named before anything is started."""

import pytest

from agent.errors import ConfigurationError
from agent.models import WorkflowInput
from agent.starting import Start, parse_start


def faults(request: str = "Refund order 1042", **changes) -> list[str]:
    with pytest.raises(ConfigurationError) as caught:
        parse_start(Start(request, **changes))
    assert all("\n" not in fault for fault in caught.value.faults)
    return caught.value.faults


def test_a_request_alone_is_enough():
    assert parse_start(Start("Refund order 1042")) == WorkflowInput(
        user_request="Refund order 1042", approval_timeout_seconds=259_200
    )


def test_everything_that_can_be_typed_is_read():
    typed = Start(
        "Refund order 1042",
        approvers=("Ann@X.test", "ben@x.test"),
        require="2",
        requester="rosa@x.test",
        timeout="2h",
        key="order-1042",
    )
    assert parse_start(typed) == WorkflowInput(
        user_request="Refund order 1042",
        approval_timeout_seconds=7_200,
        approvers=("ann@x.test", "ben@x.test"),
        require=2,
        requested_by="rosa@x.test",
    )


@pytest.mark.parametrize(("text", "value"), [("any", "any"), ("all", "all"), ("3", 3)])
def test_a_quorum_is_a_word_or_a_number(text, value):
    assert parse_start(Start("x", require=text)).require == value


@pytest.mark.parametrize("text", ["0", "-1", "none", "1.5", ""])
def test_any_other_quorum_is_refused(text):
    (fault,) = faults(require=text)
    assert fault.startswith("--require: ")


@pytest.mark.parametrize("text", ["0", "0s", "-5", "soon", "", "11y", "3651d", "9" * 400])
def test_a_timeout_of_nothing_or_for_ever_is_refused(text):
    (fault,) = faults(timeout=text)
    assert fault.startswith("--timeout: ")


@pytest.mark.parametrize(
    "address", ["ann", "team: a@x.test, b@x.test;", "Ann <ann@x.test>", "a@x.test, b@x.test", ""]
)
def test_an_address_that_is_none_or_a_group_is_named(address):
    (fault,) = faults(approvers=("ben@x.test", address))
    assert fault.startswith("--approver: not an e-mail address")
    (fault,) = faults(requester=address)
    assert fault.startswith("--requester: not an e-mail address")


@pytest.mark.parametrize("request_text", ["", "   ", "\n\t"])
def test_an_empty_request_is_refused(request_text):
    (fault,) = faults(request_text)
    assert fault.startswith("the request is empty")


def test_a_request_that_is_no_text_is_refused():
    assert faults("Refund \udcff") == ["the request is no text: it holds octets that are no UTF-8"]


@pytest.mark.parametrize("size", [256 * 1024 + 1, 300_000])
def test_a_request_that_is_too_long_is_refused(size):
    assert faults("x" * size) == ["the request is over 256 KiB"]
    assert faults("ü" * (size // 2 + 1)) == ["the request is over 256 KiB"]


def test_the_longest_request_is_taken():
    assert len(parse_start(Start("x" * 256 * 1024)).user_request) == 256 * 1024


@pytest.mark.parametrize("key", ["", "a b", "../x", "x" * 201, "ü"])
def test_a_key_that_is_no_id_is_refused(key):
    (fault,) = faults(key=key)
    assert fault.startswith("--id: ")


def test_every_fault_is_named_at_once():
    found = faults("", approvers=("x",), requester="y", require="z", timeout="w", key="/")
    assert len(found) == 6
