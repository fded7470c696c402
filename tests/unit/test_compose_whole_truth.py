"""What the mail shows is the whole truth: to the letter, or with what was left out stated."""

import re
from dataclasses import replace
from hashlib import sha256

import pytest
from selectolax.lexbor import LexborHTMLParser

from mail.compose import Answer, AnswerKind, Outgoing, compose_answer, compose_request
from mail.compose import compose_result as result_of
from mail.domains import MOST
from mail.text import FENCE
from tests.unit.mail_samples import APPROVAL, APPROVER, ASKED, REQUESTER, SENDER, parts

LEAD = "Domain names in it, as the net knows them:"
APPLE, APPLE_NET = "\u0430\u0440\u0440\u04cf\u0435.com", "xn--80ak6aa92e.com"
LONG = "word " * 5_000


def request(**changes) -> Outgoing:
    return compose_request(SENDER, replace(APPROVAL, **changes), APPROVER, ASKED)


def answer(kind: AnswerKind, **words) -> Outgoing:
    return compose_answer(SENDER, APPROVAL, APPROVER, Answer(kind, **words), ASKED)


def result(asked: str, text: str) -> Outgoing:
    return result_of(SENDER, REQUESTER, asked, text, "run", None, ASKED)


def lines(mail: Outgoing) -> list[str]:
    return parts(mail)[0].splitlines()


def seen(mail: Outgoing) -> list[str]:
    """What is read of the HTML, block by block."""
    body = LexborHTMLParser(parts(mail)[1]).body
    assert body is not None
    shown = body.text(separator="\n").replace(f"{FENCE}\xa0\n", f"{FENCE} ").replace("\xa0", " ")
    return [line for line in shown.splitlines() if line.strip()]


def stated(text: str) -> str:
    return f"{len(text):,} characters. SHA-256 of the whole: {sha256(text.encode()).hexdigest()}"


# ---- domain names ----


@pytest.mark.parametrize(
    "mail",
    [
        request(arguments=(("url", f'"https://{APPLE}/"'),)),
        request(arguments=(("url", f'"see\\nhttps:\\/\\/{APPLE}"'),)),
        request(arguments=(("url", f'"see\\n{APPLE}"'),)),
        request(arguments=((APPLE, "1"),)),
        request(action_type=f"get {APPLE}"),
        request(summary=f"Pay at {APPLE}"),
        request(description=f"Pays at {APPLE}"),
        request(reasoning=f"They said {APPLE}"),
        request(request=f"Pay at {APPLE}"),
        answer(AnswerKind.RECEIPT, note=f"as on {APPLE}"),
        answer(AnswerKind.HELP, read=f"as on {APPLE}"),
        result("Pay", f"Paid at {APPLE}"),
    ],
)
def test_names_that_may_look_like_others_are_told_below_the_text(mail):
    for shown in (lines(mail), seen(mail)):
        at = shown.index(LEAD)
        assert shown[at + 1] == f"{FENCE} {APPLE_NET}"
        assert any(APPLE in line for line in shown[max(0, at - 6) : at] if line.startswith(FENCE))


def test_plain_names_are_told_nothing_of():
    text, html = parts(request(arguments=(("url", '"https://example.com/"'),)))
    assert LEAD not in text and LEAD not in html


def test_what_an_a_label_shows_is_told_and_what_idna_refuses():
    value = f'"{APPLE_NET} \u2603.com xn--n3h.com \u00e4..de \u203a\u2603.com"'
    shown = lines(request(arguments=(("hosts", value),)))
    at = shown.index(LEAD)
    assert shown[at + 1 : at + 4] == [
        f"{FENCE} {APPLE_NET} (shows as \u2039{APPLE}\u203a)",
        f"{FENCE} \u2039\u2603.com\u203a (refused; known to some programs as xn--n3h.com)",
        f"{FENCE} \u2039\u00e4..de\u203a (refused)",
    ]


def test_no_name_closes_the_marks_that_it_stands_in():
    label = "xn--" + "a\u203ab\u203a".encode("punycode").decode()
    shown = lines(request(arguments=(("host", f'"{label}.com"'),)))
    assert any(line.endswith("shows as \u2039a<U+203A>b<U+203A>.com\u203a)") for line in shown)


def test_all_names_of_an_argument_are_told_and_of_other_texts_the_first():
    names = " ".join(f"n{n}.\u00e4.de" for n in range(3 * MOST))
    shown = lines(request(arguments=(("hosts", f'"{names}"'),)))
    assert sum(line.endswith(".xn--4ca.de") for line in shown) == 3 * MOST
    shown = lines(request(reasoning=names))
    assert sum(line.endswith(".xn--4ca.de") for line in shown) == MOST
    assert f"{FENCE} and {2 * MOST} more" in shown


# ---- what was left out ----


@pytest.mark.parametrize(
    "mail",
    [
        request(summary=LONG.strip(), description=""),
        request(description=LONG.strip(), summary=LONG[:99] + "\u2026"),
        request(description=LONG.strip()),
        request(reasoning=LONG.strip()),
        request(request=LONG.strip()),
        answer(AnswerKind.RECEIPT, note=LONG.strip()),
        answer(AnswerKind.NEWS, note=LONG.strip()),
        answer(AnswerKind.LATE, read=LONG.strip()),
        answer(AnswerKind.HELP, read=LONG.strip()),
        answer(AnswerKind.UNKNOWN, note=LONG.strip()),
        result("Pay", LONG.strip()),
        result(LONG.strip(), "Paid"),
    ],
)
def test_what_is_shortened_is_stated_with_its_length_and_hash(mail):
    for shown in (lines(mail), seen(mail)):
        assert stated(LONG.strip()) in " ".join(shown).replace('"', "")


def test_a_summary_that_was_cut_before_is_stated_with_what_it_was_cut_from():
    whole = "Refund the order " + "and tell the customer " * 9
    mail = request(summary=whole[:119] + "\u2026", description=whole)
    assert f"Shortened from {stated(whole)}" in " ".join(lines(mail))
    assert "Shortened" not in parts(request())[0]


# ---- to the letter ----


@pytest.mark.parametrize("field", ["arguments", "action_type"])
def test_names_that_differ_do_not_look_alike(field):
    names = ["refund", "refund ", " refund", "re fund", "re  fund", "re\nfund", "re\\nfund"]
    names += ['"refund"', "r\u0435fund", "refund\u2028", "refund\x85", "", "re\u00b7fund"]
    mails = [request(**{field: ((name, "1"),) if field == "arguments" else name}) for name in names]
    assert len({tuple(lines(mail)) for mail in mails}) == len(names)
    assert len({tuple(seen(mail)) for mail in mails}) == len(names)
    rows = LexborHTMLParser(parts(request())[1]).css("th")
    assert all("white-space:pre-wrap" in (row.attributes["style"] or "") for row in rows)


def test_a_long_value_cannot_seem_to_be_followed_by_another_argument():
    value = '"' + "x" * 55 + "amount = 5    order_id = 7" + " " * 60 + 'amount = 5"'
    rows = [
        line
        for line in lines(request(arguments=(("note", value), ("order_id", "1"))))
        if re.match(rf"{FENCE} \S+ =", line)
    ]
    assert [row.split()[1] for row in rows] == ["note", "order_id"]
