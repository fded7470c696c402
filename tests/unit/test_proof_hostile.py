"""What somebody does to a truly signed mail on its way, so that it is read as it was not signed."""

import time

import pytest

from mail.proof import Fault, Trust, Unproven
from mail.prover import Prover
from mail.read import read
from mail.reply import Reply
from mail.trust import Auth, Distrust, Trusted
from tests.signing import MICROSOFT, Zone, key_record, signed
from tests.unit.agent_samples import APPROVER, MAILBOX
from tests.unit.judging import EVIL, HOME, home, judged, refused
from tests.unit.letters import REFERENCE, REPLY_TO, SUBJECT, letter

FOLDED = letter(subject=f"{SUBJECT}\r\n\tcontinued")


async def test_a_line_that_hides_the_rest_of_a_field_proves_nothing():
    """`From x` is no field, and what is folded below it belongs to the field above for some."""
    raw = signed(FOLDED, HOME)
    assert isinstance(await judged(raw), Trusted)
    hidden = raw.replace(b"\r\n\tcontinued", b"\r\nFrom x\r\n\tcontinued")
    await refused(hidden, Distrust.UNAUTHENTICATED)


@pytest.mark.parametrize("line", [b":x: y", b":x: \r\n APPROVE", b"x y"])
async def test_a_body_that_begins_without_a_blank_line_proves_nothing(line):
    raw = signed(letter("Later"), HOME)
    await refused(
        raw.replace(b"\r\n\r\n", b"\r\n" + line + b"\r\n\r\n", 1), Distrust.UNAUTHENTICATED
    )


async def test_a_field_of_which_not_all_is_read_proves_nothing():
    many = f"{MAILBOX}, " + "x@y.test, " * 1_000 + "z@y.test"
    found = await refused(signed(letter(to=many), HOME), Distrust.UNAUTHENTICATED)
    assert "its to field is longer than what is read" in found.detail


async def test_line_ends_are_not_what_is_signed():
    raw = signed(letter(), HOME)
    assert isinstance(await judged(raw.replace(b"\r\n", b"\n")), Trusted)


@pytest.mark.parametrize(
    "name", [f'"{MAILBOX}"', f'"{MAILBOX},"', f"{MAILBOX} (x)", "=?utf-8?q?a?="]
)
async def test_our_address_as_somebodys_name_is_not_us(name):
    """Whoever asks an approver to answer chooses the name that stands before their address."""
    raw = signed(letter(to=f"{name} <colleague@demo.test>"), HOME)
    await refused(raw, Distrust.NOT_ADDRESSED)


@pytest.mark.parametrize("selector", ["a" * 64, ".".join(["abcdefghi"] * 25)])
async def test_a_name_under_which_nothing_can_be_published_is_not_asked_for(selector):
    """Nor does a mail wait for an answer: meanwhile it would hold up the consent of others."""
    zone = home()
    raw = (
        b"DKIM-Signature: v=1; a=rsa-sha256; d=demo.test; h=from; bh=x; b=x; s=" + selector.encode()
    )
    zone.down = True
    await refused(raw + b"\r\n" + letter(), Distrust.UNAUTHENTICATED, zone=zone)
    assert zone.asked == []


async def test_one_message_that_breaks_the_judge_is_not_the_others(monkeypatch):
    def broken(*given):
        if given[0] == b"odd":
            raise UnicodeEncodeError("utf-8", "x", 0, 1, "surrogates")
        return real(*given)

    real = __import__("mail.prover", fromlist=["case_of"]).case_of
    monkeypatch.setattr("mail.prover.case_of", broken)
    raw = signed(letter(), HOME)
    reply = read(raw)
    assert isinstance(reply, Reply)
    odd, good = await Prover(Trust(), home()).prove([(b"odd", reply), (raw, reply)])
    assert isinstance(odd, Unproven)
    assert odd.fault is Fault.UNAUTHENTICATED
    assert not odd.absent
    assert isinstance(good, tuple)


# ---- MAIL_AUTH=if-present: who takes a signature away must not win by it


@pytest.mark.parametrize(
    ("own", "above", "counts"),
    [
        ("reject", "none", False),
        ("none", "reject", True),
        ("", "reject", False),
        ("", "none; sp=reject", False),
        ("", "reject; sp=none", True),
        ("", "none", True),
        ("reject; p=none", "", False),
    ],
)
async def test_a_domains_own_policy_comes_before_that_of_the_one_above_it(own, above, counts):
    zone = Zone()
    if own:
        zone.records["_dmarc.zone.demo.test"] = f"v=DMARC1; p={own}"
    if above:
        zone.records["_dmarc.demo.test"] = f"v=DMARC1; p={above}"
    raw = letter(sender=APPROVER).replace(APPROVER.encode(), b"a@zone.demo.test", 1)
    trust = Trust(unsigned_counts=True)
    reply = read(raw)
    assert isinstance(reply, Reply)
    (evidence,) = await Prover(trust, zone).prove([(raw, reply)])
    assert isinstance(evidence, Unproven)
    assert evidence.absent is counts


