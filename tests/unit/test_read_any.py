"""Whatever is read: no error, one answer, safe to show, and no approval below a question.

The invariants are those of the fuzzer (`make fuzz`), over messages of the corpus that were changed,
and over MIME made by a grammar.
"""

import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mail.read import read
from mail.reply import Decision, Reply
from tests.fuzz.changes import FIELDS, LINES, changed
from tests.fuzz.invariants import broken
from tests.unit.incoming import message

CORPUS = sorted((Path(__file__).parents[1] / "data" / "replies").glob("*/*.eml"))
EXAMPLES = settings(
    max_examples=150, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
HEAD = b"From: ines@example.com\n"


@EXAMPLES
@given(st.binary(max_size=500))
def test_any_bytes_keep_what_holds_for_all(raw):
    assert broken(raw) == ""
    assert broken(HEAD + b"\n" + raw) == ""


@EXAMPLES
@given(st.sampled_from(CORPUS), st.integers(0, 2**32))
def test_a_changed_message_of_the_corpus_keeps_it(path, seed):
    assert broken(changed(path.read_bytes(), random.Random(seed))) == ""


@EXAMPLES
@given(st.sampled_from(CORPUS), st.data())
def test_a_message_of_the_corpus_with_bytes_put_in_or_cut_out_keeps_it(path, data):
    raw = path.read_bytes()
    at = data.draw(st.integers(0, len(raw)))
    gone = data.draw(st.integers(0, 40))
    assert broken(raw[:at] + data.draw(st.binary(max_size=8)) + raw[at + gone :]) == ""


def entities() -> st.SearchStrategy[bytes]:
    text = st.lists(st.sampled_from(LINES) | st.binary(max_size=20), max_size=6).map(b"\n".join)
    fields = st.lists(st.sampled_from(FIELDS[:-1]), max_size=3).map(b"\n".join)
    leaf = st.tuples(fields, text).map(b"\n\n".join)
    return st.recursive(leaf, _multiparts, max_leaves=8)


def _multiparts(inner: st.SearchStrategy[bytes]) -> st.SearchStrategy[bytes]:
    kinds = st.sampled_from([b"mixed", b"alternative", b"related", b"signed", b"digest", b"report"])
    boundaries = st.sampled_from([b"b", b"bb", b"b-", b"b--", b"", b"=", b" b"])
    return st.tuples(kinds, boundaries, boundaries, st.lists(inner, max_size=4)).map(_multipart)


def _multipart(made: tuple[bytes, bytes, bytes, list[bytes]]) -> bytes:
    kind, declared, used, parts = made
    head = b'Content-Type: multipart/%s; boundary="%s"\n\n' % (kind, declared)
    return head + b"".join(b"--%s\n%s\n" % (used, part) for part in parts) + b"--%s--\n" % used


@EXAMPLES
@given(entities())
def test_mime_made_by_a_grammar_keeps_it(entity):
    assert broken(HEAD + entity) == ""


@EXAMPLES
@given(entities())
def test_without_the_word_in_it_nothing_is_approved(entity):
    raw = (HEAD + entity).replace(b"APPROVE", b"ABSOLVE")
    if b"base64" in raw or b"uuencode" in raw or b"pkcs7" in raw:
        return
    reply = read(raw)
    assert not isinstance(reply, Reply) or reply.decision is not Decision.APPROVE


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_every_message_of_the_corpus_keeps_it(path):
    assert broken(path.read_bytes()) == ""


def test_the_invariants_can_break(monkeypatch):
    thanks = message("Thanks for the summary", Content_Type="", Content_Transfer_Encoding="")
    assert broken(thanks) == ""
    monkeypatch.setattr("tests.fuzz.invariants.QUESTION", b"APPROVE")
    assert "still approves" in broken(thanks)
    monkeypatch.setattr("tests.fuzz.invariants.NOTE", 3)
    assert "a note of" in broken(thanks)
    monkeypatch.setattr("tests.fuzz.invariants.SECONDS", 0)
    assert "took" in broken(thanks)
