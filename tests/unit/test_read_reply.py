"""What reading gives beside the decision, and messages of more than one text."""

import pytest

from mail.carriers import Carrier, Where
from mail.heads import HEADERS
from mail.read import read
from mail.reply import Decision, Refusal
from mail.structure import BYTES, PARTS
from tests.unit.incoming import (
    ATTRIBUTION,
    REFERENCE,
    REQUEST_ID,
    TOKEN,
    alternative,
    decided,
    message,
    multipart,
    quoted,
    reading,
)

OUR_ID = f"<ar-7k2m9qxd4t.{TOKEN}@shop.test>"


def found(raw: bytes) -> list[tuple[str, str, Where]]:
    return [(c.request_id, c.token, c.where) for c in reading(raw).carriers]


@pytest.mark.parametrize(
    ("plain", "html", "decision"),
    [
        ("APPROVE", "<p>APPROVE</p>", Decision.APPROVE),
        ("APPROVE", "<p>Approved.</p>", Decision.APPROVE),
        ("APPROVE", "<p>Hm.</p>", Decision.UNCLEAR),
        ("APPROVE", "<p>REJECT</p>", Decision.UNCLEAR),
        ("APPROVE", "<p>APPROVE</p><p>not yet</p>", Decision.UNCLEAR),
        ("APPROVE\n\nnot yet", "<p>APPROVE</p>", Decision.UNCLEAR),
        ("APPROVE", "<p><s>APPROVE</s></p>", Decision.UNCLEAR),
        ("Hm.", "<p>APPROVE</p>", Decision.UNCLEAR),
        ("Hm.", "<p>REJECT</p>", Decision.UNCLEAR),
        ("REJECT no", "<p>REJECT no</p>", Decision.REJECT),
        ("REJECT no", "<p>Hm.</p>", Decision.REJECT),
        ("REJECT no", "<p>APPROVE</p>", Decision.UNCLEAR),
        ("  \r\n", "<p>APPROVE</p>", Decision.APPROVE),
        ("APPROVE", "", Decision.UNCLEAR),
    ],
)
def test_both_forms_of_a_text_have_to_approve(plain, html, decision):
    assert reading(alternative(plain, html)).decision is decision


def test_the_note_is_the_text_parts():
    assert reading(alternative("REJECT *no*", "<p>REJECT <b>no</b></p>")).note == "*no*"


@pytest.mark.parametrize(
    "head",
    [
        "text/plain",
        "text/html",
        "Content-Type: text/plain\r\nContent-Disposition: attachment; filename=a.txt",
        "message/rfc822",
        "text/x-amp-html",
        "application/octet-stream",
    ],
)
def test_only_the_first_text_decides(head):
    assert reading(multipart("mixed", ("text/plain", "Hm."), (head, "APPROVE"))).decision is (
        Decision.UNCLEAR
    )
    assert reading(multipart("mixed", ("text/plain", "REJECT"), (head, "APPROVE"))).decision is (
        Decision.REJECT
    )


@pytest.mark.parametrize("kind", ["text/plain", "text/html"])
def test_words_below_a_picture_may_void_and_a_lists_footer_does_not(kind):
    picture = ("image/png", "x")
    raw = multipart("mixed", ("text/plain", "APPROVE"), picture, (kind, "but not before Friday"))
    assert reading(raw).decision is Decision.UNCLEAR
    footer = "_______________<br>\r\nTo unsubscribe write to users-leave@example.com"
    raw = multipart("mixed", ("text/plain", "APPROVE"), (kind, footer.replace("<br>", "")))
    if kind == "text/plain":
        assert reading(raw).decision is Decision.APPROVE


def test_an_alternative_of_one_form_is_not_completed_from_elsewhere():
    inner = ("Content-Type: multipart/alternative; boundary=in", "--in\r\n\r\nREJECT\r\n--in--")
    raw = multipart("mixed", inner, ("text/html", "APPROVE"))
    assert reading(raw).decision is Decision.REJECT


