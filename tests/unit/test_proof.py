"""The third gate where signatures are verified here: real DKIM signatures, a zone of our own."""

import pytest

from mail.dkim_fields import Covered
from mail.proof import Proof
from mail.read import read
from mail.reply import Reply
from mail.trust import Auth, Distrust, Trusted, Untrusted, authenticate, proven
from tests.signing import GMAIL, MICROSOFT, Zone, key_record, signed
from tests.unit.agent_samples import APPROVER, CLAIM, MAILBOX, OTHER, REQUEST_ID
from tests.unit.judging import EVIL, HOME, home, judged, refused
from tests.unit.letters import ASKED_IN, KEYS, REPLY_TO, SUBJECT, WRITTEN, letter, without_carriers

WHOLE = (*GMAIL, "content-type")


@pytest.mark.parametrize("covered", [GMAIL, MICROSOFT], ids=["gmail", "microsoft"])
@pytest.mark.parametrize("canonical", [(b"relaxed", b"relaxed"), (b"simple", b"simple")])
async def test_a_reply_that_its_senders_host_has_signed_is_proven(covered, canonical):
    found = await judged(signed(letter(), HOME, covered, canonical=canonical))
    assert found == Trusted(REQUEST_ID, APPROVER, CLAIM, f"dkim d={HOME}", WRITTEN)


async def test_without_a_signature_nothing_is_proven():
    found = await refused(letter(), Distrust.UNAUTHENTICATED)
    assert found.in_name_of == Trusted(REQUEST_ID, APPROVER, CLAIM)


async def test_a_signature_of_somebody_else_is_misaligned():
    found = await refused(signed(letter(), EVIL), Distrust.MISALIGNED)
    assert "signed by evil.test" in found.detail


async def test_a_signature_in_the_senders_name_by_another_key_is_none():
    await refused(signed(letter(), HOME, key=EVIL), Distrust.UNAUTHENTICATED)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"APPROVE\r\n", b"APPROVE all\r\n"),
        (f"From: {APPROVER}".encode(), f"From: {OTHER}".encode()),
        (b"Subject: Re: ", b"Subject: Fwd: "),
        (b"\r\n\r\nAPPROVE", b"\r\n\r\nX\r\nAPPROVE"),
    ],
)
async def test_what_was_changed_on_its_way_is_not_proven(before, after):
    raw = signed(letter("APPROVE"), HOME)
    assert before in raw
    found = await judged(raw.replace(before, after, 1))
    assert isinstance(found, Untrusted)


@pytest.mark.parametrize(
    "added",
    [
        f"In-Reply-To: {ASKED_IN}\r\nReferences: {ASKED_IN}\r\n",
        f"Delivered-To: {REPLY_TO}\r\n",
        f"X-Original-To: {REPLY_TO}\r\n",
        f"Cc: {REPLY_TO}\r\n",
    ],
    ids=["thread", "delivered", "original", "cc"],
)
async def test_a_signed_mail_about_something_else_is_no_vote_for_a_carrier_that_was_added(added):
    elsewhere = signed(without_carriers(), HOME, ("from", "subject", "date", "to"))
    found = await refused(added.encode() + elsewhere, Distrust.BINDING_NOT_SIGNED)
    assert found.in_name_of is not None


@pytest.mark.parametrize(
    "added",
    [f"To: {REPLY_TO}\r\n", f"Subject: {SUBJECT}\r\n", "Date: x\r\n", "Content-Type: x\r\n"],
)
async def test_a_field_that_is_there_twice_proves_nothing(added):
    """The first of two is read, the last of them is signed."""
    elsewhere = signed(letter(), HOME, ("from", "subject", "date", "to", "content-type"))
    await refused(added.encode() + elsewhere, Distrust.UNAUTHENTICATED)


