"""The words that decide, by language: what every file has to hold, and files of one's own."""

from dataclasses import replace

import pytest

from mail.phrases import tokens, variants
from mail.reply import Decision
from mail.text import DOT, undecided
from mail.vocabulary import DEFAULT, DOUBTS, _of_file, _path, _shipped, load
from tests.unit.incoming import decided, message, reading

LANGUAGES = _shipped()


def rows(phrases):
    return [row for phrase in phrases for row in variants(phrase)]


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_statement_of_a_language_decides_alone(code):
    words = _of_file(_path(code))
    assert words.approve and words.reject

    for row in rows(words.approve):
        assert decided(" ".join(row)) is Decision.APPROVE, row
    for row in rows(words.reject):
        assert decided(" ".join(row)) is Decision.REJECT, row


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_language_doubts_beside_an_approval(code):
    words = _of_file(_path(code))
    assert {kind for kind, _ in words.doubts} == set(DOUBTS)

    for _, phrase in words.doubts:
        assert decided(f"APPROVE\n\nx {phrase} y z w v") is Decision.UNCLEAR, phrase


def test_nothing_approves_and_rejects():
    assert not set(rows(DEFAULT.approve)) & set(rows(DEFAULT.reject))


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_statement_gets_a_dot_in_foreign_text(code):
    words = _of_file(_path(code))
    for row in rows((*words.approve, *words.reject)):
        for text in (" ".join(row), " ".join(row).upper(), " ".join(row).capitalize()):
            assert DOT in undecided(text), text


def own_file(tmp_path, text):
    path = tmp_path / "words.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("said", ["lgtm", "LGTM!", "👍", "👍🏽", "ok", "Hi,\nok", "ok, thanks"])
def test_a_file_of_ones_own_admits_words(tmp_path, said):
    words = load(own_file(tmp_path, 'approve = ["(ok|lgtm)", "👍"]'))

    assert reading(message(said), vocabulary=words).decision is Decision.APPROVE
    assert decided(said) is Decision.UNCLEAR


@pytest.mark.parametrize("said", ["ok?", "not ok", "lgtm but only half", "👎", "ok if cheap"])
def test_its_words_are_doubted_like_ours(tmp_path, said):
    words = load(own_file(tmp_path, 'approve = ["(ok|lgtm)", "👍"]'))

    assert reading(message(said), vocabulary=words).decision is Decision.UNCLEAR


def test_a_file_may_take_some_languages_only(tmp_path):
    words = load(own_file(tmp_path, 'languages = ["en"]'))

    assert reading(message("Approved"), vocabulary=words).decision is Decision.APPROVE
    assert reading(message("Genehmigt"), vocabulary=words).decision is Decision.UNCLEAR


def test_it_doubts_in_every_language_all_the_same(tmp_path):
    words = load(own_file(tmp_path, 'languages = ["en"]'))
    for note in ("aber nur die Hälfte", "sauf la ligne 3", "только после проверки", "但是要先付款"):
        reply = reading(message(f"APPROVE\n\n{note}"), vocabulary=words)
        assert reply.decision is Decision.UNCLEAR


@pytest.mark.parametrize(
    "text",
    ["No rechazo", "Não rejeito", "Nie odrzucam", "Non rifiuto", "Nu resping", "Tidak ditolak"],
)
def test_a_refusal_that_is_denied_is_none(text):
    assert decided(text) is Decision.UNCLEAR
    no, _, refuses = text.partition(" ")
    assert decided(f"{no}, {refuses}") is Decision.REJECT


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('approve = ["reject"]', "both approves and rejects: reject"),
        ('[doubt]\ncondition = ["(a|b)"]', "doubt.condition has no brackets"),
        (f'approve = ["{"(a|b|c|d|e|f|g|h|i|j) " * 4}"]', "a phrase has at most 5,000 forms"),
        ('aprove = ["x"]', "no such key: aprove"),
        ('approve = "x"', "approve is a list of strings"),
        ('approve = ["[x"]', "a bracket is left open"),
        ('approve = ["[x]"]', "a phrase has 1 to"),
        ('approve = [""]', "a phrase has 1 to"),
        ('languages = ["xx"]', "no such language: xx"),
        ('[doubt]\nnever = ["x"]', "[doubt] has the keys"),
        ("approve = [", "Invalid"),
    ],
)
def test_a_fault_of_a_file_is_named_in_one_line(tmp_path, text, fault):
    with pytest.raises(ValueError, match="vocabulary .*words.toml: ") as raised:
        load(own_file(tmp_path, text))

    assert fault in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_file_that_is_missing_is_named(tmp_path):
    with pytest.raises(ValueError, match="No such file"):
        load(tmp_path / "none.toml")


def test_a_phrase_is_every_row_of_its_words():
    assert variants("[I|we] approve (this|that one)") == [
        ("i", "approve", "this"),
        ("i", "approve", "that", "one"),
        ("we", "approve", "this"),
        ("we", "approve", "that", "one"),
        ("approve", "this"),
        ("approve", "that", "one"),
    ]
    assert tokens("J’approuve, ok.") == ["j'approuve", ",", "ok", "."]


def test_of_what_was_prepared_a_reply_makes_nothing_any_more():
    words = replace(DEFAULT)  # fresh: what was made for others is not in it
    before = set(vars(words))
    words.prepare()
    made = set(vars(words))

    assert made - before
    for said in ("APPROVE", "Hi Tom,\n\nReject, wait\n\nRegards", "Approved\n\nplease do it soon"):
        reading(message(said), vocabulary=words)
    assert set(vars(words)) == made
