"""Every address that reaches a header or the envelope has gone through `mail.address`, held by
walking the source."""

import ast
import re
from dataclasses import replace

import pytest

from tests.unit.mail_samples import SENDER
from tests.unit.test_imports import TREES, imports, of

OURS = [*of("agent"), *of("mail"), "worker", "start_workflow"]
COMPOSERS = [
    node
    for node in TREES["mail.compose"].body
    if isinstance(node, ast.FunctionDef) and node.name.startswith("compose_")
]
# Other people's texts are searched for addresses in these; none of them is asked where mail goes.
READERS = {
    "mail.address",
    "mail.attribution_words",
    "mail.automatic_headers",
    "mail.banners",
    "mail.bounce_text",
    "mail.carriers",
    "mail.css",  # at-rules
    "mail.doubt",
    "mail.headers",  # Message-IDs
    "mail.own_index",
    "mail.text",  # an address is no decision
}


def called(node: ast.AST) -> str:
    return ast.unparse(node.func) if isinstance(node, ast.Call) else ""


def calls(tree: ast.AST, name: str) -> list[ast.Call]:
    return [n for n in ast.walk(tree) if isinstance(n, ast.Call) and called(n) == name]


def assigned(function: ast.FunctionDef, name: str) -> list[str]:
    """What a name of a function is given, each time."""
    return [
        ast.unparse(node.value)
        for node in ast.walk(function)
        if isinstance(node, ast.Assign)
        and any(isinstance(t, ast.Name) and t.id == name for t in node.targets)
    ]


def reached(module: str) -> set[str]:
    """Every module of ours that one stands on."""
    found: set[str] = set()
    waiting = [module]
    while waiting:
        if (one := waiting.pop()) not in found:
            found.add(one)
            waiting += [name for name in imports(one) if name in TREES]
    return found


def has_a_pattern_of_addresses(module: str) -> bool:
    """One with an @ that is more than a member of a class of characters."""
    texts = [ast.unparse(n) for n in ast.walk(TREES[module]) if called(n).startswith("re.")]
    texts += [
        ast.unparse(node)
        for node in TREES[module].body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant | ast.JoinedStr)
    ]
    return any("@" in re.sub(r"\[[^\]]*\]", "", text) for text in texts)


def test_there_are_composers_to_look_at():
    assert {f.name for f in COMPOSERS} == {"compose_request", "compose_answer", "compose_result"}


@pytest.mark.parametrize("function", COMPOSERS, ids=lambda function: function.name)
def test_a_composer_takes_whom_it_writes_to_through_the_one_function(function):
    (last,) = calls(function, "_outgoing")
    envelope_sender, recipient = last.args[:2]
    assert isinstance(recipient, ast.Name) and isinstance(envelope_sender, ast.Name)
    to = recipient.id
    assert to in {argument.arg for argument in function.args.args}
    # First of all, so that nothing is made of what was given.
    first = next(node for node in function.body if not isinstance(node, ast.Expr))
    assert ast.unparse(first) == f"{to} = parse_address({to})"
    assert assigned(function, to) == [f"parse_address({to})"]
    assert [ast.unparse(c.args[1]) for c in calls(function, "headers.common_fields")] == [to]
    if envelope_sender.id != "NULL_SENDER":
        (made,) = assigned(function, envelope_sender.id)
        assert made == f"headers.envelope_sender(sender, approval, {to})"


def test_messages_are_made_by_the_composers_alone():
    made = {module for module in OURS if calls(TREES[module], "Outgoing")}
    # The doctor's mail goes to the agent itself.
    assert made == {"mail.compose", "agent.doctor.probe"}
    (one,) = calls(TREES["mail.compose"], "Outgoing")
    assert [ast.unparse(a) for a in one.args[:2]] == ["envelope_sender", "recipient"]
    callers = {
        f.name
        for f in TREES["mail.compose"].body
        if isinstance(f, ast.FunctionDef) and calls(f, "_outgoing")
    }
    assert callers == {function.name for function in COMPOSERS}


def test_a_server_is_told_the_addresses_of_the_message_and_no_others():
    tree = TREES["mail.smtp"]
    told = [
        ast.unparse(node)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("mail", "rcpt", "sendmail", "send_message")
    ]
    sender, stands_in = "smtp.mail(message.envelope_sender)", "smtp.mail(message.author)"
    assert sorted(told) == sorted([sender, stands_in, "smtp.rcpt(message.recipient)"])


@pytest.mark.parametrize(
    "mailbox", ["", "agent", "Agent <agent@x.test>", "agent@x.test\r\nBcc: eve@x.test", "A@x.test"]
)
def test_a_sender_has_an_address_that_the_one_function_gave(mailbox):
    with pytest.raises(ValueError, match="no"):
        replace(SENDER, mailbox=mailbox)


def test_nothing_else_makes_addresses_of_text():
    """`email` has parsers of its own, which take `"bob@x" <eve@y>` for one or the other."""
    others = {"parseaddr", "getaddresses", "formataddr", "headerregistry", "Address"}
    for module in OURS:
        assert not {name for name in imports(module) if others & set(name.split("."))}, module
        named = {n.attr for n in ast.walk(TREES[module]) if isinstance(n, ast.Attribute)}
        assert not named & (others - {"Address"}), module


def test_patterns_for_addresses_stand_where_texts_are_read():
    found = {module for module in OURS if has_a_pattern_of_addresses(module)}
    assert found == READERS
    # What composes stands on few of them, and asks none where to write to.
    assert reached("mail.compose") & found <= {
        "mail.address",
        "mail.carriers",
        "mail.css",  # at-rules
        "mail.headers",
        "mail.text",
    }
