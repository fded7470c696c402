"""Our own server's word about a signature: as real servers write it, and as an attacker would."""

import re
import time

import pytest

from mail.auth_results import Result, results_of
from mail.proof import Trust
from mail.trust import Auth, Distrust, Trusted
from tests.signing import GMAIL, MICROSOFT, signed
from tests.unit.agent_samples import APPROVER, CLAIM, REQUEST_ID
from tests.unit.auth_forms import (
    EXCHANGE,
    EXCHANGE_FORM,
    FASTMAIL_FORM,
    GMAIL_FORM,
    OPENDKIM_FORM,
    OURS,
    RSPAMD_FORM,
    TOLD,
    fails,
    holds,
    told,
)
from tests.unit.judging import HOME, judged
from tests.unit.letters import ASKED_IN, WRITTEN, letter, without_carriers


def digits(raw: bytes, letters: int = 8) -> str:
    """The first ones of the top-most signature (RFC 6008)."""
    found = re.search(rb"\sb=([^;]*?)\r\n\S", raw, re.DOTALL)
    assert found is not None
    return re.sub(r"\s", "", found[1].decode())[:letters]


# ---- as servers write them


@pytest.mark.parametrize(
    ("form", "trust"),
    [
        (GMAIL_FORM, TOLD),
        (FASTMAIL_FORM, TOLD),
        (OPENDKIM_FORM, TOLD),
        (RSPAMD_FORM, TOLD),
        (EXCHANGE_FORM, EXCHANGE),
    ],
    ids=["gmail", "fastmail", "opendkim", "rspamd", "exchange"],
)
@pytest.mark.parametrize("covered", [GMAIL, MICROSOFT], ids=["by gmail", "by microsoft"])
async def test_what_real_servers_write_is_understood(form, trust, covered):
    raw = signed(letter(), HOME, covered)
    form = (form % digits(raw) if "%s" in form else form).replace("\n", "\r\n")
    found = await holds(told(form, raw), trust)
    how = f"{trust.authserv_id} dkim d={HOME}"
    assert found == Trusted(REQUEST_ID, APPROVER, CLAIM, how, WRITTEN)


@pytest.mark.parametrize("form", [GMAIL_FORM, FASTMAIL_FORM, OPENDKIM_FORM, RSPAMD_FORM])
def test_a_result_and_its_properties_are_told_apart(form):
    found = results_of((form % "abc").replace("\n", ""), OURS)
    assert found is not None
    dkim = next(result for result in found if result.method == "dkim")
    assert dkim.result == "pass"
    assert (dkim.properties["header.s"], dkim.properties["header.b"]) == ("s1", "abc")


def test_a_version_blanks_and_comments_change_nothing():
    found = results_of(f"{OURS.upper()} (ours) 1 ; (x (y)) DKIM/1=Pass (z) header.d=A.test", OURS)
    assert found == [Result("dkim", "pass", {"header.d": "A.test"})]


@pytest.mark.parametrize("value", [f"{OURS}; none", f"{OURS};", f"{OURS}"])
def test_a_server_may_have_found_nothing(value):
    assert results_of(value, OURS) == []


# ---- as somebody else writes them


@pytest.mark.parametrize(
    "value",
    [
        "",
        "x",
        "evil.test; dkim=pass header.d=demo.test",
        f"{OURS}.evil.test; dkim=pass header.d=demo.test",
        f"x{OURS}; dkim=pass header.d=demo.test",
        f"evil.test {OURS}; dkim=pass header.d=demo.test",
        f"evil.test ({OURS}); dkim=pass header.d=demo.test",
        f"{OURS}=1; dkim=pass header.d=demo.test",
        f"{OURS} 1 2; dkim=pass header.d=demo.test",
        f"dkim=pass header.d=demo.test; {OURS}",
    ],
)
def test_another_servers_word_is_none(value):
    assert results_of(value, OURS) is None


@pytest.mark.parametrize(
    "results",
    [
        "dkim=fail (dkim=pass header.d=demo.test) header.d=evil.test",
        'dkim=fail reason="x; dkim=pass header.d=demo.test" header.d=evil.test',
        'dkim=fail reason="\\"; dkim=pass header.d=demo.test; x=\\"" header.d=evil.test',
        "dkim=fail (\\); dkim=pass header.d=demo.test (\\())",
        'dkim=none; spf=pass smtp.mailfrom="; dkim=pass header.d=demo.test; "@evil.test',
        "dkim=pass header.d=evil.test; spf=pass smtp.mailfrom=demo.test",
        "dkim=pass header.d=evil.test header.d=demo.test",
        "dkim=pass header.d=demo.test header.d=demo.test",
        "dkim=pass=pass header.d=demo.test",
        "dkim=passed header.d=demo.test",
        "dkim=pass; header.d=demo.test",
        "dkim=pass header.d=demo.test (",
        'dkim=pass header.d=demo.test reason="',
        "dkim=pass ) header.d=demo.test",
        "dkim=pass header.d demo.test",
        "dkim=pass",
        "dkim=pass header.from=demo.test",
        "dkim=pass header.d=.test",
        "dkim=pass header.d=test",
        "dkim=pass header.i=@evil.test",
        "dkim=pass header.i=@test",
        "dkim=pass header.d=demo.test header.i=@evil.test",
        "dkim=pass header.d=demo.test header.i=@xdemo.test",
        "dkim=pass header.d=demo.test header.s=other",
        "dkim=pass header.d=demo.test header.b=notthese",
        "dkim=policy header.d=demo.test",
        "dkim=pass header.d=demo.test; dmarc=fail header.from=demo.test",
        "spf=pass smtp.mailfrom=demo.test; dmarc=pass header.from=demo.test",
        "arc=pass; dkim=none",
        "x-dkim=pass header.d=demo.test",
    ],
)
async def test_words_that_are_not_about_a_good_signature_of_the_sender_prove_nothing(results):
    await fails(told(f"{OURS}; {results}"))
    if "reason=" not in results:
        await fails(told(results), trust=EXCHANGE)