@pytest.mark.parametrize(
    ("covered", "fields"),
    [
        (("from", "date", "subject"), {"in_reply_to": "", "references": "", "to": MAILBOX}),
        (("from", "date", "in-reply-to"), {"subject": "Re:", "references": "", "to": MAILBOX}),
        (("from", "date", "references"), {"subject": "Re:", "in_reply_to": "", "to": MAILBOX}),
        (("from", "date", "to"), {"subject": "Re:", "in_reply_to": "", "references": ""}),
    ],
    ids=["code", "in-reply-to", "references", "to"],
)
async def test_each_place_that_names_the_approval_binds_if_it_is_covered(covered, fields):
    """A carrier outside of what is signed stands beside, so that the token gate is passed."""
    bare = letter(body="APPROVE\r\n", **fields)
    raw = f"Delivered-To: {REPLY_TO}\r\n".encode() + signed(bare, HOME, covered)
    assert isinstance(await judged(raw), Trusted)
    less = tuple(name for name in covered if name in ("from", "date"))
    raw = f"Delivered-To: {REPLY_TO}\r\n".encode() + signed(bare, HOME, less)
    await refused(raw, Distrust.BINDING_NOT_SIGNED)


async def test_the_quoted_reference_line_binds():
    bare = letter(subject="Re:", in_reply_to="", references="", to=MAILBOX)
    assert isinstance(await judged(signed(bare, HOME, ("from", "date"))), Trusted)


async def test_a_signature_of_a_part_of_the_text_is_none():
    raw = signed(letter(), HOME, length=True)
    await refused(raw + b"more\r\n", Distrust.UNAUTHENTICATED)
    assert "l=" in (await refused(raw, Distrust.UNAUTHENTICATED)).detail


async def test_a_weak_algorithm_is_none():
    await refused(signed(letter(), HOME, algorithm=b"rsa-sha1"), Distrust.UNAUTHENTICATED)


async def test_a_key_that_is_only_tried_out_is_none():
    zone = Zone({f"s1._domainkey.{HOME}": key_record(HOME).replace("k=rsa", "k=rsa; t=y")})
    await refused(signed(letter(), HOME), Distrust.UNAUTHENTICATED, zone=zone)


def test_an_undated_signature_is_none():
    reply = read(letter())
    assert isinstance(reply, Reply)
    two = authenticate(reply, KEYS, {}, MAILBOX)
    assert isinstance(two, Trusted)
    for date, counts in ((WRITTEN, True), (None, False)):
        covered = Covered(frozenset({REQUEST_ID}), date, None)
        found = proven(two, (Proof("dkim", covered),), Auth.REQUIRED, MAILBOX)
        assert isinstance(found, Trusted) is counts
        assert counts or getattr(found, "reason", None) is Distrust.DATE_NOT_SIGNED


async def test_a_signed_answer_to_somebody_else_is_none():
    """Their consent to a colleague's proposal, sent on to us with its signature."""
    raw = signed(letter(to="colleague@demo.test"), HOME)
    await refused(f"X-Original-To: {REPLY_TO}\r\n".encode() + raw, Distrust.NOT_ADDRESSED)


@pytest.mark.parametrize("to", [MAILBOX, f"Agent <{MAILBOX.upper()}>", f"x@y.test, {REPLY_TO}"])
async def test_an_answer_that_names_our_mailbox_is_addressed_to_us(to):
    assert isinstance(await judged(signed(letter(to=to), HOME)), Trusted)


@pytest.mark.parametrize("to", [f"x{MAILBOX}", f"{MAILBOX}.evil.test", f"x.{MAILBOX}"])
async def test_an_address_that_only_looks_like_ours_is_not_us(to):
    await refused(signed(letter(to=to), HOME), Distrust.NOT_ADDRESSED)


@pytest.mark.parametrize(
    ("signer", "counts"),
    [
        ("sub.demo.test", False),
        ("test", False),
        ("xdemo.test", False),
        ("demo.test.evil.test", False),
    ],
)
async def test_only_the_senders_own_domain_or_one_above_it_may_sign(signer, counts):
    found = await judged(signed(letter(), signer), Zone.of(signer))
    assert isinstance(found, Trusted) is counts


async def test_a_dns_that_gives_no_answer_is_no_proof_now():
    zone = home()
    zone.down = True
    await refused(signed(letter(), HOME), Distrust.UNAVAILABLE, zone=zone)


async def test_a_key_that_is_not_published_is_no_proof_ever():
    found = await refused(signed(letter(), HOME), Distrust.UNAUTHENTICATED, zone=Zone())
    assert "no key is published" in found.detail


async def test_nobody_elses_key_is_looked_up():
    """Whoever writes to us must not make us ask about any name."""
    zone = home()
    await judged(signed(letter(), EVIL), zone)
    assert zone.asked == []


