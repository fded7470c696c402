import pytest
from hypothesis import given
from hypothesis import strategies as st

from mail.address import parse_address, parse_mailbox, plus_capable
from mail.carriers import bounce_address
from mail.identity import TOKEN_LENGTH


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("ines@example.com", "ines@example.com"),
        ("  Ines.Maier@Example.COM ", "ines.maier@example.com"),
        ("a+b_c'd@mail-1.example.co.uk", "a+b_c'd@mail-1.example.co.uk"),
        ("agent@localhost", "agent@localhost"),
        ("ines@Bücher.example", "ines@xn--bcher-kva.example"),
        ("x@EXAMPLE。jp", "x@example.jp"),
        ("ines@XN--BCHER-KVA.example", "ines@xn--bcher-kva.example"),
        ("bounce+ines=example.com@example.org", "bounce+ines=example.com@example.org"),
        ("a" * 64 + "@example.com", "a" * 64 + "@example.com"),
    ],
)
def test_one_bare_address_is_taken_and_folded(text, address):
    assert parse_address(text) == address


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        ("ines", "no @"),
        ("@example.com", "before the @"),
        ("ines@", "no domain"),
        ("ines@example..com", "no domain"),
        ("ines@-example.com", "no domain"),
        ("ines@example.com.", "no domain"),
        ("ines@exa_mple.com", "no domain"),
        ("ines@[127.0.0.1]", "no domain"),
        ("ines..m@example.com", "before the @"),
        (".ines@example.com", "before the @"),
        ("inés@example.com", "ASCII"),
        ("ines@☃.example", "international"),
        ("Ines <ines@example.com>", "bare address"),
        ('"ines"@example.com', "quoted"),
        ("ines@example.com, tom@example.com", "several"),
        ("ines@example.com@example.com", "several"),
        ("team: ines@example.com;", "group"),
        ("undisclosed-recipients:;", "group"),
        ("ines @example.com", "space"),
        ("ines@example.com\nBcc: x@example.com", "control"),
        ("ines@example.com\0", "control"),
        ("ines\u202e@example.com", "control or invisible"),
        ("a" * 65 + "@example.com", "longer than 64"),
        ("a@" + ".".join(["b" * 60] * 5), "longer than 254"),
        ("a@" + "b" * 64 + ".com", "no domain"),
        ("=?utf-8?q?a=0ab?=@example.com", "before the @"),
        ("=?utf-8?q?ines=40evil.example=3e?=foo@example.com", "before the @"),
        ("evil.example!ines@example.com", "before the @"),
        ("evil!ines@example.com", "before the @"),
        ("ines%evil.example@example.com", "before the @"),
        ("@evil.example:ines@example.com", "group"),
        ("ines@evil.example,@example.com", "several"),
        ("ines(comment)@example.com", "before the @"),
        ("ines@example.com(comment)", "no domain"),
        ("ines\\@evil.example@example.com", "several"),
        ("ines\u2028@example.com", "control or invisible"),
        ("ines\x85@example.com", "control or invisible"),
        ("ines@example.com\v", "control or invisible"),
        ("ines\ud800@example.com", "control or invisible"),
        ("ines@exam\u200bple.com", "control or invisible"),
        ("ines@exam\u00adple.com", "control or invisible"),
        ("ines\uff20evil.example@example.com", "ASCII"),
        ("\u0456nes@example.com", "ASCII"),
        ("ines@xn--n3h.example", "international"),
        ("ines@xn--0049.example", "international"),
        ("ines@xn--a_b.example", "international"),
        ("ines@" + "\u00e4" * 64 + ".example", "international"),
        ("x" * 100_000, "no @"),
        ("x" * 100_000 + "@example.com", "longer than 64"),
        ("x@" + "y." * 50_000, "no domain|longer"),
    ],
)
def test_anything_else_is_refused_in_one_line_that_says_why(text, reason):
    with pytest.raises(ValueError, match=reason) as caught:
        parse_address(text)
    assert str(caught.value).isprintable()


@given(st.text(max_size=80) | st.from_regex(r"[^@]{1,9}@[^@]{1,20}", fullmatch=True))
def test_whatever_is_taken_is_plain_lower_case_ascii_and_stays_the_same(text):
    try:
        address = parse_address(text)
    except ValueError as error:
        assert str(error).isprintable()
        return
    assert address.isascii() and address == address.lower() and address.count("@") == 1
    assert not set(address) & set(' <>",;:()[]\\\r\n\0')
    assert parse_address(address) == address


@pytest.mark.parametrize(
    ("text", "mailbox"),
    [
        ("agent@Example.com", ("", "agent@example.com")),
        ("Shop agent <agent@example.com>", ("Shop agent", "agent@example.com")),
        ('"Agent, the \\"shop\\"" <agent@example.com>', ('Agent, the "shop"', "agent@example.com")),
        ("Büro <agent@example.com>", ("Büro", "agent@example.com")),
        ("<agent@example.com>", ("", "agent@example.com")),
    ],
)
def test_the_senders_mailbox_may_have_a_name(text, mailbox):
    assert parse_mailbox(text) == mailbox


@pytest.mark.parametrize(
    "text",
    [
        "A <a@example.com>, B <b@example.com>",
        "A <a@example.com> B",
        "A\r\nBcc: x@example.com <a@example.com>",
        "A, B <a@example.com>",
        "A <a>",
        "A <<a@example.com>>",
    ],
)
def test_a_mailbox_is_one(text):
    with pytest.raises(ValueError, match="not an e-mail address"):
        parse_mailbox(text)


def test_a_plus_address_has_to_fit_into_64_octets():
    longest = "a" * 19 + "@example.com"
    assert plus_capable(longest)
    assert not plus_capable("a" + longest)
    address = bounce_address(longest, "AR-7K2M9QXD4T", "a" * TOKEN_LENGTH)
    assert len(address.partition("@")[0]) == 64
    assert parse_address(address) == address