def test_an_attached_file_voids_nothing_and_hides_nothing():
    attached = "Content-Type: text/plain\r\nContent-Disposition: attachment; filename=a.txt"
    raw = multipart("mixed", (attached, "Hm."), ("text/plain", "REJECT"))
    assert reading(raw).decision is Decision.REJECT
    raw = multipart("mixed", ("text/plain", "APPROVE"), (attached, "not yet?"))
    assert reading(raw).decision is Decision.APPROVE


def test_a_text_longer_than_what_is_read_approves_nothing():
    assert decided("APPROVE\n" + "x\n" * 40_000) is Decision.UNCLEAR
    assert decided("REJECT\n" + "x\n" * 40_000) is Decision.REJECT


def test_what_was_not_read_to_its_end_approves_nothing():
    picture = ("image/jpeg", "x" * BYTES)
    assert reading(multipart("mixed", ("text/plain", "APPROVE"), picture)).decision is (
        Decision.UNCLEAR
    )
    assert reading(multipart("mixed", ("text/plain", "REJECT"), picture)).decision is (
        Decision.REJECT
    )
    parts = [("text/plain", "APPROVE"), *[("image/png", "x")] * PARTS, ("text/plain", "not this")]
    assert reading(multipart("mixed", *parts)).decision is Decision.UNCLEAR
    fields = {f"X_{number}": "y" for number in range(HEADERS)}
    assert decided("APPROVE", **fields) is Decision.UNCLEAR


def test_the_subject_decides_nothing():
    assert decided("", Subject=f"APPROVE [{REQUEST_ID}]") is Decision.UNCLEAR
    assert decided("Hm.", Subject=f"Re: REJECT [{REQUEST_ID}]") is Decision.UNCLEAR


def test_the_request_id_is_the_last_code_of_the_subject():
    subject = f"AW: [EXTERN] Re: [AR-0000000000] x [{REQUEST_ID.lower()}]"
    assert reading(message("", Subject=subject)).request_id == REQUEST_ID
    assert reading(message("", Subject="Re: x")).request_id is None


@pytest.mark.parametrize(
    "name", ["To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To"]
)
def test_a_carrier_is_found_in_every_recipient_header(name):
    address = f"Shop <agent+ar-7k2m9qxd4t.{TOKEN}@shop.test>"
    raw = message("Hm.", **{"To": "", name: address})
    assert found(raw) == [(REQUEST_ID, TOKEN, Where.ADDRESS)]


@pytest.mark.parametrize("name", ["In-Reply-To", "References"])
@pytest.mark.parametrize(
    "value",
    [
        OUR_ID,
        f"<other@example.com> {OUR_ID}",
        f"<other@example.com>,{OUR_ID}",
        f"<other@example.com>\r\n {OUR_ID}\r\n\t<third@example.com>",
        OUR_ID.replace(TOKEN, TOKEN[:9] + "\r\n " + TOKEN[9:]),
        "=?utf-8?q?=3Car-7k2m9qxd4t=2E" + TOKEN + "=40shop=2Etest=3E?=",
    ],
)
def test_a_carrier_is_found_in_every_form_of_the_thread_headers(name, value):
    assert found(message("Hm.", **{name: value})) == [(REQUEST_ID, TOKEN, Where.MESSAGE_ID)]


@pytest.mark.parametrize(
    "raw",
    [
        message(f"APPROVE\n\n{ATTRIBUTION}\n{quoted(REFERENCE)}"),
        message(f"REJECT\n\n-----Original Message-----\n{REFERENCE.upper()}"),
        message(f"<p>REJECT</p><blockquote><p>{REFERENCE}</p><p>x</p></blockquote>", "text/html"),
        alternative("REJECT", f"<p>REJECT</p><div class=gmail_quote>{REFERENCE}</div>"),
        multipart("mixed", ("text/plain", "REJECT"), ("text/plain", REFERENCE)),
    ],
)
def test_a_carrier_is_found_in_the_whole_text(raw):
    assert found(raw) == [(REQUEST_ID, TOKEN, Where.BODY)]


