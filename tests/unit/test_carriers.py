"""Where a request id and its token travel, and that they are found again there and only there."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mail.carriers import (
    Carrier,
    Where,
    bounce_address,
    find_bounce,
    find_carriers,
    message_id,
    reference_line,
    reply_address,
    subject_code,
    thread_id,
    without_these,
    without_tokens,
)
from mail.identity import TOKEN_LENGTH

REQUEST = "AR-7K2M9QXD4T"
TOKEN = "abcdefghijklmnopqrstuvwxyz23"
MAILBOX = "agent@example.com"
IDS = st.text("0123456789ABCDEFGHJKMNPQRSTVWXYZ", min_size=10, max_size=10).map("AR-".__add__)
TOKENS = st.text("abcdefghijklmnopqrstuvwxyz234567", min_size=TOKEN_LENGTH, max_size=TOKEN_LENGTH)
CASES = st.sampled_from([str.lower, str.upper, str.swapcase, str])


@given(IDS, TOKENS, CASES)
def test_every_carrier_is_found_again_in_any_case(request_id, token, change):
    found = [Carrier(request_id, token, Where.BODY)]
    for written in (
        reply_address(MAILBOX, request_id, token),
        message_id(MAILBOX, request_id, token),
        message_id(MAILBOX, request_id, token, "receipt.0123"),
        reference_line(request_id, token),
    ):
        assert find_carriers(change(written), Where.BODY) == found


@given(IDS, TOKENS, CASES)
def test_a_bounce_address_is_found_and_never_taken_for_a_reply_address(request_id, token, change):
    address = change(bounce_address(MAILBOX, request_id, token))
    assert find_bounce(address) == Carrier(request_id, token, Where.ADDRESS)
    assert find_carriers(address, Where.ADDRESS) == []
    assert find_bounce(change(reply_address(MAILBOX, request_id, token))) is None


@given(IDS, TOKENS)
def test_addresses_fit_into_what_smtp_allows(request_id, token):
    local = bounce_address(MAILBOX, request_id, token).partition("@")[0]
    assert len(local) <= 64


@pytest.mark.parametrize(
    "text",
    [
        "",
        REQUEST,
        f"{REQUEST}/{TOKEN[:-1]}",
        f"{REQUEST}/{TOKEN}a",
        f"X{REQUEST}/{TOKEN}",
        f"AR-7K2M9QXD4I/{TOKEN}",
        f"{REQUEST} / {TOKEN}",
        f"{REQUEST}/{TOKEN[:-1]}1",
        thread_id(MAILBOX, REQUEST),
    ],
)
def test_what_only_looks_like_a_carrier_is_none(text):
    assert find_carriers(text, Where.BODY) == []


def test_each_pair_is_found_once_and_all_of_them():
    other = "z" * TOKEN_LENGTH
    text = f"> {REQUEST}/{TOKEN}\n{REQUEST}/{TOKEN.upper()}\n({REQUEST.lower()}.{other})"
    assert [c.token for c in find_carriers(text, Where.BODY)] == [TOKEN, other]


@given(st.text(max_size=200))
def test_any_text_can_be_searched(text):
    for carrier in find_carriers(text, Where.BODY):
        assert len(carrier.token) == TOKEN_LENGTH
    assert without_tokens(text) == text or find_carriers(text, Where.BODY)


@pytest.mark.parametrize(
    ("subject", "code"),
    [
        (f"Re: Approval needed: Refund [{REQUEST}]", REQUEST),
        (f"AW: [EXTERN] x [{REQUEST.lower()}] (fwd)", REQUEST),
        (f"[AR-0000000000] forged summary [{REQUEST}]", REQUEST),
        (f"Re: {REQUEST}", None),
        ("[AR-7K2M9QXD4U]", None),
        ("", None),
    ],
)
def test_the_last_code_of_a_subject_names_the_approval(subject, code):
    assert subject_code(subject) == code


@given(IDS, TOKENS, CASES)
def test_no_token_is_left_in_what_may_be_logged(request_id, token, change):
    for written in (
        reply_address(MAILBOX, request_id, token),
        bounce_address(MAILBOX, request_id, token),
        message_id(MAILBOX, request_id, token, "help.1"),
        reference_line(request_id, token),
    ):
        logged = without_tokens(f"550 5.1.8 {change(written)}: refused")
        assert token not in logged.lower()
        assert request_id in logged.upper()
        assert logged.endswith(": refused")


@pytest.mark.parametrize("gap", [" ", "\n", "\r\n> ", "\n| > ", "\\n> ", "\\r\\n"])
def test_a_token_that_a_line_break_has_parted_from_its_request_is_taken_out(gap):
    said = without_tokens(f"see {REQUEST}/{gap}{TOKEN}, no")
    assert (TOKEN in said, said[-4:]) == (False, ", no")


@pytest.mark.parametrize(
    "written",
    [TOKEN, TOKEN.upper(), " ".join(TOKEN), f"{TOKEN[:14]}\n> {TOKEN[14:]}", "_-".join(TOKEN)],
)
def test_a_known_token_is_taken_out_however_it_is_written(written):
    assert without_these([TOKEN], f"see {written}, no") == "see <token>, no"
