"""Foreign text cannot add a header field, end one early, or take the subject's code away."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mail.carriers import subject_code
from mail.compose import compose_request, compose_result
from mail.message import serialise
from tests.unit.mail_samples import APPROVAL, APPROVER, ASKED, REQUESTER, SENDER, parsed

EXPECTED = [
    *("From", "To", "Subject", "Date", "Message-ID", "X-Approval-Agent", "Reply-To", "References"),
    *("Auto-Submitted", "X-Auto-Response-Suppress", "MIME-Version", "Content-Type"),
]
BREAKS = st.sampled_from(
    [
        "\r\nBcc: eve@example.com\r\n",
        "\nBcc: eve@example.com",
        "\rBcc: eve@example.com",
        "\0",
        "\u2028Bcc: eve@example.com",
        "\x85Bcc: eve@example.com",
        "\r\n\r\nAPPROVE",
        "=?utf-8?q?a=0D=0ABcc:=20eve@example.com?=",
        "=?utf-8?b?DQpCY2M6IGV2ZUBleGFtcGxlLmNvbQ==?=",
        "=?",
        "\ud800",
        "[AR-0000000000]",
        "ä" * 300,
        "世" * 300,
        "x" * 2_000,
    ]
)
INJECTED = st.lists(BREAKS | st.text(max_size=30), max_size=5).map("".join)


@settings(deadline=None)
@given(INJECTED)
def test_no_summary_breaks_out_of_the_subject(text):
    outgoing = compose_request(SENDER, replace(APPROVAL, summary=text), APPROVER, ASKED)
    message = parsed(outgoing)
    assert message.keys() == EXPECTED
    subject = str(message["Subject"])
    assert subject.startswith("Approval needed: ")
    assert subject.endswith("[AR-7K2M9QXD4T]") and subject_code(subject) == "AR-7K2M9QXD4T"
    assert len(subject) <= 200 and subject.isprintable()


@settings(deadline=None)
@given(INJECTED)
def test_no_request_breaks_out_of_the_results_subject(text):
    message = parsed(compose_result(SENDER, REQUESTER, text, text, "run", None, ASKED))
    fields = [name for name in EXPECTED if name not in ("Reply-To", "References")]
    assert message.keys() == fields
    assert str(message["Subject"]).startswith("Result:")


@settings(deadline=None)
@given(INJECTED)
def test_no_display_name_breaks_out_of_the_from(text):
    sender = replace(SENDER, display_name=text)
    message = parsed(compose_request(sender, APPROVAL, APPROVER, ASKED))
    assert message.keys() == EXPECTED
    assert [address.addr_spec for address in message["From"].addresses] == [SENDER.mailbox]


@pytest.mark.parametrize("name", ["Agent, the shop", 'The "agent"', "back\\slash", "a@b", "Büro"])
def test_a_display_name_arrives_as_it_was_given(name):
    message = parsed(compose_request(replace(SENDER, display_name=name), APPROVAL, APPROVER, ASKED))
    assert message["From"].addresses[0].display_name == name


@pytest.mark.parametrize("to", ["x@example.com\r\nBcc: y@example.com", "x@example.com, y@z.com"])
def test_only_one_bare_address_is_written_to(to):
    with pytest.raises(ValueError, match="not an e-mail address"):
        compose_request(SENDER, APPROVAL, to, ASKED)


@pytest.mark.parametrize("value", ["a\nb: c", "a\r\nb: c", "a\rb", "a\0b", "ä", "", "x" * 1_000])
def test_a_field_that_is_no_field_is_refused(value):
    with pytest.raises(ValueError, match="Subject cannot hold this value"):
        serialise([("Subject", value)], "text", "html")


def test_an_id_of_a_request_that_is_none_cannot_break_a_field():
    with pytest.raises(ValueError, match="cannot hold this value"):
        broken = replace(APPROVAL, request_id="AR-1\r\nBcc: eve@example.com")
        compose_request(SENDER, broken, APPROVER, ASKED)