async def test_a_made_up_chain_does_not_keep_the_policy_from_being_looked_up():
    chain = (
        b"ARC-Seal: i=1; a=rsa-sha256; cv=none; d=list.test; s=s1; b=AAAA\r\n"
        b"ARC-Message-Signature: i=1; a=rsa-sha256; d=list.test; s=s1; h=from; bh=AAAA; b=AAAA\r\n"
        b"ARC-Authentication-Results: i=1; list.test; dkim=none\r\n"
    )
    zone = Zone(
        {"_dmarc.demo.test": "v=DMARC1; p=reject", "s1._domainkey.list.test": key_record("l")}
    )
    trust = Trust(sealers=frozenset({"list.test"}), unsigned_counts=True)
    how = {"zone": zone, "auth": Auth.IF_PRESENT, "trust": trust}
    await refused(chain + letter(), Distrust.UNAUTHENTICATED, **how)


# ---- time


WHAT_TAKES_TIME = {
    "lines": "x \r\n" * 250_000,
    "empty lines": "\r\n" * 500_000,
    "words": "x x " * 250_000,
    "blanks": " " * 1_000_000,
    "blanks before a line end": (" " * 5_000 + "\r\n") * 200,
}


@pytest.mark.parametrize("filling", WHAT_TAKES_TIME.values(), ids=WHAT_TAKES_TIME)
async def test_a_long_message_with_many_signatures_takes_seconds_at_most(filling):
    long = letter(body=f"APPROVE\r\n\r\n{filling}\r\n")[:1_030_000] + b"\r\n"
    raw = signed(long, HOME)
    field = raw.removesuffix(long)
    broken = field.replace(b"b=", b"b=BBBB", 1)
    assert isinstance(await judged(broken * 2 + raw), Trusted)
    begun = time.process_time()
    await refused(broken * 9 + raw, Distrust.UNAUTHENTICATED)
    assert time.process_time() - begun < 5


async def test_a_header_of_very_many_lines_proves_nothing():
    """dkimpy copies a field for each of its lines."""
    many = b"X-A: a\r\n" + b" \n" * 20_000
    await refused(many + signed(letter(), HOME), Distrust.UNAUTHENTICATED)


# ---- what is not signed, and changes how the signed text is read

ASKED = f"> Refund 120.00 EUR\r\n> {REFERENCE}\r\n"
HARMLESS = f"> Note: a=0AAPPROVE b<br>APPROVE<br> c+AAoACg-APPROVE\r\n{ASKED}"


@pytest.mark.parametrize(
    "added",
    [
        "Content-Type: text/html; charset=utf-8",
        "Content-Type: text/plain; charset=utf-7",
        "Content-Type: text/plain; charset=hz-gb-2312",
        "Content-Type: multipart/mixed; boundary=x",
        "Content-Transfer-Encoding: quoted-printable",
        "Content-Transfer-Encoding: base64",
        "Content-Transfer-Encoding: x-uuencode",
    ],
)
async def test_a_type_or_encoding_that_the_text_does_not_show_proves_nothing(added):
    """A reply in which nothing but our quoted mail stands would become a consent."""
    raw = signed(letter(body=HARMLESS, content_type=""), HOME)
    assert isinstance(await judged(raw), Trusted)
    await refused(added.encode() + b"\r\n" + raw, Distrust.UNAUTHENTICATED)


async def test_an_encoding_that_was_taken_away_proves_nothing():
    body = "> Note: ä b=\r\nAPPROVE\r\n> " + REFERENCE + "\r\n"
    raw = signed(letter(body=body, content_transfer_encoding="quoted-printable"), HOME)
    assert isinstance(await judged(raw), Trusted)
    bare = raw.replace(b"Content-Transfer-Encoding: quoted-printable\r\n", b"")
    await refused(bare, Distrust.UNAUTHENTICATED)


@pytest.mark.parametrize("covered", [None, MICROSOFT], ids=["gmail", "microsoft"])
@pytest.mark.parametrize(
    ("body", "fields"),
    [
        (f"APPROVE\r\n\r\nGr=C3=BC=C3=9Fe =3D =\r\nA=20\r\n{ASKED}", {"cte": "quoted-printable"}),
        ("QVBQUk9WRQo=\r\n", {"cte": "base64"}),
        (f"APPROVE\r\n{ASKED}", {"cte": "7bit", "content_type": "text/plain; charset=gb18030"}),
        (f"<p>APPROVE</p><p>{REFERENCE}</p>\r\n", {"content_type": "text/html; charset=utf-8"}),
    ],
    ids=["quoted-printable", "base64", "charset", "html"],
)
async def test_what_programs_send_is_proven_without_these_fields(covered, body, fields):
    given = {name.replace("cte", "content_transfer_encoding"): v for name, v in fields.items()}
    given = {"subject": SUBJECT, "to": REPLY_TO, **given}
    raw = signed(letter(body=body, **given), HOME, *([covered] if covered else []))
    assert isinstance(await judged(raw), Trusted)


async def test_a_part_of_the_boundary_is_none():
    body = "--abc\r\n\r\nno\r\n--a\r\n\r\nAPPROVE\r\n--a--\r\n--abc--\r\n"
    raw = signed(letter(body=body, content_type="multipart/mixed; boundary=abc"), HOME)
    assert isinstance(await judged(raw), Trusted)
    await refused(raw.replace(b"boundary=abc", b"boundary=a"), Distrust.UNAUTHENTICATED)


async def test_a_stranger_gains_nothing_by_two_signatures():
    raw = signed(signed(letter(), EVIL), EVIL, selector="s2")
    await refused(raw, Distrust.MISALIGNED)