async def test_one_good_signature_of_several_is_enough():
    raw = signed(signed(signed(letter(), EVIL), HOME), HOME, key=EVIL, selector="s2")
    assert isinstance(await judged(raw), Trusted)


@pytest.mark.parametrize("auth", list(Auth))
async def test_unsigned_mail_counts_where_the_settings_say_so(auth):
    found = await judged(letter(), auth=auth)
    expected = {Auth.OFF: "off", Auth.IF_PRESENT: "none (if-present)"}
    assert getattr(found, "proof", None) == expected.get(auth)


async def test_a_bad_signature_is_refused_where_none_would_do():
    raw = signed(letter(), HOME, key=EVIL)
    await refused(raw, Distrust.UNAUTHENTICATED, auth=Auth.IF_PRESENT)


@pytest.mark.parametrize(
    ("policy", "counts"), [("none", True), ("quarantine", False), ("reject", False)]
)
async def test_unsigned_mail_of_a_domain_that_signs_all_of_it_never_counts(policy, counts):
    zone = Zone({f"_dmarc.{HOME}": f"v=DMARC1; p={policy}"})
    found = await judged(letter(), zone, Auth.IF_PRESENT)
    assert isinstance(found, Trusted) is counts


async def test_parts_that_nobody_has_signed_are_nobodys():
    """Gmail leaves Content-Type out: with another boundary, other lines would be the text."""
    body = "--a\r\n\r\nno\r\n--b\r\n\r\nAPPROVE\r\n\r\n" + f"> {ASKED_IN}\r\n--b--\r\n--a--\r\n"
    raw = signed(letter(body=body, content_type="multipart/mixed; boundary=a"), HOME, GMAIL)
    changed = raw.replace(b"boundary=a", b"boundary=b")
    await refused(changed, Distrust.UNAUTHENTICATED)
    body = f"--a\r\n\r\nAPPROVE\r\n\r\n> {ASKED_IN}\r\n--a--\r\n"
    raw = signed(letter(body=body, content_type="multipart/mixed; boundary=a"), HOME, GMAIL)
    assert isinstance(await judged(raw), Trusted)


@pytest.mark.parametrize(
    ("kind", "text", "counts"),
    [
        ("text/plain", "APPROVE <if he asks for it>", True),
        ("text/html", "APPROVE <if he asks for it>", False),
        ("text/html", "<p>APPROVE</p>", True),
        ("application/ics", "APPROVE", False),
    ],
)
async def test_a_type_that_nobody_has_signed_takes_no_words_away(kind, text, counts):
    """Gmail leaves it out: as HTML a condition in angle brackets would be a tag."""
    raw = signed(letter(body=f"{text}\r\n", content_type="text/plain"), HOME, GMAIL)
    changed = raw.replace(b"Content-Type: text/plain", f"Content-Type: {kind}".encode())
    assert isinstance(await judged(changed), Trusted) is counts


async def test_a_header_that_goes_on_and_on_proves_nothing():
    many = b"".join(b"X-%d: x\r\n" % number for number in range(600))
    raw = signed(letter(), HOME).replace(b"\r\n\r\n", b"\r\n" + many + b"\r\n", 1)
    await refused(raw, Distrust.UNAUTHENTICATED)


async def test_evidence_is_needed_and_not_assumed():
    reply = read(letter())
    assert isinstance(reply, Reply)
    two = authenticate(reply, KEYS, {}, MAILBOX)
    assert isinstance(two, Trusted)
    assert isinstance(proven(two, None, Auth.REQUIRED, MAILBOX), Untrusted)
    assert isinstance(proven(two, (), Auth.REQUIRED, MAILBOX), Untrusted)


async def test_what_a_hostile_signature_holds_breaks_nothing():
    for value in (b";" * 5_000, b"v=1; d=demo.test", b"\xff\xfe", b"d=demo.test; h=from; s=\0"):
        raw = b"DKIM-Signature: " + value + b"\r\n" + letter()
        assert isinstance(await judged(raw), Untrusted)


async def test_long_runs_of_blanks_are_read_in_time():
    text = "APPROVE\r\n\r\n" + " " * 400_000 + "\r\n"
    raw = signed(letter(body=text), HOME)
    assert isinstance(await judged(raw), Trusted)