def test_carriers_in_attachments_and_cut_words_are_none():
    attached = "Content-Type: text/plain\r\nContent-Disposition: attachment"
    assert found(multipart("mixed", ("text/plain", "REJECT"), (attached, REFERENCE))) == []
    assert found(message(f"REJECT x{REFERENCE[11:]}y")) == []


def test_two_carriers_that_disagree_are_both_there():
    raw = message(f"REJECT\n> {REFERENCE}", In_Reply_To=OUR_ID.replace(TOKEN, "cd" * 14))
    assert {token for _, token, _ in found(raw)} == {TOKEN, "cd" * 14}


def test_a_bounce_address_is_no_carrier_of_a_reply():
    reply = reading(message("Hm.", To=f"agent+b.ar-7k2m9qxd4t.{TOKEN}@shop.test"))
    assert reply.carriers == ()
    assert reply.bounce == Carrier(REQUEST_ID, TOKEN, Where.ADDRESS)


def test_senders_and_message_id_are_taken_over():
    raw = b"From: tom@example.com\r\n" + message("Hm.", Message_ID=" <[1]@example.com> ")
    reply = reading(raw)
    assert reply.senders == ("tom@example.com", "ines@example.com")
    assert reply.message_id == "[1]@example.com"
    assert reading(message("Hm.", Message_ID="")).message_id == ""


def test_the_content_hash_is_that_of_words_and_sender():
    plain = reading(message("REJECT")).content_hash
    again = message("REJECT", Message_ID="<2@example.com>", Received="from elsewhere")
    assert reading(again).content_hash == plain
    assert reading(message("REJECT now")).content_hash != plain
    assert reading(message("REJECT", From="tom@example.com")).content_hash != plain


def test_words_of_ours_are_nobodys_own_however_they_lost_their_marks():
    sent = message(
        "Answer with the word\nAPPROVE\n\nREJECT it as you are in doubt about it\n\nRegards"
    )
    for text in ("REJECT it as you are in doubt about it", "REJECT it as you are in doubt"):
        assert reading(message(text), sent).decision is Decision.UNCLEAR
        assert decided(text) is not Decision.UNCLEAR
    assert reading(message("REJECT too expensive"), sent).decision is Decision.REJECT
    assert reading(message("APPROVE"), sent).decision is Decision.APPROVE
    below = "REJECT it as you are in doubt about it"
    for above in ("Tom <tom@example.com> wrote:\n", "-- \nInes\n", f"> {'x' * 60}\n"):
        raw = message(f"APPROVE.\n\n{above}{below}")
        assert reading(raw).decision is Decision.UNCLEAR
        # One line may be the person's, whatever we had sent; right below a quote it is its rest.
        known = Decision.APPROVE if above[0] == ">" else Decision.UNCLEAR
        assert reading(raw, sent).decision is known
    unmarked = message("REJECT no\n\nAnswer with the word\nAPPROVE\n\nRegards")
    assert reading(unmarked, sent).note == "no"


@pytest.mark.parametrize("raw", [b"", b"\r\n", b"\r\nAPPROVE", b"APPROVE"])
def test_bytes_without_headers_are_unreadable(raw):
    result = read(raw)
    assert isinstance(result, Refusal)
    assert result.reason.startswith("unreadable: ")


@pytest.mark.parametrize("error", [RecursionError(), IndexError("x"), MemoryError()])
def test_whatever_a_parser_raises_is_one_message_lost(monkeypatch, error):
    def fail(raw):
        raise error

    monkeypatch.setattr("mail.read.parse", fail)
    assert read(b"From: a@example.com\r\n\r\nAPPROVE") == Refusal(
        f"unreadable: {type(error).__name__}"
    )
