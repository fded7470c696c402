"""Tokens: bound to purpose, request, approver and action, and to a secret that can be changed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mail.identity import (
    TOKEN_LENGTH,
    Keyring,
    approver_claim,
    bounce_token,
    digest_claim,
    is_own_mark,
    own_mark,
    reply_token,
    verify_bounce,
    verify_reply,
)

OLD, NEW = "o" * 32, "n" * 32
KEYS = Keyring.from_secrets([OLD])
REQUEST, OTHER_REQUEST = "AR-7K2M9QXD4T", "AR-7K2M9QXD4V"
APPROVER = "ines@example.com"
DIGEST = "ab" * 32
TOKEN = reply_token(KEYS, REQUEST, APPROVER, DIGEST)

IDS = st.text("0123456789ABCDEFGHJKMNPQRSTVWXYZ", min_size=10, max_size=10).map("AR-".__add__)
ADDRESSES = st.emails()
DIGESTS = st.text("0123456789abcdef", min_size=64, max_size=64)


@given(IDS, ADDRESSES, DIGESTS)
def test_a_token_proves_what_it_was_made_of(request_id, approver, digest):
    token = reply_token(KEYS, request_id, approver, digest)
    assert verify_reply(KEYS, request_id, approver, token) == digest_claim(digest)
    assert len(token) == TOKEN_LENGTH
    assert set(token) <= set("abcdefghijklmnopqrstuvwxyz234567")


@given(IDS, ADDRESSES)
def test_a_token_is_worthless_for_another_request_or_person(request_id, approver):
    token = reply_token(KEYS, request_id, approver, DIGEST)
    if request_id != REQUEST:
        assert verify_reply(KEYS, REQUEST, approver, token) is None
    if approver != APPROVER:
        assert verify_reply(KEYS, request_id, APPROVER, token) is None


def test_the_claim_tells_actions_apart_and_cannot_be_exchanged():
    other = reply_token(KEYS, REQUEST, APPROVER, "cd" * 32)
    claim = verify_reply(KEYS, REQUEST, APPROVER, other)
    assert claim == digest_claim("cd" * 32) != digest_claim(DIGEST)
    forged = TOKEN[:2] + other[2:10] + TOKEN[10:]
    assert verify_reply(KEYS, REQUEST, APPROVER, forged) is None


def test_a_token_of_one_purpose_is_worthless_for_the_other():
    bounce = bounce_token(KEYS, REQUEST, APPROVER)
    assert verify_bounce(KEYS, REQUEST, bounce) == approver_claim(APPROVER)
    assert verify_bounce(KEYS, OTHER_REQUEST, bounce) is None
    for person in (APPROVER, ""):
        assert verify_reply(KEYS, REQUEST, person, bounce) is None
    assert verify_bounce(KEYS, REQUEST, reply_token(KEYS, REQUEST, "", DIGEST)) is None


@given(st.integers(0, TOKEN_LENGTH - 1), st.sampled_from("abcdefghijklmnopqrstuvwxyz234567"))
def test_no_character_of_a_token_can_be_changed(place, char):
    changed = TOKEN[:place] + char + TOKEN[place + 1 :]
    expected = digest_claim(DIGEST) if changed == TOKEN else None
    assert verify_reply(KEYS, REQUEST, APPROVER, changed) == expected


@given(st.text(max_size=40) | st.text(min_size=TOKEN_LENGTH, max_size=TOKEN_LENGTH))
def test_whatever_somebody_makes_up_is_no_token(text):
    assert verify_reply(KEYS, REQUEST, APPROVER, text) is None
    assert verify_bounce(KEYS, REQUEST, text) is None


def test_request_ids_are_folded_on_their_way():
    assert verify_reply(KEYS, REQUEST.lower(), APPROVER, TOKEN) == digest_claim(DIGEST)


def test_a_new_key_signs_while_the_old_one_still_verifies():
    rotated = Keyring.from_secrets([NEW, OLD])
    assert verify_reply(rotated, REQUEST, APPROVER, TOKEN) == digest_claim(DIGEST)
    fresh = reply_token(rotated, REQUEST, APPROVER, DIGEST)
    assert verify_reply(KEYS, REQUEST, APPROVER, fresh) is None
    assert verify_reply(Keyring.from_secrets([NEW]), REQUEST, APPROVER, fresh)


def test_a_dropped_key_verifies_nothing_any_more():
    assert verify_reply(Keyring.from_secrets([NEW]), REQUEST, APPROVER, TOKEN) is None


def test_a_mark_is_of_one_message_and_is_no_token():
    mark = own_mark(KEYS, "<1.abc@example.com>")
    assert own_mark(KEYS, "<1.abc@example.com>") == mark
    assert is_own_mark(KEYS, "1.abc@example.com", mark)
    assert not is_own_mark(KEYS, "2.abc@example.com", mark)
    assert verify_reply(KEYS, REQUEST, APPROVER, mark) is None
    for made_up in (
        "",
        "a" * len(mark),
        mark[:-1],
        mark + "a",
        TOKEN,
        TOKEN[: len(mark)],
        "é" * 20,
    ):
        assert not is_own_mark(KEYS, "1.abc@example.com", made_up)


def test_a_mark_stays_ours_as_long_as_its_key_does():
    mark = own_mark(KEYS, "1@x")
    assert is_own_mark(Keyring.from_secrets([NEW, OLD]), "1@x", mark)
    assert not is_own_mark(Keyring.from_secrets([NEW]), "1@x", mark)


def test_tokens_are_the_same_on_every_try():
    assert reply_token(KEYS, REQUEST, APPROVER, DIGEST) == TOKEN


@pytest.mark.parametrize("secrets", [[], [""], ["x" * 31], [OLD, "short"]])
def test_short_secrets_are_refused_without_being_repeated(secrets):
    with pytest.raises(ValueError, match=r"no secret|at least 32") as caught:
        Keyring.from_secrets(secrets)
    assert "xxx" not in str(caught.value) and "short" not in str(caught.value)


def test_a_keyring_does_not_print_its_secrets():
    assert OLD not in repr(KEYS) and OLD not in str(KEYS)