async def test_only_the_top_most_field_is_our_servers():
    good = f"{OURS}; dkim=pass header.d=demo.test"
    await holds(told(good))
    for above in ("evil.test; dkim=pass header.d=demo.test", f"{OURS}; dkim=fail", "x"):
        await fails(told(above, told(good)))


async def test_without_the_field_nothing_is_proven_whatever_the_signature():
    assert "not those of" in await fails(signed(letter(), HOME))


async def test_a_signature_that_our_server_has_seen_and_is_not_there_proves_nothing():
    await fails(told(f"{OURS}; dkim=pass header.d=demo.test", letter()))


async def test_a_field_that_no_signature_covers_binds_nothing():
    raw = signed(without_carriers(), HOME, ("from", "subject", "date", "to"))
    raw = f"In-Reply-To: {ASKED_IN}\r\n".encode() + raw
    await fails(told(f"{OURS}; dkim=pass header.d=demo.test", raw), Distrust.BINDING_NOT_SIGNED)


# ---- a truly signed mail about something else, with a signature written in front that covers more

NARROW = ("from", "subject", "date", "to")
WIDE = (*NARROW, "delivered-to", "cc", "in-reply-to")


def in_front(genuine: bytes, h: tuple[str, ...] = WIDE, domain: str = HOME) -> bytes:
    """Nobody's key is needed: its b= begins as that of the genuine one."""
    return (
        f"DKIM-Signature: v=1; a=rsa-sha256; d={domain}; s=s1; h={':'.join(h)};"
        f" bh=AAAA; b={digits(genuine)}AAAA\r\nIn-Reply-To: {ASKED_IN}\r\n"
    ).encode()


@pytest.mark.parametrize("named", ["header.d=demo.test", "header.i=@demo.test header.b=%s"])
async def test_where_two_signatures_may_be_meant_what_both_cover_counts(named):
    genuine = signed(without_carriers(), HOME, NARROW)
    results = f"{OURS}; dkim=pass " + named.replace("%s", digits(genuine))
    await fails(told(results, in_front(genuine) + genuine), Distrust.BINDING_NOT_SIGNED)


async def test_a_genuine_signature_cannot_be_pushed_out_of_sight():
    genuine = signed(without_carriers(), HOME, NARROW)
    results = f"{OURS}; dkim=pass header.d=demo.test header.s=s1 header.b={digits(genuine)}"
    first, field = in_front(genuine).split(b"\r\n", 1)
    many = (first + b"\r\n") * 10 + field + genuine
    assert "cannot be taken apart" in await fails(told(results, many))


async def test_a_genuine_signature_cannot_be_made_unreadable():
    """Blanks may be added where its canonical form has one."""
    genuine = signed(without_carriers(), HOME, NARROW)
    results = f"{OURS}; dkim=pass header.d=demo.test header.s=s1 header.b={digits(genuine)}"
    blown = genuine.replace(b"\r\n b=", b"\r\n" + b" " * 200 + b"b=", 1)
    assert "cannot be taken apart" in await fails(told(results, in_front(genuine) + blown))


@pytest.mark.parametrize("stranger", ["news.demo.test", "xdemo.test"])
async def test_a_strangers_good_signature_is_not_taken_for_one_in_the_senders_name(stranger):
    """`header.i` alone may be below the signing domain: the key of a newsletter's sender."""
    theirs = signed(letter(), stranger)
    results = f"{OURS}; dkim=pass header.i=@{stranger} header.s=s1 header.b={digits(theirs)}"
    front = in_front(theirs, GMAIL).partition(b"\r\n")[0] + b"\r\n"
    await fails(told(results, front + theirs))


async def test_what_programs_take_for_header_and_body_in_two_ways_proves_nothing():
    raw = told(f"{OURS}; dkim=pass header.d=demo.test", signed(letter(), HOME))
    for line in (b":x: y", b"x y", b"From x\r\n y"):
        await fails(raw.replace(b"\r\n\r\n", b"\r\n" + line + b"\r\n\r\n", 1))


async def test_a_part_of_the_text_that_is_signed_proves_nothing():
    raw = signed(letter(), HOME, length=True)
    await fails(told(f"{OURS}; dkim=pass header.d=demo.test", raw + b"more\r\n"))


# ---- if-present


@pytest.mark.parametrize(
    ("results", "counts"),
    [
        ("dkim=none", True),
        ("none", True),
        ("dkim=fail", False),
        ("dkim=none; dmarc=fail header.from=demo.test", False),
    ],
)
async def test_unsigned_mail_counts_where_it_may_and_our_server_has_nothing_against_it(
    results, counts
):
    trust = Trust(authserv_id=OURS, unsigned_counts=True)
    found = await judged(told(f"{OURS}; {results}", letter()), None, Auth.IF_PRESENT, trust)
    assert isinstance(found, Trusted) is counts


# ---- time


@pytest.mark.parametrize("filling", ["(", '"', "\\", " ", ";", "=", "a=", "(\\", '"\\', "a ", "()"])
def test_no_value_takes_long(filling):
    begun = time.process_time()
    for length in (8_000, 8_192):
        results_of((f"{OURS};" + filling * length)[:length], OURS)
    # Milliseconds; a collection of all garbage of a long run may come in between.
    assert time.process_time() - begun < 1.5


async def test_a_field_of_which_not_all_is_read_is_none():
    await fails(told(f"{OURS}; dkim=pass header.d=demo.test; x=" + "y" * 9_000))
